"""Writing an index: apply a batch or build it anew, in a folder of its own, and publish it whole or not at all.

The writer is opened for one batch and thrown away, whatever happens: after a failed commit Tantivy answers the next one
as if all were well, and its merge threads would change files behind our back. A batch is published after its merges.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tantivy as t

from chalicelib.adapters import search_publish as publishing
from chalicelib.adapters.search_document import tantivy_document
from chalicelib.adapters.search_manifest import Manifest, Place
from chalicelib.adapters.search_mirror import Mirror
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_schema import SCHEMA, with_tokenizers
from chalicelib.adapters.search_views import Spool
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.domain.queries import Document
from chalicelib.errors import Conflict, UpstreamUnavailable

Changes = Callable[[], tuple[Sequence[Document], Sequence[AssetId]]]
BATCH_HEAP_BYTES, BUILD_HEAP_BYTES = 15_000_000, 64_000_000
_BATCH_DOCUMENTS = 1_000
_SWAP_TRIES = 20


class EngineFailed(Exception):
    """Tantivy panicked or refused; nothing was published."""


@contextmanager
def panics() -> Iterator[None]:
    """A panic of the engine, which is no `Exception`, becomes one."""
    try:
        yield
    except BaseException as problem:
        if type(problem).__name__ == "PanicException":
            raise EngineFailed(str(problem)) from problem
        raise


@dataclass
class IndexWriter:
    """The writer of one workspace in this process. Not for two threads at once."""

    objects: IndexObjects
    workspace: WorkspaceId
    mirror: Mirror
    new_id: Callable[[], str]
    folder: str = field(default="work", init=False)

    def apply(self, documents: Sequence[Document], gone: Sequence[AssetId], current: publishing.Current) -> int:
        """One batch on top of what is current; the new generation. Raises `Conflict` when another was faster."""
        old = current.manifest()
        if not documents and not gone:
            return current.head.generation
        if old is None:
            folder = self._empty()
        else:
            self.mirror.fetch(old)
            folder = self.mirror.lay_out(old, self.folder)
        try:
            spool = Spool(folder, self.new_id)
            _write(folder, spool.passing(documents), gone)
            new = self._manifest(folder, current, old.files if old else {}, old.views if old else {}, spool)
            publishing.swap(self.objects, self.workspace, current, new)
            self.mirror.adopt(folder, new)
            self.mirror.keep_only(new.files)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return new.generation

    def build(self, documents: Iterable[Document], changes: Changes | None) -> int:
        """A whole new index in place of the current one; see `SearchIndex.build`."""
        folder = self._empty()
        try:
            spool = Spool(folder, self.new_id)
            _write(folder, spool.passing(documents), (), is_new=True)
            files, views = self._upload(folder, {}, {}, spool, self.new_id())
            for _ in range(_SWAP_TRIES):
                current = publishing.read(self.objects, self.workspace)
                changed, gone = changes() if changes is not None else ((), ())
                spool = Spool(folder, self.new_id)
                if changed or gone:
                    _write(folder, spool.passing(changed), gone)
                new = self._manifest(folder, current, files, views, spool)
                files, views = new.files, new.views
                try:
                    publishing.swap(self.objects, self.workspace, current, new)
                except Conflict:
                    continue
                return new.generation
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        raise UpstreamUnavailable("The search index changes too often to be built anew at the moment.")

    def _empty(self) -> Path:
        folder = self.mirror.folder / self.folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with panics():
            t.Index(SCHEMA, str(folder))
        return folder

    def _manifest(
        self, folder: Path, current: publishing.Current, known: Mapping[str, Place], views: Mapping[str, Place],
        spool: Spool,
    ) -> Manifest:  # fmt: skip
        nonce = self.new_id()
        files, seen = self._upload(folder, known, views, spool, nonce)
        return Manifest(current.head.generation + 1, nonce, _meta(folder), files, seen)

    def _upload(
        self, folder: Path, known: Mapping[str, Place], views: Mapping[str, Place], spool: Spool, nonce: str
    ) -> tuple[Mapping[str, Place], Mapping[str, Place]]:
        """Where every file of the index lies, and every file of views."""
        kept, made = spool.finish(views, self.objects)
        placed = publishing.upload(self.objects, self.workspace, folder, _meta(folder), known, nonce, made)
        return {name: one for name, one in placed.items() if name not in made}, {
            **kept,
            **{name: placed[name] for name in made},
        }


def _meta(folder: Path) -> Any:
    return json.loads((folder / "meta.json").read_text())


def _write(folder: Path, documents: Iterable[Document], gone: Sequence[AssetId], *, is_new: bool = False) -> None:
    """Commit documents and deletions to the index in a folder, merges included. Of one asset the last counts."""
    with panics():
        index = with_tokenizers(t.Index.open(str(folder)))
        large = is_new or len(gone) > _BATCH_DOCUMENTS
        writer = index.writer(BUILD_HEAP_BYTES if large else BATCH_HEAP_BYTES, 1)
        for document in documents:
            if not is_new:
                writer.delete_documents_by_term("id", document.asset.id)
            writer.add_document(tantivy_document(document))
        for asset_id in gone:
            writer.delete_documents_by_term("id", asset_id)
        writer.commit()
        writer.wait_merging_threads()
