"""Every scenario of ingest and its jobs, disturbed at every AWS call in every way, ends as if nothing had happened.

On the in-memory AWS, with all of the product's code; test_ingest_crashes.py does the same on the emulators.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.errors import PackshotError
from tests.faults.crashes import Crashed
from tests.faults.end_state import end_state
from tests.faults.memory_aws import World, running, through
from tests.faults.memory_tables import refused
from tests.faults.scenarios import SCENARIOS, Scenario, check, until_quiet

Disturb = Callable[[str, Callable[[], Any]], Any]


def _die_before(_name: str, _answer: Callable[[], Any]) -> Any:
    raise Crashed


def _die_after(_name: str, answer: Callable[[], Any]) -> Any:
    answer()
    raise Crashed


def _throttle(name: str, _answer: Callable[[], Any]) -> Any:
    raise refused(name, "ThrottlingException")


def _lose_answer(_name: str, answer: Callable[[], Any]) -> Any:
    answer()
    raise ReadTimeoutError(endpoint_url="http://memory")


def _conflict(name: str, answer: Callable[[], Any]) -> Any:
    if name != "TransactWriteItems":
        return answer()
    raise refused(name, "TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}])


WAYS: Mapping[str, Disturb] = {
    "dies before": _die_before,
    "is throttled at": _throttle,
    "loses the answer of": _lose_answer,
    "meets another transaction at": _conflict,
}
ALL_WAYS: Mapping[str, Disturb] = {**WAYS, "dies after": _die_after}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


def disturbed(world: World, disturb: Disturb, *at: int) -> list[str]:
    """Disturb the calls of these numbers from now on; the list of calls grows."""
    calls: list[str] = []

    def choke(_service: str, name: str, _asked: Mapping[str, Any], answer: Callable[[], Any]) -> Any:
        calls.append(name)
        return disturb(name, answer) if len(calls) in at else answer()

    world.choke = choke
    return calls


def undisturbed(world: World, scenario: Scenario) -> tuple[list[str], list[str]]:
    """The end state and the calls of the act."""
    world.choke = through
    world.reset(1)
    act = scenario.tell(world)
    calls = disturbed(world, _die_before)  # at no call: only counted
    until_quiet(world, act)
    world.choke = through
    check(world, scenario)
    return end_state(world, are_numbered=scenario.are_numbered), calls


def run(world: World, scenario: Scenario, disturb: Disturb, *at: int, wait_s: float = 600) -> list[str]:
    """The end state after these disturbances, counted over all deliveries, and two deliveries without any."""
    world.choke = through
    world.reset(1)
    act = scenario.tell(world)
    disturbed(world, disturb, *at)
    for _ in at:
        try:
            act()
        except (Crashed, PackshotError):
            world.aws.pass_time(wait_s)
    world.choke = through
    until_quiet(world, act)
    world.aws.pass_time(600)  # the sweep gives a message five minutes
    until_quiet(world, act)
    check(world, scenario)
    return end_state(world, are_numbered=scenario.are_numbered)


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_a_disturbance_at_any_call_changes_nothing_in_the_end(world: World, scenario: Scenario, way: str) -> None:
    expected, calls = undisturbed(world, scenario)

    for at, name in enumerate(calls, 1):
        if WAYS[way] is not _conflict or name == "TransactWriteItems":
            assert run(world, scenario, WAYS[way], at) == expected, f"{way} call {at} of {len(calls)}, {name}"


@pytest.mark.slow
@pytest.mark.requirement("R41")
@pytest.mark.parametrize("way", ALL_WAYS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_two_disturbances_and_an_early_redelivery_change_nothing_in_the_end(
    world: World, scenario: Scenario, way: str
) -> None:
    expected, calls = undisturbed(world, scenario)

    for first in range(1, len(calls) + 1):
        assert run(world, scenario, ALL_WAYS[way], first, wait_s=1) == expected
        for second in range(first + 1, len(calls) + 8, 1 + len(calls) // 30):
            assert run(world, scenario, ALL_WAYS[way], first, second) == expected, f"{way} {first} and {second}"
