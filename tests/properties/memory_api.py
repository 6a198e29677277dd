"""The API on the in-memory AWS, index and all: for properties that need many calls and a clock of their own."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from chalicelib import wiring
from chalicelib.adapters import search_reader
from chalicelib.domain.ids import WorkspaceId
from chalicelib.handlers.jobs import WORKS
from chalicelib.services import indexing, jobs, workspaces
from tests.builders import Shop
from tests.faults import memory_aws
from tests.faults.memory_aws import KEY, World

_SEEDS, _SECRETS = itertools.count(1), itertools.count(1)
"""Never the same again in this process, which remembers sessions by their secrets."""


def few_or_many(examples: int, steps: int) -> pytest.MarkDecorator:
    """So many histories of so many steps, or, among the slow tests, forty of forty."""
    many = pytest.param(40, 40, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])
    return pytest.mark.parametrize(("examples", "steps"), [(examples, steps), many], ids=["few", "many"])


def tell(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    """Let histories happen, the same at each run; the first that breaks a promise fails as it was drawn."""
    drawn = settings(
        max_examples=examples, stateful_step_count=steps, derandomize=True, report_multiple_bugs=False,
        phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=drawn)  # type: ignore[no-untyped-call]


@contextmanager
def api(folder: Path) -> Iterator[World]:
    """Until the end of the block every call of the API is answered on an in-memory AWS."""
    with (
        mock.patch.dict(memory_aws.SETTINGS, {"PACKSHOT_INDEX_FOLDER": str(folder)}),
        mock.patch.object(search_reader, "CHECK_AGE_S", 0.0),
        memory_aws.running() as world,
    ):
        world.ctx = replace(world.ctx, new_secret=lambda: f"{next(_SECRETS):043d}")
        with mock.patch.object(wiring, "context", side_effect=lambda: world.ctx):
            yield world


def a_fresh_shop(world: World) -> Shop:
    """An empty AWS with one workspace that no run has seen before."""
    world.reset(next(_SEEDS))
    return Shop(world.ctx, world.workspace, KEY)


def another_shop(world: World) -> Shop:
    """One more workspace in the same AWS."""
    workspace, key = WorkspaceId(world.aws.new_id()), f"ps_memory0001_{'j' * 43}"
    founding = workspaces.Founding(workspace, "Another shop", world.aws.new_id(), "owner@another.test", key)
    workspaces.found(world.ctx, founding)
    return Shop(world.ctx, workspace, key)


def worked(shop: Shop, job_id: str) -> None:
    """Let a job that was asked for run to its end."""
    jobs.run(shop.ctx, WORKS, shop.workspace, job_id)


def settle(world: World, *shops: Shop) -> None:
    """Let the index catch up, and a few seconds pass, so that nothing is kept from before."""
    world.aws.pass_time(5)
    for shop in shops:
        indexing.catch_up(shop.ctx, shop.workspace)
    world.aws.pass_time(5)
