"""Applying a plan, as a job: each product is looked at, brought a step further, and looked at again until nothing is
left to do.

What is done follows from what the store says at that moment and from what is remembered of it, never from what a run
before believed: so a run may die anywhere, and the next one goes on. Files of many products are on their way at once;
when all that is left is to wait for the store, the job lets go. A product goes files, links and alt texts, order,
variants, what leaves; its lines have their results last.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from chalicelib import metrics, observe
from chalicelib.domain.plans import Plan, Result
from chalicelib.errors import NotFound, PackshotError, UpstreamRejected, UpstreamUnavailable
from chalicelib.models import base, connections, decisions, plan_lines, plans, pushed
from chalicelib.services import jobs, plans as services, shop_actor, shop_product, stores, trails
from chalicelib.services.shop_files import STUCK, Push
from chalicelib.services.shop_product import Work

_AT_ONCE = 200
"""Lines that are on their way at once."""
_WRITES = 80
_WAIT_S = 30
_MOST_STEPS = 100
_HOPELESS = ("needs_reconnect", "maker_gone", "gone", STUCK)


def work(run: jobs.Run) -> Mapping[str, Any]:
    """Apply the plan that the job names, as far as it was approved."""
    plan = plans.get(run.workspace, str(run.job.request["plan_id"]))
    if plan is None or plan.state not in ("approved", "applying", "partly_applied"):
        return {"plan_id": plan.id if plan else None, "state": plan.state if plan else "gone"}
    if plan.state == "approved" and services.is_busy(run.workspace, plan):
        run.wait(_WAIT_S, cursor=run.job.cursor)
    plan = _turn(run, plan, replace(plan, state="applying", because=None))
    try:
        _apply(run, plan)
    except PackshotError as problem:
        if problem.code in _HOPELESS or run.job.attempts >= run.ctx.settings.tries:
            return _end(run, plan, problem.message)
        raise
    return _end(run, plan, None)


def _apply(run: jobs.Run, plan: Plan) -> None:
    one = connections.get(run.workspace, plan.connection_id)
    if one is None:
        raise NotFound("The connection is gone.", code="gone")
    actor = shop_actor.of(run.ctx, one)
    if run.job.cursor is None:
        _open_again(run, plan)
    excepted = frozenset(plan.except_line_ids)
    todo = [
        one for one in plan_lines.every(run.workspace, plan.id) if one.is_open and one.id not in excepted
    ]  # fmt: skip
    todo.sort(key=lambda one: (one.product_id or "", one.id))
    waiting = [
        Work(product_id, {one.asset_id: one for one in lines})
        for product_id, lines in groupby(todo, key=lambda one: one.product_id or "")
    ]
    with stores.opened(run.ctx, one) as store:
        agreed = {name: one.agreed for name, one in decisions.every(run.workspace, plan.connection_id).items()}
        _round_and_round(Push(run, plan, actor, store, agreed=agreed), waiting, len(todo))


def _open_again(run: jobs.Run, plan: Plan) -> None:
    """Lines that an earlier job could not apply are tried again."""
    undone = [
        replace(one, result=None)
        for one in plan_lines.every(run.workspace, plan.id)
        if one.result is not None and one.result.state in ("failed", "conflict")
    ]
    for start in range(0, len(undone), _WRITES):
        part = undone[start : start + _WRITES]
        run.advance(run.job.done, writes=[plan_lines.put(run.workspace, plan.id, one) for one in part])
    run.advance(run.job.done, cursor={"steps": 0})


def _round_and_round(push: Push, waiting: list[Work], total: int) -> None:
    """Take products up as there is room, each a step at a time, until all are done or all wait for the store."""
    push.run.advance(push.run.job.done, total=push.run.job.done + total, cursor=push.run.job.cursor)
    active: list[Work] = []
    while waiting or active:
        while waiting and sum(len(one.lines) for one in active) < _AT_ONCE:
            active.append(waiting.pop(0))
            names = [one for one in active[-1].lines if one not in push.known]
            push.known |= pushed.some_files(push.run.workspace, push.plan.connection_id, names)
        known = [push.known[name] for each in active for name in each.lines if name in push.known]
        push.ask([one.making_id for one in known if one.making_id])
        steps = [_step(push, each) for each in active]
        for each, step in zip(list(active), steps, strict=True):
            if step == "done":
                _finish(push, each)
                active.remove(each)
        has_room = waiting and sum(len(one.lines) for one in active) < _AT_ONCE
        if active and not has_room and not {"moved", "done"} & set(steps):
            push.wait()


def _step(push: Push, one: Work) -> shop_product.Step:
    """A step; a store that does not answer about one product may answer about the next."""
    try:
        step = shop_product.step(push, one)
    except UpstreamUnavailable:
        return "waiting"
    except UpstreamRejected as problem:
        if problem.code == "needs_reconnect":
            raise
        one.end(one.open, Result("failed", f"The store says: {problem.message}"))
        return "done"
    one.steps += step == "moved"
    if one.steps > _MOST_STEPS:
        one.end(one.open, Result("failed", "The store does not come to rest. Apply the plan again later."))
        return "done"
    return step


def _finish(push: Push, done: Work) -> None:
    place = push.run.workspace, push.plan.connection_id
    lines = [replace(line, result=done.results.get(name, Result("done"))) for name, line in done.lines.items()]
    used = [one.asset_id for one in lines if one.drift and push.agreed.get(one.asset_id)]
    for one, decision in decisions.some(*place, used).items():
        push.keep([decisions.put(*place, one, replace(decision, agreed=()))])
    for start in range(0, len(lines), _WRITES):
        part = lines[start : start + _WRITES]
        push.keep([plan_lines.put(push.run.workspace, push.plan.id, one) for one in part], done=len(part))
    states = Counter[str](one.result.state for one in lines if one.result is not None)
    observe.note("product done", **states, counted=metrics.told({"Pushed": states["done"]}))


def _turn(run: jobs.Run, old: Plan, new: Plan) -> Plan:
    if old == new:
        return old
    base.transact([plans.change(run.workspace, old, new)])
    return replace(new, revision=old.revision + 1)


def _end(run: jobs.Run, plan: Plan, because: str | None) -> Mapping[str, Any]:
    """How it went: applied when every approved line is done."""
    excepted = frozenset(plan.except_line_ids)
    lines = [one for one in plan_lines.every(run.workspace, plan.id) if one.list == "matched" and one.actions]
    asked = [one for one in lines if one.id not in excepted]
    undone = [one for one in asked if one.result is None or one.result.state not in ("done", "skipped")]
    new = replace(plan, state="partly_applied" if undone else "applied", because=because)
    if undone and because is None:
        new = replace(new, because=f"{len(undone)} of {len(asked)} lines could not be applied; each says why.")
    told = trails.entry(run.ctx, run.workspace, f"job:{run.job.id}", f"plan.{new.state}", plan.label, lines=len(asked))
    base.transact([plans.change(run.workspace, plan, new), told])
    return {"plan_id": plan.id, "state": new.state, "done": len(asked) - len(undone), "not_done": len(undone)}
