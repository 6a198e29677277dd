"""What is explained is what was decided, by rules that are really there."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.access import Access, Limits, Principal, Resource, Right
from chalicelib.domain.explain import explain
from chalicelib.domain.ids import ROOT, CollectionId
from tests.properties.test_access import ENTANGLED, NOW, PLACES, often, principals, resources, trees


@pytest.mark.requirement("R20")
@often
@given(principals, trees(), resources, st.sampled_from(ENTANGLED))
def test_an_explanation_agrees_with_the_decision_and_names_grants_that_are_there(
    who: Principal, parents: dict[CollectionId, CollectionId], asset: Resource, right: Right
) -> None:
    held = [(f"role {number}", grant) for number, grant in enumerate(who.grants)]

    allowed, because = explain(who, held, parents, right, NOW, asset=asset)

    assert allowed == bool(Access(who, parents).on_asset(asset, NOW) & right.bit)
    assert because
    for one in because:
        if one.role_id is not None:
            grant = who.grants[int(one.role_id.split()[1])]
            assert grant.collection_id == one.collection_id
            assert one.right is not None
            assert (grant.deny if "denied" in one.rule else grant.allow) & one.right.bit


@pytest.mark.requirement("R20")
@often
@given(principals, trees(), st.sampled_from([ROOT, *PLACES]), st.sampled_from(ENTANGLED))
def test_without_what_is_named_the_right_would_not_hold(
    who: Principal, parents: dict[CollectionId, CollectionId], place: CollectionId, right: Right
) -> None:
    who = replace(who, limits=Limits())
    held = [(f"role {number}", grant) for number, grant in enumerate(who.grants)]
    allowed, because = explain(who, held, parents, right, NOW, place=place)
    named = {int(one.role_id.split()[1]) for one in because if one.role_id}

    left = replace(who, grants=tuple(one for number, one in enumerate(who.grants) if number not in named))

    if allowed:
        assert not Access(left, parents).on_collection(place) & right.bit
