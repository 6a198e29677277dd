"""The API on the in-memory AWS, index and all: for properties that need many calls and a clock of their own."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

from chalicelib import wiring
from chalicelib.adapters import search_reader
from chalicelib.domain.ids import WorkspaceId
from chalicelib.services import indexing, workspaces
from tests import policies
from tests.builders import Shop
from tests.faults import memory_aws
from tests.faults.memory_aws import KEY, World

_SEEDS, _SECRETS = itertools.count(1), itertools.count(1)
"""Never the same again in this process, which remembers sessions by their secrets."""


@contextmanager
def api(folder: Path) -> Iterator[World]:
    """Until the end of the block every call of the API is answered on an in-memory AWS."""
    with (
        mock.patch.dict(memory_aws.SETTINGS, {"PACKSHOT_INDEX_FOLDER": str(folder)}),
        mock.patch.object(search_reader, "CHECK_AGE_S", 0.0),
        mock.patch.object(policies, "running", return_value=None),  # addresses are signed otherwise here
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


def settle(world: World, *shops: Shop) -> None:
    """Let the index catch up, and a few seconds pass, so that nothing is kept from before."""
    world.aws.pass_time(5)
    for shop in shops:
        indexing.catch_up(shop.ctx, shop.workspace)
    world.aws.pass_time(5)
