"""The rules of rights, one example each, as the public contract states them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.access import (
    ALL,
    READY_MADE,
    Access,
    Grant,
    Limits,
    Principal,
    PrincipalKind,
    Resource,
    Right,
    mask,
    rights_of,
    sees_other_versions,
)
from chalicelib.domain.ids import ROOT, AssetId, CollectionId, WorkspaceId

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SPRING, FRONT, AUTUMN = CollectionId("spring"), CollectionId("front"), CollectionId("autumn")
PARENTS = {SPRING: ROOT, FRONT: SPRING, AUTUMN: ROOT}
DRESS = Resource(AssetId("dress"), (FRONT,))
IN_BOTH = Resource(AssetId("dress"), (FRONT, AUTUMN))


UNLIMITED = Limits()


def who(*grants: Grant, limits: Limits = UNLIMITED) -> Access:
    return Access(Principal(PrincipalKind.MEMBER, "m", WorkspaceId("w"), "M", grants, limits), PARENTS)


def on(place: CollectionId | None, allow: str = "", deny: str = "") -> Grant:
    return Grant(place, None, bits(allow), bits(deny))


def on_dress(allow: str = "", deny: str = "") -> Grant:
    return Grant(None, DRESS.id, bits(allow), bits(deny))


def bits(words: str) -> int:
    return mask(Right(word) for word in words.split())


def said(found: int) -> str:
    return " ".join(rights_of(found))


@pytest.mark.requirement("R17")
@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        pytest.param((), "", id="without a grant nothing is there"),
        pytest.param((on(None, "download"),), "see view download", id="download implies view and see"),
        pytest.param((on(None, "comment"),), "see comment", id="everything implies see"),
        pytest.param((on(SPRING, "view"), on(FRONT, "edit")), "see view edit", id="what is above is inherited"),
        pytest.param((on(AUTUMN, "edit"),), "", id="what is beside is not"),
        pytest.param((on(SPRING, "view", "view"), on(FRONT, "view")), "see", id="below a denial no allowance lifts it"),
        pytest.param((on(None, "download comment"), on(FRONT, deny="see")), "", id="a denied see denies all"),
        pytest.param(
            (on(None, "download comment"), on(FRONT, deny="view")), "see comment", id="no view means no download"
        ),
        pytest.param((on(None, "view"), on(None, "upload")), "see view upload", id="roles add up"),
    ],
)
def test_the_rules_of_collections(grants: tuple[Grant, ...], expected: str) -> None:
    assert said(who(*grants).on_collection(FRONT)) == expected
    assert said(who(*grants).on_asset(DRESS, NOW)) == expected


@pytest.mark.requirement("R44")
@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        pytest.param((on(FRONT, "view"), on(AUTUMN, "edit")), "see view edit", id="the union of what both allow"),
        pytest.param((on(FRONT, "view edit"), on(AUTUMN, deny="edit")), "see view", id="a denial in either wins"),
    ],
)
def test_the_rules_of_an_asset_in_several_collections(grants: tuple[Grant, ...], expected: str) -> None:
    assert said(who(*grants).on_asset(IN_BOTH, NOW)) == expected


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        pytest.param((on(None, "view", "edit"), on_dress("edit")), "see view edit", id="allowed beats denied above"),
        pytest.param((on(None, deny="see"), on_dress("view")), "see view", id="even where nothing else is seen"),
        pytest.param((on(None, "view edit"), on_dress(deny="edit")), "see view", id="denied beats allowed above"),
        pytest.param((on(None, "view"), on_dress("edit", "edit")), "see view", id="denied beats allowed beside it"),
        pytest.param((on(None, "view"), on_dress(deny="see")), "", id="a denied see hides it"),
    ],
)
def test_the_rules_of_one_asset(grants: tuple[Grant, ...], expected: str) -> None:
    assert said(who(*grants).on_asset(DRESS, NOW)) == expected


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
    ("change", "is_there"),
    [
        ({"is_restricted": True}, False),
        ({"is_restricted": True, "restricted_from": NOW + timedelta(seconds=1)}, True),
        ({"is_restricted": True, "restricted_until": NOW}, True),
        ({"available_from": NOW + timedelta(seconds=1)}, False),
        ({"available_from": NOW}, True),
        ({"available_until": NOW}, False),
        ({"available_until": NOW + timedelta(seconds=1)}, True),
    ],
)
def test_withheld_assets_are_gone_for_all_but_editors_and_nobody_downloads_them(
    change: dict[str, object], is_there: bool
) -> None:
    asset = replace(DRESS, **change)  # type: ignore[arg-type]
    viewer = who(on(None, "download download_original"))
    editor = who(on(None, "download download_original download_unapproved edit"))

    assert bool(viewer.on_asset(asset, NOW)) == is_there
    assert editor.on_asset(asset, NOW) & Right.EDIT.bit
    assert bool(editor.on_asset(asset, NOW) & bits("download download_original download_unapproved")) == is_there


@pytest.mark.requirement("RA1")
def test_a_key_is_limited_to_its_rights_and_to_its_collections_with_what_is_below() -> None:
    owner = on(None, " ".join(Right))
    by_right = who(owner, limits=Limits(rights=bits("download")))
    by_place = who(owner, limits=Limits(collection_ids=frozenset({SPRING})))
    by_nothing = who(owner, limits=Limits(rights=0))

    assert said(by_right.on_asset(DRESS, NOW)) == "see view download"
    assert by_place.on_collection(FRONT) == ALL
    assert by_place.on_collection(AUTUMN) == by_place.on_library() == 0
    assert by_nothing.on_library() == 0


def test_outside_the_limits_of_a_key_a_collection_gives_nothing_and_still_denies() -> None:
    only_front = Limits(collection_ids=frozenset({FRONT}))
    given = who(on(FRONT, "view"), on(AUTUMN, "edit"), limits=only_front)
    denied = who(on(FRONT, "view edit"), on(AUTUMN, deny="edit"), limits=only_front)

    assert said(given.on_asset(IN_BOTH, NOW)) == "see view"
    assert said(denied.on_asset(IN_BOTH, NOW)) == "see view"


def test_a_collection_that_is_gone_neither_gives_nor_denies() -> None:
    orphan, lost = CollectionId("orphan"), CollectionId("lost")
    access = Access(who(on(None, "view"), on(orphan, "edit", "see")).principal, {**PARENTS, orphan: lost})

    assert access.on_collection(orphan) == access.on_collection(lost) == 0
    assert said(access.on_asset(Resource(DRESS.id, (orphan, lost, FRONT)), NOW)) == "see view"
    assert access.on_asset(Resource(DRESS.id, (orphan,)), NOW) == 0


@pytest.mark.requirement("R58")
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("dam_manager", " ".join(Right)),
        ("designer", "see view download download_original comment upload submit"),
        ("marketing", "see view download comment submit"),
        ("staff", "see view download"),
    ],
)
def test_the_ready_made_roles_allow_what_the_contract_says(role: str, expected: str) -> None:
    assert said(who(Grant(allow=mask(READY_MADE[role]))).on_asset(DRESS, NOW)) == expected


@pytest.mark.requirement("R27")
@pytest.mark.parametrize("right", list(Right))
def test_versions_that_are_not_shown_need_one_of_five_rights(right: Right) -> None:
    opening = {Right.COMMENT, Right.UPLOAD, Right.EDIT, Right.APPROVE, Right.DOWNLOAD_UNAPPROVED}

    assert sees_other_versions(right.bit) == (right in opening)
