"""Rolling a plan back, as a job: each product gets back the bytes, alt texts, links, variant images and order that it
had before the plan, where the store still is as the plan left it. Where it is not, that is told and left alone.

Like applying it looks at the product before each step, so it may die anywhere.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.plans import Left, Line, Plan, PlanProduct, Result, Snapshot
from chalicelib.domain.shop import ProductMedia
from chalicelib.errors import NotFound, PackshotError, UpstreamRejected, UpstreamUnavailable
from chalicelib.models import base, connections, plan_lines, plan_products, plans, pushed
from chalicelib.services import jobs, shop_actor, shop_product_back, stores, trails
from chalicelib.services.shop_files import STUCK, Push
from chalicelib.services.shop_product_back import Back

_WRITES = 80
_HOPELESS = ("needs_reconnect", "maker_gone", "gone", STUCK)


def work(run: jobs.Run) -> Mapping[str, Any]:
    """Roll back the plan that the job names."""
    plan = plans.get(run.workspace, str(run.job.request["plan_id"]))
    if plan is None or plan.state != "rolling_back":
        return {"plan_id": plan.id if plan else None, "state": plan.state if plan else "gone"}
    try:
        _roll_back(run, plan)
    except PackshotError as problem:
        if problem.code in _HOPELESS or run.job.attempts >= run.ctx.settings.tries:
            return _end(run, plan, replace(plan, state="partly_applied", because=problem.message))
        raise
    return _end(run, plan, replace(plan, state="rolled_back"))


def _roll_back(run: jobs.Run, plan: Plan) -> None:
    one = connections.get(run.workspace, plan.connection_id)
    if one is None:
        raise NotFound("The connection is gone.", code="gone")
    actor = shop_actor.of(run.ctx, one)
    applied = [line for line in plan_lines.every(run.workspace, plan.id) if _is_to_go_back(line)]
    by_product: dict[str, dict[str, Line]] = {}
    for line in applied:
        by_product.setdefault(line.product_id or "", {})[line.asset_id] = line
    with stores.opened(run.ctx, one) as store:
        push = Push(run, plan, actor, store, known=pushed.files(run.workspace, one.id))
        for planned in plan_products.every(run.workspace, plan.id):
            lines = by_product.get(planned.id)
            if lines and planned.before is not None:
                _product(push, planned, planned.before, lines)


def _is_to_go_back(line: Line) -> bool:
    return line.list == "matched" and line.result is not None and line.result.state in ("done", "failed", "conflict")


def _product(push: Push, planned: PlanProduct, before: Snapshot, lines: Mapping[str, Line]) -> None:
    """Bring one product back, waiting for the store where it must."""
    back: Back | None = None
    while True:
        try:
            product = push.store.product(planned.id)
        except NotFound:
            _close(push, lines, dict.fromkeys(lines, "The product is not in the store any more."))
            return
        back = back or Back(planned, before, planned.after or shop_product_back.as_it_is(push, product), lines)
        push.ask([one.making_id for name in lines if (one := push.known.get(name)) and one.making_id])
        try:
            step = shop_product_back.step(push, back, product)
        except UpstreamRejected as problem:
            if problem.code == "needs_reconnect":
                raise
            _close(push, lines, dict.fromkeys(lines, f"The store says: {problem.message}"))
            return
        except UpstreamUnavailable:
            step = "waiting"
        if step == "done":
            _remember_product(push, planned.id, product)
            _close(push, lines, back.kept)
            return
        if step == "waiting":
            push.wait()


def _remember_product(push: Push, product_id: str, product: ProductMedia) -> None:
    place = push.run.workspace, push.plan.connection_id
    row = pushed.product(*place, product_id)
    left = Left(tuple(one.id for one in product.media), dict(product.variant_media))
    push.keep([pushed.put_product(*place, replace(row, left=left, drift=(), is_ordering=False))])


def _close(push: Push, lines: Mapping[str, Line], kept: Mapping[str, str]) -> None:
    done = [
        replace(one, result=Result("drift", kept[name]) if name in kept else Result("rolled_back"))
        for name, one in lines.items()
    ]
    for start in range(0, len(done), _WRITES):
        part = done[start : start + _WRITES]
        push.keep([plan_lines.put(push.run.workspace, push.plan.id, one) for one in part], done=len(part))


def _end(run: jobs.Run, old: Plan, new: Plan) -> Mapping[str, Any]:
    results = [one.result.state for one in plan_lines.every(run.workspace, old.id) if one.result is not None]
    told = trails.entry(run.ctx, run.workspace, f"job:{run.job.id}", f"plan.{new.state}", old.label)
    base.transact([plans.change(run.workspace, old, new), told])
    return {
        "plan_id": old.id,
        "state": new.state,
        "rolled_back": results.count("rolled_back"),
        "drift": results.count("drift"),
    }
