"""Why a right holds or does not: the same rules as `Access`, told instead of computed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.access import Access, Grant, Principal, Resource, Right, denied, implied, rights_of
from chalicelib.domain.ids import ROOT, CollectionId


@dataclass(frozen=True)
class Because:
    """One rule that decided. `role_id` None: the member's own grant, or no grant at all; `collection_id` None: the
    whole library, or the asset itself. `right` is the one written in the grant."""

    rule: str
    role_id: str | None = None
    collection_id: CollectionId | None = None
    right: Right | None = None


Held = Sequence[tuple[str | None, Grant]]
"""Grants, each with the role it comes from; None for the member's own."""


def explain(
    who: Principal, held: Held, parents: Mapping[CollectionId, CollectionId], right: Right, now: datetime,
    *, asset: Resource | None = None, place: CollectionId = ROOT,
) -> tuple[bool, list[Because]]:  # fmt: skip
    """Whether the principal has the right on the asset, or on the place, and the rules that decided; never none.

    `held` are all grants of `who`. The decision is `Access`'s own.
    """
    access = Access(who, parents)
    bits = access.on_asset(asset, now) if asset else access.on_collection(place)
    allowed = bool(bits & right.bit)
    return allowed, _why(who, held, parents, right, now, asset, place, allowed)


def _why(
    who: Principal, held: Held, parents: Mapping[CollectionId, CollectionId], right: Right, now: datetime,
    asset: Resource | None, place: CollectionId, allowed: bool,
) -> list[Because]:  # fmt: skip
    lines = [_line(one, parents) for one in (asset.collection_ids if asset else (place,))]
    lines = [one for one in lines if one]
    only = who.limits.collection_ids
    inside = [one for one in lines if only is None or any(each in only for each in one)]
    if not inside:
        return [Because("outside_key_collections" if lines else "in_trash")]
    own = [(role, one) for role, one in held if asset is not None and one.asset_id == asset.id]
    own_denies = _denies("asset_denied", own, right)
    own_allows = _allows("asset_allowed", own, right)
    denies = _denies("denied", _on(held, lines), right)
    allows = _allows("allowed", _on(held, inside), right)
    if allowed:
        return own_allows or allows
    if own_denies:
        return own_denies
    if not own_allows and not (allows and not denies):
        return denies or [Because("not_granted")]
    if who.limits.rights is not None and not implied(who.limits.rights) & right.bit:
        return [Because("outside_key_rights")]
    return [Because("withheld" if asset is not None and asset.is_withheld(now) else "not_granted")]


def _line(place: CollectionId, parents: Mapping[CollectionId, CollectionId]) -> list[CollectionId]:
    found = [place]
    while found[-1] != ROOT:
        if found[-1] not in parents:
            return []
        found.append(parents[found[-1]])
    return found


def _on(held: Held, lines: Iterable[list[CollectionId]]) -> Held:
    places = {each for line in lines for each in line}
    return [(role, one) for role, one in held if one.asset_id is None and (one.collection_id or ROOT) in places]


def _allows(rule: str, held: Held, right: Right) -> list[Because]:
    return [
        Because(rule, role, one.collection_id, written)
        for role, one in held
        for written in _first(one.allow, right, implied)
    ]


def _denies(rule: str, held: Held, right: Right) -> list[Because]:
    return [
        Because(rule, role, one.collection_id, written)
        for role, one in held
        for written in _first(one.deny, right, denied)
    ]


def _first(bits: int, right: Right, spread: Callable[[int], int]) -> list[Right]:
    """The written right that gives or takes this one: itself, or the first that leads to it."""
    written = [one for one in rights_of(bits) if spread(one.bit) & right.bit]
    return [right] if right in written else written[:1]
