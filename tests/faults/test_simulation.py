"""Random schedules lose nothing, double nothing and show the newest write; each safeguard is needed for it."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest

from tests.faults.memory_aws import World, running
from tests.faults.mutants import MUTANTS, Mutant
from tests.faults.simulation import simulate

FAST = 60
MOST = 400


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


@pytest.mark.requirement("R41")
def test_whatever_the_schedule_every_file_is_in_once_and_the_newest_is_shown(world: World) -> None:
    points: Counter[str] = Counter()

    problems = {seed: simulate(world, seed, points=points) for seed in range(FAST)}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}
    assert points.total() > FAST / 2
    assert {"GetItem", "UpdateItem", "CopyObject", "Invoke", "TransactWriteItems"} <= set(points)


def test_a_schedule_is_the_same_for_the_same_seed(world: World) -> None:
    counts = []
    for _ in range(2):
        simulate(world, 7)
        counts.append((world.aws.calls, world.aws.now))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_safeguard_that_is_taken_out_is_missed(world: World, mutant: Mutant) -> None:
    with mutant.without():
        seeds = chain([mutant.caught], range(MOST))
        caught = any(simulate(world, seed, reconciles=mutant.reconciles, sweeps=mutant.sweeps) for seed in seeds)

    assert caught


@pytest.mark.slow
@pytest.mark.requirement("R41")
@pytest.mark.parametrize("thousand", range(1, 4))
def test_three_thousand_schedules_lose_nothing(world: World, thousand: int) -> None:
    seeds = range(thousand * 1000, thousand * 1000 + 1000)

    problems = {seed: simulate(world, seed) for seed in seeds}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}
