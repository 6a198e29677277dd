"""Many files of one name in one folder of a Drive: each is its own, by the id that Drive gives it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.models import assets
from tests.faults.drive_world import Team
from tests.faults.memory_aws import World, running, through


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


@pytest.mark.timeout(1800)
@pytest.mark.requirement("R39")
@pytest.mark.parametrize("files", [50, pytest.param(5_000, marks=pytest.mark.slow)])
def test_so_many_files_of_one_name_are_each_an_asset_and_a_rename_is_of_one(world: World, files: int) -> None:
    world.choke = through
    world.reset(1)
    team = Team(world)
    made = [team.drive.make("same.jpg", "image/jpeg", team.photos, str(number).encode()) for number in range(files)]
    team.connect()

    team.act()
    first = Counter(one.fields.name for one in assets.every(world.workspace))
    team.drive.keep(replace(made[7], name="other.jpg"))
    team.act()

    found = list(assets.every(world.workspace))
    assert first == {"same.jpg": files}
    assert Counter(one.fields.name for one in found) == {"same.jpg": files - 1, "other.jpg": 1}
    assert len({one.newest.sha256 for one in found}) == len(found)
    assert next(one.newest.sha256 for one in found if one.fields.name == "other.jpg") == made[7].sha256
    assert team.ended()["left"] == []
