"""One product of a plan, a step at a time: look at it in the store, see what is still to be done, do the next of it.

A step either moves something, waits for the store, or finds that nothing is left. Before the first change it is written
down how the product was, so that the plan can be rolled back; after the last what our push has left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from chalicelib.domain import plan_order
from chalicelib.domain.plan_products import left_by, plan_product
from chalicelib.domain.plans import Line, LinePlan, PlanProduct, ProductPlan, Pushed, Result, Snapshot, Wanted
from chalicelib.domain.shop import FileChange, ProductMedia, Refusal
from chalicelib.errors import NotFound, UpstreamRejected
from chalicelib.models import plan_products, pushed
from chalicelib.services.shop_files import LATER, Outcome, Push, bring

Step = Literal["moved", "waiting", "done"]
_OWN = {"order": "reorder", "variant_image": "assign"}
_GONE = "The product is not in the store any more."


@dataclass
class Work:
    """One product of the plan: the lines that are to be done about it, by asset, and what became of them so far."""

    product_id: str
    lines: Mapping[str, Line]
    results: dict[str, Result] = field(default_factory=dict)
    steps: int = 0
    waits_for: list[str] = field(default_factory=list)
    """Files that were on their way when it was last looked at."""
    job_id: str = ""
    """The store's job that puts its media in order."""
    planned: PlanProduct | None = None

    def end(self, asset_ids: Sequence[str], result: Result) -> None:
        """What became of these lines, unless that is known already."""
        for one in asset_ids:
            if one in self.lines:
                self.results.setdefault(one, result)

    @property
    def open(self) -> list[str]:
        """Assets whose lines are still to be done."""
        return [one for one in self.lines if one not in self.results]


@dataclass(frozen=True)
class _Seen:
    """The product as it is, and what is left to do about it."""

    product: ProductMedia
    made: ProductPlan
    wanted: Mapping[str, Wanted]
    todo: tuple[LinePlan, ...]
    """Lines that are to be done and have something left."""

    @property
    def order(self) -> list[str]:
        return [one.id for one in self.product.media]


def step(push: Push, work: Work) -> Step:
    """Bring a product a step further."""
    if _is_on_its_way(push, work):
        return "waiting"
    seen = _look(push, work)
    if seen is None:
        return "done"
    for line in seen.made.lines:
        if line.list == "blocked":
            work.end([line.asset_id], Result("conflict", line.because))
    files = _files(push, work, seen)
    if any(one.state != "waiting" for one in files.values()) or _link(push, work, seen, files):
        return "moved"
    if files:
        work.waits_for = [one for name in files if (one := push.known[name].making_id)]
        return "waiting"
    return _arrange(push, work, seen) or _close(push, work, seen)


def _is_on_its_way(push: Push, work: Work) -> bool:
    """Whether the store is still at what it was asked to do; it is not looked at before."""
    if work.job_id and not push.store.is_job_done(work.job_id):
        return True
    work.job_id = ""
    seen = [push.seen.get(one) for one in work.waits_for]
    if seen and all(one is None or one.state == "processing" for one in seen):
        return True
    work.waits_for = []
    return False


def _look(push: Push, work: Work) -> _Seen | None:
    """The product now; None when it is gone, which is written on its lines."""
    place = push.run.workspace, push.plan.connection_id
    if work.planned is None:
        work.planned = plan_products.get(push.run.workspace, push.plan.id, work.product_id) or PlanProduct(
            work.product_id, ()
        )  # fmt: skip
        names = [*work.lines, *(one.asset_id for one in work.planned.wanted)]
        push.known |= pushed.some_files(*place, [one for one in names if one not in push.known])
    try:
        product = push.store.product(work.product_id)
    except NotFound:
        work.end(list(work.lines), Result("failed", _GONE))
        return None
    if work.planned.before is None:
        work.planned = replace(work.planned, before=snapshot(product, push.known.values()))
        push.keep([plan_products.put(push.run.workspace, push.plan.id, work.planned)])
    known = pushed.product(*place, work.product_id)
    there = {one.id for one in product.media}
    wanted = {
        one.asset_id: one
        for one in work.planned.wanted
        if one.asset_id in work.open or _file_id(push, one.asset_id) in there
    }
    rest = [push.known[one] for one in work.open if one not in wanted and one in push.known]
    made = plan_product(
        product, list(wanted.values()), push.known, known.left, agreed=push.agreed, leftovers=rest, may_unlink=True,
        is_ordering=known.is_ordering, has_begun=True,
    )  # fmt: skip
    todo = tuple(one for one in made.lines if one.asset_id in work.open and one.actions)
    return _Seen(product, made, wanted, todo)


def _file_id(push: Push, asset_id: str) -> str | None:
    known = push.known.get(asset_id)
    return known.file_id if known else None


def snapshot(product: ProductMedia, known: Iterable[Pushed]) -> Snapshot:
    """The product as it is, with what is known of our files on it."""
    ours = {one.file_id: one for one in known}
    there = [one for one in product.media if one.id in ours]
    return Snapshot(
        tuple(one.id for one in product.media),
        dict(product.variant_media),
        {one.id: one.alt for one in there},
        {one.id: one.url for one in there},
        {one.id: ours[one.id].content or "" for one in there},
    )


def _files(push: Push, work: Work, seen: _Seen) -> dict[str, Outcome]:
    """Files that are not there yet, brought further; those that will not come end their lines."""
    lines = [one for one in seen.todo if not {"create", "replace"}.isdisjoint(one.actions)]
    anew = frozenset(one.asset_id for one in lines if "attach" in one.actions)
    found = bring(push, [seen.wanted[one.asset_id] for one in lines], anew) if lines else {}
    for asset_id, outcome in found.items():
        if outcome.state in ("failed", "conflict"):
            work.end([asset_id], Result(outcome.state, outcome.detail))
    return found


def _link(push: Push, work: Work, seen: _Seen, files: Mapping[str, Outcome]) -> bool:
    """Hang files on the product, give them their alt texts, take off what is wanted no more; whether anything moved."""
    changes = {
        line.asset_id: change
        for line in seen.todo
        if line.asset_id not in files and (change := _change(push, work, line, seen.wanted.get(line.asset_id)))
    }
    if not changes:
        return False
    refusals = {one.index: one for one in push.store.change_files(list(changes.values()))}
    done: list[Pushed] = []
    for index, (asset_id, change) in enumerate(changes.items()):
        refusal, known = refusals.get(index) or refusals.get(None), push.known[asset_id]
        if refusal is None:
            done.append(_linked(known, change, work.product_id))
        elif refusal.code == "FILE_DOES_NOT_EXIST" and change.attach_to:
            done.append(replace(known, file_id=None, content=None, making=None))
        elif refusal.code not in LATER:
            work.end([asset_id], _result(refusal))
    if done:
        push.remember(*done)
    return bool(done) or any(one.code not in LATER for one in refusals.values())


def _change(push: Push, work: Work, line: LinePlan, want: Wanted | None) -> FileChange | None:
    known = push.known.get(line.asset_id)
    if known is None or not known.file_id:
        return None
    if want is None:
        return FileChange(known.file_id, detach_from=(work.product_id,)) if "unlink" in line.actions else None
    hang = (work.product_id,) if "attach" in line.actions else ()
    alt = want.alt if "alt" in line.actions else None
    return FileChange(known.file_id, alt=alt, attach_to=hang) if hang or alt is not None else None


def _linked(known: Pushed, change: FileChange, product_id: str) -> Pushed:
    there = [one for one in known.product_ids if one != product_id] + ([] if change.detach_from else [product_id])
    return replace(known, product_ids=tuple(there), alt=known.alt if change.alt is None else change.alt)


def _result(refusal: Refusal) -> Result:
    if refusal.code == "REFERENCE_TARGET_DOES_NOT_EXIST":
        return Result("failed", _GONE)
    return Result("failed", f"The store says: {refusal.message}")


def _arrange(push: Push, work: Work, seen: _Seen) -> Step | None:
    """Put the media in order, then let variants show theirs, then take off files that others took the place of."""
    if not work.open:
        return None
    target = [one for one in seen.made.target if one in set(seen.order)]
    moves = plan_order.moves(seen.order, target)
    if moves:
        return _reorder(push, work, seen, moves)
    shown = {variant: one for variant, one in seen.made.shown.items() if one in set(seen.order)}
    if shown:
        for refusal in push.store.show_on_variants(work.product_id, shown):
            work.end([one.asset_id for one in seen.todo if "assign" in one.actions], _result(refusal))
        return "moved"
    leaving = [
        str(push.known[one.asset_id].leaving)
        for one in seen.todo
        if "unlink" in one.actions and one.asset_id in seen.wanted
    ]
    if leaving:
        push.store.change_files([FileChange(one, detach_from=(work.product_id,)) for one in leaving])
        return "moved"
    return None


def _reorder(push: Push, work: Work, seen: _Seen, moves: Sequence[tuple[str, int]]) -> Step:
    """Move what is to move. An order of the merchant's that stays stays theirs, whatever becomes of this run."""
    is_theirs = any(one.kind == "order" for one in seen.made.drift)
    place = push.run.workspace, push.plan.connection_id
    row = pushed.product(*place, work.product_id)
    if not row.is_ordering and not is_theirs:
        push.keep([pushed.put_product(*place, replace(row, is_ordering=True))])
    try:
        work.job_id = push.store.reorder(work.product_id, moves)
    except UpstreamRejected as problem:
        if problem.code == "needs_reconnect":
            raise
        if problem.code != "MEDIA_DOES_NOT_EXIST_ON_PRODUCT":
            work.end(work.open, Result("failed", problem.message))
    return "moved"


def _close(push: Push, work: Work, seen: _Seen) -> Step:
    """Nothing is left: write down what our push has left here."""
    place = push.run.workspace, push.plan.connection_id
    row = pushed.product(*place, work.product_id)
    for one in seen.made.lines:
        kept_back = [_OWN[each.kind] for each in one.drift if each.kind in _OWN]
        if one.asset_id in work.lines and set(kept_back) & set(work.lines[one.asset_id].actions):
            work.end([one.asset_id], Result("conflict", one.because))
    ids = [file_id for one in seen.wanted if (file_id := _file_id(push, one)) in set(seen.order) and file_id]
    left = left_by(seen.product, seen.made, row.left, ids)
    planned = "" if any(one.state == "failed" for one in work.results.values()) else row.planned
    row = pushed.Product(work.product_id, left, seen.made.drift, planned)
    assert work.planned is not None, "it was read with the product"
    work.planned = replace(work.planned, after=snapshot(seen.product, push.known.values()))
    push.keep([pushed.put_product(*place, row), plan_products.put(push.run.workspace, push.plan.id, work.planned)])
    return "done"
