"""Comments: at a place on a version, in threads, resolved in a version, carried along, and told to who may know."""

from typing import Any

import pytest

from chalicelib.domain.access import Grant, Right
from chalicelib.domain.comments import Comment
from chalicelib.domain.ids import AssetId
from chalicelib.models import base, comments as rows, members
from tests.builders import Reply, Shop, a_photo
from tests.handlers.people import Person, may, somebody
from tests.handlers.reviewing import an_asset, seen, tell_onward, uploaded
from tests.shares import a_share, a_visitor

COMMENTS = may(Right.VIEW, Right.COMMENT)


def say(who: Person | Shop, asset: str, body: str = "Crop it", version: int = 1, **more: Any) -> Reply:
    return who.call("POST", f"/v1/assets/{asset}/comments", {"version": version, "body": body, **more})


def listed(who: Person | Shop, asset: str, asked: str = "") -> list[dict[str, Any]]:
    return list(who.call("GET", f"/v1/assets/{asset}/comments?{asked}").body["items"])


def told(person: Person) -> list[tuple[str, str]]:
    return [(one["kind"], one["link"].partition("/#/")[2]) for one in person.call("GET", "/v1/notices").body["items"]]


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(
    "anchor",
    [
        {"kind": "point", "x": 0, "y": 1},
        {"kind": "box", "x": 0.25, "y": 0.5, "w": 0.75, "h": 0.1},
        {"kind": "time", "time_s": 12.5},
        {"kind": "time", "time_s": 0, "x": 0.5, "y": 0.5},
        {"kind": "page", "page": 3},
        None,
    ],
)
def test_a_comment_is_at_a_point_a_box_a_time_or_a_page_of_its_version(shop: Shop, anchor: Any) -> None:
    asset, ann = an_asset(shop), somebody(shop, COMMENTS)

    reply = say(ann, asset, anchor=anchor)

    (kept,) = listed(ann, asset)
    assert (reply.status, reply.body) == (201, kept)
    assert (kept["anchor"], kept["by"], kept["version"], kept["resolved"]) == (anchor, ann.id, 1, None)


@pytest.mark.parametrize(
    "anchor",
    [
        {"kind": "point", "x": 1.01, "y": 0}, {"kind": "point", "x": -0.1, "y": 0}, {"kind": "point", "x": 0.5},
        {"kind": "box", "x": 0.5, "y": 0.5, "w": 0.6, "h": 0.1}, {"kind": "box", "x": 0.5, "y": 0.5},
        {"kind": "time"}, {"kind": "time", "time_s": -1}, {"kind": "page", "page": 0}, {"kind": "page"},
        {"kind": "circle"}, {"kind": "page", "page": 1, "w": 0.1, "h": 0.1}, {"kind": "point", "x": "1", "y": 0}, {},
    ],
)  # fmt: skip
def test_a_place_beyond_the_picture_is_refused(shop: Shop, anchor: Any) -> None:
    asset = an_asset(shop)

    reply = say(shop, asset, anchor=anchor)

    assert (reply.status, listed(shop, asset)) == (422, [])
    assert all(name.startswith("anchor") for name in reply.body["fields"])


@pytest.mark.parametrize(
    ("given", "field"),
    [({"version": 9}, "version"), ({"version": 0}, "version"), ({"body": "  "}, "body"),
     ({"body": "x" * 10_001}, "body"), ({"parent_id": "3" * 26}, "parent_id")],
)  # fmt: skip
def test_a_comment_on_what_is_not_there_is_refused(shop: Shop, given: dict[str, Any], field: str) -> None:
    asset = an_asset(shop)

    reply = shop.call("POST", f"/v1/assets/{asset}/comments", {"version": 1, "body": "b", **given})

    assert (reply.status, list(reply.body["fields"])) == (422, [field])
    assert listed(shop, asset) == []


@pytest.mark.requirement("R16")
def test_an_answer_belongs_to_its_thread_and_only_its_author_changes_a_comment(shop: Shop) -> None:
    asset, ann, bob = an_asset(shop), somebody(shop, COMMENTS), somebody(shop, COMMENTS)
    first = say(ann, asset).body
    answer = say(bob, asset, "Done", parent_id=first["id"]).body
    deeper = say(ann, asset, "Thanks", parent_id=answer["id"]).body

    refused = [bob.call(method, f"/v1/comments/{first['id']}", body)
               for method, body in (("PATCH", {"body": "x"}), ("DELETE", None))]  # fmt: skip
    stale = ann.call("PATCH", f"/v1/comments/{first['id']}", {"body": "x"}, If_Match="9")
    edited = ann.call("PATCH", f"/v1/comments/{first['id']}", {"body": "Crop it left"})
    gone = bob.call("DELETE", f"/v1/comments/{answer['id']}")

    assert (answer["parent_id"], deeper["parent_id"]) == (first["id"], first["id"])
    assert [(one.status, one.body["code"]) for one in refused] == [(403, "not_yours")] * 2
    assert (stale.status, edited.body["body"], edited.body["edited_at"] is not None) == (412, "Crop it left", True)
    assert (gone.status, bob.call("DELETE", f"/v1/comments/{answer['id']}").status) == (204, 404)
    assert [(one["body"], one["deleted"]) for one in listed(ann, asset)] == [
        ("Crop it left", False), (None, True), ("Thanks", False)]  # fmt: skip
    assert say(ann, asset, "?", parent_id=answer["id"]).body["code"] == "comment_deleted"


@pytest.mark.requirement("R13")
def test_a_thread_is_resolved_in_a_version_once_and_can_be_opened_again(shop: Shop) -> None:
    asset, ann = an_asset(shop, 2), somebody(shop, COMMENTS)
    first = say(ann, asset, version=1).body["id"]
    answer = say(ann, asset, parent_id=first).body["id"]

    def act(verb: str, comment: str = first, **body: int) -> Reply:
        return ann.call("POST", f"/v1/comments/{comment}/{verb}", body or None)

    assert act("reopen").body["code"] == "not_resolved"
    assert act("resolve", version=7).status == 422
    done = act("resolve", version=2)
    assert (done.status, done.body["resolved"]["by"], done.body["resolved"]["version"]) == (200, ann.id, 2)
    assert act("resolve", version=2).body["code"] == "already_resolved"
    assert act("resolve", answer, version=2).body["code"] == "is_reply"
    assert [len(listed(ann, asset, f"state={state}")) for state in ("open", "resolved")] == [0, 2]
    assert (act("reopen").body["resolved"], len(listed(ann, asset, "state=open"))) == (None, 2)
    late = say(ann, asset, version=2).body["id"]
    assert act("resolve", late, version=1).status == 422


@pytest.mark.requirement("R14")
def test_open_comments_are_carried_along_to_a_new_version_until_they_are_resolved(shop: Shop) -> None:
    asset, ann = an_asset(shop), somebody(shop, COMMENTS)
    kept, done = (say(ann, asset, one).body["id"] for one in ("Crop", "Colour"))
    say(ann, asset, "Which?", parent_id=done)
    ann.call("POST", f"/v1/comments/{done}/resolve", {"version": 1})
    for shade in (8, 9):
        shop.drop("a.jpg", a_photo(shade))

    on_second = listed(ann, asset, "version=2")
    ann.call("POST", f"/v1/comments/{kept}/resolve", {"version": 2})

    assert [(one["id"], one["version"], one["carried"]) for one in on_second] == [(kept, 1, True)]
    assert [one["id"] for one in listed(ann, asset, "version=2")] == [kept]
    assert listed(ann, asset, "version=3") == []
    assert len(listed(ann, asset, "version=1")) == 3
    assert not any(one["carried"] for one in listed(ann, asset, "version=1"))


@pytest.mark.requirement("R16")
@pytest.mark.requirement("R31")
def test_a_mention_is_told_once_with_a_link_to_asset_and_version(shop: Shop) -> None:
    asset, ann, bob = an_asset(shop, 2), somebody(shop, COMMENTS), somebody(shop, may(Right.VIEW))

    comment = say(ann, asset, f"@[{bob.id}] and @[{bob.id}], and me @[{ann.id}]: crop?", version=2).body["id"]
    for _ in range(2):
        tell_onward(shop)
    ann.call("PATCH", f"/v1/comments/{comment}", {"body": f"Still @[{bob.id}]"})
    tell_onward(shop)

    assert told(ann) == []
    assert told(bob) == [("comment.mention", f"asset/{asset}?v=2&comment={comment}")]


def test_an_answer_is_told_to_who_began(shop: Shop) -> None:
    asset, ann, bob = an_asset(shop), somebody(shop, COMMENTS), somebody(shop, COMMENTS)
    first = say(ann, asset).body["id"]
    say(bob, asset, "Done", parent_id=first)
    say(ann, asset, "Thanks", parent_id=first)
    tell_onward(shop)

    assert ([kind for kind, _ in told(ann)], told(bob)) == (["comment.reply"], [])


@pytest.mark.requirement("R18")
def test_who_may_not_see_the_asset_is_not_told_and_the_writer_learns_nothing(shop: Shop) -> None:
    asset, ann = an_asset(shop), somebody(shop, COMMENTS)
    bob = somebody(shop, may(Right.VIEW), Grant(asset_id=AssetId(asset), deny=Right.SEE.bit))

    replies = [say(ann, asset, f"@[{one}]") for one in (bob.id, "3" * 26)]
    tell_onward(shop)

    shapes = [{**one.body, "id": "", "at": "", "body": ""} for one in replies]
    assert ([one.status for one in replies], shapes[0]) == ([201, 201], shapes[1])
    assert told(bob) == []
    assert bob.call("GET", f"/v1/assets/{asset}/comments").status == 404
    assert bob.call("PATCH", f"/v1/comments/{replies[0].body['id']}", {"body": "x"}).status == 404


@pytest.mark.requirement("R53")
def test_what_was_said_on_a_held_version_is_seen_by_who_sees_the_version(shop: Shop) -> None:
    home = shop.call("POST", "/v1/collections", {"name": "Pending", "policy": {"uploads": "pending"}}).body["id"]
    author, bob = somebody(shop, may(Right.UPLOAD, Right.VIEW, Right.COMMENT)), somebody(shop, COMMENTS)
    asset = uploaded(shop, author.key, 5, collection_id=home)
    comment = say(author, asset, f"@[{bob.id}] look").body["id"]
    tell_onward(shop)

    assert (len(listed(author, asset)), len(listed(shop, asset)), listed(bob, asset), told(bob)) == (1, 1, [], [])
    assert say(bob, asset).status == 422
    assert bob.call("POST", f"/v1/comments/{comment}/resolve", {"version": 1}).status == 404
    shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")
    assert len(listed(bob, asset)) == 1


def test_an_archived_asset_is_not_commented_on(shop: Shop) -> None:
    asset = an_asset(shop)
    comment = say(shop, asset).body["id"]
    shop.call("POST", f"/v1/assets/{asset}/archive", {"reason": "old"})

    replies = [say(shop, asset), shop.call("POST", f"/v1/comments/{comment}/resolve", {"version": 1}),
               shop.call("PATCH", f"/v1/comments/{comment}", {"body": "x"})]  # fmt: skip

    assert [(one.status, one.body["code"]) for one in replies] == [(409, "not_live")] * 3


@pytest.mark.requirement("R16")
def test_ten_thousand_comments_are_read_page_by_page(shop: Shop) -> None:
    asset = an_asset(shop)
    first, now = AssetId(asset), shop.ctx.now()
    ids = [f"{asset}-{shop.ctx.new_id()}" for _ in range(10_000)]
    for start in range(0, len(ids), 100):
        base.transact(
            [rows.add(shop.workspace, Comment(one, first, 1, "m", now, "x")) for one in ids[start : start + 100]]
        )

    found, path = [], f"/v1/assets/{asset}/comments?limit=200"
    while path:
        page = shop.call("GET", path).body
        found += [one["id"] for one in page["items"]]
        path = f"/v1/assets/{asset}/comments?limit=200&cursor={page['next']}" if page["next"] else ""

    assert found == sorted(ids)
    assert seen(shop, asset)["id"] == asset


@pytest.mark.requirement("R16")
def test_a_comment_tells_the_names_of_who_wrote_it_and_of_whom_it_mentions(shop: Shop) -> None:
    asset, ann, ben = an_asset(shop), somebody(shop, COMMENTS), somebody(shop, COMMENTS)
    nobody = shop.ctx.new_id()

    said = say(ann, asset, f"@[{ben.id}] and @[{nobody}], look").body

    names = {one.id: members.get(shop.workspace, one.id).name for one in (ann, ben)}  # type: ignore[union-attr]
    assert (said["by_name"], said["mentions"]) == (names[ann.id], [{"id": ben.id, "name": names[ben.id]}])
    assert listed(ann, asset) == [said]


@pytest.mark.requirement("R16", "R18")
def test_only_people_who_may_see_the_asset_are_offered_to_mention_and_a_visitor_is_offered_nobody(shop: Shop) -> None:
    asset, ann = an_asset(shop), somebody(shop, COMMENTS)
    somebody(shop)
    owner = shop.call("GET", "/v1/me").body["principal"]
    visitor = a_visitor(
        a_share(shop, {"asset_ids": [asset]}, switches={"view": True, "comment": True})["token"], name="Vera"
    )

    def people(who: Any, asked: str = "") -> list[str]:
        return [one["id"] for one in who.call("GET", f"/v1/assets/{asset}/people?{asked}").body["items"]]

    seeing = people(ann)
    assert ann.id in seeing
    assert len(seeing) == 2, owner
    assert people(ann, "right=approve") == [one for one in seeing if one != ann.id]
    assert people(ann, "q=nobody-is-called-so") == []
    assert people(visitor) == []
    said = visitor.call("POST", f"/v1/assets/{asset}/comments", {"version": 1, "body": "Nice"}).body
    assert said["by_name"] == "Vera"
    assert listed(ann, asset)[0]["by_name"] == "Vera"


@pytest.mark.requirement("RA1")
def test_an_asset_says_what_the_caller_may_do_to_it(shop: Shop) -> None:
    asset, ann = an_asset(shop), somebody(shop, COMMENTS)

    rights = set(ann.call("GET", f"/v1/assets/{asset}").body["rights"])

    assert {"view", "comment"} <= rights
    assert not {"edit", "approve", "share"} & rights
