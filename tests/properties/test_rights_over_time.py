"""Two people's views of each of two libraries while roles, grants, denials, exceptions and places change, over the API.

After every step each list, search, total, facet, suggestion, selection, entry of the feed and exported file is what
the rules of `test_access.py` say, evaluated by brute force, and nothing of the other library is in any. Before the
index has caught up nobody finds anything they may not, and afterwards everything they may.
"""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.domain.access import Grant, Principal, PrincipalKind, Resource, Right, mask
from chalicelib.domain.ids import ROOT, AssetId, CollectionId
from chalicelib.models import audit, workspaces
from chalicelib.services import indexing
from tests.builders import Shop, a_photo
from tests.faults import memory_aws
from tests.handlers.people import Person
from tests.handlers.test_members import a_key_of
from tests.properties.memory_api import a_fresh_shop, another_shop, api, few_or_many, settle, tell, worked
from tests.properties.test_access import expected_on_asset, expected_on_collection

SOME = [Right.SEE, Right.VIEW, Right.DOWNLOAD, Right.EDIT, Right.COMMENT]


@dataclass
class World:
    """What we did, beside the shop it was done to."""

    shop: Shop
    people: list[Person]
    roles: list[str]
    parents: dict[CollectionId, CollectionId]
    homes: dict[AssetId, set[CollectionId]]
    role_ids: dict[str, list[str]] = field(default_factory=dict)
    given: dict[tuple[str, str], Grant] = field(default_factory=dict)
    """(holder, target) → grant; holders are `role_id:…` and `member_id:…`."""

    def principal(self, person: Person) -> Principal:
        holders = [f"member_id:{person.id}", *(f"role_id:{one}" for one in self.role_ids[person.id])]
        grants = tuple(grant for (holder, _), grant in self.given.items() if holder in holders)
        return Principal(PrincipalKind.MEMBER, person.id, self.shop.workspace, "x", grants)

    def may(self, person: Person, right: Right) -> set[str]:
        who = self.principal(person)
        return {
            asset
            for asset, homes in self.homes.items()
            if right in expected_on_asset(who, self.parents, Resource(asset, tuple(homes)))
        }

    def tree(self, person: Person) -> set[str]:
        who = self.principal(person)
        return {one for one in [ROOT, *self.parents] if Right.SEE in expected_on_collection(who, self.parents, one)}


def a_world(shop: Shop) -> World:
    for number in range(5):
        shop.drop(f"top {number % 2}/low {number % 3}/p{number}.jpg", a_photo(number), keywords="studio")
    seen = shop.call("GET", "/v1/collections").body["items"]
    parents = {CollectionId(one["id"]): CollectionId(one["parent_id"]) for one in seen if one["parent_id"]}
    homes: dict[AssetId, set[CollectionId]] = {}
    for place in parents:
        for asset in shop.assets(collection_id=place):
            homes.setdefault(AssetId(asset["id"]), set()).add(place)
    roles = [str(shop.call("POST", "/v1/roles", {"name": f"r{number}"}).body["id"]) for number in range(3)]
    people = []
    for number in range(2):
        body = {"name": f"m{number}", "email": f"m{number}@shop.test", "role_ids": [roles[number]]}
        people.append(a_key_of(shop, shop.call("POST", "/v1/members", body).body["id"]))
    world = World(shop, people, roles, parents, homes)
    world.role_ids = {one.id: [roles[number]] for number, one in enumerate(people)}
    assert len(homes) == 5
    return world


def some_rights(chance: random.Random) -> tuple[list[Right], list[Right]]:
    allow = chance.sample(SOME, chance.randrange(3))
    return allow, chance.sample(SOME, 1) if chance.random() < 0.3 else []


def as_grants(chance: random.Random, world: World) -> dict[str, tuple[list[Right], list[Right]]]:
    holders = [*(f"role_id:{one}" for one in world.roles), *(f"member_id:{one.id}" for one in world.people)]
    return {one: some_rights(chance) for one in chance.sample(holders, chance.randrange(3))}


def grant_on(world: World, chance: random.Random, path: str, **where: Any) -> None:
    """Replace all grants on one collection or asset."""
    wanted = as_grants(chance, world)
    rows = [
        {holder.split(":")[0]: holder.split(":")[1], "allow": allow, "deny": deny}
        for holder, (allow, deny) in wanted.items()
    ]
    reply = world.shop.call("PUT", f"/v1/{path}/grants", {"grants": rows})
    assert reply.status == 200, reply.body
    target = path.partition("/")[2]
    world.given = {key: grant for key, grant in world.given.items() if key[1] != target}
    for holder, (allow, deny) in wanted.items():
        world.given[(holder, target)] = Grant(**where, allow=mask(allow), deny=mask(deny))


def change_role(world: World, chance: random.Random) -> None:
    """Replace the grants of one role on collections; its exceptions stay."""
    role, assets = chance.choice(world.roles), set(world.homes)
    places = chance.sample([None, *world.parents], chance.randrange(4))
    wanted = {place: some_rights(chance) for place in places}
    rows = [{"collection_id": place, "allow": allow, "deny": deny} for place, (allow, deny) in wanted.items()]
    reply = world.shop.call("PATCH", f"/v1/roles/{role}", {"grants": rows})
    assert reply.status == 200, reply.body
    mine = f"role_id:{role}"
    world.given = {key: one for key, one in world.given.items() if key[0] != mine or key[1] in assets}
    for place, (allow, deny) in wanted.items():
        world.given[(mine, place or ROOT)] = Grant(place, allow=mask(allow), deny=mask(deny))


def change_member(world: World, chance: random.Random) -> None:
    person = chance.choice(world.people)
    role_ids = chance.sample(world.roles, chance.randrange(1, 3))
    assert world.shop.call("PATCH", f"/v1/members/{person.id}", {"role_ids": role_ids}).status == 200
    world.role_ids[person.id] = role_ids


def move_collection(world: World, chance: random.Random) -> None:
    place, parent = chance.choice(list(world.parents)), chance.choice([ROOT, *world.parents])
    reply = world.shop.call("PATCH", f"/v1/collections/{place}", {"parent_id": parent})
    assert reply.status in (200, 409), reply.body
    if reply.status == 200:
        world.parents[place] = parent


def move_asset(world: World, chance: random.Random) -> None:
    asset, place = chance.choice(list(world.homes)), chance.choice([ROOT, *world.parents])
    method = chance.choice(["PUT", "DELETE"])
    reply = world.shop.call(method, f"/v1/collections/{place}/assets/{asset}")
    assert reply.status in (200, 204, 409), reply.body
    if reply.status != 409:
        (world.homes[asset].add if method == "PUT" else world.homes[asset].discard)(place)


def step(world: World, chance: random.Random) -> None:
    kind = chance.randrange(6)
    if kind == 0:
        place = chance.choice(list(world.parents))
        grant_on(world, chance, f"collections/{place}", collection_id=place)
    elif kind == 1:
        asset = chance.choice(list(world.homes))
        grant_on(world, chance, f"assets/{asset}", asset_id=asset)
    else:
        (change_role, change_member, move_collection, move_asset)[kind - 2](world, chance)


def found(person: Person) -> dict[str, Any]:
    return dict(person.call("GET", "/v1/search?q=studio&facets=collection,keyword&limit=50").body)


def check(world: World, person: Person, chance: random.Random) -> None:
    views, sees, tree = world.may(person, Right.VIEW), world.may(person, Right.SEE), world.tree(person)

    early = {one["id"] for one in found(person)["items"]}
    indexing.catch_up(world.shop.ctx, world.shop.workspace)
    answer = found(person)
    offers = person.call("GET", "/v1/search/suggest?q=stud").body["items"]
    place = chance.choice([ROOT, *world.parents])
    listed = person.call("GET", f"/v1/assets?collection_id={place}")
    collections = {one["id"]: one for one in person.call("GET", "/v1/collections").body["items"]}

    direct = {one: {asset for asset in views if one in world.homes[AssetId(asset)]} for one in tree}
    assert early <= views
    assert {one["id"] for one in answer["items"]} == views
    assert answer["total"] == len(views)
    assert {one["value"]: one["count"] for one in answer["facets"]["collection"]} == {
        one: len(assets) for one, assets in direct.items() if assets
    }
    assert [one["count"] for one in answer["facets"]["keyword"]] == ([len(views)] if views else [])
    assert [one["count"] for one in offers if one["kind"] == "keyword"] == ([len(views)] if views else [])
    assert listed.status == (200 if place in tree else 404)
    if place in tree:
        assert {one["id"] for one in listed.body["items"]} == {
            one for one in sees if place in world.homes[AssetId(one)]
        }
    assert {*collections, ROOT} == {*tree, ROOT}
    assert all(one["asset_count"] == sum(name in world.homes[AssetId(each)] for each in sees)
               for name, one in collections.items() if name in tree)  # fmt: skip


def check_feed(world: World, person: Person, place: str | None) -> str:
    """What the feed tells since this place is so now, and only about this library; the next place."""
    told = person.call("GET", f"/v1/changes?since={place}" if place else "/v1/changes").body
    assets = {one["id"]: one["change"] for one in told["items"] if one["kind"] == "asset"}
    places = {one["id"]: one["change"] for one in told["items"] if one["kind"] == "collection"}
    views, tree = world.may(person, Right.VIEW), world.tree(person)
    assert set(assets) <= set(world.homes)
    assert set(places) <= {ROOT, *world.parents}
    assert {one for one, change in assets.items() if change == "upserted"} <= views
    assert not {one for one, change in assets.items() if change == "gone"} & views
    assert {one for one, change in places.items() if change == "upserted"} <= tree
    return str(told["next"])


def check_selections(world: World, person: Person) -> None:
    """What many assets are selected by: a search selects what is found, and ids only what is there for the caller."""
    views = world.may(person, Right.VIEW)
    change = {"change": {"add_keywords": ["x"]}, "dry_run": True}
    tried = person.call("POST", "/v1/bulk", {"selection": {"q": "studio"}, **change})
    assert (tried.status, tried.body.get("count")) == ((200, len(views)) if views else (422, None)), tried.body
    assert {one["asset_id"] for one in tried.body.get("sample", [])} == views
    named = person.call("POST", "/v1/bulk", {"selection": {"ids": sorted(world.homes)}, **change}).body
    assert {one["asset_id"] for one in named["sample"] if one["name"] is not None} == world.may(person, Right.SEE)


def check_borders(person: Person, other: World) -> None:
    """Nothing of another library is there, by whatever name or cursor."""
    asset, place = next(iter(other.homes)), next(iter(other.parents))
    foreign = other.shop.call("GET", "/v1/search?q=&limit=1").body
    paths = (f"/v1/assets/{asset}", f"/v1/collections/{place}", f"/v1/assets?collection_id={place}")
    assert [person.call("GET", path).status for path in paths] == [404] * 3
    assert person.call("GET", f"/v1/search?q=&limit=1&cursor={foreign['next']}").status == 422


def exported(shop: Shop, job: dict[str, Any]) -> list[dict[str, str]]:
    """The rows of the file that a job has made."""
    body = shop.ctx.store.read("exports", f"{shop.workspace}/{job['id']}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def check_sheet(world: World, person: Person, before: str | None) -> str:
    """A sheet has what its asker may view and has no address once they may not view all of it; its job."""
    views = world.may(person, Right.VIEW)
    reply = person.call("POST", "/v1/metadata/export", {"q": "studio"})
    assert reply.status == 202, reply.body
    job_id = str(reply.body["job_id"])
    worked(world.shop, job_id)
    job = person.call("GET", f"/v1/jobs/{job_id}").body
    assert {one["asset_id"] for one in exported(world.shop, job)} == views
    assert job["result"]["url"] is not None
    if before is not None:
        old = person.call("GET", f"/v1/jobs/{before}").body
        assert (old["result"]["url"] is not None) == ({one["asset_id"] for one in exported(world.shop, old)} <= views)
    return job_id


def check_trail(world: World, person: Person, other: World) -> None:
    """The trail as a file is the trail as it is listed, of this library alone, and for those who manage it."""
    now = world.shop.ctx.now()
    reply = world.shop.call("POST", "/v1/audit/export", {})
    worked(world.shop, reply.body["job_id"])
    file = exported(world.shop, {"id": reply.body["job_id"]})
    stored = [one for when in days(world.shop) for one in audit.day(world.shop.workspace, when)]
    told = {one.id: (one.actor, one.action, one.subject, one.result) for one in stored if one.at < now}
    named = {one["id"]: (one["actor"], one["action"], one["subject"], one["result"]) for one in file}
    assert named == told
    assert not {one[2].partition(":")[2] for one in named.values()} & {*other.homes, *other.parents}
    assert person.call("POST", "/v1/audit/export", {}).status == 403
    assert person.call("GET", f"/v1/jobs/{reply.body['job_id']}").status in (403, 404)


def days(shop: Shop) -> list[datetime]:
    """The days since the library was founded."""
    begun = workspaces.get(shop.workspace)
    assert begun is not None
    count = (shop.ctx.now().date() - begun.created_at.date()).days
    return [begun.created_at + timedelta(days=one) for one in range(count + 1)]


class Libraries(RuleBasedStateMachine):
    """Hypothesis draws the changes; `aws` is set by the test."""

    aws: memory_aws.World

    def __init__(self) -> None:
        super().__init__()
        self.worlds = [a_world(a_fresh_shop(self.aws)), a_world(another_shop(self.aws))]
        settle(self.aws, *(one.shop for one in self.worlds))
        self.places: dict[str, str] = {}
        self.sheets: dict[str, str] = {}
        self.looks = 0

    @rule(which=st.integers(0, 1), chance=st.randoms(use_true_random=False))
    def change(self, which: int, chance: random.Random) -> None:
        step(self.worlds[which], chance)

    @invariant()
    def look(self) -> None:
        self.aws.aws.pass_time(2)
        self.looks += 1
        world, other = self.worlds[self.looks % 2], self.worlds[1 - self.looks % 2]
        person = world.people[self.looks // 2 % 2]
        check(world, person, random.Random(self.looks))
        self.aws.aws.pass_time(2)
        self.places[person.key] = check_feed(world, person, self.places.get(person.key))
        check_selections(world, person)
        check_borders(person, other)
        if self.looks % 3 == 0:
            self.sheets[person.key] = check_sheet(world, person, self.sheets.get(person.key))
            self.aws.aws.pass_time(2)
            check_trail(world, person, other)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[memory_aws.World]:
    with api(tmp_path_factory.mktemp("index")) as made:
        yield made


@pytest.mark.requirement("R17", "R18", "R24", "R44", "RA6")
@few_or_many(3, 14)
def test_every_view_of_a_library_is_what_the_rules_say_after_every_change(
    aws: memory_aws.World, examples: int, steps: int
) -> None:
    Libraries.aws = aws

    tell(Libraries, examples, steps)
