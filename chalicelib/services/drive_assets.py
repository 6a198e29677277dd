"""Let an asset follow its file in Drive: name, collection, trash, and what it says of where it comes from.

By value: what the entry says is compared with what the asset is, so that a repeat, or an echo, changes nothing.
"""

from dataclasses import replace
from typing import Any

from chalicelib.domain.assets import Asset, Source
from chalicelib.domain.connections import Connection
from chalicelib.domain.drive import Entry, after_align, merged_name
from chalicelib.domain.ids import CollectionId
from chalicelib.errors import NotFound
from chalicelib.models import assets as rows, drive_files, sources
from chalicelib.ports import Context
from chalicelib.services import assets, drive_folders, folders


def align(ctx: Context, one: Connection, entry: Entry) -> Entry | None:
    """Let the asset follow; the entry as it is written now, or None while the file is still on its way in.

    Raises:
        base.ConditionFailed: somebody changed the asset at the same moment; nothing was written.
    """
    pointer = sources.find(one.workspace, "drive", f"{one.id}/{entry.id}")
    if pointer is None:
        return None if entry.copied else _written(one, entry, replace(entry, todo=after_align(entry)))
    try:
        asset = rows.get(one.workspace, pointer.asset_id)
    except NotFound:
        return _written(one, entry, replace(entry, todo=after_align(entry)))
    home, path = _home(ctx, one, entry, asset)
    name = merged_name(entry.synced.get("name"), asset.fields.name, entry.file.file_name)
    synced = {"name": entry.file.file_name, "collection_id": home}
    done = replace(entry, synced=synced, todo=after_align(entry))
    new = _followed(asset, one, entry, home, path, name)
    if new == asset:
        return _written(one, entry, done)
    also = [drive_files.put(one.workspace, one.id, entry, done)]
    detail: dict[str, Any] = {"state": entry.state}
    if name != asset.fields.name:
        detail |= {"name_before": asset.fields.name, "name_after": name}
    assets.commit(ctx, one.workspace, asset, new, one.label, "asset.followed_drive", also, **detail)
    return replace(done, revision=entry.revision + 1)


def _home(ctx: Context, one: Connection, entry: Entry, asset: Asset) -> tuple[CollectionId, str]:
    """Where it lies in Drive, as collection and path; what is not there any more stays where it is."""
    if entry.state != "linked":
        known = next((each.path for each in asset.sources if each.connection_id == one.id), entry.file.name)
        return CollectionId(entry.synced.get("collection_id") or asset.collection_ids[0]), known
    home, folder = drive_folders.collection_of(ctx, one.workspace, one.id, entry)
    return home, f"{folder}/{entry.file.file_name}" if folder else entry.file.file_name


def _followed(asset: Asset, one: Connection, entry: Entry, home: CollectionId, path: str, name: str) -> Asset:
    before = next((each for each in asset.sources if each.connection_id == one.id), None)
    source = Source("drive", path, one.id, entry.state, entry.because)
    kept = tuple(each for each in asset.sources if each.connection_id != one.id)
    new = replace(asset, sources=(*kept, source), fields=replace(asset.fields, name=name))
    was = entry.synced.get("collection_id")
    if entry.state == "linked" and was != home and home not in asset.collection_ids:
        left = tuple(each for each in asset.collection_ids if each != was)
        new = replace(new, collection_ids=(*left, home))
    if entry.state == "trashed" and asset.state != "trashed" and (before is None or before.state != "trashed"):
        new = replace(new, state="trashed", trash_id=None)
    came_back = entry.state == "linked" and before is not None and before.state == "trashed"
    if (
        came_back
        and asset.state == "trashed"
        and any(folders.lives(one.workspace, each) for each in new.collection_ids)
    ):
        new = replace(new, state="archived" if asset.archived_because else "live", trash_id=None)
    return new


def _written(one: Connection, old: Entry, new: Entry) -> Entry:
    from chalicelib.models import base

    base.transact([drive_files.put(one.workspace, one.id, old, new)])
    return replace(new, revision=old.revision + 1)
