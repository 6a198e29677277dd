"""A Drive is followed, and saved into, with a disturbance at every call of AWS and of Drive: it ends as without.

On the in-memory AWS and Drive, with all of the product's code: nothing lost, nothing doubled, and no file fetched again
but the one that was in hand.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from unittest import mock

import pytest

from chalicelib.domain.drive import FOLDER
from chalicelib.errors import PackshotError, UpstreamUnavailable
from chalicelib.handlers.connections import KINDS
from chalicelib.models import assets
from chalicelib.services import connection_runs, drive_copies, drive_uploads
from tests.faults.crashes import Crashed
from tests.faults.drive_world import HISTORIES, Team
from tests.faults.memory_aws import World, running, through
from tests.faults.test_crash_matrix import ALL_WAYS

PART = 100_000


def _away(_name: str, _answer: Callable[[], Any]) -> Any:
    raise UpstreamUnavailable("Drive is away.")


def _answer_lost(_name: str, answer: Callable[[], Any]) -> Any:
    answer()
    raise UpstreamUnavailable("The line broke.")


OF_DRIVE: Mapping[str, Callable[[str, Callable[[], Any]], Any]] = {
    "is throttled at": _away,
    "loses the answer of": _answer_lost,
}
"""What the same disturbance is at a call of Drive."""
WAYS = [way for way in ALL_WAYS if way != "meets another transaction at"]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    small = mock.patch.multiple(drive_copies, PART_BYTES=PART)
    with running() as made, small, mock.patch.object(drive_uploads, "CHUNK_BYTES", 256 * 1024):
        yield made


def told(world: World, history: Callable[[Team], None]) -> Team:
    world.choke = through
    world.reset(1)
    team = Team(world)
    history(team)
    team.reads.clear()
    return team


def disturbed(world: World, way: str, *at: int) -> list[str]:
    """Disturb the calls of these numbers from now on; the list of calls grows."""
    calls: list[str] = []

    def choke(service: str, name: str, _asked: Mapping[str, Any], answer: Callable[[], Any]) -> Any:
        calls.append(name)
        act = OF_DRIVE.get(way, ALL_WAYS[way]) if service == "drive" else ALL_WAYS[way]
        return act(name, answer) if len(calls) in at else answer()

    world.choke = choke
    return calls


def until_quiet(team: Team) -> None:
    team.world.choke = through
    for _ in range(4):
        team.world.aws.pass_time(600)
        try:
            team.act()
        except PackshotError:
            continue


def expected(world: World, history: Callable[[Team], None]) -> tuple[dict[str, Any], int, list[str]]:
    """What it ends as, how often bytes were asked for, and the calls that were made."""
    team = told(world, history)
    calls = disturbed(world, "dies before")  # at no call: only counted
    team.act()
    until_quiet(team)
    assert team.ended()["left"] == []
    return team.ended(), team.reads.total(), list(calls)


def matrix(world: World, history: Callable[[Team], None], way: str, every: int) -> None:
    ends, reads, calls = expected(world, history)
    for at in range(1, len(calls) + 1, every):
        team = told(world, history)
        disturbed(world, way, at)
        with suppress(Crashed, PackshotError):
            team.act()
        until_quiet(team)
        assert team.ended() == ends, f"{way} call {at} of {len(calls)}, {calls[at - 1]}"
        assert team.reads.total() <= reads + 1, f"{way} call {at} of {len(calls)}, {calls[at - 1]}"


@pytest.mark.requirement("R39", "R40", "R42")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("history", HISTORIES, ids=lambda one: one.__name__)
def test_a_disturbance_at_a_call_changes_nothing_in_the_end(
    world: World, history: Callable[[Team], None], way: str
) -> None:
    matrix(world, history, way, every=71)


@pytest.mark.slow
@pytest.mark.requirement("R39", "R40", "R42")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("history", HISTORIES, ids=lambda one: one.__name__)
def test_a_death_after_every_call_and_a_disturbance_at_every_fourth_change_nothing_in_the_end(
    world: World, history: Callable[[Team], None], way: str
) -> None:
    matrix(world, history, way, every=1 if way == "dies after" else 4)


STEPS = ("start_token", "children", "UpdateItem", "GetItem", "BatchGetItem", "get", "Query", "TransactWriteItems",
         "read", "PutObject", "changes")  # fmt: skip
"""Every kind of call that a first sync makes, in an order in which each still comes after a death at those before."""


ALIGNING = 300
"""Calls in which a run that only lets assets follow gets somewhere: it looks each folder up before it writes."""


def until_it_ends(
    world: World, team: Team, spread: random.Random, every: int, first: tuple[str, ...] = ()
) -> Counter[str]:
    """Run until a run lives: each dies within so many calls, or at a call of a kind by chance; at which they died.

    Early calls of a kind are chosen most often, late ones often enough that the runs get somewhere. `first`: kinds
    at whose first call the first runs die, one after another.
    """
    died: Counter[str] = Counter()
    assert team.connection is not None
    while died.total() < 10_000:
        way, kind = spread.choice(("dies before", "dies after")), spread.choice((None, *STEPS))
        last, nth, calls = spread.randrange(1, every), spread.choice((1, 2, 3, every // 10)), list[str]()
        if died.total() < len(first):
            kind, last, nth = first[died.total()], 0, 1

        def choke(
            _service: str, name: str, _asked: Any, answer: Callable[[], Any],
            way: str = way, kind: str | None = kind, last: int = last, nth: int = nth, calls: list[str] = calls,
        ) -> Any:  # fmt: skip
            calls.append(name)
            if len(calls) == last or (name == kind and calls.count(kind) == nth):
                return ALL_WAYS[way](name, answer)
            return answer()

        world.choke = choke
        world.aws.pass_time(120)
        try:
            connection_runs.run(team.ctx, KINDS, world.workspace, team.connection.id)
        except Crashed:
            died[calls[-1]] += 1
            continue
        world.choke = through
        return died
    raise AssertionError("it never ended")


@pytest.mark.timeout(3600)
@pytest.mark.requirement("R39")
@pytest.mark.parametrize(
    ("files", "every", "seed"),
    [
        pytest.param(60, 40, 1, id="sample"),
        *[pytest.param(10_000, 900, seed, id=f"all {seed}", marks=pytest.mark.slow) for seed in (1, 2)],
    ],
)
def test_a_first_sync_that_dies_again_and_again_fetches_each_file_once_and_makes_it_one_asset(
    world: World, files: int, every: int, seed: int
) -> None:
    """Half of the files have one name. Each death may cost the one file that was in hand a second fetch."""
    world.choke = through
    world.reset(seed)
    team, spread = Team(world), random.Random(seed)
    folders = [team.photos, *(team.drive.make(f"Folder {one}", FOLDER, team.photos).id for one in range(9))]
    names = ["same.jpg" if number % 2 else f"{number}.jpg" for number in range(files)]
    for number, name in enumerate(names):
        team.drive.make(name, "image/jpeg", folders[number % 10], str(number).encode())
    team.connect()

    died = until_it_ends(world, team, spread, every, STEPS)
    arrived = list(world.aws.inbox)
    team.take_in()
    died += until_it_ends(world, team, spread, ALIGNING)

    assert died.total() > 2 * files // every
    assert len({one.key for one in arrived}) == files
    assert sorted({one.body for one in arrived}) == sorted(str(one).encode() for one in range(files))
    assert len(team.reads) == files
    assert team.reads.total() <= files + died["read"] + died["PutObject"] + died["TransactWriteItems"]
    found = list(assets.every(world.workspace))
    assert Counter(one.fields.name for one in found) == Counter(names)
    assert {(one.newest.number, one.state, one.sources[0].state) for one in found} == {(1, "live", "linked")}
    assert team.ended()["left"] == []
    assert set(died) == set(STEPS)
