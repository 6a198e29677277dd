"""Visitors of shares on every route of the table: what others got wrong about links, row by row.

A new route is in these matrices without being asked.
"""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from app import app  # noqa: F401 declares the routes
from chalicelib.domain.access import Grant, Right, mask
from chalicelib.domain.ids import CollectionId
from chalicelib.handlers.http import ROUTES, Route
from chalicelib.models import base, shares as rows
from chalicelib.services import indexing
from infra.local.polling import await_true
from tests.builders import Shop, a_photo, a_shop
from tests.handlers.people import somebody
from tests.principals import CANARY, UNKNOWN, at, body_for, things
from tests.shares import EVERY_SWITCH, Visitor, a_share, a_visitor, opened

CLOSED = [route for route in ROUTES if route.needs.on != "public"]
ON_ASSETS = [route for route in CLOSED if "{asset_id}" in route.path]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


@dataclass(frozen=True)
class World:
    """One of each thing, and one more picture that is the only thing shared."""

    shop: Shop
    ids: dict[str, str]
    shared: str


@pytest.fixture(scope="module")
def world(stack: object) -> World:
    shop = a_shop()
    ids = things(shop)
    shop.drop("plain.jpg", a_photo(33))
    shared = next(one["id"] for one in shop.assets(collection_id="root") if one["name"] == "plain.jpg")
    return World(shop, ids, shared)


def tried(visitor: Visitor, route: Route, ids: dict[str, str]) -> tuple[int, str]:
    reply = visitor.call(route.method, at(route, ids), body_for(route))
    return reply.status, json.dumps(reply.body) if isinstance(reply.body, dict) else str(reply.body)


# A password was asked for on the share's own pages only; every other route never looked.


@pytest.fixture(scope="module")
def unverified(world: World) -> list[Visitor]:
    """A link with a password nobody gave: its bare token, and a visit that began under another password."""
    made = a_share(world.shop, {"collection_id": "root"}, switches=EVERY_SWITCH, download="original", password="old")
    begun = a_visitor(made["token"], password="old")
    world.shop.call("PATCH", f"/v1/shares/{made['id']}", {"password": "new"})
    return [Visitor(made["token"], {}), Visitor(f"share_{made['token'][:43]}", {}), begun]


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_a_password_that_was_not_given_opens_no_route(world: World, unverified: list[Visitor], route: Route) -> None:
    assert [tried(one, route, world.ids)[0] for one in unverified] == [401, 401, 401]


# The mere presence of a key counted as proof; a link that was over went on.


@pytest.fixture(scope="module")
def over(world: World) -> list[Visitor]:
    shop, kept = world.shop, {"switches": EVERY_SWITCH}
    revoked, ended = (a_share(shop, {"collection_id": "root"}, **kept) for _ in range(2))
    visitors = [a_visitor(revoked["token"]), a_visitor(ended["token"])]
    shop.call("DELETE", f"/v1/shares/{revoked['id']}")
    share = rows.find(ended["id"])
    assert share is not None
    base.transact([rows.change(share, replace(share, expires_at=shop.ctx.now() - timedelta(seconds=1)))[1]])
    return visitors


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_a_link_that_is_over_opens_no_route(world: World, over: list[Visitor], route: Route) -> None:
    assert [tried(one, route, world.ids)[0] for one in over] == [410, 410]


@pytest.mark.parametrize("bearer", ["share_", "share_null", "share_" + "a" * 43, "share_undefined", "null"])
def test_a_session_counts_for_what_it_is_and_not_for_being_there(world: World, bearer: str) -> None:
    replies = [Visitor(bearer, {}).call("GET", path) for path in ("/v1/search", "/v1/me", "/v1/assets")]

    assert [one.status for one in replies] == [401, 401, 401]


# A link to one thing led to others.


@pytest.fixture(scope="module")
def narrow(world: World) -> Visitor:
    made = a_share(world.shop, {"asset_ids": [world.shared]}, switches=EVERY_SWITCH, download="original")
    return a_visitor(made["token"])


@pytest.mark.requirement("R15", "R18")
@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_a_link_to_one_asset_reads_and_changes_nothing_else(world: World, narrow: Visitor, route: Route) -> None:
    status, said = tried(narrow, route, world.ids)

    assert status < 500
    assert CANARY not in said
    if "{" in route.path:
        assert status in (403, 404)


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("route", ON_ASSETS, ids=named)
def test_what_is_not_shared_is_answered_as_what_never_was(world: World, narrow: Visitor, route: Route) -> None:
    there, never = (tried(narrow, route, {**world.ids, "asset_id": one}) for one in (world.ids["asset_id"], UNKNOWN))

    if route.needs.on == "asset":
        assert there[0] == never[0] == 404


# Unlocking one link unlocked others, and lists forgot what single reads knew.


def test_a_visit_to_one_link_is_no_visit_to_another(world: World) -> None:
    shop = world.shop
    one = a_share(shop, {"asset_ids": [world.shared]})
    other = a_share(shop, {"asset_ids": [world.ids["asset_id"]]}, password="x")
    visitor = a_visitor(one["token"])

    assert visitor.call("GET", f"/v1/assets/{world.ids['asset_id']}").status == 404
    assert opened(other["token"], password="").body["code"] == "share_password_required"


@pytest.mark.requirement("R15", "R18")
@pytest.mark.parametrize("kind", ["assets", "collection", "search"])
def test_lists_counts_and_facets_of_a_visitor_are_what_single_reads_allow(shop: Shop, kind: str) -> None:
    for number in range(6):
        shop.drop(f"{'Red' if number % 2 else 'Blue'}/n{number}.jpg", a_photo(number))
    indexing.catch_up(shop.ctx, shop.workspace)
    homes = {one["path"]: one["id"] for one in shop.call("GET", "/v1/collections").body["items"]}
    every = [one["id"] for path in ("Red", "Blue") for one in shop.assets(collection_id=homes[path])]
    targets = {"assets": {"asset_ids": every[:2]}, "collection": {"collection_id": homes["Red"]}, "search": {"q": "n1"}}
    visitor = a_visitor(a_share(shop, targets[kind])["token"])

    single = sorted(one for one in every if visitor.call("GET", f"/v1/assets/{one}").status == 200)
    found = visitor.call("GET", "/v1/search?facets=collection,type").body
    listed = [one["id"] for home in homes.values() for one in
              (visitor.call("GET", f"/v1/assets?collection_id={home}").body.get("items") or [])]  # fmt: skip

    assert single
    assert sorted(one["id"] for one in found["items"]) == single
    assert found["total"] == len(single) == found["facets"]["type"][0]["count"]
    assert set(listed) <= set(single)


# A link was made to somebody else's pictures, by id.


@pytest.mark.requirement("R15", "RA6")
def test_nobody_shares_what_lies_in_another_workspace(shop: Shop, world: World) -> None:
    targets = [{"asset_ids": [world.shared]}, {"collection_id": world.ids["collection_id"]}]

    replies = [shop.call("POST", "/v1/shares", {"target": one, "switches": {"view": True}}) for one in targets]

    assert [one.status for one in replies] == [404, 404]


# A saved search was asked with the rights of whoever had made it.


@pytest.mark.requirement("R15", "R17")
def test_a_shared_search_finds_only_what_its_maker_may_share(shop: Shop) -> None:
    for folder in ("Mine", "Theirs"):
        shop.drop(f"{folder}/jeans {folder}.jpg", a_photo(len(folder)))
    homes = {one["path"]: one["id"] for one in shop.call("GET", "/v1/collections").body["items"]}
    indexing.catch_up(shop.ctx, shop.workspace)
    rights = mask([Right.VIEW])
    maker = somebody(shop, Grant(allow=rights), Grant(collection_id=CollectionId(homes["Mine"]), allow=Right.SHARE.bit))
    body = {"target": {"q": "jeans"}, "switches": {"view": True}}

    visitor = a_visitor(maker.call("POST", "/v1/shares", body).body["token"])

    assert await_true(lambda: visitor.found() == ["jeans Mine.jpg"], 60)
