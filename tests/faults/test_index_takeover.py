"""One of two sleeps before each of its calls while the other does its work: the index is as the rows all the same.

Writers, builds, sweeps and people who edit, in the pairs that meet; each safeguard of such a meeting is taken out too.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.adapters import search_reader
from chalicelib.domain.ids import AssetId
from chalicelib.ports.context import Context
from chalicelib.services import indexing
from tests.faults import schedules, workers
from tests.faults.end_state import rows_of
from tests.faults.index_mutants import RARE
from tests.faults.index_simulation import Run, _edit, problem_of
from tests.faults.index_world import Fleet, Witness, machine
from tests.faults.memory_aws import World, running, through
from tests.faults.workers import Worker

Act = Callable[[Context, World], object]


def _first(world: World) -> AssetId:
    return AssetId(min(row["id"] for row in rows_of(world)["assets"]))


ACTS: dict[str, Act] = {
    "a writer": lambda ctx, world: indexing.catch_up(ctx, world.workspace),
    "a build": lambda ctx, world: indexing.rebuild(ctx, world.workspace),
    "a sweep": lambda ctx, world: ctx.search.sweep(world.workspace),
    "an edit": lambda ctx, world: _edit(ctx, world, _first(world), world.aws.new_id(), is_trashing=False),
    "a trashing": lambda ctx, world: _edit(ctx, world, _first(world), "", is_trashing=True),
}
MEETINGS: dict[str, tuple[str, Sequence[str]]] = {
    "two first writers": ("a writer", ("an edit", "a writer")),
    "two writers": ("a writer", ("an edit", "a writer")),
    "a writer that dies": ("a writer", ()),
    "a build and a writer": ("a build", ("an edit", "a writer")),
    "an edit and a build": ("an edit", ()),
    "a sweep and a writer": ("a sweep", ("an edit", "a writer")),
}
"""Who sleeps, and what is done meanwhile."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_reader, "CHECK_AGE_S", 0.0)
        yield made


@pytest.fixture
def run(world: World, tmp_path: Path) -> Callable[[], Run]:
    """Makes fresh libraries of one asset."""
    made: list[int] = []

    def make() -> Run:
        folder = tmp_path / str(len(made))
        made.append(len(made))
        schedules.fresh(world, 1)
        new = Run(world, random.Random(1), witness=Witness(world, folder / "w"), fleet=Fleet(world, folder))
        new.drop()
        return new

    return make


def started(run: Run, name: str) -> Worker:
    """It begins on a machine of its own."""
    run.fleet.made += 1
    ctx = replace(run.world.ctx, search=machine(run.world, run.fleet.folder / f"m{run.fleet.made}"))
    return Worker(lambda: ACTS[name](ctx, run.world))


def finished(worker: Worker) -> Worker:
    while worker.outcome is None:
        worker.step()
    return worker


def met(run: Run, meeting: str, calls: int) -> str | None:
    """What is wrong when it slept before this call of its own; None when it makes no so many."""
    sleeps, others = MEETINGS[meeting]
    run.world.choke = workers.choke
    if meeting != "two first writers":
        finished(started(run, "a writer"))
    if sleeps == "a writer":
        finished(started(run, "a trashing"))
    else:
        run.world.aws.pass_time(2 * 3600)
    slow = started(run, sleeps)
    for _ in range(calls + 1):
        if slow.outcome is not None:
            return None
        slow.step()
    run.world.aws.pass_time(5)
    if meeting == "a writer that dies":
        slow.kill()
    if sleeps == "an edit":
        _between_the_reads_of_a_build(run, slow)
    for name in others:
        finished(started(run, name))
    finished(slow)
    run.world.aws.pass_time(100)
    finished(started(run, "a writer"))
    run.world.choke = through
    return next(iter(run.witness.problems), "") or problem_of(run)


def _between_the_reads_of_a_build(run: Run, edit: Worker) -> None:
    """A build has read all rows; the edit commits and is indexed; the build asks what has changed."""
    build = started(run, "a build")
    while build.waits_at != "PutObject":
        build.step()
    finished(edit)
    finished(started(run, "a writer"))
    finished(build)


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("meeting", MEETINGS)
def test_whoever_sleeps_before_any_call_the_index_is_as_the_rows(run: Callable[[], Run], meeting: str) -> None:
    found: list[str] = []
    while (problem := met(run(), meeting, len(found))) is not None:
        found.append(problem)

    assert set(found) == {""}
    assert len(found) > 3


@pytest.mark.parametrize("safeguard", RARE)
def test_a_safeguard_of_a_meeting_that_is_taken_out_is_missed(run: Callable[[], Run], safeguard: str) -> None:
    without, meeting, calls = RARE[safeguard]
    with without():
        problem = met(run(), meeting, calls)

    assert problem
