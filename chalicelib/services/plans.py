"""Plans of a store for people and programs: asked for, read, decided on, approved, applied, rolled back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain import search as grammar
from chalicelib.domain.connections import Connection
from chalicelib.domain.ids import WorkspaceId, short_hash
from chalicelib.domain.plans import Decision, Drift, Line, ListName, Plan, PlanState, Result, consent_to
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.models import (
    base,
    catalogue,
    connections as connection_rows,
    decisions,
    jobs as job_rows,
    plan_lines,
    plans,
    pushed,
)
from chalicelib.ports.context import Context
from chalicelib.services import jobs, shop_planning, trails
from chalicelib.services.shop_planning import APPLY, PLAN, ROLL_BACK
from chalicelib.services.signing import Caller

MOST_EXCEPTED = 5_000
"""Lines that an approval may leave out."""


@dataclass(frozen=True)
class Started:
    """A plan that is being made, and the job that makes it."""

    plan: Plan
    job_id: str


def begin(ctx: Context, caller: Caller, one: Connection, q: str | None) -> Started:
    """Begin a plan, of all pictures or of those that a search finds.

    Raises:
        Conflict: the connection is not one to a store.
        BadQuery: the search cannot be understood.
    """
    if one.kind != "shopify":
        raise Conflict("Only a connection to a store has plans.", code="no_store")
    if q is not None:
        grammar.parse(q, ctx.now())
    return start(ctx, one, caller.principal.label, q, is_auto=False)


def start(
    ctx: Context, one: Connection, by: str, q: str | None, *, is_auto: bool, plan_id: str | None = None
) -> Started:  # fmt: skip
    """Begin a plan on behalf of `by`; the job goes on by itself. A `plan_id` that was used begins no other."""
    plan = Plan(plan_id or ctx.new_id(), one.id, "computing", by, ctx.now(), q=q, is_auto=is_auto)
    job_id = _job("plan", plan)
    plan = replace(plan, job_id=job_id)
    told = trails.entry(ctx, one.workspace, by, "plan.asked_for", plan.label, connection_id=one.id, q=q)
    _, queued = jobs.queued(ctx, one.workspace, by, PLAN, {"plan_id": plan.id}, job_id=job_id)
    with suppress(base.ConditionFailed):
        base.transact([plans.add(one.workspace, plan), told, *queued])
    jobs.hint(ctx, one.workspace, job_id)
    return Started(plan, job_id)


def _job(what: str, plan: Plan) -> str:
    """The job of this change of the plan: asked for twice it is one."""
    return short_hash(what, plan.id, str(plan.revision))


def listed(one: Connection, *, limit: int, start: Any) -> base.Page[Plan]:
    """Its plans, newest first."""
    page = plans.page(one.workspace, one.id, limit=limit, start=start)
    return base.Page([as_it_stands(one.workspace, each) for each in page.items], page.next)


def load(caller: Caller, plan_id: str) -> Plan:
    """One plan. Raises `NotFound`."""
    found = plans.get(caller.workspace, plan_id)
    if found is None:
        raise NotFound("There is no such plan.")
    return as_it_stands(caller.workspace, found)


def as_it_stands(workspace: WorkspaceId, plan: Plan) -> Plan:
    """The plan; where the job that worked on it is over without having ended it, it can be taken up again."""
    stopped = _STOPPED.get(plan.state)
    job = job_rows.get(workspace, plan.job_id) if stopped and plan.job_id else None
    if stopped is None or job is None or not job.is_over:
        return plan
    again = plans.get(workspace, plan.id)
    if again is None or again.revision != plan.revision:
        return again or plan
    why = job.errors[-1]["detail"] if job.errors else "It was stopped."
    return replace(plan, state=stopped, because=why)


_STOPPED: Mapping[PlanState, PlanState] = {
    "computing": "failed", "applying": "partly_applied", "rolling_back": "partly_applied",
}  # fmt: skip


def lines(caller: Caller, plan: Plan, name: ListName | None, *, limit: int, start: Any) -> base.Page[Line]:
    """Its lines, or those of one list; a page may be short and still have a next."""
    return plan_lines.page(caller.workspace, plan.id, name, limit=limit, start=start)


def line(caller: Caller, plan: Plan, line_id: str) -> Line:
    """One line. Raises `NotFound`."""
    found = plan_lines.get(caller.workspace, plan.id, line_id)
    if found is None:
        raise NotFound("There is no such line.")
    return found


@dataclass(frozen=True)
class Said:
    """What a person decides on a line; exactly one of them."""

    variant_ids: tuple[str, ...] | None = None
    skip: bool | None = None
    overwrite: bool | None = None


def decide(ctx: Context, caller: Caller, plan: Plan, old: Line, said: Said) -> Line:
    """Decide on a line, now and for every later plan; the line as it is then.

    Raises:
        Conflict: the plan is not open for decisions any more.
        InvalidInput: no such variants, of several products, or there is nothing to overwrite.
    """
    if plan.state != "ready":
        raise Conflict("Only a plan that is ready can be changed.", code="plan_not_ready")
    known = decisions.some(caller.workspace, plan.connection_id, [old.asset_id]).get(old.asset_id, Decision())
    decision = _decision(caller, plan, old, said, known)
    told = trails.entry(
        ctx, caller.workspace, caller.principal.label, "plan.decided", plan.label, asset_id=old.asset_id,
        variant_ids=list(decision.variant_ids), skip=decision.skip, overwrite=bool(decision.agreed),
    )  # fmt: skip
    base.transact([decisions.put(caller.workspace, plan.connection_id, old.asset_id, decision), told])
    one = connection_rows.get(caller.workspace, plan.connection_id)
    if one is None:
        raise Conflict("The connection of this plan is gone.", code="connection_gone")
    shop_planning.plan_anew(ctx, one, plan, old.asset_id, _products(caller, plan, decision))
    rest = plan_lines.of_asset(caller.workspace, plan.id, old.asset_id)
    if said.overwrite:
        more = tuple(each for line in rest for each in consent_to(line.drift))
        decision = replace(decision, agreed=tuple(dict.fromkeys((*decision.agreed, *more))))
        base.transact([decisions.put(caller.workspace, plan.connection_id, old.asset_id, decision)])
    return next((each for each in rest if each.id == old.id), rest[0] if rest else old)


def _decision(caller: Caller, plan: Plan, old: Line, said: Said, known: Decision) -> Decision:
    if said.overwrite is not None:
        if said.overwrite and not old.drift:
            raise InvalidInput("The merchant changed nothing here.", fields={"overwrite": "has nothing to overwrite"})
        agreed = consent_to(old.drift) if said.overwrite else ()
        return replace(known, agreed=agreed)
    if said.skip is not None:
        return replace(known, skip=said.skip)
    decision = Decision(variant_ids=said.variant_ids or ())
    found = _products(caller, plan, decision)
    if len(set(found)) > 1:
        raise InvalidInput("These are variants of several products.", fields={"variant_ids": "are of several products"})
    return decision


def _products(caller: Caller, plan: Plan, decision: Decision) -> list[str]:
    """The products of the chosen variants. Raises `InvalidInput` for one that the catalogue does not have."""
    ids = decision.variant_ids
    found = catalogue.get_many(caller.workspace, plan.connection_id, ids)
    missing = [one for one in ids if one not in found]
    if missing:
        why = f"are not in the store's catalogue: {', '.join(missing[:3])}"
        raise InvalidInput("There are no such variants.", fields={"variant_ids": why})
    return [found[one].product_id for one in ids]


def approve(ctx: Context, caller: Caller, plan: Plan, except_ids: Sequence[str]) -> str:
    """Approve a plan but for these lines; the id of the job that marks them. It may be applied at once.

    Raises:
        Conflict: it is not ready, or somebody was faster.
        InvalidInput: no such line.
    """
    if plan.state != "ready":
        raise Conflict("Only a plan that is ready can be approved.", code="plan_not_ready")
    left_out = tuple(dict.fromkeys(except_ids))
    known = plan_lines.get_many(caller.workspace, plan.id, left_out)
    if len(known) < len(left_out):
        raise InvalidInput(
            "There are no such lines.", fields={"except_line_ids": "names lines that are not of this plan"}
        )
    new = replace(plan, state="approved", approved_by=caller.principal.label, except_line_ids=left_out)
    return _turn(ctx, caller, plan, new, APPROVE)


def apply(ctx: Context, caller: Caller, plan: Plan) -> str:
    """Apply an approved plan, or what is left of one that was applied in part; the id of the job that does it.

    Raises:
        Conflict: it is not approved, or it is on its way.
    """
    if plan.state not in ("approved", "partly_applied"):
        raise Conflict("Approve the plan before it is applied." if plan.state == "ready" else
                       "There is nothing of this plan to apply.", code="plan_not_approved")  # fmt: skip
    _check_free(caller, plan)
    return _turn(ctx, caller, plan, replace(plan, state="applying", because=None), APPLY)


def roll_back(ctx: Context, caller: Caller, plan: Plan) -> str:
    """Take back what the plan changed, where the store is still ours; the id of the job that does it.

    Raises:
        Conflict: nothing of it was applied.
    """
    if plan.state not in ("applied", "partly_applied"):
        raise Conflict("Only a plan that was applied can be rolled back.", code="plan_not_applied")
    _check_free(caller, plan)
    return _turn(ctx, caller, plan, replace(plan, state="rolling_back", because=None), ROLL_BACK)


def _check_free(caller: Caller, plan: Plan) -> None:
    if is_busy(caller.workspace, plan):
        raise Conflict("Another plan is changing this store. Wait until it is over.", code="plan_busy")


def is_busy(workspace: WorkspaceId, plan: Plan) -> bool:
    """Whether another plan changes the store: one of a connection does so at a time."""
    others = [one for one in plans.of(workspace, plan.connection_id) if one.id != plan.id]
    return any(as_it_stands(workspace, one).state in ("applying", "rolling_back") for one in others)


APPROVE = "shopify_approve"


def mark_excepted(run: jobs.Run) -> dict[str, Any]:
    """The work of an approval: lines that were left out say so."""
    plan = plans.get(run.workspace, str(run.job.request["plan_id"]))
    known = plan_lines.get_many(run.workspace, plan.id, plan.except_line_ids) if plan else {}
    for one in known.values():
        if plan is not None and one.result is None:
            marked = replace(one, result=Result("skipped", "It was left out on approval."))
            run.advance(run.job.done + 1, total=len(known), writes=[plan_lines.put(run.workspace, plan.id, marked)])
    return {"plan_id": plan.id if plan else None}


def _turn(ctx: Context, caller: Caller, old: Plan, new: Plan, kind: str) -> str:
    """Change the plan and queue the job for it, in one transaction: no plan waits for a job that nobody queued."""
    who, job_id = caller.principal.label, _job(kind, old)
    told = trails.entry(ctx, caller.workspace, who, f"plan.{new.state}", old.label, excepted=len(new.except_line_ids))
    _, queued = jobs.queued(ctx, caller.workspace, who, kind, {"plan_id": old.id}, job_id=job_id)
    try:
        base.transact([plans.change(caller.workspace, old, replace(new, job_id=job_id)), told, *queued])
    except base.ConditionFailed as lost:
        raise Conflict("Somebody else was faster. Read the plan again.", code="plan_changed") from lost
    jobs.hint(ctx, caller.workspace, job_id)
    return job_id


def drift(one: Connection) -> list[Drift]:
    """What the merchant changed since our last push, as it was when each product was last looked at."""
    return [each for row in pushed.products(one.workspace, one.id).values() for each in row.drift]
