"""Whatever befalls jobs, runs and the store, all is as it should be in the end; each safeguard is needed for it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from unittest import mock

import pytest

from chalicelib.domain.ids import VersionId
from chalicelib.domain.plan_products import _Look
from chalicelib.services import pictures, shop_files
from tests.faults import mutants
from tests.faults.memory_aws import World, running
from tests.faults.push_shelf import words_are_pictures
from tests.faults.push_simulation import simulate

FAST = 30


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made, words_are_pictures():
        yield made


@pytest.mark.requirement("R35", "R36", "RP1", "RP2")
def test_whatever_the_schedule_the_store_shows_what_is_approved_and_what_the_merchant_did(world: World) -> None:
    points: Counter[str] = Counter()

    problems = {seed: simulate(world, seed, points=points) for seed in range(FAST)}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}
    assert points.total() > FAST / 2
    assert {"GetItem", "TransactWriteItems"} <= set(points)


@pytest.mark.requirement("R35", "RP2")
@pytest.mark.parametrize("seed", [87])
def test_a_run_that_died_while_it_moved_what_is_new_does_not_take_the_merchants_order_for_ours(
    world: World, seed: int
) -> None:
    assert simulate(world, seed) == ""


@pytest.mark.slow
@pytest.mark.requirement("R35", "R36", "RP1", "RP2")
def test_a_thousand_schedules_leave_the_store_as_it_should_be(world: World) -> None:
    problems = {seed: simulate(world, seed) for seed in range(1_000, 2_000)}

    assert {seed: problem for seed, problem in problems.items() if problem} == {}


def test_a_schedule_is_the_same_for_the_same_seed(world: World) -> None:
    counts = []
    for _ in range(2):
        simulate(world, 3)
        counts.append((world.aws.calls, world.aws.now))

    assert counts[0] == counts[1]


@dataclass(frozen=True)
class Mutant:
    """`without` takes a safeguard out, or nobody takes up what died. The seed `caught` is known to show it."""

    name: str
    caught: int
    without: Callable[[], AbstractContextManager[Any]] = nullcontext
    sweeps: bool = True


def _patched(owner: Any, name: str, make: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: mock.patch.object(owner, name, make(getattr(owner, name)))


def _named_anew(genuine: Any) -> Any:
    tries = count()
    return lambda name, *rest: genuine(f"{next(tries)}-{name}", *rest)


def _nothing_is_found(_genuine: Any) -> Any:
    return lambda *_: False


def _ready_at_once(genuine: Any) -> Any:
    def ask(push: Any, file_ids: Any) -> None:
        genuine(push, file_ids)
        ready = {name: replace(one, state="ready") for name, one in push.seen.items() if one.state == "processing"}
        push.seen |= ready

    return ask


def _overwritten(genuine: Any) -> Any:
    def note(look: Any, *drift: Any, **more: Any) -> bool:
        genuine(look, *drift, **more)
        return True

    return note


def _unasked(_genuine: Any) -> Any:
    def bytes_of(push: Any, want: Any, asset: Any) -> bytes:
        version_id = VersionId(want.content.split("/")[1])
        key = pictures.render(push.run.ctx, push.run.workspace, version_id, push.actor.preset_for(asset))
        return bytes(push.run.ctx.store.read("renditions", key))

    return bytes_of


@contextmanager
def _unfenced() -> Iterator[None]:
    with mutants._unconditional("jobs", lambda _: True):
        yield


MUTANTS = (
    Mutant("a job has neither lease nor fence", 2, _unfenced),
    Mutant("what a dead run has made is not taken over", 169, _patched(shop_files, "_taken_over", _nothing_is_found)),
    Mutant("a file has another name at each try", 169, _patched(shop_files, "NewFile", _named_anew)),
    Mutant("a file is used before the store is ready", 12, _patched(shop_files.Push, "ask", _ready_at_once)),
    Mutant("what the merchant did counts for nothing", 1, _patched(_Look, "note", _overwritten)),
    Mutant("it is not asked at the push what may leave", 0, _patched(shop_files, "_bytes", _unasked)),
    Mutant("nobody takes up what died", 1, sweeps=False),
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_safeguard_that_is_taken_out_is_missed(world: World, mutant: Mutant) -> None:
    with mutant.without():
        caught = simulate(world, mutant.caught, sweeps=mutant.sweeps)

    assert caught
