"""Reading an index: the generations this process holds, each an open Tantivy index over its own mirror.

The current manifest is asked for at most every 0.7 s, by a request and never by a thread. Workspaces not read
for longest are dropped when the mirrors outgrow their budget.
"""

import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import tantivy as t

from chalicelib.adapters import search_publish as publishing
from chalicelib.adapters.search_manifest import Manifest, load
from chalicelib.adapters.search_mirror import Mirror
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_schema import with_tokenizers
from chalicelib.adapters.search_writer import panics
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import Gone, NotFound

CHECK_AGE_S = 0.7
_MOST_GENERATIONS = 4


@dataclass(frozen=True)
class Snapshot:
    """One generation, open. It answers the same for as long as it is held, whatever becomes of its files."""

    manifest: Manifest
    searcher: t.Searcher


@dataclass
class _Shelf:
    """What is held of one workspace."""

    mirror: Mirror
    lock: threading.Lock = field(default_factory=threading.Lock)
    mark: str | None = None
    newest: Snapshot | None = None
    checked_at: float = float("-inf")
    held: OrderedDict[int, Snapshot] = field(default_factory=OrderedDict)
    is_dropped: bool = False


class IndexReader:
    """Open generations of all workspaces in this process. Safe for threads."""

    def __init__(self, objects: IndexObjects, folder: Callable[[], Path], budget_bytes: int) -> None:
        self._objects = objects
        self._folder = folder
        self._budget = budget_bytes
        self._shelves: OrderedDict[WorkspaceId, _Shelf] = OrderedDict()
        self._lock = threading.Lock()
        self._sizes: dict[WorkspaceId, int] = {}

    def newest(self, workspace: WorkspaceId, at_least: int = 0) -> Snapshot | None:
        """The newest generation; None while there is no index.

        `at_least` asks S3 at once when what is held is older than that generation.
        """
        with self._shelf(workspace) as shelf:
            self._refresh(workspace, shelf, at_least)
            return shelf.newest

    def at(self, workspace: WorkspaceId, generation: int) -> Snapshot | None:
        """That generation. None stands for generation 0. Raises `Gone` when nobody holds it any more."""
        with self._shelf(workspace) as shelf:
            if generation not in shelf.held:
                self._refresh(workspace, shelf, generation)
            if generation == 0 and shelf.newest is None:
                return None
            if generation not in shelf.held:
                self._reopen(workspace, shelf, generation)
            shelf.held.move_to_end(generation)
            return shelf.held[generation]

    @contextmanager
    def _shelf(self, workspace: WorkspaceId) -> Iterator[_Shelf]:
        while True:
            with self._lock:
                shelf = self._shelves.get(workspace)
                if shelf is None:
                    shelf = _Shelf(Mirror(self._objects, self._folder() / "read" / workspace))
                    self._shelves[workspace] = shelf
                self._shelves.move_to_end(workspace)
            with shelf.lock:
                if not shelf.is_dropped:
                    yield shelf
                    return

    def _refresh(self, workspace: WorkspaceId, shelf: _Shelf, at_least: int) -> None:
        found: tuple[bytes, str] | None
        known = shelf.newest.manifest.generation if shelf.newest else 0
        asked_at = time.monotonic()
        if asked_at - shelf.checked_at < CHECK_AGE_S and known >= at_least:
            return
        try:
            if shelf.mark is None:
                found = self._objects.get(publishing.key(workspace))
            else:
                found = self._objects.get_unless(publishing.key(workspace), shelf.mark)
        except NotFound:
            shelf.newest, shelf.mark, shelf.checked_at = None, None, asked_at
            return
        if found is not None:
            manifest = load(found[0])
            shelf.newest = self._open(workspace, shelf, manifest)
            shelf.mark = found[1]
        shelf.checked_at = asked_at

    def _reopen(self, workspace: WorkspaceId, shelf: _Shelf, generation: int) -> None:
        try:
            body, _ = self._objects.get(publishing.old_key(workspace, generation))
        except NotFound as gone:
            raise Gone("This state of the search is over. Search again.", code="snapshot_gone") from gone
        self._open(workspace, shelf, load(body))

    def _open(self, workspace: WorkspaceId, shelf: _Shelf, manifest: Manifest) -> Snapshot:
        shelf.mirror.fetch(manifest)
        folder = shelf.mirror.lay_out(manifest, f"g{manifest.generation}")
        with panics():
            index = with_tokenizers(t.Index.open(str(folder)))
            index.reload()
            snapshot = Snapshot(manifest, index.searcher())
        shelf.held[manifest.generation] = snapshot
        newest = shelf.newest.manifest.generation if shelf.newest else 0
        for generation in [one for one in shelf.held if one not in (newest, manifest.generation)]:
            if len(shelf.held) <= _MOST_GENERATIONS:
                break
            del shelf.held[generation]
            shutil.rmtree(shelf.mirror.folder / f"g{generation}", ignore_errors=True)
        shelf.mirror.keep_only(name for held in shelf.held.values() for name in held.manifest.files)
        self._make_room(workspace, shelf.mirror.size_bytes())
        return snapshot

    def _make_room(self, workspace: WorkspaceId, size_bytes: int) -> None:
        """Drop other workspaces, those not asked for longest first, until the rest fits."""
        with self._lock:
            self._sizes[workspace] = size_bytes
            for name in list(self._shelves):
                if sum(self._sizes.values()) <= self._budget:
                    return
                shelf = self._shelves[name]
                if name == workspace or not shelf.lock.acquire(blocking=False):
                    continue
                shelf.is_dropped = True
                shelf.mirror.discard()
                del self._shelves[name]
                self._sizes.pop(name, None)
                shelf.lock.release()
