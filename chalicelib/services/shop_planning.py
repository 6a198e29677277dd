"""Making a plan of a store, as a job: what goes nowhere first, then product by product as the store has it now.

A run that dies is taken up at its product: lines are written under ids that come out the same. Nothing is changed in
the store. Products that are wanted as they were when they were last planned are passed over on schedule, so that a
quiet hour costs the store nothing; a plan that then has nothing to do is not kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib.domain import plan_costs
from chalicelib.domain.connections import Connection
from chalicelib.domain.ids import WorkspaceId, short_hash
from chalicelib.domain.plan_products import plan_product
from chalicelib.domain.plans import LISTS, Line, LinePlan, Plan, PlanProduct, Pushed, Wanted
from chalicelib.domain.shop import ProductMedia
from chalicelib.errors import NotFound, PackshotError
from chalicelib.models import base, catalogue, connections, plan_lines, plan_products, plans, pushed
from chalicelib.ports.context import Context
from chalicelib.ports.shop import Shop
from chalicelib.services import jobs, search, shop_actor, shop_candidates, stores, trails
from chalicelib.services.connection_runs import Refresh
from chalicelib.services.shop_actor import Actor
from chalicelib.services.shop_candidates import Candidates

PLAN, APPLY, ROLL_BACK = "shopify_plan", "shopify_apply", "shopify_roll_back"
_WRITES = 80
_AFTER = "after"
_HOPELESS = ("maker_gone", "needs_reconnect", "no_catalogue", "bad_query")
_LOOK_AFTER_S, _PATIENCE = 20, timedelta(minutes=30)
_READING = {"waits": "catalogue"}
_NO_CATALOGUE = "The store's catalogue could not be read."
_SEE_RUNS = "See the connection's log of runs, then plan again."


@dataclass(frozen=True)
class Scene:
    """What a plan is made of."""

    ctx: Context
    plan: Plan
    actor: Actor
    found: Candidates
    known: Mapping[str, Pushed]
    products: Mapping[str, pushed.Product]
    noticed: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[WorkspaceId, str]:
        return self.actor.connection.workspace, self.plan.connection_id


def work(refresh: Refresh) -> jobs.Work:
    """The work of the job that makes a plan. One that a person asked for begins with what is new in the store."""

    def do(run: jobs.Run) -> Mapping[str, Any]:
        return _work(run, refresh)

    return do


def _work(run: jobs.Run, refresh: Refresh) -> Mapping[str, Any]:
    """Make the plan that the job names, unless it is made already."""
    plan = plans.get(run.workspace, str(run.job.request["plan_id"]))
    if plan is not None and plan.is_auto and plan.state == "approved":
        begin_applying(run.ctx, run.workspace, plan)
    if plan is None or plan.state != "computing":
        return {"plan_id": plan.id if plan else None}
    try:
        return _make(run, plan, refresh)
    except PackshotError as problem:
        if run.job.attempts >= run.ctx.settings.tries or problem.code in _HOPELESS:
            _end(run, plan, replace(plan, state="failed", because=problem.message))
            return {"plan_id": plan.id, "state": "failed", "because": problem.message}
        raise


def _make(run: jobs.Run, plan: Plan, refresh: Refresh) -> Mapping[str, Any]:
    one = connections.get(run.workspace, plan.connection_id)
    if one is None:
        raise NotFound("The connection is gone.", code="maker_gone")
    if not plan.is_auto and _AFTER not in (run.job.cursor or {}):
        _read_store(run, one, refresh)
    actor = shop_actor.of(run.ctx, one)
    only = _only(run, actor, plan)
    found = shop_candidates.gather(run.ctx, actor, only)
    known, products = pushed.files(run.workspace, one.id), pushed.products(run.workspace, one.id)
    noticed = pushed.noticed(run.workspace, one.id)
    scene = Scene(run.ctx, plan, actor, found, known, products, noticed)
    todo = shop_candidates.narrowed(found, known, only)
    if plan.is_auto:
        todo = [each for each in todo if is_news(scene, each)]
        if not todo:
            return _forget(run, plan)
    _lines_without_product(run, scene)
    with stores.opened(run.ctx, one) as store:
        _look_at(run, scene, store, todo)
    return finish(run, plan)


def _read_store(run: jobs.Run, one: Connection, refresh: Refresh) -> None:
    """Have what is new in the store read; wait while the whole catalogue is read for the first time.

    Raises:
        NotFound: it will not be read before a person does something, or it has taken too long.
        Paused: it is being read.
    """
    refresh(run.ctx, run.workspace, one.id)
    if catalogue.mirror(run.workspace, one.id) is not None:
        return
    now = connections.get(run.workspace, one.id)
    if now is None or now.state != "ok" or run.ctx.now() > run.job.created_at + _PATIENCE:
        because = (now.because if now else None) or _SEE_RUNS
        raise NotFound(f"{_NO_CATALOGUE} {because}", code="no_catalogue")
    run.wait(_LOOK_AFTER_S, cursor=_READING)


def _only(run: jobs.Run, actor: Actor, plan: Plan) -> frozenset[str] | None:
    if plan.q is None:
        return None
    ids: set[str] = set()
    while True:
        asked = search.Request(plan.q, sort="name", limit=1_000, skip=len(ids))
        page = search.find(run.ctx, actor.caller, asked)
        ids |= {one.id for one in page.assets}
        if not page.assets or len(ids) >= page.total:
            return frozenset(ids)


def _lines_without_product(run: jobs.Run, scene: Scene) -> None:
    if _AFTER in (run.job.cursor or {}):
        return
    lines = scene.found.lines
    for start in range(0, len(lines), _WRITES):
        part = lines[start : start + _WRITES]
        run.advance(
            run.job.done, writes=[plan_lines.put(run.workspace, scene.plan.id, one) for one in part]
        )  # fmt: skip
    run.advance(run.job.done, cursor={_AFTER: ""})


def _look_at(run: jobs.Run, scene: Scene, store: Shop, todo: Sequence[str]) -> None:
    after = str((run.job.cursor or {}).get(_AFTER) or "")
    for number, product_id in enumerate(todo, start=1):
        if product_id <= after:
            continue
        lines, writes = look(scene, store, product_id)
        writes += [plan_lines.put(run.workspace, scene.plan.id, one) for one in lines]
        for start in range(0, len(writes), _WRITES):
            is_last = start + _WRITES >= len(writes)
            cursor = {_AFTER: product_id} if is_last else run.job.cursor
            done = number if is_last else run.job.done
            run.advance(done, total=len(todo), cursor=cursor, writes=writes[start : start + _WRITES])


def look(scene: Scene, store: Shop, product_id: str) -> tuple[list[Line], list[base.Write]]:
    """The lines of one product as the store has it now, and what is remembered of it."""
    wanted = scene.found.products.get(product_id, ())
    known = scene.products.get(product_id) or pushed.Product(product_id)
    rest = shop_candidates.leftovers(scene.known, product_id, wanted)
    try:
        product = store.product(product_id)
    except NotFound:
        return [_of_nowhere(scene, product_id, one) for one in wanted], []
    return _planned(scene, product, known, wanted, rest)


def _planned(
    scene: Scene, product: ProductMedia, known: pushed.Product, wanted: Sequence[Wanted], rest: Sequence[Pushed]
) -> tuple[list[Line], list[base.Write]]:
    made = plan_product(
        product, wanted, scene.known, known.left, agreed=scene.found.agreed, leftovers=rest,
        may_unlink=may_unlink(scene.actor), is_ordering=known.is_ordering,
    )  # fmt: skip
    by_asset = {one.asset_id: one for one in wanted}
    lines = []
    for one in made.lines:
        want = by_asset.get(one.asset_id)
        lines.append(
            Line(
                line_id(scene.found, one.asset_id, product.product_id), one.list, one.asset_id,
                want.sku if want else None, product.product_id, want.variant_ids if want else (), one.actions,
                one.because + _why(scene, one) or _WORDS.get(one.list, ""), one.before, one.after, one.drift,
            )
        )  # fmt: skip
    planned = known.planned if _is_asked_beside(scene) else token(scene, product.product_id)
    remembered = replace(known, drift=made.drift, planned=planned)
    return lines, [
        plan_products.put(scene.place[0], scene.plan.id, PlanProduct(product.product_id, tuple(wanted))),
        pushed.put_product(*scene.place, remembered),
        pushed.unnotice(*scene.place, product.product_id),
    ]


def _why(scene: Scene, one: LinePlan) -> str:
    """Why what hangs there already is to be kept back now."""
    lines = scene.found.lines if one.list == "blocked" else ()
    return next((f" {each.because}" for each in lines if each.asset_id == one.asset_id and each.because), "")


_WORDS = {"matched": "It is approved and its SKU is one of this product.", "unchanged": "The store has it as it is."}


def _is_asked_beside(scene: Scene) -> bool:
    """Whether a person asked for this plan of a store that applies its own: whatever becomes of it, those go on."""
    return not scene.plan.is_auto and bool(scene.actor.connection.settings.get("auto_apply"))


def _of_nowhere(scene: Scene, product_id: str, one: Wanted) -> Line:
    because = "The product is not in the store any more."
    return Line(line_id(scene.found, one.asset_id, product_id), "blocked", one.asset_id, one.sku, product_id,
                one.variant_ids, because=because)  # fmt: skip


def line_id(found: Candidates, asset_id: str, product_id: str) -> str:
    """The asset's id; where it is on several products, for all but the first with a sign of the product."""
    is_first = found.first.get(asset_id, product_id) == product_id
    return asset_id if is_first else f"{asset_id}-{short_hash(product_id)[:8]}"


def may_unlink(actor: Actor) -> bool:
    """Whether what is wanted no more leaves the products."""
    return bool(actor.connection.settings.get("remove_withdrawn"))


def token(scene: Scene, product_id: str) -> str:
    """What stands for all that a product is to have now."""
    wanted = scene.found.products.get(product_id, ())
    rest = shop_candidates.leftovers(scene.known, product_id, wanted)
    agreed = [scene.found.agreed.get(one.asset_id, ()) for one in wanted]
    return short_hash(repr(wanted), repr(agreed), repr([one.asset_id for one in rest]), str(may_unlink(scene.actor)))


def is_news(scene: Scene, product_id: str) -> bool:
    """Whether a product changed, or is to have something else than when it was last planned."""
    known = scene.products.get(product_id)
    return known is None or product_id in scene.noticed or known.planned != token(scene, product_id)


def finish(run: jobs.Run, plan: Plan) -> Mapping[str, Any]:
    """Count the lines and let people have the plan; one that a run of the connection made and that has nothing to do
    is not kept, and one that has is applied at once where the connection may."""
    lines = list(plan_lines.every(run.workspace, plan.id))
    has_work = any(one.is_open for one in lines)
    if plan.is_auto and not has_work:
        return _forget(run, plan)
    one = connections.get(run.workspace, plan.connection_id)
    is_approved = has_work and plan.is_auto and one is not None and bool(one.settings.get("auto_apply"))
    new = counted(replace(plan, state="approved" if is_approved else "ready"), lines)
    job_id = _applying(run.workspace, plan) if is_approved else plan.job_id
    _end(run, plan, replace(new, approved_by=one.label if one and is_approved else None, job_id=job_id))
    if is_approved:
        begin_applying(run.ctx, run.workspace, plan)
    return {"plan_id": plan.id, "state": new.state}


def begin_applying(ctx: Context, workspace: WorkspaceId, plan: Plan) -> str:
    """Start the job that applies a plan which the connection has approved itself; a repeat starts no other."""
    return jobs.start(
        ctx, workspace, plan.by, APPLY, {"plan_id": plan.id}, job_id=_applying(workspace, plan)
    )  # fmt: skip


def _applying(workspace: WorkspaceId, plan: Plan) -> str:
    return short_hash("apply", workspace, plan.id)


def counted(plan: Plan, lines: Sequence[Line]) -> Plan:
    """The plan with its counts and its estimate."""
    counts: dict[str, int] = {name: sum(one.list == name for one in lines) for name in LISTS}
    counts["conflicts"] = sum(bool(one.drift) and one.list in ("blocked", "matched") for one in lines)
    points, minutes = plan_costs.estimate((one.product_id, one.actions) for one in lines)
    return replace(plan, counts=counts, cost_points=points, minutes=minutes)


def _end(run: jobs.Run, old: Plan, new: Plan) -> None:
    told = trails.entry(run.ctx, run.workspace, old.by, f"plan.{new.state}", old.label, because=new.because)
    base.transact([plans.change(run.workspace, old, new), told])


def _forget(run: jobs.Run, plan: Plan) -> Mapping[str, Any]:
    """Nothing is to do: no plan is left behind, and its lines go with it."""
    lines = [one.id for one in plan_lines.every(run.workspace, plan.id)]
    for start in range(0, len(lines), _WRITES):
        run.advance(run.job.done, writes=[
            plan_lines.drop(run.workspace, plan.id, one) for one in lines[start : start + _WRITES]
        ])  # fmt: skip
    base.transact([plans.remove(run.workspace, plan)])
    return {"plan_id": None, "state": "nothing_to_do"}


def plan_anew(ctx: Context, one: Connection, plan: Plan, asset_id: str, product_ids: Sequence[str]) -> None:
    """Bring a plan up to date after a decision on an asset: its lines, and those of these products of its."""
    actor = shop_actor.of(ctx, one)
    found = shop_candidates.gather(ctx, actor)
    scene = Scene(
        ctx, plan, actor, found, pushed.files(one.workspace, one.id), pushed.products(one.workspace, one.id)
    )  # fmt: skip
    old = plan_lines.of_asset(one.workspace, plan.id, asset_id)
    lines = {each.id: each for each in found.lines if each.asset_id == asset_id}
    goes_to = [one for one, every in found.products.items() if any(each.asset_id == asset_id for each in every)]
    writes: list[base.Write] = []
    with stores.opened(ctx, one) as store:
        for product_id in sorted({*product_ids, *goes_to, *(each.product_id for each in old if each.product_id)}):
            made, more = look(scene, store, product_id)
            lines |= {each.id: each for each in made}
            writes += more
    writes += [plan_lines.put(one.workspace, plan.id, each) for each in lines.values()]
    writes += [plan_lines.drop(one.workspace, plan.id, each.id) for each in old if each.id not in lines]
    for start in range(0, len(writes), _WRITES):
        base.transact(writes[start : start + _WRITES])
    base.transact([plans.change(one.workspace, plan, counted(plan, list(plan_lines.every(one.workspace, plan.id))))])
