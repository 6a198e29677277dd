"""Products by their SKU: shots in order, missing ones named, approved pictures for other programs."""

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.domain.access import Right
from chalicelib.services import indexing
from tests.builders import Shop, a_photo
from tests.handlers.people import may, somebody


def approve(shop: Shop, asset_id: str, **fields: Any) -> None:
    """Approve its first version; files from the drop have no author, so whoever may does."""
    assert shop.call("PATCH", f"/v1/assets/{asset_id}", fields).status == 200
    assert shop.call("POST", f"/v1/assets/{asset_id}/versions/1/approve", {}).status == 200


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
    approve(library, every["TS-100_01_front.jpg"], restriction={"reason": "Licence ended"})
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
