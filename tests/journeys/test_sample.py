"""A new home is not empty: the sample library is there once, whatever happens on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.polling import await_true
from infra.sample import catalogue
from tests.journeys.instance import Instance
from tests.journeys.photos import photo

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
LIBRARY = catalogue.load()
LIMIT_S = 120.0


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Instance]:
    """A home that never ran, not started yet."""
    instance = Instance(tmp_path / "home", {"PACKSHOT_SAMPLE": "1"})
    yield instance
    if instance.is_ready():
        instance.interrupt()


def library(instance: Instance) -> dict[str, dict[str, Any]]:
    """Every asset of the sample's folders by path, trashed ones left out."""
    tops = {path.partition("/")[0] for path in LIBRARY.paths}
    return {path: asset for top in tops for path, asset in instance.assets(top).items()}


def await_library(instance: Instance) -> dict[str, dict[str, Any]]:
    assert await_true(lambda: set(library(instance)) >= LIBRARY.paths, LIMIT_S, 0.5), (
        LIBRARY.paths - set(library(instance)),
        instance.quarantined(),
    )
    return library(instance)


def test_the_first_start_brings_the_sample_library_in_its_collections(fresh: Instance) -> None:
    found = await_library(fresh.start())

    assert set(found) == LIBRARY.paths
    assert fresh.quarantined() == {}
    assert all(asset["thumb_url"] for asset in found.values())
    for copy, of in LIBRARY.copies.items():
        named = [fresh.get(f"/v1/assets/{found[path]['id']}").get("duplicate_of") for path in (copy, of)]
        assert sorted(named, key=str) == sorted([None, found[copy if named[1] else of]["id"]], key=str)
    picture = next(one for one in LIBRARY.pictures if {"xmp", "exif"} <= one.embed)
    detail = fresh.get(f"/v1/assets/{found[picture.path]['id']}")
    assert (detail["title"], detail["keywords"]) == (picture.title, list(picture.keywords))


def test_after_kill_9_in_the_middle_it_is_there_once_and_what_is_deleted_then_stays_deleted(fresh: Instance) -> None:
    fresh.start()
    assert await_true(lambda: len(library(fresh)) >= 3, LIMIT_S, 0.1)
    fresh.kill()
    before = await_library(fresh.start())
    assert set(before) == LIBRARY.paths
    assert {one["newest_version"] for one in before.values()} == {1}
    assert fresh.quarantined() == {}

    trashed, unlinked = sorted(LIBRARY.paths)[:2]
    assert fresh.call("DELETE", f"/v1/assets/{before[trashed]['id']}").status_code < 300
    (fresh.drop / unlinked).unlink()
    fresh.interrupt()
    fresh.start()
    (fresh.drop / "Own").mkdir()
    (fresh.drop / "Own" / "mine.jpg").write_bytes(photo())
    fresh.await_assets("Own", 1)  # whatever the start would hand in was there before it

    found = library(fresh)
    assert {path: one["id"] for path, one in found.items()} == {
        path: one["id"] for path, one in before.items() if path != trashed
    }
    assert {one["newest_version"] for one in found.values()} == {1}


def test_without_the_library_a_new_home_is_empty(packshot: Instance) -> None:
    assert library(packshot) == {}
    assert not any((packshot.drop / path).exists() for path in LIBRARY.paths)
