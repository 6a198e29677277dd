"""Mail about notices: one for all that waited together, only of what may still be seen, and none for who wants none."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.access import Right
from chalicelib.domain.letters import Letter
from chalicelib.errors import UpstreamRejected, UpstreamUnavailable
from chalicelib.models import audit, mailings as rows
from chalicelib.ports.context import Context
from chalicelib.services import mailings
from tests import policies
from tests.builders import Shop
from tests.handlers.people import Person, may, somebody
from tests.handlers.reviewing import an_asset, tell_onward


class Post:
    """A mail service that keeps letters, and is down or refuses when told to."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.problem: Exception | None = None

    def send(self, letter: Letter) -> None:
        if self.problem is not None:
            raise self.problem
        self.sent.append(letter)

    def of(self, shop: Shop, person: Person) -> list[Letter]:
        found = shop.call("GET", "/v1/members?limit=200").body["items"]
        return [one for one in self.sent if one.to == next(each["email"] for each in found if each["id"] == person.id)]


@pytest.fixture
def post() -> Post:
    return Post()


def at(ctx: Context, post: Post, now: datetime) -> Context:
    return replace(policies.at(ctx, now), mail=post)


def run(shop: Shop, post: Post, after: timedelta = timedelta(minutes=3)) -> None:
    """What the schedule does, so much later, until nothing is due: mailings of other tests may be due before."""
    ctx = at(shop.ctx, post, shop.ctx.now() + after)
    while rows.due(ctx.now(), limit=1):
        mailings.send_due(ctx)


def mention(shop: Shop, asset: str, person: Person, times: int = 1) -> list[str]:
    made = [
        shop.call("POST", f"/v1/assets/{asset}/comments", {"version": 1, "body": f"@[{person.id}] look {number}"})
        for number in range(times)
    ]
    tell_onward(shop)
    return [str(one.body["id"]) for one in made]


@pytest.mark.requirement("R31")
@pytest.mark.requirement("R16")
def test_twenty_mentions_are_one_mail_with_an_address_each_and_how_to_get_no_more(shop: Shop, post: Post) -> None:
    asset, ann = an_asset(shop), somebody(shop, may(Right.VIEW, Right.COMMENT))
    said = mention(shop, asset, ann, 21)

    run(shop, post, timedelta(minutes=-3))
    early = post.of(shop, ann)
    run(shop, post)
    run(shop, post)

    (letter,) = post.of(shop, ann)
    assert early == []
    assert letter.subject == "21 notices from A shop"
    assert sum(f"{shop.ctx.settings.url}/#/asset/{asset}?v=1&comment={one}" in letter.text for one in said) == 20
    assert f"And 1 more: {shop.ctx.settings.url}/#/?sheet=notices" in letter.text
    assert "turn them off" in letter.text


@pytest.mark.requirement("R31")
def test_one_notice_is_the_subject_itself_and_what_was_read_is_not_mailed(shop: Shop, post: Post) -> None:
    asset, ann, bob = an_asset(shop), *(somebody(shop, may(Right.VIEW, Right.COMMENT)) for _ in range(2))
    mention(shop, asset, ann)
    mention(shop, asset, bob)
    bob.call("POST", "/v1/notices/read", {"ids": [bob.call("GET", "/v1/notices").body["items"][0]["id"]]})

    run(shop, post)

    assert [one.subject for one in post.of(shop, ann)] == ["Owner mentions you on “a.jpg”."]
    assert post.of(shop, bob) == []


@pytest.mark.requirement("R31")
def test_the_next_mail_to_somebody_waits_and_then_has_all_that_came_since(shop: Shop, post: Post) -> None:
    asset, ann = an_asset(shop), somebody(shop, may(Right.VIEW, Right.COMMENT))
    mention(shop, asset, ann)
    run(shop, post)
    mention(shop, asset, ann, 2)

    apart = timedelta(seconds=shop.ctx.settings.mail_apart_s)
    run(shop, post, apart)
    soon = len(post.of(shop, ann))
    for minutes in (4, 6, 120):
        run(shop, post, apart + timedelta(minutes=minutes))

    assert (soon, [one.subject for one in post.of(shop, ann)][1:]) == (1, ["2 notices from A shop"])


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("lost", ["grant", "trash", "restriction", "member"])
def test_what_a_member_may_not_see_any_more_is_not_mailed(shop: Shop, post: Post, lost: str) -> None:
    asset, ann = an_asset(shop), somebody(shop, may(Right.VIEW, Right.COMMENT))
    mention(shop, asset, ann)
    if lost == "grant":
        role = shop.call("GET", f"/v1/members/{ann.id}").body["role_ids"]
        assert shop.call("PUT", f"/v1/assets/{asset}/grants", {
            "grants": [{"member_id": ann.id, "allow": [], "deny": ["see"]}]}).status == 200, role  # fmt: skip
    elif lost == "trash":
        assert shop.call("DELETE", f"/v1/assets/{asset}").status == 204
    elif lost == "restriction":
        assert shop.call("PATCH", f"/v1/assets/{asset}", {"restriction": {"reason": "secret"}}).status == 200
    else:
        assert shop.call("PATCH", f"/v1/members/{ann.id}", {
            "expires_at": (shop.ctx.now() + timedelta(minutes=1)).isoformat()}).status == 200  # fmt: skip

    run(shop, post)

    assert post.of(shop, ann) == []


@pytest.mark.requirement("R31")
def test_who_wants_no_mail_gets_none_and_later_none_about_then(shop: Shop, post: Post) -> None:
    asset, ann = an_asset(shop), somebody(shop, may(Right.VIEW, Right.COMMENT))
    before = ann.call("GET", "/v1/notices/settings").body
    off = [ann.call("PATCH", "/v1/notices/settings", {"mail": False}) for _ in range(2)]
    mention(shop, asset, ann)
    run(shop, post)
    silent, told = post.of(shop, ann), len(ann.call("GET", "/v1/notices").body["items"])

    ann.call("PATCH", "/v1/notices/settings", {"mail": True})
    mention(shop, asset, ann)
    run(shop, post, timedelta(minutes=4))

    switched = [one.detail for one in audit.of(shop.workspace, f"member:{ann.id}")
                if one.action == "notices.mail_switched"]  # fmt: skip
    assert (before, off[1].body, silent, told) == ({"mail": True}, {"mail": False}, [], 1)
    assert [one.subject for one in post.of(shop, ann)] == ["Owner mentions you on “a.jpg”."]
    assert sorted(switched, key=str) == [{"on": False}, {"on": True}]


@pytest.mark.requirement("R31")
def test_a_mail_service_that_is_down_delays_a_mail_and_one_that_refuses_it_is_not_asked_again(
    shop: Shop, post: Post
) -> None:
    asset, ann = an_asset(shop), somebody(shop, may(Right.VIEW, Right.COMMENT))
    mention(shop, asset, ann)
    post.problem = UpstreamUnavailable("down")
    with pytest.raises(UpstreamUnavailable):
        run(shop, post)
    post.problem = None
    run(shop, post, timedelta(hours=1))
    delayed: Any = [one.subject for one in post.of(shop, ann)]
    mention(shop, asset, ann)
    post.problem = UpstreamRejected("no such address")
    run(shop, post, timedelta(hours=2))
    post.problem = None
    run(shop, post, timedelta(hours=4))

    assert (delayed, len(post.of(shop, ann))) == (["Owner mentions you on “a.jpg”."], 1)
