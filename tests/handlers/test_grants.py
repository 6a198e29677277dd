"""Grants from the side of a collection and of an asset, and who can see it."""

from typing import Any

import pytest

from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.models import unindexed
from chalicelib.services import indexing
from tests.builders import Shop, a_photo
from tests.handlers.people import Person, may, somebody


def a_library(shop: Shop) -> tuple[str, str]:
    """A collection with an asset in it."""
    shop.drop("Spring/a.jpg", a_photo())
    homes = shop.call("GET", "/v1/collections").body["items"]
    home = next(one["id"] for one in homes if one["path"] == "Spring")
    return home, shop.assets(collection_id=home)[0]["id"]


def give(shop: Shop, path: str, *rows: dict[str, Any]) -> dict[str, Any]:
    reply = shop.call("PUT", f"{path}/grants", {"grants": list(rows)})
    assert reply.status == 200, reply.body
    return dict(reply.body)


def sees(person: Person, asset: str) -> bool:
    return person.call("GET", f"/v1/assets/{asset}").status == 200


@pytest.mark.requirement("R17")
def test_a_grant_on_a_collection_counts_and_ends_on_the_next_request(shop: Shop) -> None:
    home, asset = a_library(shop)
    person = somebody(shop)
    before = sees(person, asset)

    given = give(shop, f"/v1/collections/{home}", {"member_id": person.id, "allow": ["view"]})
    during = sees(person, asset)
    read = shop.call("GET", f"/v1/collections/{home}/grants").body
    give(shop, f"/v1/collections/{home}")

    assert (before, during, sees(person, asset)) == (False, True, False)
    assert given["grants"] == [{"member_id": person.id, "allow": ["view"], "deny": []}]
    assert read == given


def test_grants_on_the_root_are_those_of_the_whole_library(shop: Shop) -> None:
    role = shop.call("POST", "/v1/roles", {"name": "A", "grants": [{"collection_id": None, "allow": ["view"]}]}).body

    rows = shop.call("GET", "/v1/collections/root/grants").body["grants"]

    assert {"role_id": role["id"], "allow": ["view"], "deny": []} in rows
    assert len(rows) == 5


def test_taking_all_grants_of_the_root_away_would_leave_no_manager(shop: Shop) -> None:
    reply = shop.call("PUT", "/v1/collections/root/grants", {"grants": []})

    assert (reply.status, reply.body["code"]) == (409, "last_manager")


def test_a_stale_replacement_of_grants_is_refused(shop: Shop) -> None:
    home, _ = a_library(shop)
    old = shop.call("GET", f"/v1/collections/{home}/grants").body["etag"]
    give(shop, f"/v1/collections/{home}", {"member_id": somebody(shop).id, "allow": ["view"]})

    assert shop.call("PUT", f"/v1/collections/{home}/grants", {"grants": []}, If_Match=old).status == 412


@pytest.mark.requirement("R24")
def test_rights_on_one_asset_override_its_collection(shop: Shop) -> None:
    _, asset = a_library(shop)
    outsider, insider = somebody(shop), somebody(shop, may(Right.VIEW))

    give(
        shop,
        f"/v1/assets/{asset}",
        {"member_id": outsider.id, "allow": ["view"]},
        {"member_id": insider.id, "deny": ["see"]},
    )

    assert (sees(outsider, asset), sees(insider, asset)) == (True, False)
    give(shop, f"/v1/assets/{asset}")
    assert (sees(outsider, asset), sees(insider, asset)) == (False, True)


@pytest.mark.requirement("R18")
def test_narrowing_one_asset_leaves_search_at_once_and_until_the_index_has_it(shop: Shop) -> None:
    home, asset = a_library(shop)
    person = somebody(shop, may(Right.VIEW))
    indexing.catch_up(shop.ctx, shop.workspace)
    found = person.call("GET", "/v1/search").body["total"]

    reply = shop.call("PUT", f"/v1/assets/{asset}/grants", {"grants": [{"member_id": person.id, "deny": ["view"]}]})

    assert (found, reply.status, person.call("GET", "/v1/search").body["total"]) == (1, 200, 0)
    assert unindexed.every(shop.workspace)[AssetId(asset)].token == reply.headers["packshot-token"]
    indexing.catch_up(shop.ctx, shop.workspace)
    fresh = shop.call("GET", f"/v1/search?fresh_for={reply.headers['packshot-token']}").body
    assert (fresh["total"], person.call("GET", "/v1/search").body["total"]) == (1, 0)
    assert person.call("GET", f"/v1/collections/{home}").body["asset_count"] == 1


@pytest.mark.requirement("R18")
def test_a_window_of_a_state_from_before_shows_no_asset_that_was_narrowed_since(shop: Shop) -> None:
    _, asset = a_library(shop)
    person = somebody(shop, may(Right.VIEW))
    indexing.catch_up(shop.ctx, shop.workspace)
    before = person.call("GET", "/v1/search").body

    def window() -> list[Any]:
        items: list[Any] = person.call("GET", f"/v1/search?snapshot={before['snapshot']}").body["items"]
        return items

    seen = window()
    shop.call("PUT", f"/v1/assets/{asset}/grants", {"grants": [{"member_id": person.id, "deny": ["view"]}]})
    hidden = window()
    indexing.catch_up(shop.ctx, shop.workspace)

    assert (len(seen), hidden, window()) == (1, [], [])


def test_who_can_see_an_asset_is_told_with_their_rights(shop: Shop) -> None:
    _, asset = a_library(shop)
    viewer, nobody = somebody(shop, may(Right.VIEW)), somebody(shop)

    items = shop.call("GET", f"/v1/assets/{asset}/access").body["items"]

    members = {one["id"]: one["rights"] for one in items if one["kind"] == "member"}
    assert members[viewer.id] == ["see", "view"]
    assert nobody.id not in members
    assert {one["name"] for one in items if one["kind"] == "role"} == {"DAM manager", "Designer", "Marketing", "Staff"}


BAD: list[list[dict[str, Any]]] = [
    [{"allow": ["view"]}],
    [{"role_id": "3" * 26, "member_id": "3" * 26, "allow": ["view"]}],
    [{"role_id": "3" * 26, "allow": ["view"]}],
    [{"member_id": "3" * 26, "allow": ["view"]}],
]


@pytest.mark.parametrize("rows", BAD)
def test_a_grant_is_of_one_role_or_member_that_is_there(shop: Shop, rows: list[dict[str, Any]]) -> None:
    home, asset = a_library(shop)

    replies = [
        shop.call("PUT", f"/v1/{place}/grants", {"grants": rows})
        for place in (f"collections/{home}", f"assets/{asset}")
    ]

    assert [(one.status, list(one.body["fields"])) for one in replies] == [(422, ["grants"])] * 2


@pytest.mark.requirement("R17")
def test_who_manages_one_collection_gives_there_what_they_have_and_nothing_elsewhere(shop: Shop) -> None:
    home, asset = a_library(shop)
    local = somebody(shop, may(Right.MANAGE, Right.VIEW, collection_id=CollectionId(home)))
    friend = somebody(shop)

    def put(path: str, *allow: str) -> int:
        body = {
            "grants": [
                {"member_id": friend.id, "allow": list(allow)},
                {"member_id": local.id, "allow": ["manage", "view"]},
            ]
        }
        return local.call("PUT", f"/v1/{path}/grants", body).status

    assert put(f"collections/{home}", "view") == 200
    assert put(f"collections/{home}", "edit") == 403
    assert put(f"assets/{asset}", "delete") == 403
    assert put("collections/root", "view") == 404


def test_nobody_lifts_an_exception_that_is_made_of_them(shop: Shop) -> None:
    _, asset = a_library(shop)
    person = somebody(shop, Grant(allow=ALL), Grant(asset_id=AssetId(asset), deny=Right.DELETE.bit))

    reply = person.call("PUT", f"/v1/assets/{asset}/grants", {"grants": []})

    assert (reply.status, reply.body["code"]) == (403, "beyond_your_own")
    assert person.call("DELETE", f"/v1/assets/{asset}").status == 403


@pytest.mark.requirement("R19")
def test_brand_guidelines_are_looked_at_but_not_taken_while_ones_own_folder_is_ones_own(shop: Shop) -> None:
    shop.drop("Brand guidelines/logo.jpg", a_photo(1))
    shop.drop("Studio/draft.jpg", a_photo(2))
    places = {one["name"]: one["id"] for one in shop.call("GET", "/v1/collections").body["items"]}
    designer = somebody(
        shop, may(Right.VIEW, collection_id=places["Brand guidelines"]), may(*Right, collection_id=places["Studio"])
    )

    asked = {
        (name, act): designer.call(method, path, body).status
        for name, home in (("guide", places["Brand guidelines"]), ("draft", places["Studio"]))
        for asset in [shop.assets(collection_id=home)[0]["id"]]
        for act, method, path, body in (
            ("look", "GET", f"/v1/assets/{asset}", None),
            ("take", "GET", f"/v1/assets/{asset}/download", None),
            ("change", "PATCH", f"/v1/assets/{asset}", {"title": "Mine"}),
        )
    }

    assert asked == {
        ("guide", "look"): 200, ("guide", "take"): 403, ("guide", "change"): 403,
        ("draft", "look"): 200, ("draft", "take"): 302, ("draft", "change"): 200,
    }  # fmt: skip
