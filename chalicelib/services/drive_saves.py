"""Which approved versions are to be saved into Drive, and which files there are ours.

An approval makes the asset's row due; a look at all assets, when a folder is chosen and with every comparison, finds
what that missed. What is saved is known by its id before it is there, so that nothing of it is ever taken in as new.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.arrivals import KnownSource
from chalicelib.domain.connections import Connection
from chalicelib.domain.drive_saves import Save, is_saved, wanted
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import assets, base, connections as rows, drive_saves, sources
from chalicelib.models.outbox import Message
from chalicelib.ports.context import Context
from chalicelib.services.drive_following import Following

_SOURCE = "drive-saved"
_PAGE = 40


def folder_of(one: Connection) -> str | None:
    """The folder that this connection saves into."""
    found = one.settings.get("write_back_folder_id")
    return str(found) if found else None


def want(ctx: Context, message: Message) -> bool:
    """A decision was made of a version: have each connection that saves look at the asset soon."""
    asset_id = AssetId(message.subject.split(":")[1])
    for one in rows.every(message.workspace):
        if folder_of(one) is None:
            continue
        known = drive_saves.get(one.workspace, one.id, asset_id)
        if known is None or not known.is_due:
            try:
                base.transact([_due(one, known, asset_id)])
            except base.ConditionFailed:
                return False
        is_waiting = one.question is not None or one.due_at is None
        if not is_waiting and rows.make_due(one, ctx.now()):
            ctx.queue.send("connections", {"workspace": one.workspace, "id": one.id}, group=one.workspace)
    return True


def look_at_all(this: Following, folder_id: str) -> None:
    """Have every approved version that is not in this folder saved; page by page, the place is kept."""
    mark = f"{folder_id} {this.memory.get('compared_at')}"
    found = dict(this.memory.get("saving") or {})
    if found.get("mark") != mark:
        found = {**found, "mark": mark, "after": ""}
    while found["after"] is not None:
        page = assets.after(this.one.workspace, found["after"], _PAGE)
        known = drive_saves.get_many(this.one.workspace, this.one.id, [one.id for one in page])
        writes = []
        for asset in page:
            version, save = wanted(asset), known.get(asset.id)
            if version is not None and not is_saved(save, folder_id, version) and not (save and save.is_due):
                writes.append(_due(this.one, save, asset.id))
        found["after"] = page[-1].id if len(page) == _PAGE else None
        this.run.keep(memory={**this.memory, "saving": found}, writes=writes)


def saved_ids(workspace: WorkspaceId, file_ids: Sequence[str]) -> set[str]:
    """Those of the files that Packshot saved, or is about to, by any connection of the workspace."""
    return set(sources.find_many(workspace, _SOURCE, file_ids)) if file_ids else set()


def claim_id(workspace: WorkspaceId, file_id: str, asset_id: AssetId) -> base.Write:
    """Know a file as ours from now on; refused with label `source` when that changed meanwhile."""
    old = sources.find(workspace, _SOURCE, file_id)
    new = KnownSource(
        sources.key(_SOURCE, file_id), asset_id, ("", "", ""), "", old.revision + 1 if old else 1
    )  # fmt: skip
    return sources.point(workspace, _SOURCE, file_id, new, old)


def _due(one: Connection, known: Save | None, asset_id: AssetId) -> base.Write:
    new = replace(known, is_due=True, tries=0) if known else Save(asset_id)
    return drive_saves.put(one.workspace, one.id, known, new)
