"""Roles: made, changed and deleted by those who manage, never beyond what they have themselves."""

from typing import Any

import pytest

from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.domain.ids import CollectionId
from tests.builders import Reply, Shop
from tests.handlers.people import Person, may, somebody

VIEW_ALL = [{"collection_id": None, "allow": ["view"], "deny": []}]


def make(shop: Shop, name: str = "Agency", grants: Any = None) -> dict[str, Any]:
    reply = shop.call("POST", "/v1/roles", {"name": name, "grants": grants or []})
    assert reply.status == 201, reply.body
    return dict(reply.body)


def a_colleague(shop: Shop, *role_ids: str) -> dict[str, Any]:
    reply = shop.call("POST", "/v1/members", {"name": "Col", "email": "col@shop.test", "role_ids": list(role_ids)})
    assert reply.status == 201, reply.body
    return dict(reply.body)


def ready_made(shop: Shop, key: str) -> dict[str, Any]:
    return next(one for one in shop.call("GET", "/v1/roles").body["items"] if one["key"] == key)


def spring(shop: Shop) -> str:
    return str(shop.call("POST", "/v1/collections", {"name": "Spring"}).body["id"])


@pytest.mark.requirement("R58")
def test_every_workspace_has_the_four_ready_made_roles_with_their_rights(shop: Shop) -> None:
    given = {one["key"]: one["grants"] for one in shop.call("GET", "/v1/roles").body["items"] if one["key"] is not None}

    assert set(given) == {"dam_manager", "designer", "marketing", "staff"}
    assert given["staff"] == [{"collection_id": None, "allow": ["view", "download"], "deny": []}]
    assert given["marketing"][0]["allow"] == ["view", "download", "comment", "submit"]
    assert len(given["dam_manager"][0]["allow"]) == len(Right)


def test_a_role_is_made_read_listed_and_changed(shop: Shop) -> None:
    home = spring(shop)
    wanted = [{"collection_id": home, "allow": ["view", "edit"], "deny": ["delete"]}]
    role = make(shop, "Agency", wanted)

    changed = shop.call("PATCH", f"/v1/roles/{role['id']}", {"grants": VIEW_ALL}, If_Match=role["etag"])
    stale = shop.call("PATCH", f"/v1/roles/{role['id']}", {"name": "x"}, If_Match=role["etag"])

    assert (role["grants"], role["key"]) == (wanted, None)
    assert (changed.status, changed.body["grants"], changed.body["name"]) == (200, VIEW_ALL, "Agency")
    assert changed.headers["etag"] == f'"{changed.body["etag"]}"'
    assert stale.status == 412
    assert shop.call("GET", f"/v1/roles/{role['id']}").body == changed.body
    assert changed.body in shop.call("GET", "/v1/roles").body["items"]


@pytest.mark.requirement("R17")
def test_a_role_counts_and_ceases_to_count_on_the_next_request(shop: Shop) -> None:
    from tests.handlers.test_members import a_key_of

    role = make(shop, "Agency", VIEW_ALL)
    key = a_key_of(shop, a_colleague(shop, role["id"])["id"])

    before = key.call("GET", "/v1/me").body["rights"]
    shop.call("PATCH", f"/v1/roles/{role['id']}", {"grants": []})

    assert before == ["see", "view"]
    assert key.call("GET", "/v1/me").body["rights"] == []


@pytest.mark.parametrize("name", ["agency", "AGENCY ", "Staff", "staff"])
def test_names_of_roles_are_unique_whatever_their_case(shop: Shop, name: str) -> None:
    make(shop, "Agency")

    reply = shop.call("POST", "/v1/roles", {"name": name})

    assert (reply.status, reply.body["code"]) == (409, "name_taken")


def test_names_that_differ_in_unicode_form_only_are_the_same(shop: Shop) -> None:
    make(shop, "Été")

    assert shop.call("POST", "/v1/roles", {"name": "E\u0301te\u0301"}).status == 409


def test_a_role_in_use_cannot_be_deleted_and_says_by_whom(shop: Shop) -> None:
    role = make(shop)
    colleague = a_colleague(shop, role["id"])
    shop.call("POST", "/v1/keys", {"name": "Site", "role_ids": [role["id"]]})

    used = shop.call("DELETE", f"/v1/roles/{role['id']}")
    shop.call("DELETE", f"/v1/members/{colleague['id']}")
    by_key = shop.call("DELETE", f"/v1/roles/{role['id']}")

    assert (used.status, used.body["code"]) == (409, "in_use")
    assert used.body["fields"] == {"members": "Col", "keys": "Site"}
    assert by_key.body["fields"] == {"members": "", "keys": "Site"}


def test_an_unused_role_is_deleted_with_its_grants_and_a_ready_made_one_stays(shop: Shop) -> None:
    from chalicelib.models import grants

    role = make(shop, "Agency", VIEW_ALL)

    statuses = [
        shop.call("DELETE", f"/v1/roles/{role['id']}").status,
        shop.call("GET", f"/v1/roles/{role['id']}").status,
        shop.call("DELETE", f"/v1/roles/{ready_made(shop, 'staff')['id']}").status,
    ]

    assert statuses == [204, 404, 409]
    assert grants.of(shop.workspace, f"role#{role['id']}") == []


def test_the_last_manager_cannot_lose_manage_by_a_change_of_the_role(shop: Shop) -> None:
    role = ready_made(shop, "dam_manager")

    replies = [
        shop.call("PATCH", f"/v1/roles/{role['id']}", {"grants": grants})
        for grants in ([], VIEW_ALL, [{"collection_id": None, "allow": ["manage"], "deny": ["manage"]}])
    ]

    assert [(one.status, one.body["code"]) for one in replies] == [(409, "last_manager")] * 3
    assert ready_made(shop, "dam_manager") == role


BAD: list[tuple[Any, str]] = [
    ({"name": ""}, "name"),
    ({"name": "x", "grants": [{"collection_id": None, "allow": ["fly"]}]}, "grants.0.allow.0"),
    ({"name": "x", "grants": [{"allow": ["view"]}]}, "grants.0.collection_id"),
    ({"name": "x", "grants": [{"collection_id": "3" * 26, "allow": ["view"]}]}, "grants"),
    ({"name": "x", "grants": VIEW_ALL * 2}, "grants"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
def test_what_cannot_be_a_role_is_refused_with_the_field(shop: Shop, body: Any, field: str) -> None:
    reply = shop.call("POST", "/v1/roles", body)

    assert (reply.status, list(reply.body["fields"])) == (422, [field])


def attempts(shop: Shop, person: Person, home: str) -> dict[str, Reply]:
    """Every way we know to come to more than one has."""
    role = make(shop, "Mine", [{"collection_id": home, "allow": ["view"], "deny": ["delete"]}])
    boss = ready_made(shop, "dam_manager")["id"]
    everything = [{"collection_id": None, "allow": [str(one) for one in Right]}]
    owner = next(one for one in shop.call("GET", "/v1/members").body["items"] if one["name"] == "Owner")
    return {
        "a new role that may more": person.call("POST", "/v1/roles", {"name": "All", "grants": everything}),
        "a deny lifted": person.call("PATCH", f"/v1/roles/{role['id']}", {"grants": []}),
        "no role, no deny": person.call("PATCH", f"/v1/members/{person.id}", {"role_ids": []}),
        "the big role for oneself": person.call("PATCH", f"/v1/members/{person.id}", {"role_ids": [boss]}),
        "the big role for a friend": person.call(
            "POST", "/v1/members", {"name": "F", "email": "f@shop.test", "role_ids": [boss]}
        ),
        "the owner's mail to oneself": person.call("PATCH", f"/v1/members/{owner['id']}", {"email": "me@shop.test"}),
    }


@pytest.mark.requirement("R17")
def test_nobody_gives_more_than_they_have_and_nothing_changes(shop: Shop) -> None:
    home = spring(shop)
    from tests.handlers.test_members import a_key_of

    nearly = [
        {"collection_id": None, "allow": [str(one) for one in Right]},
        {"collection_id": home, "allow": [], "deny": ["delete"]},
    ]
    deputy = make(shop, "Deputy", nearly)
    person = a_key_of(shop, a_colleague(shop, deputy["id"])["id"])

    tried = attempts(shop, person, home)

    assert {name: (one.status, one.body["code"]) for name, one in tried.items()} == dict.fromkeys(
        tried, (403, "beyond_your_own")
    )
    assert [one["name"] for one in shop.call("GET", "/v1/roles").body["items"] if one["name"] == "All"] == []
    assert shop.call("GET", f"/v1/members/{person.id}").body["role_ids"] == [deputy["id"]]
    assert "f@shop.test" not in str(shop.call("GET", "/v1/members").body)
    assert "me@shop.test" not in str(shop.call("GET", "/v1/members").body)


def test_who_manages_without_all_rights_gives_what_they_have(shop: Shop) -> None:
    person = somebody(shop, may(Right.MANAGE, Right.VIEW))

    given = person.call("POST", "/v1/roles", {"name": "Viewers", "grants": VIEW_ALL})
    beyond = person.call("POST", "/v1/roles", {"name": "D", "grants": [{"collection_id": None, "allow": ["delete"]}]})
    narrowed = person.call("PATCH", f"/v1/roles/{ready_made(shop, 'staff')['id']}", {"grants": []})

    assert (given.status, beyond.status, narrowed.status) == (201, 403, 200)


def test_a_limited_key_of_an_owner_gives_no_more_than_the_key_has(shop: Shop) -> None:
    made = shop.call("POST", "/v1/keys", {"name": "k", "rights": ["manage", "view"]}).body
    person = Person("", made["key"])

    assert person.call("POST", "/v1/roles", {"name": "V", "grants": VIEW_ALL}).status == 201
    assert (
        person.call("POST", "/v1/roles", {"name": "D", "grants": [{"collection_id": None, "allow": ["edit"]}]}).status
        == 403
    )


@pytest.mark.requirement("R18")
def test_a_role_never_names_a_collection_the_caller_may_not_see_and_keeps_its_grant_there(shop: Shop) -> None:
    from chalicelib.models import grants

    home = spring(shop)
    role = make(shop, "Agency", [{"collection_id": home, "allow": ["view"]}])
    person = somebody(shop, Grant(allow=ALL), Grant(collection_id=CollectionId(home), deny=Right.SEE.bit))

    seen = person.call("GET", f"/v1/roles/{role['id']}")
    changed = person.call("PATCH", f"/v1/roles/{role['id']}", {"grants": VIEW_ALL}, If_Match=seen.body["etag"])

    assert seen.body["grants"] == []
    assert (changed.status, changed.body["grants"]) == (200, VIEW_ALL)
    assert {one.collection_id for one in grants.of(shop.workspace, f"role#{role['id']}")} == {home, None}
