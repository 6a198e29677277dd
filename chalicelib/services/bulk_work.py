"""The job of a change to many assets: one transaction an asset, with the job's progress in it, and how far it came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from chalicelib.domain import undoing
from chalicelib.domain.access import Right
from chalicelib.domain.approvals import MOST_ITEMS
from chalicelib.domain.ids import AssetId, short_hash
from chalicelib.errors import Conflict, NotAllowed, PackshotError
from chalicelib.models import base
from chalicelib.ports.context import Context
from chalicelib.services import access, acting, approvals, assets, bulk, jobs, selections, trails
from chalicelib.services.bulk import Change, Submission
from chalicelib.services.jobs import Job
from chalicelib.services.signing import Caller

_TRIES, _WAKE_EVERY = 3, 25
_CHANGED_MEANWHILE = Conflict("Others change this all the time. Try again.", code="stale")

Read = Callable[[Mapping[str, Any]], Change]
"""Reads a change as a job keeps it: as the request said it."""


@dataclass(frozen=True)
class Standing:
    """How far a job is: its cursor. `changed_bits` has a bit for the place of each asset that was changed, in hex.

    `ready` wait to be submitted together, which has happened `asked` times. `set` holds the assets where the request
    does not name them.
    """

    at: int = 0
    changed: int = 0
    refused: int = 0
    changed_bits: str = "0"
    ready: tuple[str, ...] = ()
    asked: int = 0
    set: str = ""


def work(read: Read) -> jobs.Work:
    """The work of a bulk job, which reads its change so."""
    return lambda run: _work(run, read(run.job.request["change"]))


def standing_of(job: Job) -> Standing:
    """How far a bulk job came, over or not."""
    kept = dict((job.result or {}).get("undo") or job.cursor or {})
    known = {one.name: kept[one.name] for one in fields(Standing) if one.name in kept}
    return Standing(**{**known, "ready": tuple(kept.get("ready", ()))})


def batch_of(ctx: Context, job: Job) -> list[AssetId]:
    """The assets that a bulk job has changed. Raises `NotFound` when that is forgotten."""
    standing = standing_of(job)
    bits, kept = int(standing.changed_bits, 16), standing.set or job.request.get("set")
    return [one for place, one in enumerate(selections.load(ctx, kept)) if bits >> place & 1] if bits and kept else []


def request_id(job_id: str, number: int) -> str:
    """The id of the request for approval that a bulk job makes as its so manieth."""
    return short_hash("bulk", job_id, str(number))


def _work(run: jobs.Run, change: Change) -> Mapping[str, Any]:
    ids = selections.load(run.ctx, run.job.request["set"])
    standing = standing_of(run.job)
    try:
        while standing.at < len(ids) or standing.ready:
            caller = acting.again(run.ctx, run.workspace, run.job.request["caller"])
            is_full = len(standing.ready) >= MOST_ITEMS or standing.at == len(ids)
            if change.submit is not None and standing.ready and is_full:
                standing = _submit(run, caller, standing, change.submit)
            else:
                standing = change_one(run, caller, ids[standing.at], change, standing)
            if standing.at % _WAKE_EVERY == 0:
                trails.wake(run.ctx, run.workspace)
    finally:
        trails.wake(run.ctx, run.workspace)
    told = {"changed": standing.changed, "unchanged": len(ids) - standing.changed - standing.refused}
    if change.submit is not None:
        told["submitted"] = len(ids) - standing.refused
    return {**told, "refused": standing.refused, "undo": asdict(standing)}


def change_one(run: jobs.Run, caller: Caller, asset_id: AssetId, change: Change, old: Standing) -> Standing:
    """Change one asset, in one transaction with the progress; what is refused is listed and audited."""
    problem: PackshotError = _CHANGED_MEANWHILE
    for _ in range(_TRIES):
        try:
            asset = access.asset(run.ctx, caller, asset_id, Right.SEE)
            new, also = bulk.changed(run.ctx, caller, asset, change)
            if change.submit is not None:
                approvals.prepared(run.ctx, caller, bulk.asked_for([asset_id], change.submit), "")
        except bulk.NO as found:
            problem = found
            break
        standing, writes = _next(old, asset_id, change, is_changed=new != asset), list[base.Write]()
        if new != asset:
            before, after = undoing.difference(asset, new)
            *_, writes = assets.effects(
                run.ctx, run.workspace, asset, new, caller.principal.label, change.action, batch_id=run.job.id,
                before=before, after=after,
            )  # fmt: skip
        try:
            run.advance(standing.at, cursor=asdict(standing), writes=[*writes, *also])
        except base.ConditionFailed:
            continue
        return standing
    return _refuse(run, caller, asset_id, problem, replace(old, at=old.at + 1), change.action)


def _next(old: Standing, asset_id: AssetId, change: Change, *, is_changed: bool) -> Standing:
    bits = int(old.changed_bits, 16) | (1 << old.at if is_changed else 0)
    ready = (*old.ready, asset_id) if change.submit is not None else ()
    return replace(old, at=old.at + 1, changed=old.changed + is_changed, changed_bits=f"{bits:x}", ready=ready)


def _refuse(
    run: jobs.Run, caller: Caller, asset_id: str, problem: PackshotError, standing: Standing,
    action: str = "asset.edited",
) -> Standing:  # fmt: skip
    standing = replace(standing, refused=standing.refused + 1)
    error = {"subject": f"asset:{asset_id}", "code": problem.code, "detail": problem.message}
    writes = []
    if isinstance(problem, NotAllowed):
        who, detail = caller.principal.label, {"code": problem.code, "batch_id": run.job.id}
        writes = [trails.refusal(run.ctx, run.workspace, who, action, f"asset:{asset_id}", **detail)]
    run.advance(standing.at, cursor=asdict(standing), errors=[error], writes=writes)
    return standing


def _submit(run: jobs.Run, caller: Caller, old: Standing, wanted: Submission) -> Standing:
    """Ask for approval of those that are ready, as one request; who cannot be asked about any more is listed."""
    left = list(old.ready)
    for _ in range(_TRIES):
        standing = replace(old, ready=(), asked=old.asked + 1)
        try:
            _, _, writes = approvals.prepared(
                run.ctx, caller, bulk.asked_for(left, wanted), request_id(run.job.id, old.asked), batch_id=run.job.id
            )
            run.advance(standing.at, cursor=asdict(standing), writes=writes)
        except (*bulk.NO, base.ConditionFailed):
            old, left = _sorted_out(run, caller, old, left, wanted)
            if not left:
                return old
            continue
        return standing
    for one in left:
        old = replace(old, ready=tuple(each for each in old.ready if each != one))
        old = _refuse(run, caller, one, _CHANGED_MEANWHILE, old)
    return old


def _sorted_out(
    run: jobs.Run, caller: Caller, old: Standing, ids: Sequence[str], wanted: Submission
) -> tuple[Standing, list[str]]:
    """Those that can still be asked about; the others are listed."""
    kept = []
    for one in ids:
        try:
            approvals.prepared(run.ctx, caller, bulk.asked_for([one], wanted), "")
        except bulk.NO as problem:
            old = replace(old, ready=tuple(each for each in old.ready if each != one))
            old = _refuse(run, caller, one, problem, old)
        else:
            kept.append(one)
    return old, kept
