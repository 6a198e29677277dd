"""What people have dated happens by itself: assets appear and go for whoever is looking, approvers are reminded."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.access import Right
from chalicelib.models import outbox
from chalicelib.services import indexing, reminders, turning
from tests import policies
from tests.builders import Shop, a_photo
from tests.faults.crashes import Crashed, dying
from tests.handlers.people import Person, may, somebody
from tests.handlers.reviewing import an_asset, tell_onward


def followed(shop: Shop, at: datetime) -> None:
    """What the schedule does at this moment, until nothing is left, and the index after it."""
    ctx = policies.at(shop.ctx, at)
    while turning.turn(ctx):
        pass
    while reminders.remind(ctx):
        pass
    indexing.catch_up(shop.ctx, shop.workspace)


def stamp(at: datetime) -> str:
    return at.isoformat()


def feed(person: Person | Shop, since: str | None = None) -> tuple[list[tuple[str, str]], str]:
    told = person.call("GET", f"/v1/changes?since={since}" if since else "/v1/changes").body
    return [(one["id"], one["change"]) for one in told["items"]], told["next"]


def turns(shop: Shop, asset: str) -> int:
    """How often it was told that a date of the asset has come."""
    found = outbox.since(shop.workspace, shop.ctx.now() - timedelta(hours=1))
    return sum(one.kind == "asset.turned" and one.subject == f"asset:{asset}" for one in found)


@pytest.mark.requirement("R21")
@pytest.mark.requirement("R57")
def test_at_the_set_moment_whoever_is_looking_is_told_once_however_late_the_schedule_runs(shop: Shop) -> None:
    now = shop.ctx.now()
    soon, later = stamp(now + timedelta(hours=2)), stamp(now + timedelta(hours=3))
    dated: list[dict[str, Any]] = [
        {"available_until": soon},
        {"available_from": soon},
        {"restriction": {"reason": "secret", "from": soon}},
        {"restriction": {"reason": "secret", "from": soon, "until": later}},
    ]
    assets = [an_asset(shop, 1, f"{number}.jpg") for number in range(len(dated))]
    for asset, fields in zip(assets, dated, strict=True):
        assert shop.call("PATCH", f"/v1/assets/{asset}", fields).status == 200

    followed(shop, now + timedelta(hours=1))
    early = [turns(shop, one) for one in assets]
    for hours in (5, 5, 6):
        followed(shop, now + timedelta(hours=hours))

    assert (early, [turns(shop, one) for one in assets]) == ([0] * 4, [1] * 4)


@pytest.mark.requirement("R21")
def test_each_date_is_told_of_at_its_own_moment_and_the_feed_says_what_became_of_the_asset(shop: Shop) -> None:
    asset, ann, now = an_asset(shop), somebody(shop, may(Right.VIEW)), shop.ctx.now()
    in_one_hour, in_two = (stamp(now + timedelta(hours=hours)) for hours in (1, 2))
    shop.call("PATCH", f"/v1/assets/{asset}", {
        "available_until": stamp(now - timedelta(seconds=1)),
        "restriction": {"reason": "x", "from": in_one_hour, "until": in_two},
    })  # fmt: skip
    tell_onward(shop)
    places = [feed(one, feed(one)[1])[1] for one in (ann, shop)]

    told = []
    for minutes in (59, 61, 61, 119, 121, 300):
        followed(shop, now + timedelta(minutes=minutes))
        told.append(turns(shop, asset))

    assert told == [0, 1, 1, 1, 2, 2]
    assert (asset, "gone") in feed(ann, places[0])[0]
    assert (asset, "upserted") in feed(shop, places[1])[0]


@pytest.mark.requirement("R21")
def test_a_date_that_was_taken_back_is_not_told_of(shop: Shop) -> None:
    asset, now = an_asset(shop), shop.ctx.now()
    shop.call("PATCH", f"/v1/assets/{asset}", {"available_until": stamp(now + timedelta(hours=1))})
    shop.call("PATCH", f"/v1/assets/{asset}", {"available_until": None})

    followed(shop, now + timedelta(hours=2))

    assert turns(shop, asset) == 0


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)], ids=["every fourth", "each"])
def test_a_crash_at_any_aws_call_of_following_dates_loses_and_doubles_nothing(shop: Shop, every: int) -> None:
    now, tried = shop.ctx.now(), 0
    followed(shop, now + timedelta(hours=3))  # the crashes are to come in this test's own work
    for at in range(1, 40, every):
        asset = an_asset(shop, 1, f"{at}.jpg")
        shop.call("PATCH", f"/v1/assets/{asset}", {"available_until": stamp(now + timedelta(hours=1))})
        ctx = replace(shop.ctx, now=lambda: now + timedelta(hours=2))
        try:
            with dying(at, before=True):
                turning.turn(ctx)
        except Crashed:
            tried += 1
        else:
            break
        followed(shop, now + timedelta(hours=3))

        assert turns(shop, asset) == 1, f"crashed at call {at}"
    assert tried > 3 / every


def asked(shop: Shop, due_in: timedelta, *people: Person, assets: int = 2) -> str:
    items = [{"asset_id": an_asset(shop, 1, f"{number}.jpg")} for number in range(assets)]
    reply = shop.call("POST", "/v1/approvals", {
        "items": items, "approver_ids": [one.id for one in people], "rule": "all",
        "due_at": stamp(shop.ctx.now() + due_in),
    })  # fmt: skip
    assert reply.status == 201
    return str(reply.body["id"])


def reminded(person: Person) -> list[str]:
    items = person.call("GET", "/v1/notices").body["items"]
    return [one["kind"] for one in items if one["kind"] in ("approval.due", "approval.overdue")]


@pytest.mark.requirement("R54")
def test_who_has_not_decided_is_reminded_a_day_before_and_once_it_is_overdue(shop: Shop) -> None:
    ann, bob, now = *(somebody(shop, may(Right.VIEW, Right.APPROVE)) for _ in range(2)), shop.ctx.now()
    request = asked(shop, timedelta(days=3), ann, bob)
    for one in shop.call("GET", f"/v1/approvals/{request}").body["items"]:
        bob.call("POST", f"/v1/approvals/{request}/decisions", {"asset_id": one["asset_id"], "decision": "approve"})

    told = []
    for hours in (47, 49, 50, 71, 73, 74, 200):
        followed(shop, now + timedelta(hours=hours))
        told.append(reminded(ann))

    due, over = ["approval.due"], ["approval.overdue", "approval.due"]
    newest = ann.call("GET", "/v1/notices").body["items"][0]
    assert told == [[], due, due, due, over, over, over]
    assert reminded(bob) == []
    assert newest["text"].startswith("Your decision on “0.jpg” and 1 more is overdue since ")
    assert (newest["subject"], newest["by"]) == (f"approval:{request}", None)


@pytest.mark.requirement("R54")
def test_after_a_pause_only_what_is_true_now_is_told_and_what_is_decided_or_just_asked_reminds_nobody(
    shop: Shop,
) -> None:
    ann, now = somebody(shop, may(Right.VIEW, Right.APPROVE)), shop.ctx.now()
    late = asked(shop, timedelta(days=3), ann, assets=1)
    followed(shop, now + timedelta(days=9))
    paused = reminded(ann)
    shop.call("POST", f"/v1/approvals/{late}/withdraw", {})
    shop.drop("0.jpg", a_photo(7))
    tell_onward(shop)
    short = asked(shop, timedelta(hours=5), ann, assets=1)
    followed(shop, now + timedelta(hours=4))
    soon = reminded(ann)
    shop.call("POST", f"/v1/approvals/{short}/withdraw", {})
    followed(shop, now + timedelta(days=9))

    assert (paused, soon, reminded(ann)) == (["approval.overdue"],) * 3


@pytest.mark.requirement("R54")
def test_nobody_is_reminded_of_what_is_in_the_trash(shop: Shop) -> None:
    ann, now = somebody(shop, may(Right.VIEW, Right.APPROVE)), shop.ctx.now()
    request = asked(shop, timedelta(days=3), ann, assets=1)
    (item,) = shop.call("GET", f"/v1/approvals/{request}").body["items"]
    shop.call("DELETE", f"/v1/assets/{item['asset_id']}")
    followed(shop, now + timedelta(hours=49))
    in_trash = reminded(ann)
    shop.call("POST", f"/v1/assets/{item['asset_id']}/restore")
    followed(shop, now + timedelta(hours=73))

    assert (in_trash, reminded(ann)) == ([], ["approval.overdue"])
