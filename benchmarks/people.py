"""What many collections, roles and members cost: rights compiled, the tree listed, a decision, a search.

python -m benchmarks.people [--collections N] [--roles N] [--members N] [--assets N]

A stack of its own in memory, asked by this process through the services. CPU is this process's alone, wall clock has
the emulators in it; of several rounds the least counts, since the machine may be busy.
"""

import argparse
import importlib
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from chalice.test import Client

from chalicelib import wiring
from chalicelib.domain import names
from chalicelib.domain.access import Grant, Right, mask
from chalicelib.domain.assets import Asset
from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import ROOT, CollectionId, WorkspaceId
from chalicelib.models import base, collections, credentials, grants, members, roles, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.models.members import Member
from chalicelib.ports.context import Context
from chalicelib.services import counting, search, signing, workspaces as founding
from chalicelib.services.collections import visible
from chalicelib.services.indexing import document
from chalicelib.services.search import Request
from chalicelib.services.signing import Caller
from infra.local import stack
from infra.seed import believable

DEPTH, GRANTS_A_ROLE, ROLES_A_MEMBER, ROUNDS = 6, 20, 4, 7
QUERIES = ("", "blue", "keyword:denim", "type:image rating:>=3", "blue -red")


@dataclass(frozen=True)
class World:
    """One workspace at size, and the key of one member with some roles and of the owner."""

    ctx: Context
    workspace: WorkspaceId
    owner: str
    member: str


def a_world(ctx: Context, sizes: argparse.Namespace) -> World:
    """Write the rows of a workspace at size."""
    chance, now = random.Random(1), ctx.now()
    workspace, owner = WorkspaceId(ctx.new_id()), f"ps_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}"
    founding.found(ctx, founding.Founding(workspace, "Large", ctx.new_id(), "owner@shop.test", owner))
    places, writes = a_tree(chance, sizes.collections), list[base.Write]()
    writes += [collections.add(workspace, replace(one, created_at=now)) for one in places]
    made = [roles.Role(ctx.new_id(), f"Role {number}") for number in range(sizes.roles)]
    writes += [roles.add(workspace, one) for one in made]
    for one in made:
        spots = chance.sample(places, GRANTS_A_ROLE)
        writes += [grants.put(workspace, f"role#{one.id}", _grant(chance, spot.id)) for spot in spots]
    people = [
        Member(
            ctx.new_id(), f"p{number}@shop.test", f"Person {number}",
            tuple(one.id for one in chance.sample(made, ROLES_A_MEMBER)), now,
        )
        for number in range(sizes.members)
    ]  # fmt: skip
    writes += [members.add(workspace, one) for one in people]
    key, prefix = "", secrets.token_hex(5)
    key = f"ps_{prefix}_{secrets.token_urlsafe(32)}"
    kept = Credential(prefix, workspace, "key", signing.key_hash(ctx, key), "One", people[0].id, now)
    written(writes)
    base.transact([credentials.add(kept), workspaces.raise_epoch(workspace)])
    ctx.search.build(workspace, (document(one, ()) for one in assets(sizes.assets, [one.id for one in places])))
    return World(ctx, workspace, owner, key)


def a_tree(chance: random.Random, count: int) -> list[Collection]:
    """Collections, parents before children, nothing deeper than `DEPTH` below the root."""
    depths, found = {ROOT: 0}, list[Collection]()
    shallow: list[CollectionId] = [ROOT]
    for number in range(count):
        parent = chance.choice(shallow)
        one = Collection(CollectionId(f"{number:026}"), names.tidy(f"Collection {number}"), parent, 1)
        depths[one.id] = depths[parent] + 1
        if depths[one.id] < DEPTH:
            shallow.append(one.id)
        found.append(one)
    return found


def assets(count: int, places: Sequence[CollectionId]) -> Iterable[Asset]:
    """Made-up assets, each in one to three collections."""
    chance = random.Random(2)
    for number, one in enumerate(believable.library(count)):
        homes = chance.sample(places, chance.choice([1, 1, 1, 2, 3]))
        yield replace(one, id=type(one.id)(f"{number:026}"), collection_ids=tuple(homes))


def _grant(chance: random.Random, place: CollectionId) -> Grant:
    some = mask(chance.sample(list(Right), 4)) | Right.VIEW.bit
    return Grant(place, deny=Right.VIEW.bit) if chance.random() < 0.1 else Grant(place, allow=some)


def written(writes: Sequence[base.Write]) -> None:
    for start in range(0, len(writes), base.MAX_WRITES):
        base.transact(writes[start : start + base.MAX_WRITES])


def least(act: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """The least CPU and the least wall clock of some rounds, in milliseconds."""
    cpu, wall = [], []
    for _ in range(rounds):
        begun, at = time.process_time_ns(), time.perf_counter_ns()
        act()
        cpu.append((time.process_time_ns() - begun) / 1e6)
        wall.append((time.perf_counter_ns() - at) / 1e6)
    return min(cpu), min(wall)


def say(what: str, figures: tuple[float, float]) -> None:
    sys.stdout.write(f"{what:<52} {figures[0]:9.2f} ms CPU {figures[1]:9.2f} ms wall\n")
    sys.stdout.flush()


def measure(world: World) -> None:
    """Ask as the owner and as somebody with some roles."""
    for who, key in (("owner", world.owner), ("member", world.member)):
        ask_as(world.ctx, world.workspace, who, key)


def ask_as(ctx: Context, workspace: WorkspaceId, who: str, key: str) -> None:
    """All questions of one caller."""

    def anew(*, is_tree: bool) -> Caller:
        base.transact([workspaces.raise_epoch(workspace, tree=is_tree)])
        return signing.caller_of(ctx, key, None)

    say(f"{who}: rights anew, a collection has changed", least(lambda: anew(is_tree=True), 3))
    say(f"{who}: rights anew, a grant, a key or a member has changed", least(lambda: anew(is_tree=False), 3))
    caller = signing.caller_of(ctx, key, None)
    say(f"{who}: rights again", least(lambda: signing.caller_of(ctx, key, None)))
    listed = visible(caller, None)
    say(f"{who}: {len(listed)} visible collections", least(lambda: visible(caller, None)))
    page = [one for one in listed if one.id in caller.tree.living][:200]
    say(f"{who}: GET /v1/collections, the first page of 200", least(lambda: listed_over_http(key)))
    say(f"{who}: asset_count of {len(page)}", least(lambda: counting.counts(ctx, caller, page)))
    for query in QUERIES:
        asked = Request(query, facets=("collection", "keyword"))
        found = search.find(ctx, caller, asked)
        figures = least(partial(search.find, ctx, caller, asked))
        say(f"{who}: search “{query}”, {found.total} found, two facets", figures)
    some, now = [one.resource for one in assets(2_000, [one.id for one in listed])], ctx.now()
    cpu, _ = least(lambda: [caller.access.on_asset(one, now) for one in some])
    sys.stdout.write(f"{who}: a decision about an asset{'':<24} {cpu * 1000 / len(some):9.2f} µs CPU\n")


def listed_over_http(key: str) -> None:
    """One page of the tree, through everything but the network."""
    app = importlib.import_module("app").app
    with Client(app) as client:
        answer = client.http.get("/v1/collections", headers={"Authorization": f"Bearer {key}"})
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(f"The tree was not listed: {answer.body!r}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, size in (("collections", 10_000), ("roles", 200), ("members", 1_000), ("assets", 100_000)):
        parser.add_argument(f"--{name}", type=int, default=size)
    sizes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        running = stack.start(Path(folder))
        try:
            os.environ.update(running.env)
            world = a_world(wiring.context(), sizes)
            sys.stdout.write(
                f"{sizes.collections} collections, {sizes.roles} roles of {GRANTS_A_ROLE} grants, "
                f"{sizes.members} members of {ROLES_A_MEMBER} roles, {sizes.assets} assets\n"
            )
            measure(world)
        finally:
            running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
