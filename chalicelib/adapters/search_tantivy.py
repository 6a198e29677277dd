"""SearchIndex on Tantivy, one index a workspace, its files in S3 and mirrored to this process's disk.

`search_publish.py` says how a batch becomes visible, `search_compile.py` how a question is asked.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy as t

from chalicelib.adapters import search_alike, search_near, search_nearest, search_publish as publishing
from chalicelib.adapters.search_compile import compiled
from chalicelib.adapters.search_folder import OwnFolder
from chalicelib.adapters.search_mirror import Mirror
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_reader import CHECK_AGE_S, IndexReader, Snapshot
from chalicelib.adapters.search_schema import SORTS
from chalicelib.adapters.search_writer import Changes, IndexWriter, panics
from chalicelib.domain.documents import EXACT, SPELLED, exact
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.domain.queries import Alike, All, Ask, Document, Everything, FacetAsk, Found, IndexState, Near, Term
from chalicelib.domain.reach import Sight
from chalicelib.domain.views import Near as NearView, Nearest, Part, View
from chalicelib.errors import InvalidInput, PackshotError
from chalicelib.ports.search import Ground

_EVERY_VALUE = 65_000
_OFTEN_TOGETHER = 20
"""Values looked at to find the spelling of one: others that stand in the same assets come with it."""
_SWEEP_EVERY = 50


class TantivySearch:
    """All indexes of one stage."""

    def __init__(
        self, objects: IndexObjects, root: Path, budget_bytes: int, *, now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:  # fmt: skip
        self._objects = objects
        self._folder = OwnFolder(root)
        self._reader = IndexReader(objects, self._folder.path, budget_bytes)
        self._now, self._new_id = now, new_id
        self._budget = budget_bytes
        self._mirrors: dict[Path, Mirror] = {}
        self._writing = threading.Lock()

    check_age_s = CHECK_AGE_S

    def find(self, workspace: WorkspaceId, ask: Ask) -> Found:
        newest = self._reader.newest(workspace, ask.at_least)
        snapshot = newest if ask.generation is None else self._reader.at(workspace, ask.generation)
        if snapshot is None:
            return Found((), 0, dict.fromkeys(ask.facets, ()), 0)
        with panics():
            query = _compiled(snapshot, ask.query, ask.sight)
            cards, total = _page(snapshot.searcher, query, ask)
            facets = _facets(snapshot, ask, query)
        return Found(cards, total, facets, snapshot.manifest.generation, is_newest=snapshot is newest)

    def suggest(self, workspace: WorkspaceId, field: str, prefix: str, ask: Ask) -> tuple[tuple[str, int], ...]:
        snapshot = self._reader.newest(workspace, ask.at_least)
        begin = exact(prefix)
        if snapshot is None or field not in EXACT or not begin or ask.limit < 1:
            return ()
        with panics():
            among = _compiled(snapshot, ask.query, ask.sight)
            found = snapshot.searcher.terms_with_prefix(f"x_{field}", begin, filter_query=among, limit=ask.limit)
            return tuple((_spelled(snapshot, field, value, ask), count) for value, count in found if count)

    def alike(
        self, workspace: WorkspaceId, view: View, sight: Sight, nearest: Callable[[Nearest], Sequence[NearView]], *,
        at_least: int, most: int, least: float,
    ) -> tuple[tuple[Mapping[str, object], float], ...]:  # fmt: skip
        snapshot = self._reader.newest(workspace, at_least)
        if snapshot is None or not snapshot.manifest.views:
            return ()
        parts = tuple(
            Part(name, self._objects.address(one.pack), one.offset, one.length)
            for name, one in snapshot.manifest.views.items()
        )
        with panics():
            seen = _compiled(snapshot, Everything(), sight)
            heads, is_only = search_nearest.heads(snapshot.searcher, seen)
            near = nearest(Nearest(view, parts, heads, is_only, most, least)) if heads or not is_only else ()
            return search_nearest.cards(snapshot.searcher, seen, near)

    def ground(self, workspace: WorkspaceId) -> Ground:
        return publishing.read(self._objects, workspace)

    def apply(
        self, workspace: WorkspaceId, documents: Sequence[Document], gone: Sequence[AssetId],
        ground: Ground | None = None,
    ) -> int:  # fmt: skip
        with self._writing:
            current = ground if isinstance(ground, publishing.Current) else publishing.read(self._objects, workspace)
            generation = self._writer(workspace).apply(documents, gone, current)
        if generation % _SWEEP_EVERY == 0:
            self.sweep(workspace)
        return generation

    def build(self, workspace: WorkspaceId, documents: Iterable[Document], changes: Changes | None = None) -> int:
        mirror = Mirror(self._objects, self._folder.path() / "build" / self._new_id())
        try:
            generation = IndexWriter(self._objects, workspace, mirror, self._new_id).build(documents, changes)
        finally:
            mirror.discard()
        self.sweep(workspace)
        return generation

    def state(self, workspace: WorkspaceId) -> IndexState:
        current = publishing.read(self._objects, workspace)
        try:
            manifest = current.manifest()
        except PackshotError:
            return IndexState(current.head.generation, 0, 0, 0, 0, is_sound=False)
        if manifest is None:
            return IndexState(0, 0, 0, 0, 0)
        return IndexState(
            manifest.generation, manifest.documents, manifest.dead, len(manifest.meta["segments"]), manifest.size_bytes
        )

    def workspaces(self) -> Iterator[WorkspaceId]:
        return map(WorkspaceId, self._objects.folders())

    def sweep(self, workspace: WorkspaceId) -> int:
        """Delete what no generation of the last hour is made of; how many objects."""
        return publishing.sweep(self._objects, workspace, self._now())

    def _writer(self, workspace: WorkspaceId) -> IndexWriter:
        """The workspace's writer; mirrors of others, longest not written first, go when they outgrow the budget."""
        folder = self._folder.path() / "write" / workspace
        mirror = self._mirrors.pop(folder, None) or Mirror(self._objects, folder)
        sizes = {one: kept.size_bytes() for one, kept in self._mirrors.items()}
        for one in list(self._mirrors):
            if sum(sizes.values()) > self._budget:
                self._mirrors.pop(one).discard()
                del sizes[one]
        self._mirrors[folder] = mirror
        return IndexWriter(self._objects, workspace, mirror, self._new_id)


def _compiled(snapshot: Snapshot, node: Any, sight: Sight) -> t.Query:
    def resolve(one: Near | Alike) -> t.Query:
        return (
            search_near.within(snapshot.searcher, one)
            if isinstance(one, Near)
            else search_alike.alike(snapshot.searcher, one)
        )

    return compiled(node, sight, resolve)


def _page(searcher: t.Searcher, query: t.Query, ask: Ask) -> tuple[tuple[Mapping[str, object], ...], int]:
    """Cards of the window and the exact total. Equal scores: newest first."""
    window: dict[str, Any] = {"limit": max(ask.limit, 1), "offset": ask.skip}
    if ask.sort == "relevance":
        result = searcher.search(query, weight_by_field="recency", **window)
    elif ask.sort in SORTS:
        field, is_descending = SORTS[ask.sort]
        order = t.Order.Desc if is_descending else t.Order.Asc
        result = searcher.search(query, order_by_field=field, order=order, **window)
    else:
        raise InvalidInput("There is no such order.", fields={"sort": "is not known"})
    cards = (
        json.loads(bytes(searcher.doc(address).get_first("card") or b"{}")) for _, address in result.hits[: ask.limit]
    )
    return tuple(cards), int(result.count)  # type: ignore[attr-defined]


def _facets(snapshot: Snapshot, ask: Ask, asked: t.Query) -> dict[str, tuple[tuple[str, int], ...]]:
    """Counts, exact: facets that share a query are counted in one pass."""
    found: dict[str, tuple[tuple[str, int], ...]] = dict.fromkeys(ask.facets, ())
    by_query: dict[Any, dict[str, FacetAsk]] = {}
    for name, facet in ask.facets.items():
        if name in EXACT and facet.limit > 0 and (facet.only is None or facet.only):
            by_query.setdefault(facet.query, {})[name] = facet
    for node, facets in by_query.items():
        wanted = {f"x_{name}": {"terms": _terms(name, facet)} for name, facet in facets.items()}
        wanted |= {f"w_{name}": _spellings(name, 2 * facet.limit) for name, facet in facets.items() if name in SPELLED}
        query = asked if node == ask.query else _compiled(snapshot, node, ask.sight)
        answer = snapshot.searcher.aggregate(query, wanted)
        for name in facets:
            written = _first_of_each(answer.get(f"w_{name}"))
            buckets = ((str(one["key"]), int(one["doc_count"])) for one in answer[f"x_{name}"]["buckets"])
            ordered = sorted(buckets, key=lambda one: (-one[1], one[0]))
            found[name] = tuple((written.get(value, value), count) for value, count in ordered)
    return found


def _spelled(snapshot: Snapshot, field: str, value: str, ask: Ask) -> str:
    """How a value is written most often where the caller may see it."""
    if field not in SPELLED:
        return value
    query = _compiled(snapshot, All((ask.query, Term(field, (value,)))), ask.sight)
    answer = snapshot.searcher.aggregate(query, {"w": _spellings(field, _OFTEN_TOGETHER)})
    return _first_of_each(answer["w"]).get(value, value)


def _spellings(name: str, most: int) -> dict[str, Any]:
    return {"terms": {"field": f"w_{name}", "size": most, "segment_size": _EVERY_VALUE}}


def _first_of_each(counted: Mapping[str, Any] | None) -> dict[str, str]:
    """The commonest spelling of each folded value."""
    first: dict[str, str] = {}
    for one in counted["buckets"] if counted else ():
        first.setdefault(exact(str(one["key"])), str(one["key"]))
    return first


def _terms(name: str, facet: FacetAsk) -> dict[str, Any]:
    asked: dict[str, Any] = {"field": f"x_{name}", "size": facet.limit, "segment_size": _EVERY_VALUE}
    return asked if facet.only is None else {**asked, "include": sorted(facet.only)}
