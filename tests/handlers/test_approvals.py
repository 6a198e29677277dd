"""Requests for approval: who is asked, when a rule makes a decision, what a new version does, and who is told."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.access import Grant, Right
from chalicelib.domain.ids import AssetId
from chalicelib.models import audit
from tests.builders import Reply, Shop, a_photo
from tests.handlers.people import Person, may, somebody
from tests.handlers.reviewing import an_asset, seen, states, tell_onward, uploaded

APPROVES = may(Right.VIEW, Right.APPROVE, Right.COMMENT)


def ask(shop: Shop, assets: list[str], *people: Person, by: Person | None = None, **given: Any) -> Reply:
    body = {"items": [{"asset_id": one} for one in assets], "approver_ids": [one.id for one in people], "rule": "any"}
    return (by or shop).call("POST", "/v1/approvals", {**body, **given})


def decide(person: Person | Shop, request: str, asset: str, decision: str = "approve", **more: Any) -> Reply:
    given = {"asset_id": asset, "decision": decision, **more}
    return person.call("POST", f"/v1/approvals/{request}/decisions", given)


def queue(person: Person | Shop) -> list[str]:
    return [one["id"] for one in person.call("GET", "/v1/approvals?assigned=me&state=open").body["items"]]


def told(person: Person | Shop) -> list[tuple[str, str, int | None]]:
    items = person.call("GET", "/v1/notices").body["items"]
    return [(one["kind"], one["link"].split("/")[-1].partition("?")[0], one["version"]) for one in items]


@pytest.mark.requirement("R54")
def test_twelve_assets_are_submitted_and_each_is_decided_on_in_the_approvers_queue(shop: Shop) -> None:
    assets = [an_asset(shop, 1, f"{number}.jpg") for number in range(12)]
    ann, bob = somebody(shop, APPROVES), somebody(shop, APPROVES)
    due = (shop.ctx.now() + timedelta(days=2)).isoformat()

    request = ask(shop, assets, ann, due_at=due, note="For the autumn page")
    first = decide(ann, request.body["id"], assets[0], note="lovely")
    decide(ann, request.body["id"], assets[1], "reject", note="blurred")
    decide(ann, request.body["id"], assets[2], "request_changes", note="crop it")

    states_now = [one["state"] for one in ann.call("GET", f"/v1/approvals/{request.body['id']}").body["items"]]
    assert (request.status, request.body["state"], len(request.body["items"])) == (201, "open", 12)
    assert {one["approval"] for one in shop.assets()} == {"pending", "approved", "rejected", "changes_requested"}
    assert states_now == ["approved", "rejected", "changes_requested", *["open"] * 9]
    assert [first.body["items"][0]["decisions"][0][name] for name in ("by", "decision", "note")] == [
        ann.id, "approve", "lovely"]  # fmt: skip
    assert states(seen(shop, assets[0])) == (1, 1, 1, "approved")
    assert (queue(ann), queue(bob)) == ([request.body["id"]], [])
    assert "packshot-token" in first.headers
    for one in assets[3:]:
        decide(ann, request.body["id"], one)
    assert (queue(ann), shop.call("GET", f"/v1/approvals/{request.body['id']}").body["state"]) == ([], "rejected")


@pytest.mark.requirement("R54")
@pytest.mark.parametrize(
    ("rule", "given", "ends"),
    [
        ("any", ["approve"], "approved"),
        ("any", ["reject"], "rejected"),
        ("all", ["approve", "approve"], "open"),
        ("all", ["approve", "approve", "approve"], "approved"),
        ("all", ["approve", "request_changes"], "changes_requested"),
        ({"at_least": 2}, ["approve"], "open"),
        ({"at_least": 2}, ["reject", "approve"], "open"),
        ({"at_least": 2}, ["reject", "approve", "approve"], "approved"),
        ({"at_least": 2}, ["reject", "request_changes"], "rejected"),
    ],
)
def test_a_rule_says_how_many_decide(shop: Shop, rule: Any, given: list[str], ends: str) -> None:
    asset, people = an_asset(shop), [somebody(shop, APPROVES) for _ in range(3)]
    request = ask(shop, [asset], *people, rule=rule).body["id"]

    replies = [decide(person, request, asset, one) for person, one in zip(people, given, strict=False)]

    assert {one.status for one in replies} == {200}
    assert (replies[-1].body["state"], replies[-1].body["rule"]) == (ends, rule)
    assert seen(shop, asset)["approval"] == (ends if ends != "open" else "pending")
    waiting = [person for person in people if queue(person)]
    assert waiting == ([] if ends != "open" else people[len(given) :])


def test_deciding_twice_or_after_somebody_else_or_after_withdrawal_changes_nothing(shop: Shop) -> None:
    asset, ann, bob = an_asset(shop), somebody(shop, APPROVES), somebody(shop, APPROVES)
    other = an_asset(shop, 1, "b.jpg")
    request, gone = (ask(shop, [one], ann, bob, rule="all").body["id"] for one in (asset, other))
    decide(ann, request, asset)
    twice = decide(ann, request, asset)
    decide(bob, request, asset, "reject")

    late = decide(bob, request, asset)
    withdrawn = shop.call("POST", f"/v1/approvals/{gone}/withdraw")
    after = decide(ann, gone, other)
    again = shop.call("POST", f"/v1/approvals/{gone}/withdraw")

    assert [(one.status, one.body["code"]) for one in (twice, late, after, again)] == [
        (409, "already_decided"), (409, "already_decided"), (409, "withdrawn"), (409, "already_decided")]  # fmt: skip
    assert (withdrawn.body["state"], seen(shop, other)["approval"]) == ("withdrawn", "none")
    assert (seen(shop, asset)["approval"], queue(ann)) == ("rejected", [])


@pytest.mark.requirement("R14")
def test_a_version_that_was_replaced_meanwhile_is_never_approved_unseen(shop: Shop) -> None:
    asset, ann = an_asset(shop), somebody(shop, APPROVES)
    request = ask(shop, [asset], ann, note="please").body["id"]
    shop.drop("a.jpg", a_photo(9))

    refused = decide(ann, request, asset)
    tell_onward(shop)
    (following,) = queue(ann)
    body = ann.call("GET", f"/v1/approvals/{following}").body

    assert (refused.status, refused.body["code"]) == (409, "replaced")
    assert states(seen(shop, asset)) == (2, 2, None, "pending")
    assert shop.call("GET", f"/v1/approvals/{request}").body["state"] == "replaced"
    assert [(one["asset_id"], one["version"], one["decisions"]) for one in body["items"]] == [(asset, 2, [])]
    assert (body["note"], body["by"] is not None, following != request) == ("please", True, True)
    assert decide(ann, request, asset).body["code"] == "replaced"
    assert decide(ann, following, asset, version=1).body["code"] == "replaced"
    assert decide(ann, following, asset, version=2).status == 200
    assert ("version.pending", asset, 2) in told(ann)


@pytest.mark.requirement("R53")
@pytest.mark.requirement("R14")
def test_what_waits_for_approval_is_in_the_queue_of_all_who_may_approve_it(shop: Shop) -> None:
    home = shop.call("POST", "/v1/collections", {"name": "Pending", "policy": {"uploads": "pending"}}).body["id"]
    author, ann = somebody(shop, may(Right.UPLOAD, Right.VIEW)), somebody(shop, APPROVES)
    asset = uploaded(shop, author.key, 5, collection_id=home)
    for _ in range(2):
        tell_onward(shop)

    (request,) = queue(ann)
    reply = decide(ann, request, asset)
    tell_onward(shop)

    assert (reply.status, reply.body["approver_ids"], reply.body["by"]) == (200, [], None)
    assert (queue(ann), queue(shop), queue(author)) == ([], [], [])
    assert told(ann) == [("version.pending", asset, 1)]
    assert told(author) == [("version.decided", asset, 1)]
    assert author.call("GET", f"/v1/approvals/{request}").status == 404


def test_a_decision_made_elsewhere_empties_the_queue_and_is_told_to_who_asked(shop: Shop) -> None:
    asset, ann, asker = an_asset(shop), somebody(shop, APPROVES), somebody(shop, may(Right.VIEW, Right.SUBMIT))
    request = ask(shop, [asset], ann, by=asker).body["id"]

    shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")
    late = decide(ann, request, asset)
    tell_onward(shop)

    assert (late.status, late.body["code"], queue(ann)) == (409, "already_decided", [])
    assert asker.call("GET", f"/v1/approvals/{request}").body["state"] == "approved"
    assert told(asker) == [("version.decided", asset, 1)]
    assert told(ann) == [("approval.requested", asset, 1)]


@pytest.mark.requirement("R54", "R44")
def test_what_goes_to_the_trash_leaves_every_queue_and_is_back_in_it_with_its_decisions_when_restored(
    shop: Shop,
) -> None:
    gone, stays = an_asset(shop, 1, "Spring/gone.jpg"), an_asset(shop, 1, "stays.jpg")
    ann, bob = somebody(shop, APPROVES), somebody(shop, APPROVES)
    alone, both = ask(shop, [gone], ann, bob, rule="all"), ask(shop, [gone, stays], ann)
    decide(ann, alone.body["id"], gone)
    spring = next(one["id"] for one in shop.call("GET", "/v1/collections").body["items"] if one["name"] == "Spring")

    def waiting(person: Person) -> list[tuple[str, str]]:
        found = person.call("GET", "/v1/approvals?assigned=me&state=open").body["items"]
        return [(one["id"], item["asset_id"]) for one in found for item in one["items"]]

    before = waiting(ann), waiting(bob)
    for away, back in (
        (("DELETE", f"/v1/assets/{gone}"), ("POST", f"/v1/assets/{gone}/restore")),
        (("DELETE", f"/v1/collections/{spring}"), ("POST", f"/v1/collections/{spring}/restore")),
        (("POST", f"/v1/assets/{gone}/archive", {"reason": "old"}), ("POST", f"/v1/assets/{gone}/unarchive")),
    ):
        shop.call(*away)
        assert (waiting(ann), waiting(bob)) == ([(both.body["id"], stays)], [])
        assert decide(ann, both.body["id"], gone).body["code"] == "not_live"
        shop.call(*back)
        assert (waiting(ann), waiting(bob)) == before
    assert before == ([(both.body["id"], gone), (both.body["id"], stays)], [(alone.body["id"], gone)])
    decide(bob, alone.body["id"], gone)
    assert seen(shop, gone)["approval"] == "approved"


@pytest.mark.requirement("R56")
def test_who_may_submit_asks_a_named_person_and_only_those_who_may_approve_can_be_asked(shop: Shop) -> None:
    asset, ann, viewer = an_asset(shop), somebody(shop, APPROVES), somebody(shop, may(Right.VIEW))
    marketing = somebody(shop, may(Right.VIEW, Right.DOWNLOAD, Right.COMMENT, Right.SUBMIT))
    blind = somebody(shop, Grant(allow=Right.APPROVE.bit), Grant(asset_id=AssetId(asset), deny=Right.SEE.bit))

    replies = [
        ask(shop, [asset], ann, by=marketing), ask(shop, [asset], ann, by=viewer), ask(shop, [asset], viewer),
        ask(shop, [asset], blind), ask(shop, [asset], ann, rule={"at_least": 2}), ask(shop, [asset, asset], ann),
        ask(shop, ["3" * 26], ann), ask(shop, [asset], Person("3" * 26, "")),
        ask(shop, [asset], ann, items=[{"asset_id": asset, "version": 7}]), ask(shop, [asset]),
    ]  # fmt: skip

    assert [one.status for one in replies] == [201, 403, 422, 422, 422, 422, 404, 422, 422, 422]
    assert all(one.body["fields"] for one in replies if one.status == 422)
    assert len(shop.call("GET", "/v1/approvals").body["items"]) == 1


def test_only_who_is_asked_decides_and_only_who_asked_withdraws(shop: Shop) -> None:
    asset, ann, bob = an_asset(shop), somebody(shop, APPROVES), somebody(shop, APPROVES)
    asker = somebody(shop, may(Right.VIEW, Right.SUBMIT))
    request = ask(shop, [asset], ann, by=asker).body["id"]

    replies = [decide(shop, request, asset), decide(bob, request, asset), decide(asker, request, asset),
               ann.call("POST", f"/v1/approvals/{request}/withdraw"), decide(ann, request, "3" * 26)]  # fmt: skip

    assert [(one.status, one.body["code"]) for one in replies] == [
        (403, "not_an_approver"), (404, "not_found"), (403, "not_allowed"), (403, "not_yours"),
        (404, "not_found")]  # fmt: skip
    assert asker.call("POST", f"/v1/approvals/{request}/withdraw").status == 200


@pytest.mark.requirement("R54")
def test_nobody_decides_on_their_own_work_in_a_request_either(shop: Shop) -> None:
    author = somebody(shop, may(*Right))
    asset = uploaded(shop, author.key, 5)
    request = ask(shop, [asset], author).body["id"]

    refused = decide(author, request, asset)
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})

    assert (refused.status, refused.body["code"]) == (403, "own_upload")
    assert decide(author, request, asset).status == 200


def test_an_approved_version_is_not_submitted_again(shop: Shop) -> None:
    asset, ann = an_asset(shop), somebody(shop, APPROVES)
    shop.call("POST", f"/v1/assets/{asset}/versions/1/approve")

    reply = ask(shop, [asset], ann)

    assert (reply.status, reply.body["code"]) == (409, "already_decided")


@pytest.mark.requirement("R18")
def test_of_a_request_one_sees_only_the_assets_one_sees(shop: Shop) -> None:
    assets = [an_asset(shop, 1, f"{one}.jpg") for one in "ab"]
    ann = somebody(shop, APPROVES)
    request = ask(shop, assets, ann).body["id"]
    tell_onward(shop)
    (before,) = ann.call("GET", "/v1/notices").body["items"]

    shop.call("PUT", f"/v1/assets/{assets[0]}/grants", {
        "grants": [{"member_id": ann.id, "allow": [], "deny": ["see"]}]})  # fmt: skip

    body = ann.call("GET", f"/v1/approvals/{request}").body
    assert (before["subject"], before["text"].endswith("“a.jpg” and 1 more.")) == (f"approval:{request}", True)
    assert [one["asset_id"] for one in body["items"]] == [assets[1]]
    assert told(ann) == []
    assert decide(ann, request, assets[0]).status == 404


def test_the_list_pages_through_requests_of_every_state(shop: Shop) -> None:
    assets, ann = [an_asset(shop, 1, f"{one}.jpg") for one in "abcde"], somebody(shop, APPROVES)
    made = [ask(shop, [one], ann).body["id"] for one in assets]
    decide(ann, made[2], assets[2])

    for asked, wanted in (("", made), ("state=open&", made[:2] + made[3:]), ("state=approved&", [made[2]])):
        found, path = [], f"/v1/approvals?{asked}limit=2"
        while path:
            page = ann.call("GET", path).body
            assert len(page["items"]) <= 2
            found += [one["id"] for one in page["items"]]
            path = f"/v1/approvals?{asked}limit=2&cursor={page['next']}" if page["next"] else ""
        assert found == sorted(wanted, reverse=True)


@pytest.mark.requirement("R31")
def test_notices_are_told_once_lead_to_the_version_and_are_marked_as_read(shop: Shop) -> None:
    asset, ann, bob = an_asset(shop), somebody(shop, APPROVES), somebody(shop, APPROVES)
    ask(shop, [asset], ann)
    for _ in range(3):
        tell_onward(shop)
    (notice,) = ann.call("GET", "/v1/notices").body["items"]

    bob.call("POST", "/v1/notices/read", {"ids": [notice["id"]]})
    still = ann.call("GET", "/v1/notices").body["items"][0]["read"]
    reply = ann.call("POST", "/v1/notices/read", {"ids": [notice["id"], "3" * 26]})

    assert (notice["read"], still, reply.status) == (False, False, 204)
    assert notice["link"].endswith(f"/#/asset/{asset}?v=1")
    assert "a.jpg" in notice["text"]
    assert [one["read"] for one in ann.call("GET", "/v1/notices").body["items"]] == [True]


@pytest.mark.requirement("R51")
def test_every_decision_stands_in_the_history_of_the_asset_and_of_the_request(shop: Shop) -> None:
    asset, ann = an_asset(shop), somebody(shop, APPROVES)
    request = ask(shop, [asset], ann).body["id"]

    decide(ann, request, asset, note="fine")

    of_asset = [(one.action, one.actor.partition(":")[0]) for one in audit.of(shop.workspace, f"asset:{asset}")]
    of_request = [one.action for one in audit.of(shop.workspace, f"approval:{request}")]
    assert of_asset[-2:] == [("version.submitted", "key"), ("version.approved", "key")]
    assert of_request == ["approval.requested", "approval.decided"]
