"""The plan of one product: what hangs there now, what we want, what our last push left. Pure: from values to a plan.

It is made for a plan, and anew at each step of applying it. What the merchant changed since our last push is told and
left alone unless a person agreed; pictures that are not ours are never touched. Where nothing is to do there are no
actions, so that applying twice is applying once.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chalicelib.domain import plan_order
from chalicelib.domain.plans import Action, Drift, DriftKind, Left, LinePlan, ListName, ProductPlan, Pushed, Wanted, ref
from chalicelib.domain.shop import MOST_MEDIA, Medium, ProductMedia

_SAID: Mapping[DriftKind, str] = {
    "removed": "took this picture off the product",
    "picture": "put other bytes behind this picture",
    "alt": "changed its alt text",
    "order": "put the pictures into another order",
    "variant_image": "let a variant show something else",
}
_NOBODY: frozenset[str] = frozenset()


def plan_product(
    product: ProductMedia,
    wanted: Sequence[Wanted],
    pushed: Mapping[str, Pushed],
    left: Left | None,
    *,
    agreed: Mapping[str, Collection[str]] | None = None,
    leftovers: Sequence[Pushed] = (),
    may_unlink: bool = False,
    is_ordering: bool = False,
    has_begun: bool = False,
) -> ProductPlan:
    """The plan of one product, its lines in the order of `wanted`, then those of `leftovers`.

    `leftovers` were pushed earlier and are wanted no more. `agreed` says by asset which drift may be overwritten
    (`LinePlan.consent`); what the merchant did after that agreement is asked about again. `is_ordering`: we were about
    to put them in order, so another order than the last may be ours. `has_begun`: what does not hang there of
    `leftovers` was taken off by us; else the merchant took it, and what variants show without it is theirs.
    """
    there = {one.id for one in product.media}
    going = frozenset(one.file_id or "" for one in leftovers if may_unlink and (has_begun or one.file_id in there))
    plan = _plan(product, wanted, pushed, left or Left(), _NOBODY, going, is_ordering=is_ordering)
    given = agreed or {}
    over = frozenset(
        one.asset_id for one in plan.lines if one.drift and set(one.consent) <= set(given.get(one.asset_id, ()))
    )
    if over:
        plan = _plan(product, wanted, pushed, left or Left(), over, going, is_ordering=is_ordering)
    lines = plan.lines + tuple(_leftover(product, one, may_unlink=may_unlink) for one in leftovers)
    return ProductPlan(lines, plan.target, plan.shown, plan.drift)


def left_by(product: ProductMedia, plan: ProductPlan, left: Left | None, file_ids: Sequence[str]) -> Left:
    """What a push has left, from the product as it is and its plan: of what was left alone, what we had put there.

    `file_ids` are ours that hang there, in the order in which they are wanted.
    """
    before = left or Left()
    order = [one.id for one in product.media]
    if any(one.kind == "order" for one in plan.drift):
        order = list(before.order)
        for one in file_ids:
            if one not in order:
                order = plan_order.beside(order, one, file_ids, set(file_ids) & set(order))
    kept = {one.variant_id: before.shown.get(one.variant_id) for one in plan.drift if one.variant_id is not None}
    return Left(tuple(order), {variant: kept.get(variant, now) for variant, now in product.variant_media})


class _Look:
    """One wanted picture as it stands on the product, and what gathers about it."""

    def __init__(self, product: ProductMedia, wanted: Wanted, known: Pushed | None, *, may_overwrite: bool) -> None:
        self.product, self.wanted, self.known, self.may_overwrite = product, wanted, known, may_overwrite
        self.actions: list[Action] = []
        self.drift: list[Drift] = []
        self.blocked = ""
        self.gained: list[str] = []
        media = {one.id: one for one in product.media}
        self.file_id = (known.file_id if known else None) or ""
        self.medium: Medium | None = media.get(self.file_id)
        self.old = known.leaving if known and known.leaving in media else None
        self._judge()
        if "create" in self.actions and self.medium is not None:
            self.old = self.medium.id

    @property
    def ref(self) -> str:
        return ref(self.wanted.asset_id) if "create" in self.actions or not self.file_id else self.file_id

    @property
    def is_here(self) -> bool:
        """Whether it hangs on the product once the plan is applied."""
        return self.medium is not None or "attach" in self.actions

    @property
    def is_coming(self) -> bool:
        return "attach" in self.actions

    def note(self, kind: DriftKind, **more: str | None) -> bool:
        """Tell of a drift; whether it may be overwritten."""
        self.drift.append(Drift(kind, self.product.product_id, self.wanted.asset_id, self.file_id or None, **more))
        return self.may_overwrite

    def _judge(self) -> None:
        want, known = self.wanted, self.known
        if known and known.refused and known.refused[0] == want.content:
            self.blocked = f"The store refused this picture: {known.refused[1]}"
        elif known is None or not known.file_id:
            self.actions += ["create", "attach"]
        elif self.medium is None and self.old is None and self.product.product_id in known.product_ids:
            if self.note("removed"):
                self._judge_file(known)
        else:
            self._judge_file(known)

    def _judge_file(self, known: Pushed) -> None:
        medium, is_news = self.medium, known.content != self.wanted.content
        is_theirs = bool(medium and medium.url and known.url and medium.url != known.url and not known.making)
        if is_theirs and not self.note("picture", ours=known.url, theirs=medium.url if medium else None):
            is_news = False
        if (is_news or is_theirs) and known.name != self.wanted.name:
            self.actions += ["create", "attach"]
            self.actions += ["unlink"] if medium or self.old else []
            return
        self.actions += ["replace"] if is_news or (is_theirs and self.may_overwrite) else []
        self.actions += ["attach"] if medium is None else []
        self.actions += ["unlink"] if self.old else []
        alt = known.alt if medium is None else medium.alt
        if alt == self.wanted.alt:
            return
        is_theirs = medium is not None and known.alt is not None and medium.alt != known.alt
        if not is_theirs or self.note("alt", ours=known.alt, theirs=alt):
            self.actions.append("alt")

    def line(self, target: Sequence[str]) -> LinePlan:
        """What is to be done about it."""
        name: ListName = "matched" if self.actions else "blocked" if self.blocked or self._is_held() else "unchanged"
        said = " and ".join(dict.fromkeys(_SAID[one.kind] for one in self.drift))
        because = self.blocked or (f"Since our last push the merchant {said}." if said else "")
        done = tuple(dict.fromkeys(self.actions))
        before = self._before()
        return LinePlan(
            self.wanted.asset_id, name, done, because, before, self._after(before, target) if done else before,
            tuple(self.drift),
        )  # fmt: skip

    def _is_held(self) -> bool:
        """Whether something of ours is kept back because of what the merchant did."""
        known = self.known
        if known is None or self.may_overwrite:
            return False
        kinds = {one.kind for one in self.drift}
        has_news = known.content != self.wanted.content and "picture" in kinds
        return "removed" in kinds or has_news or (known.alt != self.wanted.alt and "alt" in kinds)

    def _before(self) -> dict[str, Any]:
        medium = self.medium
        if medium is None:
            return {"file_id": self.file_id or None, "version": None, "alt": None, "position": None, "variant_ids": []}
        return {
            "file_id": medium.id,
            "version": self.known.version if self.known else None,
            "alt": medium.alt,
            "position": [one.id for one in self.product.media].index(medium.id) + 1,
            "variant_ids": [variant for variant, shown in self.product.variant_media if shown == medium.id],
        }

    def _after(self, before: Mapping[str, Any], target: Sequence[str]) -> dict[str, Any]:
        is_new = not {"create", "replace"}.isdisjoint(self.actions)
        has_alt = not {"create", "alt", "attach"}.isdisjoint(self.actions)
        leaving = [] if self.old is None else [self.old]
        return {
            "file_id": None if "create" in self.actions else self.file_id,
            "version": self.wanted.version if is_new or self.medium is None else before["version"],
            "alt": self.wanted.alt if has_alt else before["alt"],
            "position": [one for one in target if one not in leaving].index(self.ref) + 1,
            "variant_ids": list(dict.fromkeys([*before["variant_ids"], *self.gained])),
        }


def _plan(
    product: ProductMedia,
    wanted: Sequence[Wanted],
    pushed: Mapping[str, Pushed],
    left: Left,
    over: frozenset[str],
    going: frozenset[str],
    *,
    is_ordering: bool,
) -> ProductPlan:
    looks = [
        _Look(product, one, pushed.get(one.asset_id), may_overwrite=one.asset_id in over) for one in wanted
    ]  # fmt: skip
    _keep_within_limit(looks, len(product.media))
    here = [one for one in looks if one.is_here]
    target = _order(product, here, left, is_ordering=is_ordering)
    shown = _assign(product, here, left, going)
    lines = tuple(one.line(target) for one in looks)
    drift = tuple(each for one in lines for each in one.drift) + _foreign(product, pushed, left)
    return ProductPlan(lines, target, shown, drift)


def _keep_within_limit(looks: Sequence[_Look], count: int) -> None:
    for one in looks:
        if not one.is_coming:
            continue
        if count >= MOST_MEDIA:
            one.actions, one.blocked = [], f"The product has {count} media, and a store takes no more than that."
        else:
            count += 1


def _order(product: ProductMedia, here: Sequence[_Look], left: Left, *, is_ordering: bool) -> tuple[str, ...]:
    """Where everything is to lie; a file that is to leave lies right behind the one that takes its place."""
    lies = [one.id for one in product.media] + [one.ref for one in here if one.is_coming]
    heirs = {one.old: one.ref for one in here if one.old}
    rest = [one for one in lies if one not in set(heirs.values())]
    base = [heirs.get(one, one) for one in left.order]
    may_overwrite = is_ordering or (bool(here) and here[0].may_overwrite)
    settled = plan_order.order(
        [heirs.get(one, one) for one in rest], [one.ref for one in here], base, may_overwrite=may_overwrite
    )
    if settled.is_foreign and not is_ordering:
        here[0].note("order")
    olds = {heir: old for old, heir in heirs.items()}
    target = [each for one in settled.target for each in ([one, olds[one]] if one in olds else [one])]
    moved = {one for one, _ in plan_order.moves(lies, target)}
    for one in here:
        if one.ref in moved:
            one.actions.append("reorder")
    if moved and not any("reorder" in one.actions for one in here):
        here[0].actions.append("reorder")  # what moves is the merchant's, to make room for ours
    return tuple(target)


def _assign(product: ProductMedia, here: Sequence[_Look], left: Left, going: frozenset[str]) -> dict[str, str]:
    """Which variants are to show another picture: the first of theirs, unless the merchant chose one since our push."""
    heirs: dict[str, str | None] = {one.old: one.ref for one in here if one.old}
    found: dict[str, str] = {}
    for variant, now in product.variant_media:
        leader = next((one for one in here if variant in one.wanted.variant_ids), None)
        heir = next((one for one in here if one.old and one.old == now), None)
        if leader is None or (leader is not heir and _chose(variant, now, left, going, heirs, leader)):
            leader = heir
        if leader is None or now == leader.ref:
            continue
        found[variant] = leader.ref
        leader.gained.append(variant)
        leader.actions.append("assign")
    return found


def _chose(
    variant: str, now: str | None, left: Left, going: frozenset[str],
    heirs: Mapping[str, str | None], leader: _Look,
) -> bool:  # fmt: skip
    """Whether the merchant chose what this variant shows after our push, and nobody agreed to overwrite it."""
    ours = left.shown.get(variant)
    is_known = variant in left.shown and now not in going and ours not in going
    if now == leader.ref or not is_known or heirs.get(now or "", now) == heirs.get(ours or "", ours):
        return False
    return not leader.note("variant_image", variant_id=variant, ours=ours, theirs=now)


def _foreign(product: ProductMedia, pushed: Mapping[str, Pushed], left: Left) -> tuple[Drift, ...]:
    """Pictures that the merchant put there since our push."""
    if not left.order:
        return ()
    ours = {each for one in pushed.values() for each in (one.file_id, one.leaving, one.making_id)}
    known = ours | set(left.order)
    return tuple(Drift("foreign", product.product_id, None, one.id) for one in product.media if one.id not in known)


def _leftover(product: ProductMedia, known: Pushed, *, may_unlink: bool) -> LinePlan:
    there = next((at for at, one in enumerate(product.media) if one.id == known.file_id), None)
    before: dict[str, Any] = {
        "file_id": known.file_id, "version": known.version, "alt": known.alt, "position": None, "variant_ids": [],
    }  # fmt: skip
    if there is None:
        return LinePlan(known.asset_id, "unchanged", (), "It hangs on the product no more.", before, before)
    shown = [variant for variant, medium in product.variant_media if medium == known.file_id]
    before |= {"alt": product.media[there].alt, "position": there + 1, "variant_ids": shown}
    if not may_unlink:
        because = "It is in the store, but it is wanted there no more."
        return LinePlan(known.asset_id, "blocked", (), because, before, before)
    after = before | {"position": None, "variant_ids": []}
    return LinePlan(known.asset_id, "matched", ("unlink",), "It is wanted there no more.", before, after)
