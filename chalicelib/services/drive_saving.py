"""Save approved versions into the chosen folder of Drive: each asset one file, its bytes those approved last.

Nothing else in Drive is written, and nothing there is ever deleted. How the bytes get there without a twin is
drive_uploads.py. What leaves goes through the one door (egress.py) with the rights
of whoever chose the folder, as they are now.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.connections import Line
from chalicelib.domain.drive import DriveFile
from chalicelib.domain.drive_saves import STOPS, Save, is_saved, wanted
from chalicelib.errors import (
    Conflict,
    Gone,
    InvalidInput,
    NotAllowed,
    NotFound,
    PackshotError,
    UpstreamRejected,
    UpstreamUnavailable,
)
from chalicelib.models import assets, base, drive_saves as rows, workspaces
from chalicelib.ports.drive import Drive
from chalicelib.services import access, drive_roots, drive_saves, drive_uploads, egress, signing
from chalicelib.services.connection_runs import RECONNECT
from chalicelib.services.drive_following import BATCH, Following
from chalicelib.services.drive_uploads import keep
from chalicelib.services.egress import Outgoing, Wish
from chalicelib.services.signing import Caller

_RESTS = timedelta(hours=1)
_TRIES = 5
"""Of one version; then it waits for the next approval or comparison."""


class _NoMore(Exception):
    """Nothing can be saved for now, whatever the file."""


def check_folder(drive: Drive, folder_id: str) -> DriveFile:
    """The folder to save into. Raises `UpstreamRejected`, in words for people, when it takes no files of ours."""
    try:
        found = drive.get(folder_id)
    except NotFound as problem:
        raise UpstreamRejected(drive_roots.not_shared(folder_id, drive)) from problem
    drive_roots.check_folder(found)
    if found.trashed:
        raise UpstreamRejected(f"The folder to save into, “{found.name}”, is in the trash of Drive.")
    if not found.can_add:
        raise UpstreamRejected(
            f"{drive.account()} may not put files into “{found.name}”. Make it an editor of that folder, or a "
            "contributor of the shared drive."
        )
    return found


def save(this: Following) -> None:
    """Save what is due, for at most half of the time this run has left."""
    folder_id = drive_saves.folder_of(this.one)
    if folder_id is None:
        return
    drive_saves.look_at_all(this, folder_id)
    rests_until = (this.memory.get("saving") or {}).get("rests_until")
    now, is_by_hand = this.run.ctx.now(), not this.run.report.by.startswith("system:")
    if rests_until and now < base.moment(rests_until) and not is_by_hand:
        return
    try:
        _save_due(this, folder_id, now + (this.run.until - now) / 2)
    except _NoMore as enough:
        saving = {**this.memory["saving"], "rests_until": base.stamp(now + _RESTS)}
        line = Line(now, f"Nothing more is saved into Drive for now: {enough}.", None, is_trouble=True)
        this.run.keep(memory={**this.memory, "saving": saving}, log=[line])


def _save_due(this: Following, folder_id: str, until: datetime) -> None:
    after, caller = "", None
    while found := rows.due(this.one.workspace, this.one.id, limit=BATCH, after=after):
        if caller is None:
            caller = _lender(this)
            try:
                check_folder(this.drive, folder_id)
            except UpstreamRejected as problem:
                if problem.code == RECONNECT:
                    raise
                raise _NoMore(problem.message.rstrip(".")) from problem
        for asset_id in found:
            row = rows.get(this.one.workspace, this.one.id, asset_id)
            if row is not None and row.is_due:
                _save(this, caller, folder_id, row)
            if this.run.ctx.now() >= until:
                return
        after = found[-1]


def _lender(this: Following) -> Caller:
    """Whose rights bound what leaves; in the audit trail it is the connection that acts."""
    one, current = this.one, workspaces.get(this.one.workspace)
    found = signing.of_maker(this.run.ctx, current, one.member_id, one.key_id) if current and one.member_id else None
    if found is None:
        raise _NoMore("who chose the folder is not here any more; let somebody choose it anew")
    return replace(found, access=replace(found.access, principal=replace(found.principal, told_as=one.label)))


def _save(this: Following, caller: Caller, folder_id: str, row: Save) -> None:
    """Save one asset's approved version, or write down why not."""
    try:
        asset = assets.get(this.one.workspace, row.asset_id)
    except NotFound:
        keep(this, row, replace(row, is_due=False, because="its asset is gone"))
        return
    version = wanted(asset)
    if version is None or is_saved(row, folder_id, version):
        keep(this, row, replace(row, is_due=False, upload=None, because=None, tries=0))
        return
    try:
        seen = access.asset(this.run.ctx, caller, asset.id, Right.VIEW)
        version = wanted(seen)
        if version is None:
            raise NotFound("It is in the trash.")
        out = egress.leaving(this.run.ctx, caller, seen, Wish(version.number, original=True))
    except (NotAllowed, NotFound, Conflict, InvalidInput) as problem:
        _leave_out(this, row, asset, problem)
        return
    try:
        _upload(this, row, asset, version, folder_id, out)
    except base.ConditionFailed:
        raise
    except (UpstreamUnavailable, Gone, Conflict, NotFound) as problem:
        _try_later(this, asset, problem)


def _upload(this: Following, row: Save, asset: Asset, version: Version, folder_id: str, out: Outgoing) -> None:
    try:
        row, file = drive_uploads.target(this, row, folder_id)
        row, done = drive_uploads.put(this, row, file, out, version)
    except UpstreamRejected as problem:
        if problem.code == RECONNECT:
            raise
        if problem.code in STOPS:
            raise _NoMore(STOPS[problem.code]) from problem
        _leave_out(this, rows.get(this.one.workspace, this.one.id, asset.id) or row, asset, problem)
        return
    new = replace(
        row, is_due=False, version_id=version.id, number=version.number, sha256=version.sha256, name=done.name,
        upload=None, because=None, tries=0,
    )  # fmt: skip
    line = Line(this.run.ctx.now(), f"“{done.name}” was saved to Drive: version {version.number}.", done.id)
    keep(this, row, new, counts={"saved": 1}, log=[line])


def _try_later(this: Following, asset: Asset, problem: PackshotError) -> None:
    row = rows.get(this.one.workspace, this.one.id, asset.id)
    if row is None:
        return
    if row.tries + 1 >= _TRIES:
        _leave_out(this, row, asset, problem)
        return
    is_lost = isinstance(problem, Conflict | NotFound) and row.tries > 0
    new = replace(row, file_id=None if is_lost else row.file_id, upload=None if is_lost else row.upload)
    text = f"“{asset.fields.name}” could not be saved to Drive yet: {problem.message}"
    line = Line(this.run.ctx.now(), text, asset.id, is_trouble=True)
    keep(this, row, replace(new, tries=row.tries + 1), log=[line])


def _leave_out(this: Following, row: Save, asset: Asset, problem: PackshotError) -> None:
    text = f"“{asset.fields.name}” was not saved to Drive: {problem.message}"
    line = Line(this.run.ctx.now(), text, asset.id, is_trouble=True)
    new = replace(row, is_due=False, upload=None, because=problem.message)
    keep(this, row, new, counts={"not_saved": 1}, log=[line])
