"""What following a Drive costs, counted at the choke point of every client: what changes counts, not what is known."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.drive import FOLDER
from chalicelib.handlers.connections import KINDS
from chalicelib.services import connection_runs
from tests.faults.drive_world import Team
from tests.faults.memory_aws import World, running, through

CHANGES = 8


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


def calls_of(team: Team, change: Callable[[], None]) -> Counter[str]:
    """The calls of the run after a change, of AWS and of Drive."""
    calls: Counter[str] = Counter()

    def choke(_service: str, name: str, _asked: Mapping[str, Any], answer: Callable[[], Any]) -> Any:
        calls[name] += 1
        return answer()

    assert team.connection is not None
    change()
    team.world.aws.pass_time(3600)
    team.world.choke = choke
    connection_runs.run(team.ctx, KINDS, team.world.workspace, team.connection.id)
    team.world.choke = through
    return calls


def costs(world: World, files: int) -> dict[str, Counter[str]]:
    """Of a library of so many files: each run's calls by what happened before it."""
    world.choke = through
    world.reset(1)
    team = Team(world)
    folders = [team.drive.make(f"Folder {one}", FOLDER, team.photos).id for one in range(4)]
    made = [team.drive.make(f"{one}.jpg", "image/jpeg", folders[one % 4], str(one).encode()) for one in range(files)]
    team.connect()

    def add() -> None:
        for one in range(CHANGES):
            team.drive.make(f"new {one}.jpg", "image/jpeg", folders[one % 4], f"new {one}".encode())

    def rename() -> None:
        for one in made[:CHANGES]:
            team.drive.keep(replace(one, name=f"renamed {one.name}"))

    first = calls_of(team, lambda: None)
    return {
        "first": first, "followed": calls_of(team, team.take_in), "quiet": calls_of(team, lambda: None),
        "added": calls_of(team, add), "renamed": calls_of(team, rename),
    }  # fmt: skip


@pytest.mark.requirement("R39", "R40")
def test_a_run_costs_what_has_changed_and_not_what_is_known(world: World) -> None:
    few, many = costs(world, 40), costs(world, 120)

    assert many["quiet"] == few["quiet"]
    assert many["added"] == few["added"]
    assert many["renamed"] == few["renamed"]
    assert many["first"]["read"] == many["first"]["PutObject"] == 120
    assert many["first"]["TransactWriteItems"] - few["first"]["TransactWriteItems"] == 80
    assert many["first"]["GetItem"] == few["first"]["GetItem"]
    assert many["followed"]["GetItem"] == few["followed"]["GetItem"]
    assert many["followed"]["TransactWriteItems"] - few["followed"]["TransactWriteItems"] == 2
