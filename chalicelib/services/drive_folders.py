"""From a followed folder of Drive to its collection: bound by Drive's id, so that both sides may rename and move."""

from dataclasses import replace

from chalicelib import observe
from chalicelib.domain import names
from chalicelib.domain.collections import Collection
from chalicelib.domain.drive import Entry
from chalicelib.domain.ids import ROOT, CollectionId, WorkspaceId
from chalicelib.models import base, collection_names, collections, drive_files, source_folders, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import folders, trails

_DEEPEST = 100


def collection_of(ctx: Context, workspace: WorkspaceId, connection_id: str, entry: Entry) -> tuple[CollectionId, str]:
    """The collection of the folder an entry lies in, made with all above it where missing, and that folder's path."""
    chain: list[Entry] = []
    at = entry.home
    while at is not None and len(chain) < _DEEPEST and at not in {one.id for one in chain}:
        folder = drive_files.get(workspace, connection_id, at)
        if folder is None:
            break
        chain.append(folder)
        at = None if folder.is_root else folder.home
    home, source = ROOT, f"drive-{connection_id}"
    for one in reversed(chain):
        home = folders.bound(ctx, workspace, source, one.id, home, names.folder_name(one.file.name))
    return home, "/".join(one.file.name for one in reversed(chain))


def follow(ctx: Context, workspace: WorkspaceId, connection_id: str, entry: Entry) -> Entry:
    """Let the folder's collection follow its name and place in Drive; the entry with what both now agree on.

    A collection that people renamed or moved stays as they have it until Drive changes that too. A name that another
    collection has there is not taken.
    """
    found = source_folders.find(workspace, f"drive-{connection_id}", entry.id)
    one = collections.get(workspace, found) if found else None
    if one is None or one.state != "live" or one.parent_id is None:
        return entry
    name = names.folder_name(entry.file.name)
    parent, _path = collection_of(ctx, workspace, connection_id, entry) if entry.home else (one.parent_id, "")
    base_name, base_parent = entry.synced.get("name", one.name), entry.synced.get("parent_id", one.parent_id)
    wanted = replace(
        one,
        name=one.name if name == base_name else name,
        parent_id=one.parent_id if parent == base_parent else parent,
    )
    synced = {"name": name, "parent_id": parent}
    if (wanted.name, wanted.parent_id) != (one.name, one.parent_id):
        try:
            _change(ctx, workspace, connection_id, one, wanted)
        except base.ConditionFailed as lost:
            observe.note("collection does not follow", collection=one.id, labels=list(lost.labels))
    return replace(entry, synced=synced)


def _change(ctx: Context, workspace: WorkspaceId, connection_id: str, old: Collection, new: Collection) -> None:
    values = {name: getattr(new, name) for name in ("name", "parent_id") if getattr(new, name) != getattr(old, name)}
    _token, announced = trails.announcement(ctx, workspace, "collection.changed", f"collection:{old.id}")
    told = trails.entry(
        ctx, workspace, f"connection:{connection_id}", "collection.edited", f"collection:{old.id}", **values
    )
    writes = [collections.change(workspace, old, **values), workspaces.raise_epoch(workspace), announced, told]
    old_parent, new_parent = old.parent_id or ROOT, new.parent_id or ROOT
    if names.sibling_key(old_parent, old.name) != names.sibling_key(new_parent, new.name):
        writes.append(collection_names.release(workspace, old_parent, old.name, old.id))
        writes.append(collection_names.take(workspace, new_parent, new.name, old.id))
    base.transact(writes)
    trails.wake(ctx, workspace)
