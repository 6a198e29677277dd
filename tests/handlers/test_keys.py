"""API keys: shown once, limited, rotated, expired, revoked from the next request on."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.domain.access import Grant, Right, mask
from chalicelib.models import audit, base, credentials, grants, members, roles, workspaces
from chalicelib.services import signing
from tests.builders import Reply, Shop, a_photo, a_shop, call
from tests.handlers.people import may, somebody


def make(shop: Shop, **more: Any) -> dict[str, Any]:
    reply = shop.call("POST", "/v1/keys", {"name": "Website", **more})
    assert reply.status == 201, reply.body
    return dict(reply.body)


def ask(key: str, method: str = "GET", path: str = "/v1/me", body: Any = None) -> Reply:
    return call(method, path, body, Authorization=f"Bearer {key}")


def rights(key: str) -> list[str]:
    return list(ask(key).body["rights"])


@pytest.mark.requirement("RA1")
def test_a_key_is_shown_once_and_listed_without_its_secret(shop: Shop) -> None:
    key = make(shop)

    listed = shop.call("GET", "/v1/keys").body["items"]
    stored = credentials.find(key["id"])

    assert key["key"].startswith(f"{key['prefix']}_")
    assert ask(key["key"]).body["principal"]["kind"] == "key"
    assert key["id"] in [one["id"] for one in listed]
    assert key["key"] not in str(listed)
    assert stored is not None
    assert key["key"].split("_", 2)[2] not in str(stored)


@pytest.mark.requirement("RA1")
def test_a_revoked_key_is_refused_by_the_very_next_request(shop: Shop) -> None:
    key = make(shop)
    assert ask(key["key"]).status == 200

    gone = shop.call("DELETE", f"/v1/keys/{key['id']}")

    assert (gone.status, ask(key["key"]).status) == (204, 401)
    assert shop.call("DELETE", f"/v1/keys/{key['id']}").status == 404


def test_a_process_that_knew_the_key_notices_a_revocation_made_elsewhere(shop: Shop) -> None:
    key = make(shop)
    assert ask(key["key"]).status == 200

    base.transact([credentials.remove(key["id"]), workspaces.raise_epoch(shop.workspace)])

    assert ask(key["key"]).status == 401


def test_a_known_caller_costs_one_strong_read_a_request(shop: Shop) -> None:
    ask(shop.key)
    reads: list[str] = []
    genuine = BaseClient._make_api_call

    def counted(client: BaseClient, name: str, parameters: Any) -> Any:
        reads.append(name)
        return genuine(client, name, parameters)

    BaseClient._make_api_call = counted  # type: ignore[method-assign]
    try:
        ask(shop.key)
    finally:
        BaseClient._make_api_call = genuine  # type: ignore[method-assign]

    assert reads == ["GetItem"]


def test_an_expired_key_and_one_of_a_member_whose_time_is_over_are_refused(shop: Shop) -> None:
    now = shop.ctx.now()
    key = make(shop, expires_at=(now + timedelta(hours=1)).isoformat())
    later = replace(shop.ctx, now=lambda: now + timedelta(hours=2))
    guest = members.Member(shop.ctx.new_id(), "g@shop.test", "Guest", (), now, now + timedelta(hours=1))
    mine = credentials.find(shop.key.split("_")[1])
    assert mine is not None
    theirs = replace(mine, id="guestguest", member_id=guest.id)
    secret = "ps_guestguest_" + "x" * 43
    theirs = replace(theirs, secret_hash=signing.key_hash(shop.ctx, secret))
    base.transact([members.add(shop.workspace, guest), credentials.add(theirs)])

    assert signing.caller_of(shop.ctx, key["key"], None).principal.id == key["id"]
    assert signing.caller_of(shop.ctx, secret, None).member_id == guest.id
    for over in (key["key"], secret):
        with pytest.raises(signing.NotAuthenticated):
            signing.caller_of(later, over, None)


def test_a_key_that_would_be_over_at_once_is_refused(shop: Shop) -> None:
    reply = shop.call("POST", "/v1/keys", {"name": "x", "expires_at": "2020-01-01T00:00:00Z"})

    assert (reply.status, list(reply.body["fields"])) == (422, ["expires_at"])


@pytest.mark.requirement("RA1")
def test_rights_and_collections_limit_a_key(shop: Shop) -> None:
    shop.drop("Spring/a.jpg", a_photo(1))
    shop.drop("Summer/b.jpg", a_photo(2))
    homes = {one["path"]: one["id"] for one in shop.call("GET", "/v1/collections").body["items"]}
    viewer = make(shop, rights=["view"])
    local = make(shop, collection_ids=[homes["Spring"]])

    seen = [one["path"] for one in ask(local["key"], path="/v1/collections").body["items"]]

    assert rights(viewer["key"]) == ["see", "view"]
    assert ask(viewer["key"], "POST", "/v1/collections", {"name": "x"}).status == 403
    assert (seen, rights(local["key"])) == (["Spring"], [])
    assert ask(local["key"], path=f"/v1/assets?collection_id={homes['Summer']}").status == 404
    assert ask(local["key"], "POST", "/v1/collections", {"name": "x", "parent_id": homes["Spring"]}).status == 201


def test_a_key_with_roles_may_what_they_allow(shop: Shop) -> None:
    designer = next(one for one in roles.every(shop.workspace) if one.key == "designer")
    key = make(shop, role_ids=[designer.id])

    assert rights(key["key"]) == ["see", "view", "download", "download_original", "comment", "upload", "submit"]
    assert ask(key["key"]).body["role_ids"] == [designer.id]


def test_a_key_never_may_more_than_its_maker_may_at_this_moment(shop: Shop) -> None:
    home = shop.call("POST", "/v1/collections", {"name": "Secret"}).body["id"]
    manager = next(one for one in roles.every(shop.workspace) if one.key == "dam_manager")
    maker = somebody(shop, may(*Right))
    made = [
        maker.call("POST", "/v1/keys", {"name": "x"}).body["key"],
        maker.call("POST", "/v1/keys", {"name": "x", "role_ids": [manager.id]}).body["key"],
        maker.call("POST", "/v1/keys", {"name": "x", "rights": ["view", "edit", "delete"]}).body["key"],
    ]
    before = [rights(one) for one in made]

    base.transact([
        grants.put(shop.workspace, f"member#{maker.id}", Grant(allow=mask([Right.VIEW, Right.EDIT]))),
        grants.put(shop.workspace, f"member#{maker.id}", Grant(collection_id=home, deny=Right.SEE.bit)),
        workspaces.raise_epoch(shop.workspace),
    ])  # fmt: skip

    assert [len(one) for one in before] == [15, 15, 4]
    assert [rights(one) for one in made] == [["see", "view", "edit"]] * 3
    assert [ask(one, path=f"/v1/collections/{home}").status for one in made] == [404] * 3


def test_nobody_hands_on_rights_they_do_not_have(shop: Shop) -> None:
    maker = somebody(shop, may(Right.MANAGE, Right.VIEW))
    limited = make(shop, rights=["manage", "view"])

    direct = maker.call("POST", "/v1/keys", {"name": "x", "rights": ["approve"]})
    by_key = ask(limited["key"], "POST", "/v1/keys", {"name": "x", "rights": ["approve"]})
    child = ask(limited["key"], "POST", "/v1/keys", {"name": "x"})

    assert (direct.status, by_key.status) == (403, 403)
    assert rights(child.body["key"]) == ["see", "view", "manage"]


def test_a_key_with_a_role_hands_on_that_role_only(shop: Shop) -> None:
    manager, designer = (
        next(one.id for one in roles.every(shop.workspace) if one.key == key) for key in ("dam_manager", "designer")
    )
    key = make(shop, role_ids=[manager])["key"]

    assert ask(key, "POST", "/v1/keys", {"name": "x", "role_ids": [designer]}).status == 403
    assert ask(key, "POST", "/v1/keys", {"name": "x"}).body["role_ids"] == [manager]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"rights": []}, "rights"),
        ({"rights": ["fly"]}, "rights.0"),
        ({"collection_ids": ["3" * 26]}, "collection_ids"),
        ({"role_ids": ["3" * 26]}, "role_ids"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"scopes": []}, "scopes"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_name(shop: Shop, body: dict[str, Any], field: str) -> None:
    reply = shop.call("POST", "/v1/keys", {"name": "x", **body})

    assert (reply.status, list(reply.body["fields"])) == (422, [field])


@pytest.mark.requirement("RA1")
def test_a_rotated_key_lets_the_former_secret_live_for_the_overlap(shop: Shop) -> None:
    key, now = make(shop), shop.ctx.now()
    path = f"/v1/keys/{key['id']}/rotate"

    first = shop.call("POST", path, {"overlap_s": 3600}).body
    during = [ask(one["key"]).status for one in (key, first)]
    later = replace(shop.ctx, now=lambda: now + timedelta(hours=2))
    with pytest.raises(signing.NotAuthenticated):
        signing.caller_of(later, key["key"], None)
    second = shop.call("POST", path, {"overlap_s": 0}).body

    assert (first["id"], first["key"] != key["key"], during) == (key["id"], True, [200, 200])
    assert [ask(one["key"]).status for one in (key, first, second)] == [401, 401, 200]


def test_a_repeated_request_for_a_key_gets_the_same_key_and_none_is_kept_readable(shop: Shop) -> None:
    first = shop.call("POST", "/v1/keys", {"name": "x"}, Idempotency_Key="k")
    second = shop.call("POST", "/v1/keys", {"name": "x"}, Idempotency_Key="k")
    rotated = [
        shop.call("POST", f"/v1/keys/{first.body['id']}/rotate", {"overlap_s": 9}, Idempotency_Key="r").body["key"]
        for _ in range(2)
    ]

    assert (first.status, second.status) == (201, 201)
    assert (first.body["id"], first.body["key"]) == (second.body["id"], second.body["key"])
    assert len(set(rotated)) == 1
    assert ask(rotated[0]).status == 200


def test_keys_belong_to_their_workspace_and_to_those_who_manage(shop: Shop) -> None:
    other, viewer = a_shop(), somebody(shop, may(Right.VIEW))
    key = make(other)

    assert shop.call("DELETE", f"/v1/keys/{key['id']}").status == 404
    assert viewer.call("GET", "/v1/keys").status == 403
    assert ask(key["key"]).status == 200


def test_the_use_of_a_key_is_noted_roughly(shop: Shop) -> None:
    key = make(shop)
    for _ in range(3):
        ask(key["key"])

    listed = {one["id"]: one for one in shop.call("GET", "/v1/keys").body["items"]}

    assert listed[key["id"]]["last_used_at"] is not None


@pytest.mark.requirement("R51")
def test_a_wrong_secret_under_a_known_prefix_is_audited_once_a_minute(shop: Shop) -> None:
    key = make(shop)
    wrong = f"{key['prefix']}_" + "x" * 43

    statuses = [ask(wrong).status for _ in range(3)]

    found = [one for one in audit.of(shop.workspace, f"key:{key['id']}") if one.result == "refused"]
    assert (statuses, [(one.actor, one.action) for one in found]) == ([401] * 3, [(f"key:{key['id']}", "key.used")])


def test_keys_are_listed_in_pages(shop: Shop) -> None:
    for _ in range(3):
        make(shop)

    pages, query = [], "limit=3"
    for _ in itertools.repeat(None, 5):
        page = shop.call("GET", f"/v1/keys?{query}").body
        pages.append([one["id"] for one in page["items"]])
        if page["next"] is None:
            break
        query = f"limit=3&cursor={page['next']}"

    assert [len(one) for one in pages] == [3, 1]
    assert len({one for page in pages for one in page}) == 4
