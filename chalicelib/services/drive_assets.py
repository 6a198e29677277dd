"""Let an asset follow its file in Drive: name, collection, trash, and what it says of where it comes from.

By value: what the entry says is compared with what the asset is, so that a repeat, or an echo, changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.assets import Asset, Source
from chalicelib.domain.connections import Connection, Line
from chalicelib.domain.drive import Entry, after_align, merged_name
from chalicelib.domain.ids import CollectionId
from chalicelib.models import assets as rows, base, drive_files, source_folders, sources
from chalicelib.ports.context import Context
from chalicelib.services import assets, drive_folders, folders, trails
from chalicelib.services.drive_following import Following


@dataclass
class Homes:
    """Collections of folders, each looked up once: good for seeing that nothing has changed, and for one change."""

    ctx: Context
    one: Connection
    known: dict[str | None, tuple[CollectionId, str]] = field(default_factory=dict)

    def of(self, entry: Entry, asset: Asset) -> tuple[CollectionId, str]:
        """Where it lies in Drive, as collection and path; what is not there any more stays where it is."""
        if entry.state != "linked":
            path = next((each.path for each in asset.sources if each.connection_id == self.one.id), entry.file.name)
            return CollectionId(entry.synced.get("collection_id") or asset.collection_ids[0]), path
        if entry.home not in self.known:
            self.known[entry.home] = drive_folders.collection_of(self.ctx, self.one.workspace, self.one.id, entry)
        home, folder = self.known[entry.home]
        return home, f"{folder}/{entry.file.file_name}" if folder else entry.file.file_name

    def left(self, entry: Entry) -> set[CollectionId]:
        """The collections it lay in because of where it was in Drive before."""
        if "collection_id" in entry.synced:
            return {CollectionId(entry.synced["collection_id"])}
        source = f"drive-{self.one.id}"
        found = [source_folders.find(self.one.workspace, source, each) for each in entry.synced.get("left", ())]
        return {each for each in found if each is not None}


def align_all(this: Following, entries: Sequence[Entry], homes: Homes) -> list[tuple[Entry, Asset | None]]:
    """Write down at once what is as Drive has it; the others with their assets, for `align`.

    After a first sync that is nearly all of them: each is one row of a common transaction.
    """
    one, quiet, others = this.one, list[tuple[Entry, Entry]](), list[tuple[Entry, Asset | None]]()
    pointers = sources.find_many(one.workspace, "drive", [path_of(one, each.id) for each in entries]) if entries else {}
    found = {each.id: each for each in rows.get_many(one.workspace, [each.asset_id for each in pointers.values()])}
    for entry in entries:
        pointer = pointers.get(path_of(one, entry.id))
        asset = found.get(pointer.asset_id) if pointer else None
        done, new = (replace(entry, todo=after_align(entry)), None) if asset is None else _agreed(homes, entry, asset)
        if new != asset:
            others.append((entry, asset))
        elif pointer is not None or not entry.copied or done.todo:  # else it is still on its way in
            quiet.append((entry, done))
    try:
        if quiet:
            this.run.keep(writes=[drive_files.put(one.workspace, one.id, entry, done) for entry, done in quiet])
    except base.ConditionFailed:
        others += [(entry, None) for entry, _done in quiet]
    return others


def align(this: Following, entry: Entry, known: Asset | None = None) -> None:
    """Let the asset follow, and tell the run's log by name what is not followed any more and why.

    Nothing happens while the file is still on its way in. `known` is the asset if it was read already.

    Raises:
        base.ConditionFailed: somebody changed the asset at the same moment; nothing was written.
        Stopped, Paused: see `Run.keep`.
    """
    ctx, one = this.run.ctx, this.one
    asset = known
    if asset is None:
        pointer = sources.find(one.workspace, "drive", path_of(one, entry.id))
        if pointer is None and entry.copied and not after_align(entry):
            return
        asset = next(iter(rows.get_many(one.workspace, [pointer.asset_id])), None) if pointer else None
    if asset is None:
        this.write(entry, replace(entry, todo=after_align(entry)))
        return
    done, new = _agreed(Homes(ctx, one), entry, asset)
    if new == asset:
        this.write(entry, done)
        return
    detail: dict[str, Any] = {"state": entry.state}
    if new.fields.name != asset.fields.name:
        detail |= {"name_before": asset.fields.name, "name_after": new.fields.name}
    _, _, writes = assets.effects(ctx, one.workspace, asset, new, one.label, "asset.followed_drive", **detail)
    try:
        writes.append(drive_files.put(one.workspace, one.id, entry, done))
        this.run.keep(writes=writes, log=_told(ctx, one, entry, asset))
    finally:
        trails.wake(ctx, one.workspace)


def path_of(one: Connection, file_id: str) -> str:
    """What the pointer from a file of Drive to its asset is kept under."""
    return f"{one.id}/{file_id}"


def _told(ctx: Context, one: Connection, entry: Entry, asset: Asset) -> list[Line]:
    """A line when the file has just left: which, and why."""
    before = next((each.state for each in asset.sources if each.connection_id == one.id), "linked")
    if entry.state in (before, "linked"):
        return []
    now = "is in the trash" if entry.state == "trashed" else "is kept, but not followed any more"
    return [Line(ctx.now(), f"“{asset.fields.name}” {now}: {entry.because or 'its folder is'}.", asset.id)]


def _agreed(homes: Homes, entry: Entry, asset: Asset) -> tuple[Entry, Asset]:
    """The entry once its asset has followed, and that asset; the asset as it is when there is nothing to follow."""
    home, path = homes.of(entry, asset)
    name = merged_name(entry.synced.get("name"), asset.fields.name, entry.file.file_name)
    synced = {"name": entry.file.file_name, "collection_id": home}
    done = replace(entry, synced=synced, todo=after_align(entry))
    new = _followed(asset, homes.one, entry, path, name)
    is_moved = entry.state == "linked" and entry.synced.get("collection_id") != home
    if is_moved and home not in asset.collection_ids:
        left = homes.left(entry)
        new = replace(new, collection_ids=(*(each for each in asset.collection_ids if each not in left), home))
    return done, _binned(homes.one, entry, asset, new)


def _followed(asset: Asset, one: Connection, entry: Entry, path: str, name: str) -> Asset:
    source = Source("drive", path, one.id, entry.state, entry.because)
    kept = tuple(each for each in asset.sources if each.connection_id != one.id)
    return replace(asset, sources=(*kept, source), fields=replace(asset.fields, name=name))


def _binned(one: Connection, entry: Entry, asset: Asset, new: Asset) -> Asset:
    """`new`, trashed when its file has just been, and back when that has come back."""
    before = next((each for each in asset.sources if each.connection_id == one.id), None)
    if entry.state == "trashed" and asset.state != "trashed" and (before is None or before.state != "trashed"):
        return replace(new, state="trashed", trash_id=None)
    came_back = entry.state == "linked" and before is not None and before.state == "trashed"
    if (
        came_back
        and asset.state == "trashed"
        and any(folders.lives(one.workspace, each) for each in new.collection_ids)
    ):
        return replace(new, state="archived" if asset.archived_because else "live", trash_id=None)
    return new
