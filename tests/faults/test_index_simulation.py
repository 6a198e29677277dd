"""Whatever befalls writers, builds, readers and sweeps, the index is as the rows; each safeguard is needed for it."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest

from tests.faults.index_mutants import MUTANTS, Mutant
from tests.faults.index_simulation import simulate
from tests.faults.memory_aws import World, running

FAST = 8
MOST = 200


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


@pytest.mark.requirement("R41")
def test_whatever_the_schedule_the_index_is_as_the_rows_and_marks_and_answers_are_true(world: World) -> None:
    points: Counter[str] = Counter()

    problems = {seed: simulate(world, seed, points=points) for seed in range(FAST)}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}
    assert points.total() > FAST / 2
    assert {"GetObject", "PutObject", "Query"} <= set(points)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_safeguard_of_the_index_that_is_taken_out_is_missed(world: World, mutant: Mutant) -> None:
    with mutant.without():
        caught = any(simulate(world, seed, sweeps=mutant.sweeps) for seed in chain([mutant.caught], range(MOST)))

    assert caught


@pytest.mark.slow
@pytest.mark.requirement("R41")
def test_a_thousand_schedules_leave_the_index_as_the_rows(world: World) -> None:
    problems = {seed: simulate(world, seed) for seed in range(1_000, 2_000)}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}
