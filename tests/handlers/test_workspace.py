"""The workspace: its name and rules, and the template it can begin with."""

import pytest

from tests.builders import Shop
from tests.handlers.people import may, somebody


def test_a_workspace_is_read_by_everybody_and_changed_by_managers(shop: Shop) -> None:
    before = somebody(shop, may()).call("GET", "/v1/workspace").body

    changed = shop.call(
        "PATCH", "/v1/workspace", {"name": "Ours", "self_approval": True, "required_shots": ["front", "back", "front"]},
        If_Match=before["etag"],
    )  # fmt: skip
    stale = shop.call("PATCH", "/v1/workspace", {"name": "Theirs"}, If_Match=before["etag"])

    assert (before["name"], before["self_approval"], before["required_shots"]) == ("A shop", False, [])
    assert (changed.status, stale.status) == (200, 412)
    assert changed.body["required_shots"] == ["front", "back"]
    assert shop.call("GET", "/v1/workspace").body == changed.body
    assert shop.call("GET", "/v1/me").body["workspace"]["name"] == "Ours"


@pytest.mark.parametrize("body", [{"name": None}, {"name": ""}, {"epoch": 7}, {"required_shots": [""]}])
def test_what_cannot_be_a_workspace_is_refused(shop: Shop, body: dict[str, object]) -> None:
    assert shop.call("PATCH", "/v1/workspace", body).status == 422


@pytest.mark.requirement("R43")
def test_the_template_is_applied_twice_without_doubling(shop: Shop) -> None:
    shop.call("POST", "/v1/collections", {"name": "products"})

    first = shop.call("POST", "/v1/workspace/template", {"name": "ecommerce"})
    second = shop.call("POST", "/v1/workspace/template", {"name": "ecommerce"})

    paths = [one["path"] for one in first.body["collections"]]
    everything = [one["path"] for one in shop.call("GET", "/v1/collections").body["items"] if one["path"]]
    assert (first.status, second.status) == (200, 200)
    assert {"products", "Pending approval", "Approved", "Instagram/Stories", "Newsletter", "Archive"} <= set(paths)
    assert sorted(everything) == sorted(paths)
    assert first.body == second.body
    policies = {one["path"]: one["policy"] for one in first.body["collections"]}
    assert policies["Pending approval"]["uploads"] == "pending"
    assert policies["Approved"]["unapproved"] == "block"


@pytest.mark.requirement("R43")
def test_what_a_crash_left_of_the_template_is_completed_by_the_next_try(shop: Shop) -> None:
    whole = shop.call("POST", "/v1/workspace/template", {"name": "ecommerce"}).body["collections"]
    gone = next(one for one in whole if one["path"] == "Instagram")
    shop.call("DELETE", f"/v1/collections/{gone['id']}")

    again = shop.call("POST", "/v1/workspace/template", {"name": "ecommerce"}).body["collections"]

    assert [one["path"] for one in again] == [one["path"] for one in whole]


def test_an_unknown_template_is_refused(shop: Shop) -> None:
    assert shop.call("POST", "/v1/workspace/template", {"name": "x"}).status == 422
