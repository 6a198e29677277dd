"""Members: added, changed and removed; who is removed is nobody on the next request."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import Stale
from chalicelib.models import base, credentials, grants, members, sessions, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.services import people, signing
from tests.builders import Shop, a_photo, call
from tests.handlers.people import Person, may, signed_in, somebody


def add(shop: Shop, **more: Any) -> dict[str, Any]:
    reply = shop.call("POST", "/v1/members", {"name": "Ada", "email": "ada@shop.test", **more})
    assert reply.status == 201, reply.body
    return dict(reply.body)


def a_key_of(shop: Shop, member_id: str) -> Person:
    """A key that this member made."""
    prefix = secrets.token_hex(5)
    key = f"ps_{prefix}_{secrets.token_urlsafe(32)}"
    kept = Credential(
        prefix, shop.workspace, "key", signing.key_hash(shop.ctx, key), "test", member_id, shop.ctx.now()
    )  # fmt: skip
    base.transact([credentials.add(kept), workspaces.raise_epoch(shop.workspace)])
    return Person(member_id, key)


def owner_of(shop: Shop) -> dict[str, Any]:
    return next(one for one in shop.call("GET", "/v1/members").body["items"] if one["name"] == "Owner")


def manager_role(shop: Shop) -> str:
    items = shop.call("GET", "/v1/roles").body["items"]
    return str(next(one["id"] for one in items if one["key"] == "dam_manager"))


def test_a_member_is_added_read_listed_and_changed(shop: Shop) -> None:
    one = add(shop, email="  Ada@Shop.TEST ")

    changed = shop.call("PATCH", f"/v1/members/{one['id']}", {"name": "Ada L."}, If_Match=one["etag"])
    stale = shop.call("PATCH", f"/v1/members/{one['id']}", {"name": "x"}, If_Match=one["etag"])

    assert (one["email"], one["role_ids"], one["expires_at"]) == ("ada@shop.test", [], None)
    assert (changed.status, changed.body["name"], stale.status) == (200, "Ada L.", 412)
    assert changed.body in shop.call("GET", "/v1/members").body["items"]
    assert shop.call("GET", f"/v1/members/{one['id']}").body == changed.body


@pytest.mark.parametrize("email", ["ada@shop.test", "ADA@shop.test", " ada@SHOP.test "])
def test_an_address_belongs_to_one_member(shop: Shop, email: str) -> None:
    add(shop)
    other = add(shop, email="other@shop.test")

    again = shop.call("POST", "/v1/members", {"name": "x", "email": email})
    taken = shop.call("PATCH", f"/v1/members/{other['id']}", {"email": email})

    assert [(one.status, one.body["code"]) for one in (again, taken)] == [(409, "email_taken")] * 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@b.test\r\nBcc: all@b.test"}, "email"),
        ({"email": "x" * 300 + "@b.test"}, "email"),
        ({"role_ids": ["3" * 26]}, "role_ids"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"seats": 3}, "seats"),
    ],
)
def test_what_cannot_be_a_member_is_refused_with_the_field(shop: Shop, more: dict[str, Any], field: str) -> None:
    reply = shop.call("POST", "/v1/members", {"name": "Ada", "email": "ada@shop.test", **more})

    assert (reply.status, list(reply.body["fields"])) == (422, [field])


@pytest.mark.requirement("R22")
def test_an_outside_collaborator_is_nobody_when_their_time_is_over(shop: Shop) -> None:
    now = shop.ctx.now()
    guest = add(shop, role_ids=[manager_role(shop)], expires_at=(now + timedelta(hours=1)).isoformat())
    key = a_key_of(shop, guest["id"])
    assert key.call("GET", "/v1/me").status == 200

    later = replace(shop.ctx, now=lambda: now + timedelta(hours=2))
    with pytest.raises(signing.NotAuthenticated):
        signing.caller_of(later, key.key, None)


def test_a_removed_member_is_nobody_on_the_next_request_and_leaves_nothing_behind(shop: Shop) -> None:
    one = somebody(shop, may())
    cookie = signed_in(shop, one.id)
    assert call("GET", "/v1/me", Cookie=f"packshot_session={cookie}").status == 200
    assert one.call("GET", "/v1/me").status == 200

    removed = shop.call("DELETE", f"/v1/members/{one.id}")

    statuses = [call("GET", "/v1/me", Cookie=f"packshot_session={cookie}").status, one.call("GET", "/v1/me").status]
    assert (removed.status, statuses) == (204, [401, 401])
    assert credentials.find(one.key.split("_")[1]) is None
    assert sessions.find(signing.token_hash(shop.ctx, cookie)) is None
    assert members.get(shop.workspace, one.id) is None
    assert grants.of(shop.workspace, f"member#{one.id}") == []
    assert shop.call("DELETE", f"/v1/members/{one.id}").status == 404


def test_the_last_manager_cannot_be_removed_limited_in_time_or_stripped(shop: Shop) -> None:
    owner, soon = owner_of(shop), (shop.ctx.now() + timedelta(days=1)).isoformat()
    add(shop, role_ids=[manager_role(shop)], expires_at=soon)  # one whose time ends does not count

    replies = [
        shop.call("DELETE", f"/v1/members/{owner['id']}"),
        shop.call("PATCH", f"/v1/members/{owner['id']}", {"role_ids": []}),
        shop.call("PATCH", f"/v1/members/{owner['id']}", {"expires_at": soon}),
    ]

    assert [(one.status, one.body["code"]) for one in replies] == [(409, "last_manager")] * 3
    assert owner_of(shop) == owner


def test_with_a_second_manager_the_first_may_go(shop: Shop) -> None:
    add(shop, role_ids=[manager_role(shop)])

    assert shop.call("DELETE", f"/v1/members/{owner_of(shop)['id']}").status == 204
    assert shop.call("GET", "/v1/me").status == 401


def test_what_was_judged_by_rights_that_have_changed_since_is_not_written(shop: Shop) -> None:
    second = add(shop, role_ids=[manager_role(shop)])
    theirs, mine = a_key_of(shop, second["id"]), owner_of(shop)
    late = signing.caller_of(shop.ctx, theirs.key, None)
    was = people.known(late)

    gone = shop.call("DELETE", f"/v1/members/{second['id']}")
    with pytest.raises(Stale):
        people.change(
            shop.ctx,
            late,
            was,
            was.without_member(mine["id"]),
            [members.remove(shop.workspace, mine["id"])],
            "x",
            "x:x",
        )

    assert gone.status == 204
    assert owner_of(shop) == mine


def test_another_address_ends_the_sessions_that_the_old_one_began(shop: Shop) -> None:
    one = somebody(shop, may())
    cookie = signed_in(shop, one.id)

    shop.call("PATCH", f"/v1/members/{one.id}", {"email": "new@shop.test"})

    assert call("GET", "/v1/me", Cookie=f"packshot_session={cookie}").status == 401


@pytest.mark.requirement("R31")
def test_an_asset_says_whether_who_answers_for_it_is_still_here_and_takes_nobody_who_is_not(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo())
    path = f"/v1/assets/{shop.assets(collection_id='root')[0]['id']}"
    ann = shop.call("POST", "/v1/members", {"name": "Ann", "email": "ann@shop.test"}).body
    before = shop.call("GET", path).body["responsible"]

    there = shop.call("PATCH", path, {"responsible_id": ann["id"]}).body["responsible"]
    shop.call("DELETE", f"/v1/members/{ann['id']}")
    gone = shop.call("GET", path).body
    other = shop.call("PATCH", path, {"title": "Still editable"})
    again = shop.call("PATCH", path, {"responsible_id": None}), shop.call("PATCH", path, {"responsible_id": ann["id"]})

    assert (before, there) == (None, {"id": ann["id"], "name": "Ann", "is_here": True})
    assert (gone["responsible_id"], gone["responsible"]) == (
        ann["id"], {"id": ann["id"], "name": None, "is_here": False},
    )  # fmt: skip
    assert (other.status, *(one.status for one in again)) == (200, 200, 422)
    assert again[1].body["fields"] == {"responsible_id": "is not a member of this workspace"}
