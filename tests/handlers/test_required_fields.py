"""Required fields: people bring them along and cannot take them away; a dropped file is never turned away."""

from typing import Any

import pytest

from tests.builders import Reply, Shop, a_photo


def strict(shop: Shop, *required: str, name: str = "Strict", parent: str | None = None) -> str:
    body = {"name": name, "parent_id": parent, "policy": {"required_fields": list(required)}}
    return str(shop.call("POST", "/v1/collections", body).body["id"])


def upload(shop: Shop, **more: Any) -> Reply:
    return shop.call("POST", "/v1/uploads", {"file_name": "a.jpg", "size_bytes": 9, **more})


def an_asset(shop: Shop, **metadata: str) -> str:
    shop.drop("a.jpg", a_photo(), **metadata)
    return str(shop.assets(collection_id="root")[0]["id"])


@pytest.mark.requirement("R45")
@pytest.mark.requirement("R53")
def test_an_upload_without_a_required_field_is_refused_by_name(shop: Shop) -> None:
    home = strict(shop, "keywords", "custom.season")

    bare = upload(shop, collection_id=home)
    half = upload(shop, collection_id=home, fields={"keywords": ["jeans"]})
    whole = upload(shop, collection_id=home, fields={"keywords": ["jeans"], "custom": {"season": "Spring"}})

    assert (bare.status, bare.body["code"]) == (422, "fields_required")
    assert set(bare.body["fields"]) == {"fields.keywords", "fields.custom.season"}
    assert (half.status, set(half.body["fields"])) == (422, {"fields.custom.season"})
    assert whole.status == 201


@pytest.mark.requirement("R45")
def test_an_upload_by_path_is_held_to_the_collection_that_the_path_names(shop: Shop) -> None:
    strict(shop, "alt", name="Front", parent=strict(shop, name="Spring"))

    assert upload(shop, collection_path="spring/FRONT").status == 422
    assert upload(shop, collection_path="Spring").status == 201
    assert upload(shop, collection_path="Spring/New folder").status == 201


@pytest.mark.requirement("R45")
def test_a_new_version_of_what_lies_there_needs_no_field_again(shop: Shop) -> None:
    asset, home = an_asset(shop, alt="A dress"), strict(shop, "alt")
    shop.call("PUT", f"/v1/collections/{home}/assets/{asset}")

    assert upload(shop, asset_id=asset).status == 201


@pytest.mark.requirement("R45")
@pytest.mark.parametrize(("field", "value"), [("alt", None), ("alt", ""), ("keywords", []), ("skus", None)])
def test_a_required_field_is_not_taken_away(shop: Shop, field: str, value: Any) -> None:
    asset, home = an_asset(shop, alt="A dress", keywords="red", skus="TS-1"), strict(shop, "alt", "keywords", "skus")
    put = shop.call("PUT", f"/v1/collections/{home}/assets/{asset}")

    reply = shop.call("PATCH", f"/v1/assets/{asset}", {field: value, "title": "x"})
    kept = shop.call("GET", f"/v1/assets/{asset}").body

    assert (put.status < 300, reply.status, set(reply.body["fields"])) == (True, 422, {field})
    assert (kept["title"], bool(kept[field])) == (None, True)


@pytest.mark.requirement("R45")
def test_an_asset_that_lacks_a_required_field_is_not_put_there(shop: Shop) -> None:
    asset, home = an_asset(shop), strict(shop, "alt")

    refused = shop.call("PUT", f"/v1/collections/{home}/assets/{asset}")
    shop.call("PATCH", f"/v1/assets/{asset}", {"alt": "A dress"})

    assert (refused.status, refused.body["code"], set(refused.body["fields"])) == (409, "fields_required", {"alt"})
    assert shop.call("PUT", f"/v1/collections/{home}/assets/{asset}").status < 300


@pytest.mark.requirement("R45")
def test_a_dropped_file_is_taken_in_and_its_fields_are_set_one_by_one(shop: Shop) -> None:
    home = strict(shop, "alt", "title", name="Spring")
    shop.drop("Spring/b.jpg", a_photo())
    (asset,) = shop.assets(collection_id=home)

    first = shop.call("PATCH", f"/v1/assets/{asset['id']}", {"alt": "A dress"})

    assert (first.status, shop.waiting()) == (200, [])
    assert shop.call("PATCH", f"/v1/assets/{asset['id']}", {"alt": None}).status == 422
