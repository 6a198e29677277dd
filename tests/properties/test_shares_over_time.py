"""Links while everything about them changes: a visitor may at each moment what the rules say, evaluated on their own.

A machine makes, changes and revokes links, changes their maker's rights, the collections, the versions and the dates of
what they show, and lets time pass. After each step one visit is tried: lists, searches, and every route on one asset.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.domain.access import Grant, Limits, Principal, PrincipalKind, Resource, Right, mask
from chalicelib.domain.ids import ROOT, AssetId, CollectionId
from chalicelib.handlers.http import ROUTES
from tests.builders import Reply
from tests.faults.memory_aws import World
from tests.handlers.people import Person, somebody
from tests.principals import UNKNOWN
from tests.properties.memory_api import a_fresh_shop, api, few_or_many, settle, tell
from tests.properties.test_access import expected_on_asset, expected_on_collection, with_implied
from tests.shares import EVERY_SWITCH, Visitor, opened

GIVES = {
    "view": {Right.VIEW}, "comment": {Right.COMMENT}, "upload": {Right.UPLOAD}, "download": {Right.DOWNLOAD},
    "approve": {Right.APPROVE},
}  # fmt: skip
READS = [one for one in ROUTES if one.method == "GET" and one.needs.on == "asset"]
MAKER = [Right.VIEW, Right.DOWNLOAD, Right.COMMENT, Right.APPROVE, Right.UPLOAD, Right.EDIT, Right.SHARE]
switches = st.sets(st.sampled_from(sorted(EVERY_SWITCH)), min_size=1).map(
    lambda on: {one: one in on for one in EVERY_SWITCH}
)
maybe_hours = st.sampled_from([None, -1, 1, 5, 20])
some_of_maker = st.frozensets(st.sampled_from(MAKER))
numbers = st.integers(0, 3)


MANY = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass
class Link:
    """A link as we made it, and a visit to it that began some time ago."""

    id: str
    token: str
    target: dict[str, Any]
    on: dict[str, bool]
    made_at: datetime
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    password: str | None = None
    revoked: bool = False
    visitor: Visitor | None = None
    visit_ends: datetime | None = None
    visit_password: str | None = None


@dataclass
class Picture:
    """An asset as it should be."""

    path: str
    home: CollectionId
    versions: int = 1
    approved: int | None = None
    trashed: bool = False
    gone_from: datetime | None = None


@dataclass
class Library:
    """All that was done."""

    parents: dict[CollectionId, CollectionId] = field(default_factory=dict)
    dead: set[CollectionId] = field(default_factory=set)
    pictures: dict[AssetId, Picture] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class Shares(RuleBasedStateMachine):
    """Hypothesis draws what happens; `world` is set by the test."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.shop, self.known, self.looks = a_fresh_shop(self.world), Library(), 0
        for number, path in enumerate(("A/one.jpg", "A/B/two.jpg", "C/three.jpg")):
            self.shop.take(path, self.shop.put(path, b"picture %d" % number, keywords="studio"))
        homes = {one["path"]: CollectionId(one["id"]) for one in self.owner("GET", "/v1/collections").body["items"]}
        self.places = [homes["A"], homes["A/B"], homes["C"]]
        self.known.parents = {
            homes["A"]: CollectionId("root"),
            homes["A/B"]: homes["A"],
            homes["C"]: CollectionId("root"),
        }
        for path, home in (("A/one.jpg", "A"), ("A/B/two.jpg", "A/B"), ("C/three.jpg", "C")):
            asset = next(one["id"] for one in self.shop.assets(collection_id=homes[home]))
            self.known.pictures[AssetId(asset)] = Picture(path, homes[home])
        self.assets = list(self.known.pictures)
        self.role = self.owner("POST", "/v1/roles", {"name": "makers"}).body["id"]
        self.maker: Person = somebody(self.shop)
        assert self.owner("PATCH", f"/v1/members/{self.maker.id}", {"role_ids": [self.role]}).status == 200
        self.give(frozenset(MAKER), frozenset(), 0)
        settle(self.world, self.shop)
        self.make(0, dict(EVERY_SWITCH), None, None, None)

    def owner(self, method: str, path: str, body: Any = None) -> Reply:
        reply = self.shop.call(method, path, body)
        assert reply.status < 500, reply.body
        return reply

    @property
    def now(self) -> datetime:
        return self.world.aws.now

    # What happens

    @rule(
        kind=numbers, on=switches, starts=maybe_hours, ends=maybe_hours, password=st.sampled_from([None, None, "one"])
    )
    def make(self, kind: int, on: dict[str, bool], starts: int | None, ends: int | None, password: str | None) -> None:
        targets: list[dict[str, Any]] = [
            {"collection_id": self.places[0]}, {"asset_ids": self.assets[1:]}, {"q": "studio"},
            {"collection_id": self.places[1]},
        ]  # fmt: skip
        starts_at, expires_at = (None if one is None else self.now + timedelta(hours=one) for one in (starts, ends))
        body: dict[str, Any] = {"target": targets[kind], "switches": on, "expires_at": stamp(expires_at)}
        body |= {"starts_at": stamp(starts_at)} if starts_at else {}
        body |= {"password": password} if password else {}
        reply = self.maker.call("POST", "/v1/shares", body)
        assert reply.status in (201, 403, 404, 409, 422), reply.body
        if reply.status == 201:
            told = reply.body
            link = Link(told["id"], told["token"], targets[kind], on, self.now, starts_at, expires_at, password)
            self.known.links.append(link)
            self.visit(len(self.known.links) - 1)

    @rule(which=numbers)
    def visit(self, which: int) -> None:
        link = self.link(which)
        reply = opened(link.token, **({"password": link.password} if link.password else {}))
        state = self.state(link)
        assert reply.status == {"open": 201, "early": 403}.get(state, 410), (state, reply.body)
        if reply.status == 201:
            link.visitor, link.visit_password = Visitor(reply.body["session"], {}), link.password
            link.visit_ends = min(self.now + timedelta(hours=12), link.expires_at or self.now + timedelta(hours=12))

    @rule(which=numbers, on=switches)
    def switch(self, which: int, on: dict[str, bool]) -> None:
        if self.change(which, {"switches": on}):
            self.link(which).on = on

    @rule(which=numbers, password=st.sampled_from([None, "one", "two"]))
    def lock(self, which: int, password: str | None) -> None:
        link = self.link(which)
        if self.change(which, {"password": password}):
            link.password = password
            link.visit_password = "none that counts" if password else link.visit_password

    @rule(which=numbers, starts=maybe_hours, ends=maybe_hours)
    def date(self, which: int, starts: int | None, ends: int | None) -> None:
        starts_at, expires_at = (None if one is None else self.now + timedelta(hours=one) for one in (starts, ends))
        if self.change(which, {"starts_at": stamp(starts_at), "expires_at": stamp(expires_at)}):
            self.link(which).starts_at, self.link(which).expires_at = starts_at, expires_at

    @rule(which=numbers)
    def revoke(self, which: int) -> None:
        assert self.owner("DELETE", f"/v1/shares/{self.link(which).id}").status == 204
        self.link(which).revoked = True

    @rule(
        allow=st.frozensets(st.sampled_from(MAKER)), deny=st.frozensets(st.sampled_from(MAKER), max_size=1), at=numbers
    )
    def give(self, allow: frozenset[Right], deny: frozenset[Right], at: int) -> None:
        place = None if at == 3 or self.is_buried(self.places[at]) else self.places[at]
        rows = [{"collection_id": None, "allow": sorted(allow)}]
        rows += [{"collection_id": place, "allow": [], "deny": sorted(deny)}] if deny and place else []
        assert self.owner("PATCH", f"/v1/roles/{self.role}", {"grants": rows}).status == 200
        self.known.grants = [Grant(allow=mask(allow))]
        self.known.grants += [Grant(collection_id=place, deny=mask(deny))] if deny and place else []

    @rule(at=st.integers(0, 2))
    def bury_or_raise(self, at: int) -> None:
        place = self.places[at]
        if place in self.known.dead:
            if self.owner("POST", f"/v1/collections/{place}/restore").status == 200:
                self.known.dead.discard(place)
        elif self.owner("DELETE", f"/v1/collections/{place}").status == 204:
            self.known.dead.add(place)

    @rule(which=st.integers(0, 2), approves=st.booleans())
    def renew(self, which: int, approves: bool) -> None:
        asset = self.assets[which]
        picture = self.known.pictures[asset]
        if self.is_live(asset):
            body = f"picture {which} version {picture.versions} at {self.now}".encode()
            self.shop.take(picture.path, self.shop.put(picture.path, body))
            picture.versions += 1
            if approves:
                reply = self.owner("POST", f"/v1/assets/{asset}/versions/{picture.versions}/approve", {})
                assert reply.status == 200, reply.body
                picture.approved = picture.versions

    @rule(which=st.integers(0, 2))
    def trash_or_restore(self, which: int) -> None:
        asset, picture = self.assets[which], self.known.pictures[self.assets[which]]
        if picture.trashed:
            picture.trashed = self.owner("POST", f"/v1/assets/{asset}/restore").status != 200
        elif self.is_live(asset):
            picture.trashed = self.owner("DELETE", f"/v1/assets/{asset}").status == 204

    @rule(which=st.integers(0, 2), ends=maybe_hours, restricts=st.booleans())
    def withhold(self, which: int, ends: int | None, restricts: bool) -> None:
        asset, at = self.assets[which], None if ends is None else self.now + timedelta(hours=ends)
        if self.is_live(asset):
            dates = {"restriction": {"reason": "x", "from": stamp(at)} if at else None, "available_until": None}
            if not restricts:
                dates = {"restriction": None, "available_until": stamp(at)}
            assert self.owner("PATCH", f"/v1/assets/{asset}", dates).status == 200
            self.known.pictures[asset].gone_from = at

    @rule(wait=st.sampled_from([0.5, 1, 4, 13]))
    def wait(self, wait: float) -> None:
        self.world.aws.pass_time(wait * 3600)

    # What must be so

    @invariant()
    def look(self) -> None:
        settle(self.world, self.shop)
        self.looks += 1
        visits = [one for one in self.known.links if one.visitor]
        link = visits[self.looks % len(visits)]
        at, visitor = self.looks % 3, link.visitor
        assert visitor is not None
        state, asset = self.state(link), self.assets[at]
        if state in ("open", "target gone"):
            if link.password is not None and link.visit_password != link.password:
                state = "locked"
            elif link.visit_ends is not None and self.now >= link.visit_ends:
                state = "ended"
        if state != "open":
            told = [visitor.call(one.method, one.path.replace("{asset_id}", asset).replace("{number}", "1")).status
                    for one in READS]  # fmt: skip
            told += [visitor.call("GET", path).status for path in ("/v1/me", "/v1/search", "/v1/collections")]
            assert set(told) == {{"early": 403, "locked": 401, "ended": 401}.get(state, 410)}, (state, told)
            return
        who = self.visiting(link)
        views = {one for one in self.assets if Right.VIEW in self.rights(who, one)}
        found = visitor.call("GET", "/v1/search?q=studio&facets=keyword,collection").body
        assert {one["id"] for one in found["items"]} == views
        assert found["total"] == len(views)
        assert self.owner("GET", f"/v1/shares/{link.id}/stats").body["shown"] == len(views)
        files = (("/v1/audit/export", {}), ("/v1/metadata/export", {"q": ""}))
        assert [visitor.call("POST", path, body).status for path, body in files] == [403, 403]
        assert [one["count"] for one in found["facets"]["keyword"]] == ([len(views)] if views else [])
        for place in self.places:
            listed = visitor.call("GET", f"/v1/assets?collection_id={place}")
            sees = Right.SEE in expected_on_collection(who, self.living(), place)
            assert listed.status == (200 if sees else 404), listed.body
            shown = {one["id"] for one in listed.body.get("items", [])}
            assert not sees or shown == {
                one for one in self.assets
                if self.known.pictures[one].home == place and Right.SEE in self.rights(who, one)
            }  # fmt: skip
        self.read(visitor, asset, self.rights(who, asset))

    def read(self, visitor: Visitor, asset: AssetId, rights: set[Right]) -> None:
        for route in READS:
            reply = visitor.call("GET", route.path.replace("{asset_id}", asset).replace("{number}", "1"))
            if Right.SEE not in rights:
                never = visitor.call("GET", route.path.replace("{asset_id}", UNKNOWN).replace("{number}", "1"))
                assert (reply.status, never.status) == (404, 404), route
            elif route.needs.right not in rights:
                assert reply.status == 403, route
            else:
                assert reply.status not in (401, 404, 410), (route, reply.body)
        picture = self.known.pictures[asset]
        shown = picture.approved or picture.versions
        if Right.VIEW in rights:
            assert visitor.call("GET", f"/v1/assets/{asset}").body["shown_version"] == shown
        download = visitor.call("GET", f"/v1/assets/{asset}/download?redirect=false")
        expected = 404 if Right.SEE not in rights else 200 if Right.DOWNLOAD in rights else 403
        assert download.status == expected, download.body
        assert expected != 200 or download.body["version"] == shown
        if Right.VIEW in rights:
            body = {"version": shown, "body": "so"}
            said = visitor.call("POST", f"/v1/assets/{asset}/comments", body).status
            assert said == (201 if Right.COMMENT in rights else 403)
            decided = visitor.call("POST", f"/v1/assets/{asset}/versions/{picture.versions}/approve", {})
            is_new = picture.approved != picture.versions
            assert decided.status == (403 if Right.APPROVE not in rights else 200 if is_new else 409), decided.body
            picture.approved = picture.versions if Right.APPROVE in rights else picture.approved

    # The rules, on their own

    def link(self, which: int) -> Link:
        return self.known.links[which % len(self.known.links)]

    def change(self, which: int, values: dict[str, Any]) -> bool:
        link = self.link(which)
        reply = self.owner("PATCH", f"/v1/shares/{link.id}", values)
        assert reply.status == (409 if link.revoked else reply.status)
        assert reply.status in (200, 409, 422), reply.body
        return reply.status == 200

    def living(self) -> dict[CollectionId, CollectionId]:
        return {one: above for one, above in self.known.parents.items() if one not in self.known.dead}

    def is_buried(self, place: CollectionId) -> bool:
        return place != ROOT and (place in self.known.dead or self.is_buried(self.known.parents[place]))

    def is_live(self, asset: AssetId) -> bool:
        picture = self.known.pictures[asset]
        return not picture.trashed and not self.is_buried(picture.home)

    def resource(self, asset: AssetId) -> Resource:
        picture = self.known.pictures[asset]
        is_gone = picture.gone_from is not None and picture.gone_from <= self.now
        return Resource(asset, (picture.home,), is_restricted=is_gone)

    def making(self) -> Principal:
        return Principal(PrincipalKind.MEMBER, "m", self.shop.workspace, "m", tuple(self.known.grants))

    def visiting(self, link: Link) -> Principal:
        maker, target = self.making(), link.target
        given = set[Right]().union(*(GIVES[name] for name, on in link.on.items() if on))
        only: frozenset[AssetId] | None = None
        if "q" in target:
            only = frozenset(one for one in self.assets if Right.VIEW in self.rights(maker, one))
        elif "asset_ids" in target:
            only = frozenset(target["asset_ids"])
        places = frozenset([target["collection_id"]]) if "collection_id" in target else None
        limits = Limits(
            rights=mask(with_implied(given)), collection_ids=places, asset_ids=only, only_with=Right.SHARE.bit
        )
        return Principal(PrincipalKind.SHARE, "s", self.shop.workspace, "s", tuple(self.known.grants), limits)

    def rights(self, who: Principal, asset: AssetId) -> set[Right]:
        return expected_on_asset(who, self.living(), self.resource(asset)) if self.is_live(asset) else set()

    def state(self, link: Link) -> str:
        place = link.target.get("collection_id")
        if link.revoked or (link.expires_at is not None and link.expires_at <= self.now):
            return "over"
        if link.starts_at is not None and self.now < link.starts_at:
            return "early"
        is_seen = place is None or Right.SEE in expected_on_collection(self.making(), self.living(), place)
        return "open" if is_seen else "target gone"


def stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with api(tmp_path_factory.mktemp("index")) as made:
        yield made


@pytest.mark.requirement("R15", "R11", "R18", "R21", "R26")
@few_or_many(3, 10)
def test_a_visitor_may_at_each_moment_what_the_rules_say(world: World, examples: int, steps: int) -> None:
    Shares.world = world

    tell(Shares, examples, steps)
