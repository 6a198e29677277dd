"""The views beside an index: side files in the packs of its commits, merged as they grow in number.

A batch that brings views makes one small file; it takes up those before it while they are not much larger, so that
there are few, and a view is rewritten seldom. A file of 200,000 views is full and stays as it is until the index is
built anew. What is in no document any more, or in another shape, stays here too: whoever asks looks the document up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from chalicelib.adapters.search_manifest import Place, sha256
from chalicelib.adapters.search_objects import IndexObjects, damaged
from chalicelib.adapters.search_schema import key_of
from chalicelib.domain import prints, views
from chalicelib.domain.queries import Document
from chalicelib.errors import NotFound

MOST_RECORDS = 200_000
_GROWS = 4


class Spool:
    """Collects the views of documents that pass by, into files of a folder."""

    def __init__(self, folder: Path, new_id: Callable[[], str]) -> None:
        self._folder, self._new_id = folder, new_id
        self._held: dict[int, views.View] = {}
        self.names: list[str] = []

    def passing(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents; their views are kept."""
        for document in documents:
            found = views.view_in(document.asset, prints.shown_to_all(document.asset))
            if found is not None:
                self._held[key_of(document.asset.id)] = found
                if len(self._held) >= MOST_RECORDS:
                    self._flush()
            yield document

    def finish(self, old: Mapping[str, Place], objects: IndexObjects) -> tuple[Mapping[str, Place], Sequence[str]]:
        """Those of the old files that stay, oldest first, and the names of the new ones, in the folder.

        Raises:
            UpstreamUnavailable: code `index_damaged` when an old file is missing or not what was stored.
        """
        kept = list(old.items())
        if self._held:
            body = views.packed(self._held.items())
            self._held = {}
            while kept and _is_worth_merging(kept[-1][1].length, len(body)):
                name, place = kept.pop()
                body = views.merged(_read(objects, name, place), body)
            self._write(body)
        return dict(kept), self.names

    def _flush(self) -> None:
        self._write(views.packed(self._held.items()))
        self._held = {}

    def _write(self, body: bytes) -> None:
        name = f"views-{self._new_id()}"
        (self._folder / name).write_bytes(body)
        self.names.append(name)


def _read(objects: IndexObjects, name: str, place: Place) -> bytes:
    try:
        body = b"".join(objects.chunks(place.pack, place.offset, place.length))
    except NotFound as gone:
        raise damaged("a pack is gone") from gone
    if sha256(body) != place.sha256:
        raise damaged(name)
    return body


def _is_worth_merging(older: int, newer: int) -> bool:
    return older <= _GROWS * newer and older + newer <= MOST_RECORDS * views.RECORD.size
