"""Versions, decisions, policies and rights in any order, against a second evaluation that only looks at history."""

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import review
from chalicelib.domain.access import Right, implied, mask
from chalicelib.domain.assets import Asset
from tests.builders import Shop, a_shop
from tests.handlers.people import Person, may, somebody
from tests.handlers.reviewing import seen, tell_onward, uploaded
from tests.libraries import an_asset

OTHERS = {Right.COMMENT, Right.UPLOAD, Right.EDIT, Right.APPROVE, Right.DOWNLOAD_UNAPPROVED}
OUTCOMES = {"approve": "approved", "reject": "rejected", "request_changes": "changes_requested"}


@dataclass
class Born:
    """A version as it came: who brought it, whether it was held back, and all that was said of it since."""

    author: str
    is_held: bool
    said: list[str] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        return self.is_held and self.said[-1] != "approved"


@dataclass
class Plain:
    """An asset as its history."""

    blocks: bool = False
    holds: bool = False
    born: list[Born] = field(default_factory=list)
    approvals: list[int] = field(default_factory=list)
    """Version numbers in the order of their approval, without those taken back."""

    @property
    def approved(self) -> int | None:
        return self.approvals[-1] if self.approvals else None

    def comes(self, author: str) -> None:
        reviewed = bool(self.born) and (self.approved is not None or self.born[-1].said[-1] != "none")
        self.born.append(Born(author, self.holds, ["pending" if self.holds or reviewed else "none"]))

    def decide(self, number: int, decision: str) -> bool:
        one, outcome = self.born[number - 1], OUTCOMES[decision]
        if (outcome == "approved" and self.approved == number) or (outcome != "approved" and one.said[-1] == outcome):
            return False
        one.said.append(outcome)
        if outcome == "approved":
            self.approvals = [number]
        elif self.approved == number:
            self.approvals = []
        return True

    def knows_closed(self, number: int, who: str, rights: set[Right]) -> bool:
        return Right.APPROVE in rights or self.born[number - 1].author == who != ""

    def newest_open(self) -> int | None:
        if not self.born[-1].is_closed:
            return len(self.born)
        return max((number for number, one in enumerate(self.born, 1) if not one.is_held), default=None)

    def newest_known(self, who: str, rights: set[Right]) -> int | None:
        number = len(self.born)
        return number if self.knows_closed(number, who, rights) else self.newest_open()

    def may_see(self, number: int, who: str, rights: set[Right]) -> bool:
        if self.born[number - 1].is_closed:
            return self.knows_closed(number, who, rights)
        return bool(rights & OTHERS)

    def shown(self, who: str, rights: set[Right]) -> int | None:
        if self.approved:
            return self.approved
        number = self.newest_known(who, rights)
        return None if number is None or (self.blocks and not self.may_see(number, who, rights)) else number

    def newest(self, who: str, rights: set[Right]) -> int | None:
        number = self.newest_known(who, rights)
        return number if number and self.may_see(number, who, rights) else self.shown(who, rights)

    def approval(self, who: str, rights: set[Right]) -> str | None:
        number = self.newest_known(who, rights)
        return self.born[number - 1].said[-1] if number else None

    def leaves(self, number: int | None, who: str, rights: set[Right]) -> int:
        """The status of a download."""
        shown = self.shown(who, rights)
        number = shown if number is None else number
        if number is None:
            return 409
        if number != shown and not (1 <= number <= len(self.born) and self.may_see(number, who, rights)):
            return 404
        freely = number == self.approved if self.approved else not self.blocks and number == self.newest_open()
        if not freely and Right.DOWNLOAD_UNAPPROVED not in rights:
            return 403
        leaving = {Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL}
        if number != self.approved or Right.DOWNLOAD in rights:
            leaving.add(Right.DOWNLOAD_UNAPPROVED)
        return 200 if leaving & rights or Right.DOWNLOAD_UNAPPROVED in rights else 403


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), st.sampled_from(["", "ann", "bob"])),
        st.tuples(st.just("decides"), st.integers(1, 6), st.sampled_from(sorted(OUTCOMES))),
        st.tuples(st.just("policy"), st.booleans(), st.booleans()),
    ),
    max_size=14,
)
CALLERS = st.lists(
    st.tuples(st.sampled_from(["", "ann", "bob", "cid"]), st.sets(st.sampled_from(sorted({*OTHERS, Right.DOWNLOAD})))),
    min_size=3, max_size=6,
)  # fmt: skip


def arrived(asset: Asset | None, author: str, is_held: bool) -> Asset:
    """As the commit of an arrival does it."""
    number = 1 if asset is None else asset.versions + 1
    fresh = an_asset(1)
    version = replace(
        fresh.newest, number=number, order=(f"{number:03}", "", ""), member_id=author or None, held=is_held,
        approval=review.begins_as(asset, is_held=is_held),
    )  # fmt: skip
    if asset is None:
        return replace(fresh, newest=version)
    standing = review.standing_with(asset, version, is_newest=True)
    return replace(asset, newest=version, versions=number, standing=standing)


@pytest.mark.requirement("R26")
@pytest.mark.requirement("R27")
@given(STEPS, CALLERS)
def test_what_is_shown_follows_from_history_whatever_the_order(
    steps: list[tuple[Any, ...]], callers: list[tuple[str, set[Right]]]
) -> None:
    plain, asset, born = Plain(), None, {}
    for step in [("comes", "ann"), *steps]:
        if step[0] == "comes":
            plain.comes(step[1])
            asset = arrived(asset, step[1], plain.holds)
            born[asset.newest.number] = asset.newest
        elif step[0] == "policy":
            plain.blocks, plain.holds = step[1], step[2]
        elif asset is not None and step[1] in born:
            version = review.as_decided(asset, born[step[1]])
            refused = review.is_decided(asset, version, OUTCOMES[step[2]])  # type: ignore[arg-type]
            assert plain.decide(step[1], step[2]) is not refused
            asset = asset if refused else review.decided(asset, version, OUTCOMES[step[2]])  # type: ignore[arg-type]
        assert asset is not None
        for who, rights in callers:
            bits = implied(mask({Right.VIEW, *rights}))
            shown = review.shown_to(asset, bits, who, is_blocked=plain.blocks)
            newest = review.newest_for(asset, bits, who)
            assert (shown.number if shown else None) == plain.shown(who, rights)
            assert (newest.approval if newest else None) == plain.approval(who, rights)
            for number, version in born.items():
                now = review.as_decided(asset, version)
                assert now.approval == plain.born[number - 1].said[-1]
                assert review.sees(asset, version, bits, who) == plain.may_see(number, who, rights)


RIGHTS: tuple[tuple[Right, ...], ...] = (
    (), (Right.DOWNLOAD,), (Right.DOWNLOAD_ORIGINAL,), (Right.DOWNLOAD, Right.COMMENT), (Right.DOWNLOAD, Right.APPROVE),
    (Right.DOWNLOAD_UNAPPROVED,), (Right.UPLOAD, Right.DOWNLOAD),
)  # fmt: skip


@dataclass
class Walk:
    """A library with one asset, people with different rights, and its history beside it."""

    shop: Shop
    home: str
    people: list[tuple[Person, set[Right]]]
    plain: Plain = field(default_factory=Plain)
    asset: str = ""
    shade: int = 0
    request: tuple[str, int, int, str] | None = None

    def act(self, chance: Any) -> None:
        kinds = ["comes", "decides", "decides", "policy", "asks", "answers", "answers", "withdraws", "tells"]
        getattr(self, chance.choice(kinds) if self.asset else "comes")(chance)

    def comes(self, chance: Any) -> None:
        self.shade += 1
        people = [(person, rights) for person, rights in self.people if Right.UPLOAD in rights]
        author, _ = chance.choice(people)
        if self.asset and chance.random() < 0.8:
            uploaded(self.shop, author.key, self.shade, asset_id=self.asset)
        elif not self.asset:
            self.asset = uploaded(self.shop, author.key, self.shade, collection_id=self.home)
        else:
            return
        self.plain.comes(author.id)

    def decides(self, chance: Any) -> None:
        number, decision = chance.randrange(1, len(self.plain.born) + 2), chance.choice(sorted(OUTCOMES))
        body = {"approve": {}, "reject": {"reason": "r"}, "request_changes": {"note": "n"}}[decision]
        path = f"/v1/assets/{self.asset}/versions/{number}/{decision.replace('_', '-')}"

        reply = self.shop.call("POST", path, body)

        if number > len(self.plain.born):
            assert reply.status == 404
        else:
            assert reply.status == (200 if self.plain.decide(number, decision) else 409)

    def policy(self, chance: Any) -> None:
        self.plain.blocks, self.plain.holds = chance.random() < 0.5, chance.random() < 0.5
        policy = {"unapproved": "block" if self.plain.blocks else "newest",
                  "uploads": "pending" if self.plain.holds else "accept"}  # fmt: skip
        assert self.shop.call("PATCH", f"/v1/collections/{self.home}", {"policy": policy}).status == 200

    def asks(self, chance: Any) -> None:
        number = chance.randrange(1, len(self.plain.born) + 1)
        approvers = [person.id for person, rights in self.people if Right.APPROVE in rights]
        items = [{"asset_id": self.asset, "version": number}]
        was = self.plain.born[number - 1].said[-1]

        reply = self.shop.call("POST", "/v1/approvals", {"items": items, "approver_ids": approvers})

        assert reply.status == (409 if self.plain.approved == number else 201)
        if reply.status == 201 and was != "pending":
            self.plain.born[number - 1].said.append("pending")
        if reply.status == 201:
            if self.request:
                self.shop.call("POST", f"/v1/approvals/{self.request[0]}/withdraw")
                if self.request[1] != number:
                    self._given_back()
            self.request = (reply.body["id"], number, len(self.plain.born), was)

    def answers(self, chance: Any) -> None:
        if self.request is None:
            return
        request, number, newest, _ = self.request
        approver = next(person for person, rights in self.people if Right.APPROVE in rights)
        decision = chance.choice(sorted(OUTCOMES))
        body = {"asset_id": self.asset, "decision": decision}

        reply = approver.call("POST", f"/v1/approvals/{request}/decisions", body)

        is_open = newest == len(self.plain.born) and self.plain.born[number - 1].said[-1] == "pending"
        assert reply.status == (200 if is_open else 409), reply.body
        if is_open:
            assert self.plain.decide(number, decision)
        self.request = None if is_open else self.request

    def withdraws(self, chance: Any) -> None:
        if self.request is None:
            return
        self.tells(chance)
        reply = self.shop.call("POST", f"/v1/approvals/{self.request[0]}/withdraw")
        if reply.status == 200:
            self._given_back()
        self.request = None

    def _given_back(self) -> None:
        assert self.request is not None
        _, number, _, was = self.request
        if self.plain.born[number - 1].said[-1] == "pending" and was != "pending":
            self.plain.born[number - 1].said.append(was)

    def tells(self, chance: Any) -> None:
        tell_onward(self.shop)

    def check(self) -> None:
        for person, rights in self.people:
            found = seen(self.shop, self.asset, person.key)
            who, plain = person.id, self.plain
            told = tuple(found[name] for name in ("shown_version", "newest_version", "approved_version", "approval"))
            assert told == (
                plain.shown(who, rights), plain.newest(who, rights), plain.approved, plain.approval(who, rights),
            )  # fmt: skip
            for number in (None, *range(1, len(plain.born) + 1)):
                asked = "" if number is None else f"&version={number}"
                reply = person.call("GET", f"/v1/assets/{self.asset}/download?redirect=false{asked}")
                assert reply.status == plain.leaves(number, who, rights), (number, rights, reply.body)
                assert reply.status != 200 or reply.body["version"] == (number or plain.shown(who, rights))


def walks(count: int) -> list[Any]:
    return [pytest.param(seed, id=str(seed), marks=pytest.mark.slow if seed >= 4 else ()) for seed in range(count)]


@pytest.mark.requirement("R27")
@pytest.mark.requirement("R54")
@pytest.mark.parametrize("seed", walks(40))
def test_every_caller_sees_and_gets_what_history_says_over_the_api(stack: object, seed: int) -> None:
    chance, shop = random.Random(seed), a_shop()
    home = shop.call("POST", "/v1/collections", {"name": "Shots"}).body["id"]
    people = [(somebody(shop, may(Right.VIEW, *rights)), set(rights)) for rights in RIGHTS]
    walk = Walk(shop, home, people)
    for _ in range(12):
        walk.act(chance)
        walk.check()
