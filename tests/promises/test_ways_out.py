"""Every way out of the library, read from the table of routes: whatever may answer with an address is tried here.

A route whose answer can hold an address, or that redirects, is red until it is declared below; one that is declared
and shows or hands out pictures gives nothing of a version that is not approved to who may not have it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app import app  # noqa: F401 declares the routes
from chalicelib.domain.access import Right
from chalicelib.domain.ids import AssetId
from chalicelib.handlers.http import ROUTES, Route
from chalicelib.handlers.openapi import document
from chalicelib.models import versions
from chalicelib.services import indexing
from infra.local.polling import await_true
from tests.builders import Reply, Shop, a_photo, a_shop, call
from tests.handlers.people import Person, may, somebody
from tests.shares import Visitor, a_share, a_visitor

BYTES = "bytes"
"""Hands out bytes by a signed address."""
PICTURES = "pictures"
"""Shows pictures by addresses of the media host."""
WAYS_OUT = {
    "GET /v1/assets": PICTURES,
    "GET /v1/assets/{asset_id}": PICTURES,
    "GET /v1/assets/{asset_id}/download": BYTES,
    "GET /v1/assets/{asset_id}/versions": PICTURES,
    "GET /v1/search": PICTURES,
    "GET /v1/sku-images": PICTURES,
    "GET /v1/skus": PICTURES,
    "GET /v1/skus/{sku}": PICTURES,
    "GET /v1/skus/{sku}/images": PICTURES,
}
NOT_FOR_VISITORS = {"GET /v1/sku-images", "GET /v1/skus", "GET /v1/skus/{sku}", "GET /v1/skus/{sku}/images"}
AFTER_A_CHANGE = {
    "PATCH /v1/assets/{asset_id}",
    "POST /v1/assets/{asset_id}/auto-tags",
    "POST /v1/assets/{asset_id}/restore",
    "POST /v1/assets/{asset_id}/archive",
    "POST /v1/assets/{asset_id}/unarchive",
    "PUT /v1/collections/{collection_id}/assets/{asset_id}",
    "DELETE /v1/collections/{collection_id}/assets/{asset_id}",
    "POST /v1/assets/{asset_id}/versions/{number}/approve",
    "POST /v1/assets/{asset_id}/versions/{number}/reject",
    "POST /v1/assets/{asset_id}/versions/{number}/request-changes",
}
"""Answer with the asset, as reading it would, to who may change it."""
LOOK_ALIKES = {
    "GET /v1/assets/{asset_id}/similar", "GET /v1/duplicates", "POST /v1/duplicates/{duplicate_id}/reopen",
    "POST /v1/uploads/try"}  # fmt: skip
"""Show pictures of other assets, as search does."""
NO_BYTES_OF_OURS = {
    "POST /v1/uploads": "addresses that only take bytes",
    "GET /v1/uploads/{upload_id}": "addresses that only take bytes",
    "POST /v1/uploads/{upload_id}/parts": "addresses that only take bytes",
    "GET /v1/shares": "links, which answer as their visitors' rights say",
    "GET /v1/shares/{share_id}": "links",
    "POST /v1/shares": "links",
    "PATCH /v1/shares/{share_id}": "links",
}
_ADDRESS = re.compile(r"https?://[^\s\"\\]+")


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def leads_out(route: Route) -> bool:
    """Whether the document lets its answer hold an address, or redirect."""
    operation = document()["paths"][route.path][route.method.lower()]
    done = operation["responses"][str(route.status)]
    return route.redirects or any(one.get("format") == "uri" for one in schemas(done, set()))


def schemas(node: Any, seen: set[str]) -> Iterator[dict[str, Any]]:
    """Every schema within, references followed once."""
    if isinstance(node, list):
        for each in node:
            yield from schemas(each, seen)
    if not isinstance(node, dict):
        return
    yield node
    reference = node.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        seen.add(reference)
        found: Any = document()
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        yield from schemas(found, seen)
    for each in node.values():
        yield from schemas(each, seen)


@pytest.mark.requirement("R27")
def test_every_route_that_may_answer_with_an_address_is_declared_here() -> None:
    outside = {named(one) for one in ROUTES if leads_out(one)} - {"GET /v1/openapi.json"}

    assert outside <= set(WAYS_OUT) | AFTER_A_CHANGE | LOOK_ALIKES | set(NO_BYTES_OF_OURS)
    assert set(WAYS_OUT) <= outside


@dataclass(frozen=True)
class World:
    """An asset whose first version is approved and whose second is not, and who looks at it."""

    shop: Shop
    asset_id: str
    approved: str
    secret: str
    people: tuple[Person | Visitor, ...]


@pytest.fixture(scope="module")
def world(stack: object) -> World:
    shop = a_shop()
    for shade in (1, 2):
        shop.drop("a.jpg", a_photo(shade), skus="TS-1")
    asset = str(shop.assets(collection_id="root")[0]["id"])
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    assert shop.call("POST", f"/v1/assets/{asset}/versions/1/approve", {}).status == 200
    indexing.catch_up(shop.ctx, shop.workspace)
    first, second = (versions.get(shop.workspace, AssetId(asset), number) for number in (1, 2))
    assert first is not None
    assert second is not None
    switches = {"view": True, "download": True}
    client = a_visitor(a_share(shop, {"asset_ids": [asset]}, switches=switches, download="original")["token"])
    staff = somebody(shop, may(Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL))
    return World(shop, asset, first.id, second.id, (staff, client))


def asked(world: World, who: Person | Visitor, name: str, query: str = "") -> Reply:
    method, path = name.split(" ")
    if path == "/v1/sku-images":
        path += "?sku=TS-1"
    return who.call(method, path.replace("{asset_id}", world.asset_id).replace("{sku}", "TS-1") + query)


def addresses(reply: Reply) -> list[str]:
    return _ADDRESS.findall(json.dumps(reply.body if isinstance(reply.body, dict | list) else "")) + [
        reply.headers[name] for name in ("location",) if name in reply.headers
    ]


@pytest.mark.requirement("R27", "R26")
@pytest.mark.parametrize("name", WAYS_OUT)
def test_what_is_not_approved_leaves_by_no_way(world: World, name: str) -> None:
    asks = ["original=true", "original=false", "version=1", "version=2"]
    tries = [f"?redirect={one}&{ask}" for one in ("true", "false") for ask in asks]
    for who in world.people:
        queries = ["", *tries] if WAYS_OUT[name] == BYTES else [""]
        replies = [asked(world, who, name, query) for query in queries]
        found = [one for reply in replies for one in addresses(reply)]

        refusals = {403, 404} if isinstance(who, Visitor) and name in NOT_FOR_VISITORS else {404}
        assert {reply.status for reply in replies} <= {200, 302} | refusals
        assert not [one for one in found if world.secret in one]


@pytest.mark.requirement("R27", "R26")
@pytest.mark.parametrize("name", WAYS_OUT)
def test_what_is_approved_leaves_by_every_way(world: World, name: str) -> None:
    for who in world.people:
        if isinstance(who, Visitor) and (name == "GET /v1/assets" or name in NOT_FOR_VISITORS):
            continue  # a link to assets leads to no collection and to no product

        def is_out(who: Person | Visitor = who) -> bool:
            found = addresses(asked(world, who, name))
            return bool(found) and all(world.approved in one for one in found)

        assert await_true(is_out, 60)


@pytest.mark.requirement("R27")
@pytest.mark.parametrize("name", [one for one, how in WAYS_OUT.items() if how == PICTURES])
def test_a_way_that_shows_pictures_signs_no_address_of_the_store(world: World, name: str) -> None:
    owner = Person("", world.shop.key)

    found = addresses(asked(world, owner, name))

    assert all(one.startswith(world.shop.ctx.settings.media_url) for one in found)
    assert not [one for one in found if "X-Amz-Signature" in one]


@pytest.mark.requirement("R27")
def test_look_alikes_show_the_approved_version_and_no_other(shop: Shop) -> None:
    shop.drop("twin.png", a_photo(1, kind="PNG"))
    for shade in (1, 90):
        shop.drop("a.jpg", a_photo(shade))
    known = {one["name"]: one["id"] for one in shop.assets(collection_id="root")}
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    shop.call("POST", f"/v1/assets/{known['a.jpg']}/versions/1/approve", {})
    indexing.catch_up(shop.ctx, shop.workspace)
    first, second = (versions.get(shop.workspace, AssetId(known["a.jpg"]), number) for number in (1, 2))
    staff = somebody(shop, may(Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL))

    pair = shop.call("GET", "/v1/duplicates").body["items"][0]["id"]
    replies = [staff.call("GET", f"/v1/assets/{known['twin.png']}/similar"), staff.call("GET", "/v1/duplicates")]
    shop.call("POST", f"/v1/duplicates/{pair}", {"decision": "ignore"})
    replies += [staff.call("GET", "/v1/duplicates?state=decided"), shop.call("POST", f"/v1/duplicates/{pair}/reopen")]

    assert first is not None
    assert second is not None
    for reply in replies:
        found = addresses(reply)
        assert [one for one in found if first.id in one]
        assert not [one for one in found if second.id in one]
        assert all(one.startswith(shop.ctx.settings.media_url) for one in found)


@pytest.mark.requirement("R27", "R21")
def test_what_is_withheld_leaves_by_no_way_for_anybody(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo())
    asset = shop.assets(collection_id="root")[0]["id"]
    shop.call("PATCH", f"/v1/assets/{asset}", {"restriction": {"reason": "legal"}})

    replies = [call("GET", f"/v1/assets/{asset}/download?{one}", Authorization=f"Bearer {shop.key}")
               for one in ("", "original=true", "original=false", "version=1")]  # fmt: skip

    assert [(one.status, one.body["code"]) for one in replies] == [(403, "withheld")] * 4
