"""The matrix of rights, made from the table of routes: a new route is in it without being asked.

Who sees a thing but lacks the right a route needs gets 403. Who does not see it gets the same answer as for a
thing that never was. Who may nothing learns nothing.
"""

import json
from dataclasses import dataclass

import pytest

import app as product
from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.handlers import http
from chalicelib.handlers.http import ROUTES, Api, Route
from chalicelib.models import audit
from tests.builders import Reply, Shop, a_shop, call
from tests.principals import CANARY, UNKNOWN, a_key, all_but, at, blind_to, body_for, things

CLOSED = [route for route in ROUTES if route.needs.on != "public"]
BY_RIGHT = [route for route in CLOSED if route.needs.right is not None]
ON_A_THING = [route for route in BY_RIGHT if route.needs.resource_parameter]
KNOWN_BY_ID = [route for route in CLOSED if route.needs.on == "known" and "{" in route.path]


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


@dataclass(frozen=True)
class World:
    """One workspace with one of each thing. Everything here is refused, so all tests may share it."""

    shop: Shop
    ids: dict[str, str]


@pytest.fixture(scope="module")
def world(stack: object) -> World:
    shop = a_shop()
    return World(shop, things(shop))


def as_key(key: str, route: Route, ids: dict[str, str]) -> Reply:
    return call(route.method, at(route, ids), body_for(route), Authorization=f"Bearer {key}")


def plain(reply: Reply) -> dict[str, object]:
    return {**reply.body, "request_id": ""}


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("route", [one for one in BY_RIGHT if one.needs.right != Right.SEE], ids=named)
def test_who_sees_a_thing_but_lacks_the_right_is_told_so(world: World, route: Route) -> None:
    shop, ids, right = world.shop, world.ids, route.needs.right
    assert right is not None

    reply = as_key(a_key(shop, all_but(right)), route, ids)

    assert (reply.status, reply.body["code"]) == (403, "not_allowed")
    assert reply.body["fields"] == {"right": str(right)}


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("route", ON_A_THING, ids=named)
def test_what_a_caller_does_not_see_is_answered_as_what_never_was(world: World, route: Route) -> None:
    ids = world.ids
    key = a_key(world.shop, *blind_to(ids, str(route.needs.on)))

    reply = as_key(key, route, ids)
    never = as_key(key, route, {**ids, str(route.needs.resource_parameter): UNKNOWN})

    assert reply.status == never.status == 404
    assert plain(reply) == plain(never)


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("route", KNOWN_BY_ID, ids=named)
def test_what_is_somebody_elses_is_answered_as_what_never_was(world: World, route: Route) -> None:
    ids, key = world.ids, a_key(world.shop)

    reply = as_key(key, route, ids)
    never = as_key(key, route, dict.fromkeys(ids, UNKNOWN))

    assert reply.status == never.status == 404
    assert plain(reply) == plain(never)


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_who_may_nothing_reads_and_changes_nothing(world: World, route: Route) -> None:
    ids, key = world.ids, a_key(world.shop)

    reply = as_key(key, route, ids)

    said = json.dumps(reply.body) + json.dumps(reply.headers) if isinstance(reply.body, dict) else str(reply.body)
    assert reply.status < 500
    assert CANARY not in said
    assert world.shop.call("GET", f"/v1/assets/{ids['asset_id']}").body["state"] == "live"


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("route", BY_RIGHT, ids=named)
def test_the_right_of_a_key_ends_where_its_limits_do(world: World, route: Route) -> None:
    shop, ids, right = world.shop, world.ids, route.needs.right
    others = [str(one) for one in Right if one is not right and one is not Right.SEE]
    elsewhere = a_key(shop, Grant(allow=ALL), limits={"collection_ids": [UNKNOWN]})
    rightless = a_key(shop, Grant(allow=ALL), limits={"rights": others if right is not Right.SEE else []})

    assert as_key(elsewhere, route, ids).status in (403, 404)
    if right is not Right.VIEW:  # a key that may download may view
        assert as_key(rightless, route, ids).status in (403, 404)


def test_no_route_is_served_that_the_table_does_not_know() -> None:
    served = {(method, path) for path, methods in product.app.routes.items() for method in methods}

    assert served == {(route.method, route.path) for route in ROUTES}
    assert len(ROUTES) == len(set(served))


def test_every_view_that_is_served_goes_through_the_one_wrapper() -> None:
    views = [entry.view_function for methods in product.app.routes.values() for entry in methods.values()]

    codes = {view.__code__ for view in views}
    assert len(codes) == 1
    assert codes.pop().co_filename == http.__file__


def test_a_route_cannot_be_declared_without_saying_who_may_call_it() -> None:
    for declare in (Api("x").get, Api("x").post, Api("x").put, Api("x").patch, Api("x").delete):
        with pytest.raises(TypeError, match="needs"):
            declare("/v1/open", gives=None)  # type: ignore[call-arg]


def test_a_route_cannot_be_declared_without_saying_what_it_gives() -> None:
    for declare in (Api("x").get, Api("x").post, Api("x").put, Api("x").patch, Api("x").delete):
        with pytest.raises(TypeError, match="gives"):
            declare("/v1/mute", needs=http.PUBLIC)  # type: ignore[call-arg]


@pytest.mark.requirement("R23")
def test_a_refused_download_is_refused_and_written_down(world: World) -> None:
    key, asset_id = a_key(world.shop, Grant(allow=Right.VIEW.bit)), world.ids["asset_id"]

    reply = call("GET", f"/v1/assets/{asset_id}/download", Authorization=f"Bearer {key}")

    entries = audit.of(world.shop.workspace, f"asset:{asset_id}")
    assert (reply.status, reply.body["fields"]) == (403, {"right": "download"})
    assert "refused" in [one.result for one in entries if one.action == "asset.download"]
