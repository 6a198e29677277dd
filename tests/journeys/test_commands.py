"""Starting, stopping and asking, as a person at a terminal does."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.local import loopback
from infra.local.polling import await_true
from infra.local.tools import ROOT
from tests.journeys.instance import Instance, begin

pytestmark = pytest.mark.journey


def tick(home: Path, *names: str) -> tuple[int, str]:
    return asked(home, "infra.local.clock", *names)


def asked(home: Path, module: str, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(("PACKSHOT_", "AWS_"))},
            "PACKSHOT_HOME": str(home),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def hears(pid: int, number: int) -> bool:
    """Whether the process catches this signal instead of dying of it."""
    told = Path(f"/proc/{pid}/status").read_text().partition("SigCgt:")[2].split()[0]
    return bool(int(told, 16) >> (number - 1) & 1)


def test_ctrl_c_stops_everything_and_the_next_start_has_the_same_addresses(battered: Instance) -> None:
    before, children = battered.connection, list(battered.children().values())

    code = battered.interrupt()
    left = [pid for pid in children if Path(f"/proc/{pid}").exists()]
    is_told = (battered.home / "connection.json").exists()
    said = battered.said
    battered.start()

    assert (code, left, is_told) == (0, [], False)
    assert said.rstrip().endswith("Stopping …")
    assert "Traceback" not in said
    assert battered.connection == before


@pytest.mark.parametrize("after_s", [0.1, 0.6, 1.4])
def test_ctrl_c_while_it_starts_stops_at_once_and_twice_is_not_worse(tmp_path: Path, after_s: float) -> None:
    process = begin(tmp_path / "home")
    assert await_true(lambda: hears(process.pid, signal.SIGINT), 60, 0.005), "Python has begun"
    time.sleep(after_s)  # the person's moment: Ctrl-C may come at any time of a start, so there is nothing to wait for

    pressed_s = time.monotonic()
    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.02)  # the person's second press
    said = process.communicate(timeout=20)[0]

    assert process.returncode == 130
    assert said.strip() == "Stopped before it was ready."
    assert time.monotonic() - pressed_s < 10  # at once, on a slow and busy machine too
    assert not (tmp_path / "home" / "connection.json").exists()


def test_a_second_start_says_where_the_first_one_runs(packshot: Instance) -> None:
    second = begin(packshot.home)
    said = second.communicate(timeout=20)[0]

    assert second.returncode == 1
    assert said.startswith(f"Packshot already runs at {packshot.connection['url']} in {packshot.home}")
    assert packshot.is_ready()


def test_a_taken_port_is_told_with_a_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        asked = begin(tmp_path / "home", PORT=str(port))
        said = asked.communicate(timeout=30)[0]

    assert asked.returncode == 1
    assert said.startswith(f"Port {port} is taken by another program.")


def test_of_two_that_begin_at_one_port_in_the_same_second_one_is_ready_and_the_other_says_why_not(
    tmp_path: Path,
) -> None:
    port = str(loopback.free_port())
    both = [begin(tmp_path / name, PORT=port) for name in ("one", "two")]
    assert await_true(lambda: any(one.poll() is not None for one in both), 90)

    loser, winner = sorted(both, key=lambda one: one.poll() is None)
    said = loser.communicate(timeout=20)[0]
    assert await_true(lambda: any((tmp_path / name / "connection.json").exists() for name in ("one", "two")), 60)
    os.killpg(winner.pid, signal.SIGINT)
    greeted = winner.communicate(timeout=60)[0]

    assert (loser.returncode, winner.returncode) == (1, 0)
    assert f"Port {port} is taken by another program. Choose another:" in said
    assert f"http://127.0.0.1:{port}/" in greeted


def test_a_home_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")

    asked = begin(tmp_path / "home")
    said = asked.communicate(timeout=20)[0]

    assert (asked.returncode, said.startswith(f"Packshot cannot write to {tmp_path / 'home'}:")) == (1, True)


def test_tick_fires_a_schedule_by_name(packshot: Instance) -> None:
    assert tick(packshot.home, "sweep_outbox") == (0, "sweep_outbox: done\n")


def test_tick_names_the_schedules_when_there_is_none_of_that_name(packshot: Instance) -> None:
    code, said = tick(packshot.home, "nothing")

    assert code == 1
    assert "nothing: unknown" in said
    assert "reconcile_inbox" in said


def test_tick_without_a_running_instance_says_how_to_start_one(tmp_path: Path) -> None:
    assert tick(tmp_path) == (1, f"Nothing runs in {tmp_path}: start it with `make run`.\n")


def test_only_one_of_two_starts_at_the_same_moment_gets_the_home(tmp_path: Path) -> None:
    both = [begin(tmp_path / "home") for _ in range(2)]

    assert await_true(lambda: any(one.poll() is not None for one in both), 60)
    loser = next(one for one in both if one.poll() is not None)
    said = loser.communicate(timeout=10)[0]
    for one in both:
        if one is not loser:
            os.killpg(one.pid, signal.SIGINT)
            one.communicate(timeout=20)

    assert loser.returncode == 1
    assert "already runs" in said


@pytest.mark.requirement("R02")
def test_the_index_of_a_running_instance_is_built_anew_by_one_command(packshot: Instance) -> None:
    returned, said = asked(packshot.home, "infra.local.packshot", "index", "rebuild")

    assert (returned, said[:1]) == (0, "{")


def test_a_command_without_a_running_instance_says_how_to_start_one(tmp_path: Path) -> None:
    returned, said = asked(tmp_path / "nothing", "infra.local.packshot", "index", "rebuild")

    assert returned == 1
    assert "Start it with `make run`" in said
