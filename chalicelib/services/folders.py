"""From a source folder to its collection: bound by id, so that renaming or moving the collection keeps the binding."""

from chalicelib.domain import names
from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import ROOT, CollectionId, WorkspaceId
from chalicelib.errors import Conflict
from chalicelib.models import base, collection_names, collections, source_folders, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import trails

_TRIES = 20


def collection_for(ctx: Context, workspace: WorkspaceId, source: str, folders: tuple[str, ...]) -> CollectionId:
    """The collection of a source folder, made with all above it where missing; no folders give the root.

    Any number of callers at once get the same collection.

    Raises:
        Conflict: the folder changed hands 20 times meanwhile.
    """
    at = ROOT
    for depth in range(1, len(folders) + 1):
        at = bound(ctx, workspace, source, "/".join(folders[:depth]), at, names.folder_name(folders[depth - 1]))
    return at


def known(workspace: WorkspaceId, source: str, folders: tuple[str, ...]) -> CollectionId | None:
    """The collection that `collection_for` would answer, None where it would have to make one."""
    at = ROOT
    for depth in range(1, len(folders) + 1):
        found = source_folders.find(workspace, source, "/".join(folders[:depth]))
        if found is None or not lives(workspace, found):
            found = collection_names.find(workspace, at, names.folder_name(folders[depth - 1]))
        if found is None:
            return None
        at = found
    return at


def live_or_root(workspace: WorkspaceId, collection_id: CollectionId) -> CollectionId:
    """The collection if it is there and live, else the root: a file never lands where nobody looks."""
    return collection_id if lives(workspace, collection_id) else ROOT


def bound(
    ctx: Context, workspace: WorkspaceId, source: str, path: str, parent_id: CollectionId, name: str
) -> CollectionId:
    """The collection that one folder of a source is bound to; found by name or made below the parent if there is none.

    `path` is whatever names the folder for good. Raises `Conflict` when it changed hands 20 times meanwhile.
    """
    for _ in range(_TRIES):
        known = source_folders.find(workspace, source, path)
        if known is not None and lives(workspace, known):
            return known
        taken = collection_names.find(workspace, parent_id, name)
        try:
            if taken is not None:
                binding = source_folders.bind(workspace, source, path, taken, instead_of=known)
                about = f"collection:{taken}"
                told = trails.entry(ctx, workspace, f"system:{source}", "collection.bound", about, path=path)
                base.transact([binding, told])
                return taken
            return _make(ctx, workspace, source, path, parent_id, name, known)
        except base.ConditionFailed:
            continue
    raise Conflict(f"The folder “{name}” keeps changing. Try again.")


def _make(
    ctx: Context,
    workspace: WorkspaceId,
    source: str,
    path: str,
    parent_id: CollectionId,
    name: str,
    bound: CollectionId | None,
) -> CollectionId:
    fresh = CollectionId(ctx.new_id())
    row = Collection(fresh, name, parent_id, revision=1, created_at=ctx.now())
    writes = [
        collections.add(workspace, row),
        collection_names.take(workspace, parent_id, name, fresh),
        source_folders.bind(workspace, source, path, fresh, instead_of=bound),
        workspaces.raise_epoch(workspace),
        trails.entry(ctx, workspace, f"system:{source}", "collection.created", f"collection:{fresh}", path=path),
    ]
    if parent_id != ROOT:
        writes.append(collections.still_live(workspace, parent_id))
    base.transact(writes)
    return fresh


def lives(workspace: WorkspaceId, collection_id: CollectionId) -> bool:
    """Whether the collection and everything above it is live: one strong read a level."""
    while collection_id != ROOT:
        known = collections.get(workspace, collection_id)
        if known is None or known.state != "live" or known.parent_id is None:
            return False
        collection_id = known.parent_id
    return True
