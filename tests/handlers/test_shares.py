"""Links for people without an account: what they let through, to whom, and until when."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.models import audit, outbox as waiting
from chalicelib.services import indexing, shares, visiting
from infra.local.polling import await_true
from tests.builders import Shop, a_photo, deliver_all
from tests.handlers.people import Person, may, somebody
from tests.shares import EVERY_SWITCH, a_share, a_visitor, opened

FORGED = "a" * 53


def asset(shop: Shop, path: str, shade: int = 120) -> str:
    """The id of a fresh asset."""
    shop.drop(path, a_photo(shade))
    folder, _, name = path.rpartition("/")
    home = next(one["id"] for one in shop.call("GET", "/v1/collections").body["items"] if one["path"] == folder)
    return next(one["id"] for one in shop.assets(collection_id=home) if one["name"] == name)


def home_of(shop: Shop, path: str) -> str:
    found = shop.call("GET", "/v1/collections").body["items"]
    return str(next(one["id"] for one in found if one["path"] == path))


def indexed(shop: Shop) -> None:
    indexing.catch_up(shop.ctx, shop.workspace)


@pytest.mark.requirement("R15")
def test_a_link_shows_the_assets_it_was_made_for_and_nothing_else(shop: Shop) -> None:
    one, other = asset(shop, "Spring/a.jpg", 1), asset(shop, "Spring/b.jpg", 2)
    indexed(shop)

    visitor = a_visitor(a_share(shop, {"asset_ids": [one]})["token"])

    assert visitor.call("GET", f"/v1/assets/{one}").status == 200
    assert visitor.call("GET", f"/v1/assets/{other}").status == 404
    assert visitor.found() == ["a.jpg"]
    assert visitor.call("GET", "/v1/search?facets=type").body["facets"]["type"] == [{"value": "image", "count": 1}]
    assert visitor.call("GET", "/v1/collections").body["items"] == []


@pytest.mark.requirement("R15")
def test_a_link_to_a_collection_shows_what_is_below_it_and_what_comes_later(shop: Shop) -> None:
    asset(shop, "Spring/Front/a.jpg", 1)
    asset(shop, "Autumn/b.jpg", 2)
    visitor = a_visitor(a_share(shop, {"collection_id": home_of(shop, "Spring")})["token"])

    asset(shop, "Spring/c.jpg", 3)
    indexed(shop)

    assert await_true(lambda: visitor.found() == ["a.jpg", "c.jpg"], 60)
    assert [one["path"] for one in visitor.call("GET", "/v1/collections").body["items"]] == ["Spring", "Spring/Front"]


@pytest.mark.requirement("R15")
def test_a_live_search_follows_the_library_and_a_frozen_one_does_not(shop: Shop) -> None:
    asset(shop, "Spring/red a.jpg", 1)
    indexed(shop)
    live, frozen = a_share(shop, {"q": "red"}), a_share(shop, {"q": "red", "frozen": True})

    asset(shop, "Spring/red b.jpg", 2)
    asset(shop, "Spring/blue.jpg", 3)
    indexed(shop)

    visitor = a_visitor(live["token"])
    assert await_true(lambda: visitor.found() == ["red a.jpg", "red b.jpg"], 60)
    assert a_visitor(frozen["token"]).found() == ["red a.jpg"]


@pytest.mark.requirement("R18")
def test_suggestions_and_counts_speak_only_of_what_is_shared(shop: Shop) -> None:
    one, other = asset(shop, "Spring/a.jpg", 1), asset(shop, "Secret/b.jpg", 2)
    for identifier, word in ((one, "denim"), (other, "denim-secret")):
        shop.call("PATCH", f"/v1/assets/{identifier}", {"keywords": [word]})
    shop.call("POST", "/v1/searches", {"name": "denim for us", "q": "denim", "shared": True})
    indexed(shop)

    visitor = a_visitor(a_share(shop, {"asset_ids": [one]})["token"])

    def offered() -> list[tuple[str, int]]:
        offers = visitor.call("GET", "/v1/search/suggest?q=den").body["items"]
        return [(one["text"], one["count"]) for one in offers]

    assert await_true(lambda: offered() == [("denim", 1)], 60)


@pytest.mark.requirement("R11")
@pytest.mark.parametrize(
    ("switches", "statuses"),
    [
        ({"view": True}, (200, 403, 403)),
        ({"view": True, "download": True}, (200, 200, 403)),
        ({"upload": True}, (200, 403, 201)),
        (EVERY_SWITCH, (200, 200, 201)),
    ],
)
def test_each_switch_lets_through_what_it_is_called(
    shop: Shop, switches: dict[str, bool], statuses: tuple[int, ...]
) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    visitor = a_visitor(a_share(shop, {"collection_id": home_of(shop, "Spring")}, switches=switches)["token"])

    upload = {"file_name": "n.jpg", "size_bytes": 9, "collection_id": home_of(shop, "Spring")}
    replies = [
        visitor.call("GET", f"/v1/assets/{identifier}"),
        visitor.call("GET", f"/v1/assets/{identifier}/download?redirect=false"),
        visitor.call("POST", "/v1/uploads", upload),
    ]

    assert tuple(one.status for one in replies) == statuses
    views = bool(switches.get("view") or switches.get("download"))
    assert (replies[0].body["thumb_url"] is not None) == views


@pytest.mark.requirement("R15")
def test_no_switch_opens_the_rest_of_the_workspace(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    visitor = a_visitor(a_share(shop, {"collection_id": "root"}, switches=EVERY_SWITCH)["token"])

    refused = [
        visitor.call("PATCH", f"/v1/assets/{identifier}", {"title": "mine"}),
        visitor.call("POST", "/v1/shares", {"target": {"asset_ids": [identifier]}, "switches": {"view": True}}),
        visitor.call("GET", "/v1/shares"),
        visitor.call("GET", "/v1/keys"),
        visitor.call("GET", "/v1/members"),
        visitor.call("GET", "/v1/audit"),
        visitor.call("GET", "/v1/changes"),
        visitor.call("GET", "/v1/sessions"),
        visitor.call("POST", "/v1/searches", {"name": "x", "q": ""}),
        visitor.call("GET", "/v1/ingest"),
    ]

    assert {one.status for one in refused} == {403}


@pytest.mark.requirement("R15")
@pytest.mark.parametrize(
    ("level", "rendition", "original"), [("preview", 200, 403), ("approved", 200, 403), ("original", 200, 200)]
)
def test_download_has_three_levels(shop: Shop, level: str, rendition: int, original: int) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    made = a_share(shop, {"asset_ids": [identifier]}, switches={"view": True, "download": True}, download=level)
    visitor = a_visitor(made["token"])

    at = f"/v1/assets/{identifier}/download?redirect=false"

    assert visitor.call("GET", f"{at}&original=false").status == rendition
    assert visitor.call("GET", f"{at}&original=true").status == original


@pytest.mark.requirement("R15")
def test_a_size_cap_holds_for_pictures_on_screen_and_for_downloads(shop: Shop) -> None:
    shop.drop("Spring/a.jpg", a_photo(size=(2000, 1200)))
    identifier = shop.assets(collection_id=home_of(shop, "Spring"))[0]["id"]
    switches = {"view": True, "download": True}
    visitor = a_visitor(a_share(shop, {"asset_ids": [identifier]}, switches=switches, max_px=600)["token"])

    seen = visitor.call("GET", f"/v1/assets/{identifier}").body["renditions"]
    history = visitor.call("GET", f"/v1/assets/{identifier}/versions").body["items"][0]["renditions"]
    out = visitor.call("GET", f"/v1/assets/{identifier}/download?redirect=false").body

    assert [one["name"] for one in seen] == [one["name"] for one in history] == ["medium", "small"]
    assert out["size_bytes"] == seen[0]["size_bytes"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"watermark": {"text": "x"}}, "watermark"),
        ({"max_px": 50}, "max_px"),
        ({"max_px": 600, "switches": {"download": True}, "download": "original"}, "max_px"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"starts_at": "2030-01-01T00:00:00Z", "expires_at": "2029-01-01T00:00:00Z"}, "expires_at"),
        ({"switches": {}}, "switches"),
        ({"switches": {"delete": True}}, "switches.delete"),
    ],
)
def test_what_a_share_cannot_keep_is_refused_and_never_ignored(shop: Shop, wrong: dict[str, Any], field: str) -> None:
    body = {"target": {"collection_id": "root"}, "switches": {"view": True}, **wrong}

    reply = shop.call("POST", "/v1/shares", body)

    assert (reply.status, list(reply.body["fields"])) == (422, [field])
    assert shop.call("GET", "/v1/shares").body["items"] == []


def test_a_share_has_exactly_one_target(shop: Shop) -> None:
    for target in ({}, {"q": "x", "collection_id": "root"}, {"collection_id": "root", "frozen": True}):
        reply = shop.call("POST", "/v1/shares", {"target": target, "switches": {"view": True}})
        assert reply.status == 422

    bad = shop.call("POST", "/v1/shares", {"target": {"q": "width:>"}, "switches": {"view": True}})
    assert (bad.status, bad.body["code"]) == (422, "bad_query")


@pytest.mark.requirement("R15")
def test_a_link_has_a_password(shop: Shop) -> None:
    made = a_share(shop, {"collection_id": "root"}, password="Sömmer 1")

    missing, wrong, right = (
        opened(made["token"]),
        opened(made["token"], password="x"),
        opened(made["token"], password="Sömmer 1"),
    )

    assert made["has_password"] is True
    assert (missing.status, missing.body["code"]) == (401, "share_password_required")
    assert (wrong.status, wrong.body["code"]) == (401, "share_password_wrong")
    assert right.status == 201


@pytest.mark.requirement("R15")
def test_a_hundred_wrong_passwords_are_stopped_and_change_nothing(shop: Shop) -> None:
    made = a_share(shop, {"collection_id": "root"}, password="right")

    statuses = [opened(made["token"], password=f"wrong {number}").status for number in range(100)]
    locked = opened(made["token"], password="right")

    assert 5 <= statuses.count(401) <= 10  # of one span, or of two when another begins meanwhile
    assert statuses.count(429) == 100 - statuses.count(401)
    assert (locked.status, locked.body["code"]) == (429, "share_locked")
    assert 0 < int(locked.headers["retry-after"]) <= 900
    assert shop.call("GET", f"/v1/shares/{made['id']}").body == {**made}
    assert shop.call("GET", f"/v1/shares/{made['id']}/stats").body["opens"] == 0


@pytest.mark.requirement("R15")
def test_wrong_passwords_of_one_visitor_lock_nobody_else_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "_BOUNDS", [replace(one, span_s=10**9) for one in visiting._BOUNDS])
    made = a_share(shop, {"collection_id": "root"}, password="right")
    ours = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:2:3::3"]

    wrong = [opened(made["token"], ours[number % 3], password="x").status for number in range(12)]
    others = [opened(made["token"], one, password="right").status for one in ("203.0.113.5", "2001:db8:1:3::1", "")]
    locked = opened(made["token"], ours[0], password="right")

    assert (wrong, others, locked.status) == ([401] * 5 + [429] * 7, [201] * 3, 429)


@pytest.mark.requirement("R15")
def test_guesses_from_everywhere_are_bounded_too_and_right_passwords_use_nothing_up(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, everybody = visiting._BOUNDS
    monkeypatch.setattr(visiting, "_BOUNDS", [visitor, replace(everybody, most=4, span_s=10**9)])
    made = a_share(shop, {"collection_id": "root"}, password="right")

    right = [opened(made["token"], f"203.0.113.{number}", password="right").status for number in range(6)]
    wrong = [opened(made["token"], f"203.0.113.{number}", password="x").status for number in range(6)]
    locked = opened(made["token"], "203.0.113.99", password="right")

    assert (right, wrong) == ([201] * 6, [401] * 4 + [429] * 2)
    assert (locked.status, locked.body["code"]) == (429, "share_locked")


@pytest.mark.requirement("R15")
def test_a_visitor_pages_through_all_that_a_live_search_finds_and_only_a_frozen_one_has_a_bound(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOST_ASSETS", 2)
    for number in range(5):
        shop.drop(f"{number}.jpg", a_photo(number))
    shop.drop("words.txt", b"words")
    indexed(shop)
    made = a_share(shop, {"q": "type:image"})
    visitor, names, cursor = a_visitor(made["token"]), [], ""

    while cursor is not None:
        page = visitor.call("GET", f"/v1/search?q=&sort=name&limit=2{cursor}").body
        names += [one["name"] for one in page["items"]]
        assert page["total"] == 5
        cursor = f"&cursor={page['next']}" if page["next"] else None
    frozen = shop.call(
        "POST", "/v1/shares", {"target": {"q": "type:image", "frozen": True}, "switches": {"view": True}}
    )

    assert names == [f"{number}.jpg" for number in range(5)]
    assert shop.call("GET", f"/v1/shares/{made['id']}/stats").body["shown"] == 5
    assert (frozen.status, frozen.body["code"]) == (422, "too_many_assets")


@pytest.mark.requirement("R15", "R21")
def test_what_a_live_search_no_longer_finds_leaves_the_visit_with_its_bytes_and_pages(shop: Shop) -> None:
    one, other = asset(shop, "Spring/a.jpg", 1), asset(shop, "Spring/b.jpg", 2)
    for each in (one, other):
        shop.call("PATCH", f"/v1/assets/{each}", {"keywords": ["press"]})
    indexed(shop)
    visitor = a_visitor(a_share(shop, {"q": "keyword:press"}, switches={"view": True, "download": True})["token"])
    first = visitor.call("GET", "/v1/search?q=&sort=-name&limit=1").body
    assert visitor.call("GET", f"/v1/assets/{one}/download?redirect=false").status == 200

    shop.call("PATCH", f"/v1/assets/{one}", {"keywords": []})
    indexed(shop)

    paths = (f"/v1/assets/{one}", f"/v1/assets/{one}/download?redirect=false")
    assert await_true(lambda: {visitor.call("GET", path).status for path in paths} == {404}, 60)
    assert visitor.found() == ["b.jpg"]
    assert visitor.call("GET", f"/v1/search?q=&sort=-name&limit=1&cursor={first['next']}").body["items"] == []
    assert visitor.call("GET", f"/v1/assets/{other}").status == 200


@pytest.mark.requirement("R15")
def test_each_links_stats_say_how_much_it_shows(shop: Shop) -> None:
    one = asset(shop, "Spring/a.jpg", 1)
    asset(shop, "Autumn/b.jpg", 2)
    indexed(shop)

    made = [a_share(shop, target) for target in ({"asset_ids": [one]}, {"q": ""}, {"collection_id": "root"})]

    assert [shop.call("GET", f"/v1/shares/{each['id']}/stats").body["shown"] for each in made] == [1, 2, 2]


def test_another_password_ends_running_visits_and_opens_a_locked_link(shop: Shop) -> None:
    made = a_share(shop, {"collection_id": "root"}, password="old")
    visitor = a_visitor(made["token"], password="old")
    [opened(made["token"], password="wrong") for _ in range(6)]

    shop.call("PATCH", f"/v1/shares/{made['id']}", {"password": "new"})

    refused = visitor.call("GET", "/v1/search")
    assert (refused.status, refused.body["code"]) == (401, "share_password_required")
    assert opened(made["token"], password="new").status == 201


@pytest.mark.requirement("R15")
def test_a_revoked_link_is_gone_at_once_for_whoever_is_looking(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    made = a_share(shop, {"asset_ids": [identifier]})
    visitor = a_visitor(made["token"])
    assert visitor.call("GET", f"/v1/assets/{identifier}").status == 200

    assert shop.call("DELETE", f"/v1/shares/{made['id']}").status == 204

    gone = [visitor.call("GET", f"/v1/assets/{identifier}"), visitor.call("GET", "/v1/search"), opened(made["token"])]
    assert [(one.status, one.body["code"]) for one in gone] == [(410, "share_revoked")] * 3
    assert shop.call("DELETE", f"/v1/shares/{made['id']}").status == 204
    assert shop.call("PATCH", f"/v1/shares/{made['id']}", {"name": "x"}).status == 409


@pytest.mark.requirement("R15")
def test_a_link_begins_and_ends_at_its_moments(shop: Shop) -> None:
    now = shop.ctx.now()
    later, soon = (now + timedelta(days=2)).isoformat(), (now + timedelta(days=1)).isoformat()
    early = a_share(shop, {"collection_id": "root"}, starts_at=soon, expires_at=later)
    plain = a_share(shop, {"collection_id": "root"})
    never = a_share(shop, {"collection_id": "root"}, expires_at=None)

    reply = opened(early["token"])

    assert (reply.status, reply.body["code"]) == (403, "share_not_started")
    assert plain["expires_at"][:10] == (now + timedelta(days=30)).isoformat()[:10]
    assert never["expires_at"] is None


def test_an_unknown_link_is_not_found_whatever_it_looks_like(shop: Shop) -> None:
    made = a_share(shop, {"collection_id": "root"})
    token = made["token"]
    others = ["", "null", FORGED, token[:-1], token + "a", token[:-1] + ("a" if token[-1] != "a" else "b"), made["id"]]

    replies = [opened(one) for one in others]

    assert [one.status for one in replies] == [404] * len(others)


@pytest.mark.requirement("R15", "R17")
def test_nobody_shares_what_they_may_not_share(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    viewer, stranger = somebody(shop, may(Right.VIEW)), somebody(shop)
    targets = [{"asset_ids": [identifier]}, {"collection_id": home_of(shop, "Spring")}, {"q": "a"}]

    def shared(who: Person) -> list[int]:
        bodies = [{"target": one, "switches": {"view": True}} for one in targets]
        return [who.call("POST", "/v1/shares", one).status for one in bodies]

    assert shared(viewer) == [403, 403, 403]
    assert shared(stranger) == [404, 404, 403]


@pytest.mark.requirement("R15", "R17")
def test_a_link_shrinks_with_the_rights_of_its_maker_at_once(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    role = shop.call("POST", "/v1/roles", {"name": "r", "grants": [
        {"collection_id": None, "allow": ["view", "download", "share"]}]}).body["id"]  # fmt: skip
    member = shop.call("POST", "/v1/members", {"name": "m", "email": "m@shop.test", "role_ids": [role]}).body["id"]
    maker = Person(member, key_for(shop, member))
    made = maker.call("POST", "/v1/shares", {
        "target": {"asset_ids": [identifier]}, "switches": EVERY_SWITCH, "download": "original"}).body  # fmt: skip
    visitor = a_visitor(made["token"])
    at = f"/v1/assets/{identifier}"

    def seen() -> tuple[int, int, int]:
        return (
            visitor.call("GET", at).status,
            visitor.call("GET", f"{at}/download?redirect=false&original=false").status,
            visitor.call("GET", f"{at}/download?redirect=false&original=true").status,
        )

    def allow(*rights: str) -> None:
        grants = [{"collection_id": None, "allow": list(rights)}]
        assert shop.call("PATCH", f"/v1/roles/{role}", {"grants": grants}).status == 200

    assert seen() == (200, 200, 403)
    allow("view", "share")
    assert seen() == (200, 403, 403)
    allow("view", "download", "download_original")
    assert seen() == (404, 404, 404)
    allow("view", "download", "download_original", "share")
    assert seen() == (200, 200, 200)
    shop.call("DELETE", f"/v1/members/{member}")
    assert seen() == (410, 410, 410)


def key_for(shop: Shop, member_id: str) -> str:
    """A key of this member, with all that the member has."""
    import secrets

    from chalicelib.models import base, credentials, workspaces
    from chalicelib.models.credentials import Credential
    from chalicelib.services import signing

    prefix = secrets.token_hex(5)
    key = f"ps_{prefix}_{secrets.token_urlsafe(32)}"
    kept = Credential(prefix, shop.workspace, "key", signing.key_hash(shop.ctx, key), "k", member_id, shop.ctx.now())
    base.transact([credentials.add(kept), workspaces.raise_epoch(shop.workspace)])
    return key


@pytest.mark.requirement("R15", "R21")
def test_a_restricted_expired_archived_or_trashed_asset_leaves_every_link(shop: Shop) -> None:
    ids = [asset(shop, f"Spring/{number}.jpg", number) for number in range(5)]
    indexed(shop)
    visitors = [a_visitor(a_share(shop, one)["token"]) for one in (
        {"asset_ids": ids}, {"collection_id": home_of(shop, "Spring")}, {"q": ""})]  # fmt: skip

    shop.call("PATCH", f"/v1/assets/{ids[0]}", {"restriction": {"reason": "legal"}})
    shop.call("PATCH", f"/v1/assets/{ids[1]}", {"available_until": "2020-01-01T00:00:00Z"})
    shop.call("POST", f"/v1/assets/{ids[2]}/archive", {"reason": "old"})
    shop.call("DELETE", f"/v1/assets/{ids[3]}")

    for visitor in visitors:
        assert visitor.found() == visitor.found("state:archived OR state:live OR state:trashed") == ["4.jpg"]
        assert [visitor.call("GET", f"/v1/assets/{one}").status for one in ids] == [404, 404, 404, 404, 200]


def test_a_link_to_a_deleted_collection_says_so_until_it_is_back(shop: Shop) -> None:
    asset(shop, "Spring/a.jpg")
    home = home_of(shop, "Spring")
    made = a_share(shop, {"collection_id": home})
    visitor = a_visitor(made["token"])

    shop.call("DELETE", f"/v1/collections/{home}")
    gone = [opened(made["token"]), visitor.call("GET", "/v1/search")]
    shop.call("POST", f"/v1/collections/{home}/restore")

    assert [(one.status, one.body["code"]) for one in gone] == [(410, "share_target_gone")] * 2
    assert visitor.call("GET", "/v1/search").status == 200


@pytest.mark.requirement("RS2")
def test_opens_and_downloads_are_counted_for_each_link(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    made = a_share(shop, {"asset_ids": [identifier]}, switches={"view": True, "download": True})
    visitors = [a_visitor(made["token"], name="Ann", email="ann@client.test") for _ in range(2)]
    for one in visitors:
        one.call("GET", f"/v1/assets/{identifier}/download")

    told = shop.call("GET", f"/v1/shares/{made['id']}/stats").body

    assert (told["opens"], told["downloads"]) == (2, 2)
    assert None not in (told["opened_at"], told["downloaded_at"])
    actors = [one.actor for one in audit.of(shop.workspace, f"asset:{identifier}") if one.action == "asset.downloaded"]
    assert actors == [f"share:{made['id']}"] * 2


def test_what_a_visitor_is_told_of_themselves(shop: Shop) -> None:
    visitor = a_visitor(a_share(shop, {"collection_id": "root"}, name="For Ann")["token"])

    me = visitor.call("GET", "/v1/me").body

    assert (me["principal"]["kind"], me["principal"]["name"]) == ("share", "For Ann")
    assert visitor.told["share"]["switches"]["view"] is True
    assert visitor.told["workspace"] == "A shop"


def test_a_share_is_listed_changed_and_read_by_its_maker_and_by_managers_only(shop: Shop) -> None:
    maker, other = somebody(shop, Grant(allow=ALL & ~Right.MANAGE.bit)), somebody(shop, may(Right.VIEW, Right.SHARE))
    body = {"target": {"collection_id": "root"}, "switches": {"view": True}}
    made = maker.call("POST", "/v1/shares", body).body

    assert maker.call("GET", f"/v1/shares/{made['id']}").body == made
    assert shop.call("GET", f"/v1/shares/{made['id']}").body == made
    assert other.call("GET", f"/v1/shares/{made['id']}").status == 404
    assert other.call("DELETE", f"/v1/shares/{made['id']}").status == 404
    changed = maker.call(
        "PATCH", f"/v1/shares/{made['id']}", {"name": "Mine", "switches": {"upload": True}}, If_Match=made["etag"]
    )
    assert (changed.status, changed.body["name"], changed.body["switches"]["view"]) == (200, "Mine", False)
    assert maker.call("PATCH", f"/v1/shares/{made['id']}", {"name": "x"}, If_Match=made["etag"]).status == 412


def test_the_same_request_again_makes_one_link(shop: Shop) -> None:
    body = {"target": {"collection_id": "root"}, "switches": {"view": True}}

    first, second = (shop.call("POST", "/v1/shares", body, Idempotency_Key="k1") for _ in range(2))

    assert first.body == second.body
    assert len(shop.call("GET", "/v1/shares").body["items"]) == 1


@pytest.mark.requirement("R11", "R12")
def test_a_visitor_comments_under_a_name_of_their_own_and_changes_nobody_elses_words(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg")
    made = a_share(shop, {"asset_ids": [identifier]}, switches={"view": True, "comment": True})
    ann, ben = a_visitor(made["token"]), a_visitor(made["token"])

    said = ann.call("POST", f"/v1/assets/{identifier}/comments", {"version": 1, "body": "Brighter, please."})

    assert said.status == 201
    change = f"/v1/comments/{said.body['id']}"
    assert ben.call("PATCH", change, {"body": "No."}).status == 403
    assert ann.call("PATCH", change, {"body": "Darker, please."}).status == 200


@pytest.mark.requirement("R11", "R26", "R27")
def test_a_visitor_with_the_switch_approves_and_one_without_gets_only_what_is_approved(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg", 1)
    shop.drop("Spring/a.jpg", a_photo(2))
    target, at = {"asset_ids": [identifier]}, f"/v1/assets/{identifier}"
    approver = a_visitor(a_share(shop, target, switches={"view": True, "approve": True})["token"])
    client = a_visitor(a_share(shop, target, switches={"view": True, "download": True})["token"])

    refused = client.call("POST", f"{at}/versions/1/approve", {})
    decided = approver.call("POST", f"{at}/versions/1/approve", {})

    assert (refused.status, decided.status) == (403, 200)
    assert client.call("GET", at).body["shown_version"] == 1
    assert client.call("GET", f"{at}/download?redirect=false").body["version"] == 1
    assert client.call("GET", f"{at}/download?redirect=false&version=2").status == 404


@pytest.mark.requirement("R11")
def test_what_a_visitor_decided_is_told_onward_like_any_decision(shop: Shop) -> None:
    identifier = asset(shop, "Spring/a.jpg", 1)
    link = a_share(shop, {"asset_ids": [identifier]}, switches={"view": True, "approve": True})
    a_visitor(link["token"]).call("POST", f"/v1/assets/{identifier}/versions/1/approve", {})

    deliver_all(shop.ctx)

    assert list(waiting.untold(shop.workspace, shop.ctx.now() + timedelta(seconds=1))) == []
