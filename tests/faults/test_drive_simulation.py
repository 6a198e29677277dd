"""Whatever befalls runs and arrivals, the library is as the Drive in the end; each safeguard is needed for it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from chalicelib.services import commits, drive_copies, drive_news
from tests.faults.drive_simulation import simulate
from tests.faults.memory_aws import World, running

FAST, MOST = 20, 100


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


@pytest.mark.requirement("R40")
def test_whatever_the_schedule_the_library_is_as_the_drive_is(world: World) -> None:
    points: Counter[str] = Counter()

    problems = {seed: simulate(world, seed, points=points) for seed in range(FAST)}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}
    assert points.total() > FAST / 2
    assert {"changes", "TransactWriteItems", "GetItem"} <= set(points)


@pytest.mark.slow
@pytest.mark.requirement("R40")
def test_two_thousand_schedules_leave_the_library_as_the_drive_is(world: World) -> None:
    problems = {seed: simulate(world, seed) for seed in range(1_000, 3_000)}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}


def _place_first(genuine: Any) -> Any:
    def absorb(this: Any, news: Any, last_memory: Any, folder: Any = None) -> None:
        if last_memory is not None:
            this.run.keep(memory=last_memory())
        genuine(this, news, None, folder)

    return absorb


def _forgotten(genuine: Any) -> Any:
    def new_asset(plan: Any, destination: Any, *rest: Any) -> Any:
        return replace(genuine(plan, destination, *rest), state="live")

    return new_asset


def _patched(owner: Any, name: str, make: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: mock.patch.object(owner, name, make(getattr(owner, name)))


MUTANTS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "the feed's place is kept before its news": _patched(drive_news, "absorb", _place_first),
    "what was trashed on its way in is shown": _patched(commits, "_new_asset", _forgotten),
    "bytes are taken as they come": _patched(drive_copies, "_check", lambda _: lambda *_: None),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_safeguard_that_is_taken_out_is_missed(world: World, name: str) -> None:
    with MUTANTS[name]():
        caught = any(simulate(world, seed) for seed in range(MOST))

    assert caught
