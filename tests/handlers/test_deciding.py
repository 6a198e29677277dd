"""Decisions on versions: what is shown and handed out follows, nobody decides on their own work, rules move assets."""

import pytest

from chalicelib.domain.access import Right
from tests.builders import Shop, a_photo
from tests.handlers.people import may, somebody
from tests.handlers.reviewing import an_asset, seen, states, tell_onward, uploaded

VIEWS = (Right.VIEW, Right.DOWNLOAD)


def a_collection(shop: Shop, name: str, **policy: object) -> str:
    return str(shop.call("POST", "/v1/collections", {"name": name, "policy": policy}).body["id"])


def download(shop: Shop, asset_id: str, key: str = "", version: int | None = None) -> tuple[int, object]:
    from tests.builders import call

    asked = f"?redirect=false{f'&version={version}' if version else ''}"
    reply = call("GET", f"/v1/assets/{asset_id}/download{asked}", Authorization=f"Bearer {key or shop.key}")
    return reply.status, reply.body.get("version") or reply.body["code"]


@pytest.mark.requirement("R26")
@pytest.mark.requirement("R27")
def test_approving_the_third_version_of_five_switches_everything_to_it(shop: Shop) -> None:
    asset = an_asset(shop, 5)
    before = seen(shop, asset)

    reply = shop.call("POST", f"/v1/assets/{asset}/versions/3/approve", {"note": "this one"})
    tell_onward(shop)
    found = shop.call("GET", f"/v1/search?fresh_for={reply.headers['packshot-token']}").body
    versions = shop.call("GET", f"/v1/assets/{asset}/versions").body["items"]
    viewer = somebody(shop, may(*VIEWS))

    after = seen(shop, asset)
    assert (reply.status, states(before), states(reply.body)) == (200, (5, 5, None, "none"), (5, 3, 3, "none"))
    assert states(after) == (5, 3, 3, "none")
    assert (found["fresh"], found["items"][0]["shown_version"]) == (True, 3)
    assert found["items"][0]["thumb_url"] == after["thumb_url"] != before["thumb_url"]
    assert after["sha256"] == next(one["sha256"] for one in versions if one["number"] == 3) != before["sha256"]
    assert [(one["number"], one["approval"]) for one in versions] == [
        (5, "none"), (4, "none"), (3, "approved"), (2, "none"), (1, "none")]  # fmt: skip
    assert download(shop, asset, viewer.key) == (200, 3)
    assert download(shop, asset, viewer.key, 5)[0] == 404
    assert shop.call("GET", "/v1/search?q=approval:approved").body["total"] == 1


@pytest.mark.requirement("R14")
def test_a_new_version_of_an_approved_asset_is_pending_and_the_approved_one_stays(shop: Shop) -> None:
    asset = an_asset(shop)
    shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    shop.drop("a.jpg", a_photo(9))

    assert states(seen(shop, asset)) == (2, 1, 1, "pending")
    assert download(shop, asset) == (200, 1)


def test_the_version_approved_last_is_the_approved_one_and_taking_it_back_leaves_none(shop: Shop) -> None:
    asset = an_asset(shop, 2)
    for number in (2, 1):
        assert shop.call("POST", f"/v1/assets/{asset}/versions/{number}/approve").status == 200
    first = states(seen(shop, asset))

    again = shop.call("POST", f"/v1/assets/{asset}/versions/2/approve")
    reply = shop.call("POST", f"/v1/assets/{asset}/versions/2/reject", {"reason": "wrong colour"})

    assert (first, states(again.body)) == ((2, 1, 1, "approved"), (2, 2, 2, "approved"))
    assert states(reply.body) == (2, 2, None, "rejected")


def test_deciding_the_same_twice_changes_nothing(shop: Shop) -> None:
    asset = an_asset(shop)
    for verb, body in (("approve", {}), ("reject", {"reason": "r"}), ("request-changes", {"note": "n"})):
        first = shop.call("POST", f"/v1/assets/{asset}/versions/1/{verb}", body)

        second = shop.call("POST", f"/v1/assets/{asset}/versions/1/{verb}", body)

        assert (first.status, second.status, second.body["code"]) == (200, 409, "already_decided")
        assert seen(shop, asset)["etag"] == first.body["etag"]


def test_a_decision_on_an_asset_that_changed_meanwhile_is_refused_where_the_caller_asks_for_it(shop: Shop) -> None:
    asset = an_asset(shop)
    etag = seen(shop, asset)["etag"]
    shop.drop("a.jpg", a_photo(9))

    reply = shop.call("POST", f"/v1/assets/{asset}/versions/1/approve", If_Match=etag)

    assert (reply.status, states(seen(shop, asset))) == (412, (2, 2, None, "none"))


@pytest.mark.parametrize("number", ["0", "7", "-1", "x", "9" * 30, "1.0"])
def test_a_version_that_is_not_there_cannot_be_decided_on(shop: Shop, number: str) -> None:
    asset = an_asset(shop)

    assert shop.call("POST", f"/v1/assets/{asset}/versions/{number}/approve").status == 404


def test_an_archived_asset_is_not_decided_on(shop: Shop) -> None:
    asset = an_asset(shop)
    shop.call("POST", f"/v1/assets/{asset}/archive", {"reason": "old"})

    reply = shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    assert (reply.status, reply.body["code"]) == (409, "not_live")


@pytest.mark.requirement("R54")
def test_nobody_decides_on_their_own_upload_unless_the_workspace_allows_it(shop: Shop) -> None:
    author = somebody(shop, may(*Right))
    asset = uploaded(shop, author.key, 5)

    refused = author.call("POST", f"/v1/assets/{asset}/versions/1/approve")
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    allowed = author.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    assert (refused.status, refused.body["code"]) == (403, "own_upload")
    assert (allowed.status, states(allowed.body)) == (200, (1, 1, 1, "approved"))


def test_dropped_files_have_no_author_and_somebody_else_decides_on_an_upload(shop: Shop) -> None:
    author = somebody(shop, may(*Right))
    dropped, asset = an_asset(shop), uploaded(shop, author.key, 5)

    replies = [author.call("POST", f"/v1/assets/{dropped}/versions/1/approve"),
               shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")]  # fmt: skip

    assert [one.status for one in replies] == [200, 200]


@pytest.mark.requirement("R27")
def test_from_a_collection_that_blocks_nothing_unapproved_leaves_without_the_right_for_it(shop: Shop) -> None:
    asset = an_asset(shop, 1, "Final/a.jpg")
    home = seen(shop, asset)["collections"][0]["id"]
    shop.call("PATCH", f"/v1/collections/{home}", {"policy": {"unapproved": "block"}})
    viewer, talker = somebody(shop, may(*VIEWS)), somebody(shop, may(*VIEWS, Right.COMMENT))
    manager = somebody(shop, may(*VIEWS, Right.DOWNLOAD_UNAPPROVED))

    assert [seen(shop, asset, one.key)["shown_version"] for one in (viewer, talker)] == [None, 1]
    assert download(shop, asset, viewer.key)[0] == 409
    assert download(shop, asset, talker.key) == (403, "not_allowed")
    assert download(shop, asset, manager.key) == (200, 1)

    shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    assert {download(shop, asset, one.key) for one in (viewer, talker, manager)} == {(200, 1)}


@pytest.mark.requirement("R53")
def test_what_is_uploaded_for_approval_is_seen_by_its_uploader_and_its_approvers_only(shop: Shop) -> None:
    home = a_collection(shop, "Pending approval", uploads="pending")
    author = somebody(shop, may(Right.UPLOAD, *VIEWS, Right.COMMENT))
    other = somebody(shop, may(Right.UPLOAD, *VIEWS, Right.COMMENT, Right.EDIT))
    asset = uploaded(shop, author.key, 5, collection_id=home)
    tell_onward(shop)

    own, theirs, owners = (seen(shop, asset, key) for key in (author.key, other.key, ""))
    listed = [one.call("GET", f"/v1/assets/{asset}/versions").body["items"] for one in (author, other)]
    (card,) = other.call("GET", "/v1/search?q=").body["items"]

    assert [states(one) for one in (own, owners)] == [(1, 1, None, "pending")] * 2
    assert states(theirs) == (None, None, None, None)
    assert (theirs["thumb_url"], theirs["width_px"], theirs["sha256"], theirs["renditions"]) == (None, None, None, [])
    assert [len(one) for one in listed] == [1, 0]
    assert (card["id"], card["thumb_url"], card["shown_version"]) == (asset, None, None)
    assert shop.call("GET", "/v1/search?q=width:>=1").body["total"] == 0
    assert download(shop, asset, other.key, 1)[0] == 404
    assert download(shop, asset, other.key)[0] == 409
    assert download(shop, asset, author.key) == (403, "not_allowed")

    shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    assert states(seen(shop, asset, other.key)) == (1, 1, 1, "approved")
    assert download(shop, asset, other.key) == (200, 1)


@pytest.mark.requirement("R53")
def test_a_key_sees_of_what_is_held_back_its_own_uploads_and_not_those_of_another_key_of_its_maker(shop: Shop) -> None:
    home = a_collection(shop, "Pending approval", uploads="pending")
    rights = {"rights": ["view", "download", "upload"], "collection_ids": [home]}
    first, second = (shop.call("POST", "/v1/keys", {"name": name, **rights}).body["key"] for name in ("one", "two"))
    asset = uploaded(shop, first, 5, collection_id=home)

    assert states(seen(shop, asset, first)) == (1, 1, None, "pending")
    assert states(seen(shop, asset, second)) == (None, None, None, None)
    assert download(shop, asset, second, 1)[0] == 404


@pytest.mark.requirement("R53")
def test_a_held_new_version_leaves_what_everybody_sees_as_it_was(shop: Shop) -> None:
    asset = an_asset(shop, 2, "Shots/a.jpg")
    home = seen(shop, asset)["collections"][0]["id"]
    shop.call("PATCH", f"/v1/collections/{home}", {"policy": {"uploads": "pending"}})
    other = somebody(shop, may(*VIEWS, Right.COMMENT))

    for shade in (7, 8):
        shop.drop("Shots/a.jpg", a_photo(shade))

    assert states(seen(shop, asset)) == (4, 4, None, "pending")
    assert states(seen(shop, asset, other.key)) == (2, 2, None, "none")
    assert [one["number"] for one in other.call("GET", f"/v1/assets/{asset}/versions").body["items"]] == [2, 1]
    assert download(shop, asset, other.key) == (200, 2)

    shop.call("POST", f"/v1/assets/{asset}/versions/3/approve")

    assert states(seen(shop, asset, other.key)) == (2, 3, 3, "none")


@pytest.mark.requirement("R55")
@pytest.mark.parametrize("move", [True, False])
def test_a_rule_moves_or_links_what_is_approved(shop: Shop, move: bool) -> None:
    final = a_collection(shop, "Final")
    asset = an_asset(shop, 1, "Shots/a.jpg")
    home = seen(shop, asset)["collections"][0]["id"]
    rule = {"collection_id": final, "move": move}
    patched = shop.call("PATCH", f"/v1/collections/{home}", {"policy": {"approved_to": rule}})

    by_hand = shop.call("PUT", f"/v1/collections/{final}/assets/{asset}")
    shop.call("POST", f"/v1/assets/{asset}/versions/1/reject", {"reason": "r"})
    rejected = seen(shop, asset)["collections"]
    reply = shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    assert patched.body["policy"]["approved_to"] == rule
    assert (by_hand.status, by_hand.body["code"]) == (409, "not_approved")
    assert [one["path"] for one in rejected] == ["Shots"]
    assert [one["path"] for one in reply.body["collections"]] == (["Final"] if move else ["Shots", "Final"])
    assert [one["id"] for one in shop.assets(collection_id=final)] == [asset]
    assert [one["id"] for one in shop.assets(collection_id=home)] == ([] if move else [asset])


def test_by_hand_an_approved_asset_may_follow_a_rule_too(shop: Shop) -> None:
    final = a_collection(shop, "Final")
    asset = an_asset(shop, 1, "Shots/a.jpg")
    shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")
    a_collection(shop, "Other", approved_to={"collection_id": final})

    assert shop.call("PUT", f"/v1/collections/{final}/assets/{asset}").status == 200


def test_a_rule_whose_collection_is_gone_does_nothing(shop: Shop) -> None:
    final = a_collection(shop, "Final")
    asset = an_asset(shop, 1, "Shots/a.jpg")
    home = seen(shop, asset)["collections"][0]["id"]
    shop.call("PATCH", f"/v1/collections/{home}", {"policy": {"approved_to": {"collection_id": final}}})
    shop.call("DELETE", f"/v1/collections/{final}")

    reply = shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    assert [one["path"] for one in reply.body["collections"]] == ["Shots"]


def test_a_rule_leads_to_another_collection_that_its_maker_may_fill(shop: Shop) -> None:
    home = a_collection(shop, "Shots")

    replies = [shop.call("PATCH", f"/v1/collections/{home}", {"policy": {"approved_to": {"collection_id": one}}})
               for one in (home, "3" * 26)]  # fmt: skip

    assert [(one.status, list(one.body["fields"])) for one in replies] == [(422, ["policy.approved_to"])] * 2
