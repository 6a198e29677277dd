"""Taking a change of many assets back, as a job of its own.

What was before is in the audit trail, written in the transaction of each change. Only what the batch did is undone,
with the rights of whoever undoes it: what others have changed since stays, and is listed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import undoing
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, id_milliseconds, make_id, short_hash
from chalicelib.errors import Conflict, NotAllowed, PackshotError, UpstreamUnavailable
from chalicelib.models import audit, base, jobs as rows
from chalicelib.ports.context import Context
from chalicelib.services import (
    access,
    acting,
    approval_queue,
    approvals,
    assets,
    bulk,
    bulk_work,
    jobs,
    memberships,
    sheets,
    trails,
)
from chalicelib.services.jobs import Job
from chalicelib.services.signing import Caller

UNDO = "bulk.undo"
UNDO_WITHIN = timedelta(days=3)
"""Since the change was asked for; what an undo needs is kept for a week."""
_TRIES, _WAKE_EVERY, _PAGE = 3, 25, 100


def until(job: Job) -> datetime | None:
    """When the job cannot be undone any more; None: it never can."""
    is_change = job.kind == bulk.BULK or (job.kind == sheets.IMPORT and not job.request["dry_run"])
    return job.created_at + UNDO_WITHIN if is_change else None


def start(ctx: Context, caller: Caller, job: Job) -> str:
    """Queue the undo of a bulk job; its id, the same at each call.

    Raises `Conflict`: it is no such job, it is not over, or its time to be undone is.
    """
    ends = until(job)
    if ends is None:
        raise Conflict("Only changes of many assets can be undone.", code="not_undoable")
    if not job.is_over:
        raise Conflict("This job is not over. Cancel it first.", code="not_over")
    if ctx.now() >= ends:
        raise Conflict("This was too long ago to be undone.", code="undo_over")
    made = make_id(id_milliseconds(job.id), short_hash("undo", job.id).encode())
    request = {"of": job.id, "caller": dict(acting.kept(caller))}
    total = bulk_work.standing_of(job).changed
    return jobs.start(ctx, caller.workspace, caller.principal.label, UNDO, request, total=total, job_id=made)


@dataclass(frozen=True)
class _Standing:
    asked: int = 0
    at: int = 0
    undone: int = 0
    clashes: int = 0


def work(run: jobs.Run) -> Mapping[str, Any]:
    """Take the requests for approval back, then change each asset back."""
    job = rows.get(run.workspace, str(run.job.request["of"]))
    if job is None:
        raise NotAllowed("The change itself is forgotten.", code="undo_over")
    ids, standing = bulk_work.batch_of(run.ctx, job), _Standing(**(run.job.cursor or {}))
    try:
        for number in range(standing.asked, bulk_work.standing_of(job).asked):
            caller = acting.again(run.ctx, run.workspace, run.job.request["caller"])
            errors = _withdraw(run, caller, bulk_work.request_id(job.id, number))
            standing = replace(standing, asked=number + 1, clashes=standing.clashes + len(errors))
            run.advance(standing.at, cursor=asdict(standing), errors=errors)
        while standing.at < len(ids):
            caller = acting.again(run.ctx, run.workspace, run.job.request["caller"])
            standing = _undo_one(run, caller, job, ids[standing.at], standing)
            if standing.at % _WAKE_EVERY == 0:
                trails.wake(run.ctx, run.workspace)
    finally:
        trails.wake(run.ctx, run.workspace)
    return {"undone": standing.undone, "refused": standing.clashes}


def _withdraw(run: jobs.Run, caller: Caller, request_id: str) -> list[dict[str, str]]:
    """Withdraw a request; one that is withdrawn already is as it should be."""
    try:
        if approval_queue.load(run.ctx, caller, request_id).request.state != "withdrawn":
            approvals.withdraw(run.ctx, caller, request_id)
    except bulk.NO as problem:
        return [_error(f"approval:{request_id}", problem)]
    return []


def _undo_one(run: jobs.Run, caller: Caller, job: Job, asset_id: AssetId, old: _Standing) -> _Standing:
    before, after = _told(run, job, asset_id)
    problem: PackshotError | None = None
    for _ in range(_TRIES):
        standing = replace(old, at=old.at + 1)
        writes: list[base.Write] = []
        errors: list[dict[str, str]] = []
        try:
            asset = access.asset(run.ctx, caller, asset_id, Right.SEE)
            new, also, clashes = _as_before(run.ctx, caller, asset, before, after)
        except bulk.NO as found:
            problem = found
            break
        if clashes:
            said = Conflict(f"Changed by others since: {', '.join(clashes)}.", code="changed_since")
            errors = [_error(f"asset:{asset_id}", said)]
        if new != asset:
            was, became = undoing.difference(asset, new)
            *_, writes = assets.effects(
                run.ctx, run.workspace, asset, new, caller.principal.label, _action(asset, new), batch_id=run.job.id,
                before=was, after=became,
            )  # fmt: skip
        standing = replace(standing, undone=old.undone + (new != asset), clashes=old.clashes + len(errors))
        try:
            run.advance(standing.at, cursor=asdict(standing), errors=errors, writes=[*writes, *also])
        except base.ConditionFailed:
            continue
        return standing
    problem = problem or Conflict("Others change this all the time.", code="stale")
    standing = replace(old, at=old.at + 1, clashes=old.clashes + 1)
    run.advance(standing.at, cursor=asdict(standing), errors=[_error(f"asset:{asset_id}", problem)])
    return standing


def _as_before(
    ctx: Context, caller: Caller, asset: Asset, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Asset, list[base.Write], list[str]]:
    """The asset without what the batch did, what must still hold, and what others have changed since."""
    bits, new = caller.rights_on(asset, ctx.now()), asset
    if "trashed" in (before.get("state"), after.get("state")):
        access.authorize(Right.DELETE, bits, "asset")
        is_back = (asset.state == "trashed") == (before.get("state") == "trashed")
        return asset if is_back else _turned(caller, asset), [], []
    values, clashes = undoing.reverted(asset.fields, before, after)
    if after.get("state") == "archived":
        access.authorize(Right.ARCHIVE, bits, "asset")
        if asset.state == "archived" and asset.archived_because == after.get("archived_because"):
            new = assets.unarchived(new)
        else:
            clashes.append("state")
    back, out = undoing.places_back(before, after)
    for right, is_wanted in ((Right.MOVE, back or out), (Right.EDIT, values)):
        if is_wanted:
            access.authorize(right, bits, "asset")
    new, also = memberships.moved(caller, new, back, out)
    if values:
        new = assets.edited(caller, new, values)
    return new, also, clashes


def _turned(caller: Caller, asset: Asset) -> Asset:
    """The asset out of the trash, or in it, whichever it is not."""
    return assets.restored(caller, asset) if asset.state == "trashed" else assets.trashed(asset)


def _action(old: Asset, new: Asset) -> str:
    if (old.state == "trashed") == (new.state == "trashed"):
        return "asset.edited"
    return "asset.trashed" if new.state == "trashed" else "asset.restored"


def _told(run: jobs.Run, job: Job, asset_id: AssetId) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the batch made of the asset, out of the audit trail. Raises `UpstreamUnavailable` while it is not there."""
    place: Any = None
    asked = audit.Asked(from_=job.created_at)
    while True:
        found, place = audit.page_of_subject(run.workspace, f"asset:{asset_id}", asked, limit=_PAGE, start=place)
        for one in found:
            detail = one.detail or {}
            if detail.get("batch_id") == job.id and "after" in detail:
                return detail.get("before") or {}, detail["after"]
        if place is None:
            raise UpstreamUnavailable("The audit trail does not show this change yet.")


def _error(subject: str, problem: PackshotError) -> dict[str, str]:
    return {"subject": subject, "code": problem.code, "detail": problem.message}
