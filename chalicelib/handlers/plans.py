"""Plans of a store: asked for, read, decided on, approved, applied, rolled back; what the merchant changed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib.domain.access import Right
from chalicelib.domain.plans import Line, Plan
from chalicelib.handlers import plan_shapes as shapes, schemas, shapes as common
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.services import connections, plans, store_variants

api = Api(__name__)
_MANAGES = Needs("library", Right.MANAGE)


@api.post(
    "/v1/connections/{connection_id}/plans", needs=_MANAGES, takes=shapes.PlanIn, gives=shapes.PlanStarted, status=202
)  # fmt: skip
def begin_plan(call: Call) -> dict[str, Any]:
    """Begin a plan of what is to be done in the store; nothing is changed there by it."""
    one = connections.load(call.caller, call.path["connection_id"])
    started = plans.begin(call.ctx, call.caller, one, call.read_body(shapes.PlanIn).q)
    return {"job_id": started.job_id, "plan_id": started.plan.id}


@api.get(
    "/v1/connections/{connection_id}/plans", needs=_MANAGES, query=schemas.PageQuery, gives=shapes.Plans
)  # fmt: skip
def list_plans(call: Call) -> dict[str, Any]:
    """The connection's plans, newest first."""
    one, query = connections.load(call.caller, call.path["connection_id"]), call.read_query(schemas.PageQuery)
    page = schemas.page_of(
        call, f"plans of {one.id}", query, lambda start: plans.listed(one, limit=query.limit, start=start)
    )
    return {"items": [_out(each) for each in page.items], "next": page.next}


@api.get("/v1/connections/{connection_id}/drift", needs=_MANAGES, gives=shapes.Drifts)
def list_drift(call: Call) -> dict[str, Any]:
    """What the merchant changed since our last push, as it was when each product was last looked at."""
    one = connections.load(call.caller, call.path["connection_id"])
    return {"items": [asdict(each) for each in plans.drift(one)], "next": None}


@api.get(
    "/v1/connections/{connection_id}/variants", needs=_MANAGES, query=shapes.VariantQuery, gives=shapes.Variants
)  # fmt: skip
def find_variants(call: Call) -> dict[str, Any]:
    """Find variants of the store, to choose some for a line."""
    one = connections.load(call.caller, call.path["connection_id"])
    found = store_variants.find(one, call.read_query(shapes.VariantQuery).q)
    return {
        "items": [{name: getattr(each, name) for name in shapes.Variant.model_fields} for each in found],
        "next": None,
    }


@api.get("/v1/plans/{plan_id}", needs=_MANAGES, gives=shapes.Plan)
def get_plan(call: Call) -> dict[str, Any]:
    """One plan: how far it is, how many lines of which list, what it will cost."""
    return _out(_loaded(call))


@api.get("/v1/plans/{plan_id}/lines", needs=_MANAGES, query=shapes.LineQuery, gives=shapes.Lines)
def list_lines(call: Call) -> dict[str, Any]:
    """Its lines, or those of one list, each with its reason."""
    plan, query = _loaded(call), call.read_query(shapes.LineQuery)
    page = schemas.page_of(
        call, f"lines of {plan.id} {query.list}", query,
        lambda start: plans.lines(call.caller, plan, query.list, limit=query.limit, start=start),
    )  # fmt: skip
    titles = store_variants.titles(call.caller, plan, page.items)
    return {"items": [_line(each, titles) for each in page.items], "next": page.next}


@api.patch("/v1/plans/{plan_id}/lines/{line_id}", needs=_MANAGES, takes=shapes.LinePatch, gives=shapes.Line)
def decide_line(call: Call) -> dict[str, Any]:
    """Decide on a line; the decision holds for later plans too."""
    plan = _loaded(call)
    old = plans.line(call.caller, plan, call.path["line_id"])
    asked = call.read_body(shapes.LinePatch)
    chosen = None if asked.variant_ids is None else tuple(dict.fromkeys(asked.variant_ids))
    new = plans.decide(call.ctx, call.caller, plan, old, plans.Said(chosen, asked.skip, asked.overwrite))
    return _line(new, store_variants.titles(call.caller, plan, [new]))


@api.post("/v1/plans/{plan_id}/approve", needs=_MANAGES, takes=shapes.ApprovalIn, gives=common.Started, status=202)
def approve_plan(call: Call) -> dict[str, Any]:
    """Approve a plan, but for some lines; the job marks those. It may be applied at once."""
    plan, asked = _loaded(call), call.read_body(shapes.ApprovalIn)
    return {"job_id": plans.approve(call.ctx, call.caller, plan, asked.except_line_ids)}


@api.post("/v1/plans/{plan_id}/apply", needs=_MANAGES, gives=common.Started, status=202)
def apply_plan(call: Call) -> dict[str, Any]:
    """Apply an approved plan, or what is left of one that was applied in part."""
    return {"job_id": plans.apply(call.ctx, call.caller, _loaded(call))}


@api.post("/v1/plans/{plan_id}/rollback", needs=_MANAGES, gives=common.Started, status=202)
def roll_back_plan(call: Call) -> dict[str, Any]:
    """Take back what a plan changed, where the store is still as the plan left it; other lines are told as drift."""
    return {"job_id": plans.roll_back(call.ctx, call.caller, _loaded(call))}


def _loaded(call: Call) -> Plan:
    return plans.load(call.caller, call.path["plan_id"])


def _out(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "connection_id": plan.connection_id,
        "state": plan.state,
        "because": plan.because,
        "by": plan.by,
        "created_at": schemas.when(plan.created_at),
        "approved_by": plan.approved_by,
        "q": plan.q,
        "counts": {name: plan.counts.get(name, 0) for name in shapes.Counts.model_fields},
        "cost_points": plan.cost_points,
        "minutes": plan.minutes,
    }


def _line(line: Line, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        **asdict(line),
        "product_title": titles.get(line.product_id or ""),
        "variant_ids": list(line.variant_ids),
        "actions": list(line.actions),
        "drift": [asdict(each) for each in line.drift],
        "result": asdict(line.result) if line.result else None,
    }
