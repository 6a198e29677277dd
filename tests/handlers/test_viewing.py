"""Explain names the rule that decided; view-as shows what somebody else sees: for managers, read-only, audited."""

from typing import Any

import pytest

from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.models import audit
from tests.builders import Shop, a_photo
from tests.handlers.people import may, somebody
from tests.handlers.test_grants import a_library, give
from tests.handlers.test_members import add


def explain(shop: Shop, **asked: str) -> tuple[bool, list[dict[str, Any]]]:
    reply = shop.call("POST", "/v1/access/explain", asked)
    assert reply.status == 200, reply.body
    return reply.body["allowed"], reply.body["because"]


def a_role(shop: Shop, *grants: dict[str, Any]) -> str:
    return str(shop.call("POST", "/v1/roles", {"name": "Agency", "grants": list(grants)}).body["id"])


@pytest.mark.requirement("R20")
def test_an_inherited_allowance_is_named_with_role_collection_and_right(shop: Shop) -> None:
    home, asset = a_library(shop)
    role = a_role(shop, {"collection_id": home, "allow": ["download"]})
    member = add(shop, role_ids=[role])["id"]

    rule = {"rule": "allowed", "role_id": role, "collection_id": home, "right": "download"}

    assert explain(shop, member_id=member, right="view", asset_id=asset) == (True, [rule])
    assert explain(shop, role_id=role, right="download", collection_id=home) == (True, [rule])
    assert explain(shop, role_id=role, right="edit", asset_id=asset)[1][0]["rule"] == "not_granted"


@pytest.mark.requirement("R20")
def test_the_denial_that_decided_is_named(shop: Shop) -> None:
    home, asset = a_library(shop)
    role = a_role(
        shop, {"collection_id": None, "allow": ["view", "edit"]}, {"collection_id": home, "allow": [], "deny": ["see"]}
    )

    denied = explain(shop, role_id=role, right="edit", asset_id=asset)
    give(shop, f"/v1/assets/{asset}", {"role_id": role, "allow": ["view"]})
    lifted = explain(shop, role_id=role, right="view", asset_id=asset)
    give(shop, f"/v1/assets/{asset}", {"role_id": role, "allow": ["view"], "deny": ["view"]})
    exception = explain(shop, role_id=role, right="view", asset_id=asset)

    assert denied == (False, [{"rule": "denied", "role_id": role, "collection_id": home, "right": "see"}])
    assert lifted == (True, [{"rule": "asset_allowed", "role_id": role, "collection_id": None, "right": "view"}])
    assert exception == (False, [{"rule": "asset_denied", "role_id": role, "collection_id": None, "right": "view"}])


@pytest.mark.requirement("R20")
def test_a_key_is_explained_by_its_limits_and_an_asset_by_its_restriction(shop: Shop) -> None:
    _, asset = a_library(shop)
    key = shop.call("POST", "/v1/keys", {"name": "k", "rights": ["view"]}).body["id"]
    staff = next(one["id"] for one in shop.call("GET", "/v1/roles").body["items"] if one["key"] == "staff")

    limited = explain(shop, key_id=key, right="edit", asset_id=asset)
    shop.call("PATCH", f"/v1/assets/{asset}", {"restriction": {"reason": "model left"}})
    withheld = explain(shop, role_id=staff, right="view", asset_id=asset)

    assert (limited[0], limited[1][0]["rule"]) == (False, "outside_key_rights")
    assert (withheld[0], withheld[1][0]["rule"]) == (False, "withheld")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"right": "view", "asset_id": "x"}, 422),
        ({"right": "view", "role_id": "x"}, 422),
        ({"right": "fly", "role_id": "x", "asset_id": "x"}, 422),
        ({"right": "view", "role_id": "3" * 26, "collection_id": "root"}, 404),
        ({"right": "view", "key_id": "3" * 12, "collection_id": "root"}, 404),
        ({"right": "view", "member_id": "3" * 26, "asset_id": "3" * 26}, 404),
    ],
)
def test_a_question_about_nobody_or_nothing_is_refused(shop: Shop, body: dict[str, str], status: int) -> None:
    assert shop.call("POST", "/v1/access/explain", body).status == status


@pytest.mark.requirement("R20", "R18")
def test_view_as_shows_what_the_role_sees_and_is_written_down(shop: Shop) -> None:
    home, asset = a_library(shop)
    shop.drop("Summer/b.jpg", a_photo(3))
    role = a_role(shop, {"collection_id": home, "allow": ["view"]})
    eyes = {"Packshot_View_As": f"role:{role}"}

    tree = shop.call("GET", "/v1/collections", **eyes).body["items"]
    me = shop.call("GET", "/v1/me", **eyes).body
    (summer,) = (one["id"] for one in shop.call("GET", "/v1/collections").body["items"] if one["path"] == "Summer")

    assert [one["path"] for one in tree] == ["Spring"]
    assert (me["principal"]["kind"], me["rights"]) == ("role", [])
    assert shop.call("GET", f"/v1/assets/{asset}", **eyes).status == 200
    assert shop.call("GET", f"/v1/collections/{summer}", **eyes).status == 404
    told = audit.of(shop.workspace, f"role:{role}")
    assert {(one.action, one.actor.split(":")[0]) for one in told if one.action != "role.created"} == {
        ("library.viewed_as", "key")
    }


@pytest.mark.requirement("R20")
def test_view_as_a_member_equals_what_the_member_gets(shop: Shop) -> None:
    home, asset = a_library(shop)
    person = somebody(shop, may(Right.VIEW), Grant(asset_id=AssetId(asset), deny=Right.VIEW.bit))
    eyes = {"Packshot_View_As": f"member:{person.id}"}

    for path in ("/v1/collections", f"/v1/assets/{asset}", f"/v1/assets?collection_id={home}"):
        mine, theirs = person.call("GET", path).body, shop.call("GET", path, **eyes).body
        assert mine == theirs


def test_nothing_is_changed_with_other_eyes_and_only_managers_have_them(shop: Shop) -> None:
    home, _ = a_library(shop)
    role = a_role(shop, {"collection_id": None, "allow": ["view"]})
    viewer = somebody(shop, may(Right.VIEW))
    eyes = {"Packshot_View_As": f"role:{role}"}

    statuses = {
        "change": shop.call("PATCH", f"/v1/collections/{home}", {"name": "x"}, **eyes).status,
        "viewer": viewer.call("GET", "/v1/me", **eyes).status,
        "nobody": shop.call("GET", "/v1/me", Packshot_View_As=f"role:{'3' * 26}").status,
        "nonsense": shop.call("GET", "/v1/me", Packshot_View_As="boss").status,
    }

    assert statuses == {"change": 403, "viewer": 403, "nobody": 404, "nonsense": 422}


def test_no_one_sees_more_with_other_eyes_than_with_their_own(shop: Shop) -> None:
    home, _ = a_library(shop)
    person = somebody(shop, Grant(allow=ALL), Grant(collection_id=CollectionId(home), deny=Right.SEE.bit))
    role = a_role(shop, {"collection_id": home, "allow": ["view"]})

    reply = person.call("GET", f"/v1/collections/{home}", Packshot_View_As=f"role:{role}")

    assert (reply.status, reply.body["code"]) == (403, "beyond_your_own")
