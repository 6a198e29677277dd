"""Two runs, two arrivals of one Drive: whoever lost the lease or the race changes nothing, wherever it stood.

Each safeguard is taken out as well, and then is missed: random schedules of a followed Drive get along without these
two, as its index is written by revision and its arrivals are one after another.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from chalicelib.handlers.connections import KINDS
from chalicelib.models import assets, versions
from chalicelib.services import arrivals, connection_runs, ingest
from tests.faults import workers
from tests.faults.drive_world import Team
from tests.faults.end_state import rows_of
from tests.faults.memory_aws import World, running, through
from tests.faults.mutants import _unconditional
from tests.faults.workers import Worker

Without = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


def a_team(world: World) -> Team:
    world.choke = through
    world.reset(1)
    team = Team(world)
    team.drive.make("a.jpg", "image/jpeg", team.photos, b"one")
    team.connect()
    world.aws.pass_time(3600)
    world.choke = workers.choke
    return team


def a_run(team: Team) -> Worker:
    one = team.connection
    assert one is not None
    return Worker(lambda: connection_runs.run(team.ctx, KINDS, team.world.workspace, one.id))


def finished(worker: Worker) -> Worker:
    while worker.outcome is None:
        worker.step()
    return worker


def of_the_run(world: World) -> list[dict[str, Any]]:
    """What runs write of themselves, and of the Drive."""
    rows = rows_of(world)
    return [*rows["connections"], *rows["connection-runs"], *rows["drive-files"]]


def asleep(worker: Worker, commits: int) -> bool:
    """Let it go on until it stands before its transaction after so many; False when it makes no more of them."""
    made = 0
    while worker.outcome is None:
        if worker.waits_at == "TransactWriteItems":
            if made == commits:
                return True
            made += 1
        worker.step()
    return False


def woken_after_its_lease(world: World, commits: int) -> str:
    """A run sleeps after so many transactions while another does the work; what it changed, once awake."""
    team = a_team(world)
    slow = a_run(team)
    if not asleep(slow, commits):
        return "it made no more"
    world.aws.pass_time(10 * 60)
    finished(a_run(team))
    before = of_the_run(world)
    finished(slow)
    return "" if of_the_run(world) == before else "it wrote"


@pytest.mark.requirement("R40")
def test_a_run_of_a_drive_that_wakes_after_its_lease_changes_nothing(world: World) -> None:
    found: list[str] = []
    while "it made no more" not in found:
        found.append(woken_after_its_lease(world, len(found)))

    assert set(found[:-1]) == {""}
    assert len(found) > 5


def _asks_only_for_the_owner(asked: Mapping[str, Any]) -> bool:
    return "owner" in asked.get("ExpressionAttributeNames", {}).values() and "AND" not in asked["ConditionExpression"]


def test_the_lease_fence_of_a_run_that_is_taken_out_is_missed(world: World) -> None:
    with _unconditional("connections", _asks_only_for_the_owner):
        found = [woken_after_its_lease(world, count) for count in range(3)]

    assert "it wrote" in found


def assets_of_one_file(world: World, without: Without) -> list[int]:
    """How many assets two contents of one file make that are taken in at once, wherever the first one sleeps."""
    found: list[int] = []
    while True:
        team = a_team(world)
        finished(a_run(team))
        (file,) = [one for one in team.drive.files.values() if one.sha256]
        team.drive.fill(file, b"two")
        world.aws.pass_time(3600)
        finished(a_run(team))
        first, second = world.aws.inbox
        slow = taking(world, first)
        if not asleep(slow, len(found)):
            return found
        with without():
            finished(taking(world, second))
            finished(slow)
            world.aws.pass_time(600)
            finished(taking(world, first))
        held = [len(list(versions.every(world.workspace, one.id))) for one in assets.every(world.workspace)]
        assert sum(held) == 2
        found.append(len(held))


def taking(world: World, one: Any) -> Worker:
    hint = arrivals.hint_of(world.ctx, one.key, one.version, f"{int(one.version[1:]):018X}")
    return Worker(lambda: ingest.take(world.ctx, hint))


@pytest.mark.requirement("R40")
def test_two_contents_of_a_new_file_of_a_drive_at_once_are_versions_of_one_asset(world: World) -> None:
    found = assets_of_one_file(world, nullcontext)

    assert set(found) == {1}


def test_the_check_of_the_source_pointer_that_is_taken_out_is_missed(world: World) -> None:
    found = assets_of_one_file(world, lambda: _unconditional("sources", lambda _: True))

    assert 2 in found
