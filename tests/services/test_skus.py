"""Products by their SKU: shots in order, missing ones named, approved pictures for other programs."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Restriction
from chalicelib.domain.ids import AssetId
from chalicelib.domain.plans import Pushed
from chalicelib.models import assets as rows, base, pushed
from chalicelib.services import indexing
from tests.builders import Shop, a_photo
from tests.handlers.people import may, somebody
from tests.principals import a_store


def approve(shop: Shop, asset_id: str, **fields: Any) -> None:
    old = rows.get(shop.workspace, AssetId(asset_id))
    newest = replace(old.newest, approval="approved")
    new = replace(old, newest=newest, approved=newest, revision=old.revision + 1,
                  fields=replace(old.fields, **fields))  # fmt: skip
    base.transact([rows.change(shop.workspace, old, new)])


def ids(shop: Shop) -> dict[str, str]:
    return {one["name"]: one["id"] for one in shop.assets(collection_id="root")}


@pytest.fixture
def library(shop: Shop) -> Shop:
    for number, name in enumerate(("TS-100_10_side", "TS-100_02_back", "TS-100_01_front", "TS-200_front")):
        shop.drop(f"{name}.jpg", a_photo(number))
    shop.call("PATCH", "/v1/workspace", {"required_shots": ["front", "back", "detail"]})
    indexing.catch_up(shop.ctx, shop.workspace)
    return shop


@pytest.mark.requirement("R06")
def test_a_sku_shows_its_shots_in_order_with_the_missing_ones_named(library: Shop) -> None:
    approve(library, ids(library)["TS-100_02_back.jpg"])

    found = library.call("GET", "/v1/skus/TS-100").body

    assert [(one["position"], one["shot_type"], one["approved"]) for one in found["shots"]] == [
        (1, "front", False), (2, "back", True), (10, "side", False)]  # fmt: skip
    assert found["missing"] == ["detail"]


@pytest.mark.requirement("R06")
def test_the_board_lists_skus_and_those_that_lack_a_shot(library: Shop) -> None:
    def board(asked: str = "") -> list[tuple[str, list[str]]]:
        body = library.call("GET", f"/v1/skus{asked}").body
        return [(one["sku"], one["missing"]) for one in body["items"]]

    assert board() == [("TS-100", ["detail"]), ("TS-200", ["back", "detail"])]
    assert board("?missing=back") == [("TS-200", ["back", "detail"])]
    assert board("?sku=TS-200") == [("TS-200", ["back", "detail"])]
    assert board("?sku=TS") == []
    first = library.call("GET", "/v1/skus?limit=1").body
    second = library.call("GET", f"/v1/skus?limit=1&cursor={first['next']}").body
    assert [one["items"][0]["sku"] for one in (first, second)] == ["TS-100", "TS-200"]
    assert second["next"] is None


@pytest.mark.requirement("RP3")
def test_the_board_keeps_what_no_store_shows(library: Shop) -> None:
    store, front = a_store(library), ids(library)["TS-200_front.jpg"]
    known = Pushed(front, "ts-200.jpg", "gid://shopify/MediaImage/1", product_ids=("gid://shopify/Product/1",))
    base.transact([pushed.put_file(library.workspace, store, known)])

    found = library.call("GET", "/v1/skus?not_live=true").body["items"]

    assert [one["sku"] for one in found] == ["TS-100"]
    assert library.call("GET", "/v1/skus?not_live=true&sku=TS-200").body["items"] == []
    assert len(library.call("GET", "/v1/skus").body["items"]) == 2


@pytest.mark.requirement("RP3")
def test_only_approved_pictures_are_given_to_programs_in_order_with_addresses_that_work(library: Shop) -> None:
    every = ids(library)
    approve(library, every["TS-100_10_side.jpg"], alt="Side")
    approve(library, every["TS-100_01_front.jpg"])

    found = library.call("GET", "/v1/skus/TS-100/images").body["items"]
    same = library.call("GET", "/v1/sku-images?sku=TS-100").body["items"]

    assert [(one["position"], one["shot_type"], one["alt"]) for one in found] == [
        (1, "front", None),
        (10, "side", "Side"),
    ]
    assert [one["asset_id"] for one in found] == [one["asset_id"] for one in same]
    assert all(one["width_px"] and one["url"].startswith("http") for one in found)


@pytest.mark.requirement("RP3")
def test_what_is_restricted_or_not_to_be_seen_leaves_to_no_program(library: Shop) -> None:
    every = ids(library)
    approve(library, every["TS-100_01_front.jpg"], restriction=Restriction("Licence ended"))
    approve(library, every["TS-200_front.jpg"])
    stranger = somebody(library, may(Right.SEE))

    assert library.call("GET", "/v1/sku-images?sku=TS-100").body["items"] == []
    assert stranger.call("GET", "/v1/skus").body["items"] == []
    assert stranger.call("GET", "/v1/skus/TS-200").status == 404
    assert stranger.call("GET", "/v1/sku-images?sku=TS-200").body["items"] == []


@pytest.mark.parametrize("sku", ["A/B 12", "ÄÖ-ß", "0007", "x" * 255, 'quo"te', "a+b;c", "50%"])
def test_a_sku_may_have_any_character(shop: Shop, sku: str) -> None:
    shop.drop("a.jpg", a_photo())
    asset = ids(shop)["a.jpg"]
    shop.call("PATCH", f"/v1/assets/{asset}", {"skus": [sku]})
    indexing.catch_up(shop.ctx, shop.workspace)
    approve(shop, asset)

    found = shop.call("GET", f"/v1/sku-images?sku={quote(sku, safe='')}").body["items"]
    board = shop.call("GET", f"/v1/skus?sku={quote(sku, safe='')}").body["items"]

    assert [one["asset_id"] for one in found] == [asset]
    assert [one["sku"] for one in board] == [sku]


def test_an_unknown_preset_is_refused_and_an_unknown_sku_not_found(library: Shop) -> None:
    assert library.call("GET", "/v1/skus/TS-100/images?preset=nope").status == 422
    assert library.call("GET", "/v1/skus/NOPE").status == 404
    assert library.call("GET", "/v1/sku-images?sku=NOPE").body["items"] == []


@pytest.mark.requirement("RP3")
def test_images_come_in_the_size_of_a_preset_and_those_too_small_for_it_are_left_out(library: Shop) -> None:
    approve(library, ids(library)["TS-100_01_front.jpg"])
    small = library.call("POST", "/v1/presets", {"name": "Small", "width_px": 320, "height_px": 320}).body["id"]
    large = library.call("POST", "/v1/presets", {"name": "Large", "width_px": 2000, "height_px": 2000}).body["id"]

    found = library.call("GET", f"/v1/sku-images?sku=TS-100&preset={small}").body["items"]

    assert [(one["width_px"], one["height_px"]) for one in found] == [(320, 240)]
    assert library.call("GET", f"/v1/skus/TS-100/images?preset={large}").body["items"] == []
