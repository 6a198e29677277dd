"""Decisions about rights, beside a second evaluation of the same rules, written as sets and loops.

The second one follows the page of the public contract line by line and shares nothing with the first.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from chalicelib.domain.access import Access, Grant, Limits, Principal, PrincipalKind, Resource, Right, mask, rights_of
from chalicelib.domain.ids import ROOT, AssetId, CollectionId, WorkspaceId
from chalicelib.domain.reach import Reach

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PLACES = [CollectionId(name) for name in ("a", "b", "c", "d")]
UNKNOWN = CollectionId("unknown")
ASSETS = [AssetId("one"), AssetId("two")]
LEAVING = {Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL, Right.DOWNLOAD_UNAPPROVED}

ENTANGLED = [Right.SEE, Right.VIEW, Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL, Right.EDIT, Right.COMMENT]
"""The rights that imply, take away or withhold one another, and one that does nothing of it."""
some_rights = st.frozensets(st.sampled_from(ENTANGLED), max_size=2) | st.frozensets(st.sampled_from(Right), max_size=3)
moments = st.none() | st.integers(-1, 1).map(lambda days: NOW + timedelta(days=days))
often = settings(max_examples=2 * settings().max_examples)


@st.composite
def trees(draw: st.DrawFn) -> dict[CollectionId, CollectionId]:
    """Collections below the root; now and then one whose parent is gone."""
    parents: dict[CollectionId, CollectionId] = {}
    for place in PLACES:
        parents[place] = draw(st.sampled_from([ROOT, ROOT, *parents, *parents, UNKNOWN]))
    return parents


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    allow, deny = mask(draw(some_rights)), mask(draw(some_rights | st.just(frozenset())))
    if draw(st.integers(0, 3)):
        return Grant(collection_id=draw(st.none() | st.sampled_from([ROOT, *PLACES])), allow=allow, deny=deny)
    return Grant(asset_id=draw(st.sampled_from(ASSETS)), allow=allow, deny=deny)


limits = st.builds(
    Limits,
    rights=st.none() | some_rights.map(mask),
    collection_ids=st.none() | st.frozensets(st.sampled_from([ROOT, *PLACES]), max_size=2),
    asset_ids=st.none() | st.none() | st.frozensets(st.sampled_from(ASSETS), max_size=2),
    only_with=st.just(0) | st.just(0) | some_rights.map(mask),
)
principals = st.builds(
    lambda rows, narrowed: Principal(PrincipalKind.KEY, "k", WorkspaceId("w"), "key", tuple(rows), narrowed),
    st.lists(grants(), max_size=6),
    limits,
)
resources = st.builds(
    Resource,
    id=st.sampled_from(ASSETS),
    collection_ids=st.lists(st.sampled_from([ROOT, *PLACES, UNKNOWN]), min_size=1, max_size=3, unique=True).map(tuple),
    is_restricted=st.booleans(),
    restricted_from=moments,
    restricted_until=moments,
    available_from=moments,
    available_until=moments,
)


def with_implied(allowed: Iterable[Right]) -> set[Right]:
    """`download` implies `view`; everything implies `see`."""
    found = set(allowed)
    if Right.DOWNLOAD in found:
        found.add(Right.VIEW)
    if found:
        found.add(Right.SEE)
    return found


def takes_away(denied: set[Right], right: Right) -> bool:
    """A denied `see` denies all; a denied `view` denies download too."""
    if Right.SEE in denied or right in denied:
        return True
    return right == Right.DOWNLOAD and Right.VIEW in denied


def line(parents: dict[CollectionId, CollectionId], place: CollectionId) -> list[CollectionId] | None:
    """The collection and all above it up to the root; None when it does not hang on the root."""
    found = [place]
    while found[-1] != ROOT:
        if found[-1] not in parents:
            return None
        found.append(parents[found[-1]])
    return found


def said(who: Principal, above: list[CollectionId]) -> tuple[set[Right], set[Right]]:
    """Everything any role allows and denies on a collection or above it."""
    allowed, denied = set[Right](), set[Right]()
    for grant in who.grants:
        if grant.asset_id is None and (grant.collection_id or ROOT) in above:
            allowed |= with_implied(rights_of(grant.allow))
            denied |= set(rights_of(grant.deny))
    return allowed, denied


def is_inside(who: Principal, above: list[CollectionId]) -> bool:
    only = who.limits.collection_ids
    return only is None or any(place in only for place in above)


def limited(who: Principal, rights: set[Right]) -> set[Right]:
    if not set(rights_of(who.limits.only_with)) <= rights:
        return set()
    if who.limits.rights is None:
        return rights
    return rights & with_implied(rights_of(who.limits.rights))


def expected_on_collection(
    who: Principal, parents: dict[CollectionId, CollectionId], place: CollectionId
) -> set[Right]:
    above = line(parents, place)
    if above is None or not is_inside(who, above) or who.limits.asset_ids is not None:
        return set()
    allowed, denied = said(who, above)
    return limited(who, {right for right in allowed if not takes_away(denied, right)})


def is_gone(asset: Resource) -> bool:
    """Out of its dates, or restricted now."""
    if asset.available_from is not None and asset.available_from > NOW:
        return True
    if asset.available_until is not None and asset.available_until <= NOW:
        return True
    begun = asset.restricted_from is None or asset.restricted_from <= NOW
    ended = asset.restricted_until is not None and asset.restricted_until <= NOW
    return asset.is_restricted and begun and not ended


def expected_on_asset(who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource) -> set[Right]:
    lines = [above for above in (line(parents, place) for place in asset.collection_ids) if above is not None]
    inside = [above for above in lines if is_inside(who, above)]
    if not inside or (who.limits.asset_ids is not None and asset.id not in who.limits.asset_ids):
        return set()
    allowed = set[Right]().union(*(said(who, above)[0] for above in inside))
    denied = set[Right]().union(*(said(who, above)[1] for above in lines))
    own = [grant for grant in who.grants if grant.asset_id == asset.id]
    own_allowed = set[Right]().union(*(with_implied(rights_of(grant.allow)) for grant in own))
    own_denied = set[Right]().union(*(set(rights_of(grant.deny)) for grant in own))
    rights = set[Right]()
    for right in Right:
        if takes_away(own_denied, right):
            continue
        if right in own_allowed or (right in allowed and not takes_away(denied, right)):
            rights.add(right)
    rights = limited(who, rights)
    if is_gone(asset):
        return rights - LEAVING if Right.EDIT in rights else set()
    return rights


@pytest.mark.requirement("R17")
@often
@given(principals, trees(), st.sampled_from([ROOT, *PLACES, UNKNOWN]))
def test_rights_on_a_collection_are_those_of_the_rules(
    who: Principal, parents: dict[CollectionId, CollectionId], place: CollectionId
) -> None:
    assert set(rights_of(Access(who, parents).on_collection(place))) == expected_on_collection(who, parents, place)


@pytest.mark.requirement("R17", "R24", "R21")
@often
@given(principals, trees(), resources)
def test_rights_on_an_asset_are_those_of_the_rules(
    who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource
) -> None:
    assert set(rights_of(Access(who, parents).on_asset(asset, NOW))) == expected_on_asset(who, parents, asset)


def is_within(reach: Reach, asset: Resource, living: set[CollectionId]) -> bool:
    """What a query makes of a reach."""
    places = {place for place in asset.collection_ids if place in living}
    inside = places if reach.inside is None else places & reach.inside
    allowed = places if reach.allow is None else places & reach.allow
    by_place = bool(allowed) and not places & reach.deny
    if reach.only is not None and asset.id not in reach.only:
        return False
    return bool(inside) and (by_place or asset.id in reach.own_allow) and asset.id not in reach.own_deny


@pytest.mark.requirement("R18")
@often
@given(principals, trees(), resources, st.sampled_from(ENTANGLED))
def test_a_query_reaches_exactly_the_assets_that_a_decision_allows(
    who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource, right: Right
) -> None:
    asset = Resource(asset.id, asset.collection_ids)
    access = Access(who, parents)

    sight = access.sight(NOW)
    reached = all(is_within(one, asset, {ROOT, *parents}) for one in (access.reach(right), *sight.also))

    assert reached == bool(access.on_asset(asset, NOW) & right.bit)


@given(principals, trees(), resources)
def test_nobody_has_a_right_without_seeing_or_downloads_without_viewing(
    who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource
) -> None:
    bits = Access(who, parents).on_asset(asset, NOW)

    assert not bits or bits & Right.SEE.bit
    assert not bits & Right.DOWNLOAD.bit or bits & Right.VIEW.bit


@given(principals, trees(), resources, grants())
def test_one_more_denial_never_adds_a_right(
    who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource, more: Grant
) -> None:
    narrowed = replace(who, grants=(*who.grants, replace(more, allow=0)))

    before, after = Access(who, parents).on_asset(asset, NOW), Access(narrowed, parents).on_asset(asset, NOW)

    assert after & ~before == 0


@given(principals, trees(), resources, grants())
def test_one_more_allowance_never_takes_a_right(
    who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource, more: Grant
) -> None:
    widened = replace(who, grants=(*who.grants, replace(more, deny=0)))

    before, after = Access(who, parents).on_asset(asset, NOW), Access(widened, parents).on_asset(asset, NOW)

    assert before & ~after == 0


@pytest.mark.requirement("RA1")
@given(principals, trees(), resources, limits)
def test_limits_of_a_key_never_add_a_right(
    who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource, narrowed: Limits
) -> None:
    free, key = replace(who, limits=Limits()), replace(who, limits=narrowed)

    assert Access(key, parents).on_asset(asset, NOW) & ~Access(free, parents).on_asset(asset, NOW) == 0


@given(principals, trees(), st.lists(resources, max_size=4), st.randoms(use_true_random=False))
def test_a_decision_depends_neither_on_the_order_of_grants_nor_on_what_was_asked_before(
    who: Principal, parents: dict[CollectionId, CollectionId], asked: list[Resource], chance: object
) -> None:
    shuffled = list(who.grants)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Access(who, parents), Access(replace(who, grants=tuple(shuffled)), parents)

    first = [one.on_asset(asset, NOW) for asset in asked]
    second = [other.on_asset(asset, NOW) for asset in reversed(asked)]

    assert first == second[::-1]
