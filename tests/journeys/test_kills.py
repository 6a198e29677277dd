"""Whatever is killed, at whatever moment: each file is there once, and nobody lends a hand."""

import os
import signal
from pathlib import Path

import pytest

from infra.local.polling import await_true
from tests.journeys.instance import PROGRAMS, Instance
from tests.journeys.photos import move_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def names(count: int, word: str = "shot") -> list[str]:
    return [f"{word}-{number:04}.jpg" for number in range(count)]


def test_kill_9_with_files_in_flight_and_the_next_start_goes_on(
    battered: Instance, folder: str, tmp_path: Path
) -> None:
    before = battered.connection
    move_in(tmp_path / "beside", battered.drop / folder, names(24))
    seen = battered.await_assets(folder, 3)

    battered.kill()
    battered.start()
    found = battered.await_assets(folder, 24)

    assert battered.connection == before
    assert set(found) == {f"{folder}/{name}" for name in names(24)}
    assert {one["newest_version"] for one in found.values()} == {1}
    assert {path: found[path]["id"] for path in seen} == {path: one["id"] for path, one in seen.items()}
    assert battered.quarantined() == {}
    assert battered.findings() == []


def test_each_process_may_be_killed_while_files_come_in(battered: Instance, folder: str, tmp_path: Path) -> None:
    first = battered.children()
    assert set(first) == set(PROGRAMS)

    for turn, name in enumerate(PROGRAMS):
        move_in(tmp_path / "beside", battered.drop / folder, names(4, name), first=100 * turn)
        os.kill(battered.children()[name], signal.SIGKILL)
        assert await_true(lambda name=name: battered.children().get(name, first[name]) != first[name], 30, 0.05)
    found = battered.await_assets(folder, 4 * len(PROGRAMS))

    assert len(found) == 4 * len(PROGRAMS)
    assert {one["newest_version"] for one in found.values()} == {1}
    assert battered.quarantined() == {}
    assert battered.findings() == []
    assert battered.is_ready()


FILES, KILLS = 2_000, 200
TAGGED_WITHIN_S = 1200.0
"""Visual tags come after all else."""


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_thousand_files_come_through_two_hundred_kills(battered: Instance, folder: str, tmp_path: Path) -> None:
    move_in(tmp_path / "beside", battered.drop / folder, names(FILES), first=10_000)

    for kill in range(KILLS):
        victim = [*PROGRAMS, "runner"][kill % (len(PROGRAMS) + 1)]
        if victim == "runner":
            battered.kill()
            battered.start()
        else:
            old = battered.children()[victim]
            os.kill(old, signal.SIGKILL)
            assert await_true(lambda old=old, name=victim: battered.children().get(name, old) != old, 60, 0.05)
    found = battered.await_assets(folder, FILES, 1200)

    assert set(found) == {f"{folder}/{name}" for name in names(FILES)}
    assert {one["newest_version"] for one in found.values()} == {1}
    assert battered.quarantined() == {}
    assert battered.findings(TAGGED_WITHIN_S) == []
