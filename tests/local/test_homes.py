"""The folder of an instance: its keys stay, its ports stay while they can, nobody else reads or holds it."""

import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import homes, loopback, runner
from infra.local.loopback import PortError
from infra.local.polling import await_true
from infra.local.tools import ROOT


def port_of(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def test_keys_ids_and_ports_are_the_same_at_every_start(tmp_path: Path) -> None:
    first = runner.prepared(tmp_path, {"PORT": "0", "PACKSHOT_SAMPLE": "0"})

    assert runner.prepared(tmp_path, {"PORT": "0", "PACKSHOT_SAMPLE": "0"}) == first


def test_a_port_that_somebody_took_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    kept = homes.keep(tmp_path)
    with socket.create_server(("127.0.0.1", kept.aws_port)):
        wanted = {name: getattr(kept, name) for name in homes.PORTS}

        found = loopback.kept_or_free(wanted, 0.0)

    assert found["aws_port"] != kept.aws_port
    assert {k: v for k, v in found.items() if k != "aws_port"} == {k: v for k, v in wanted.items() if k != "aws_port"}


def test_a_port_asked_for_that_another_part_used_is_given_up_by_that_part(tmp_path: Path) -> None:
    kept = homes.keep(tmp_path)

    asked = runner.prepared(tmp_path, {"PORT": str(kept.aws_port), "PACKSHOT_SAMPLE": "0"})

    assert asked.http_port == kept.aws_port
    assert len({getattr(asked, name) for name in homes.PORTS}) == len(homes.PORTS)


def test_a_taken_port_is_refused_with_a_way_out() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(PortError, match=r"is taken by another program\. Choose another: make run PORT="),
    ):
        loopback.claimed(port_of(other), 0.0)


@pytest.mark.parametrize("word", ["http", "-1", "65536", "80 "])
def test_a_word_that_is_no_port_is_refused(word: str) -> None:
    with pytest.raises(PortError, match="is no port"):
        loopback.asked_port(word, 8000)


def test_free_ports_are_different_and_no_outgoing_connection_takes_them() -> None:
    lowest_outgoing = int(loopback.OUTGOING_RANGE.read_text().split()[0])

    found = loopback.free_ports(20)

    assert len(set(found)) == 20
    assert max(found) < lowest_outgoing


def test_only_the_owner_may_read_what_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with homes.held(home):
        homes.keep(home)

    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "local.json").stat().st_mode) == 0o600


def test_a_home_of_before_layouts_were_numbered_is_read(tmp_path: Path) -> None:
    kept = homes.keep(tmp_path)
    told = json.loads((tmp_path / "local.json").read_text())
    del told["layout"]
    (tmp_path / "local.json").write_text(json.dumps(told))

    assert homes.keep(tmp_path) == kept


def test_a_home_of_a_newer_packshot_is_left_untouched(tmp_path: Path) -> None:
    homes.keep(tmp_path)
    told = {**json.loads((tmp_path / "local.json").read_text()), "layout": homes.LAYOUT + 1}
    (tmp_path / "local.json").write_text(json.dumps(told))

    with pytest.raises(homes.HomeError, match="newer Packshot"):
        homes.keep(tmp_path)
    assert json.loads((tmp_path / "local.json").read_text()) == told


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"layout": "x"}'])
def test_damaged_keys_are_never_replaced_by_new_ones(tmp_path: Path, text: str) -> None:
    (tmp_path / "local.json").write_text(text)

    with pytest.raises(homes.HomeError, match="damaged"):
        homes.keep(tmp_path)
    assert (tmp_path / "local.json").read_text() == text


def test_a_home_is_held_once_and_the_refusal_says_where_the_other_answers(tmp_path: Path) -> None:
    homes.write_whole(tmp_path / homes.CONNECTION, '{"url": "http://127.0.0.1:8123"}')

    with (
        homes.held(tmp_path),
        pytest.raises(homes.HomeError, match=r"already runs at http://127.0.0.1:8123 in .* \(process \d+\)"),
        homes.held(tmp_path),
    ):
        raise AssertionError("held twice")


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    hold = f"from infra.local import homes; from pathlib import Path\nwith homes.held(Path({str(tmp_path)!r})): input()"
    holder = subprocess.Popen([sys.executable, "-c", hold], cwd=ROOT, stdin=subprocess.PIPE)
    assert await_true(lambda: homes.is_running(tmp_path), 60)

    holder.kill()
    holder.communicate()

    assert not homes.is_running(tmp_path)
    with homes.held(tmp_path):
        assert homes.is_running(tmp_path)


def test_a_start_clears_what_a_killed_run_left(tmp_path: Path) -> None:
    for name in (homes.CONNECTION, ".local.json.0a1b", ".connection.json.0a1b"):
        (tmp_path / name).write_text("{}")

    homes.clear(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_more_is_told_in_one_sentence(tmp_path: Path) -> None:
    limited = "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited + "runpy.run_module('infra.local', run_name='__main__')"],
        cwd=ROOT,
        env={"PACKSHOT_HOME": str(tmp_path / "home"), "PORT": "0", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, done.stderr.startswith("Packshot cannot use its folder: File too large")) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "Usage: python -m infra.local"),
        (["-h"], 0, "Usage: python -m infra.local"),
        (["--port", "8001"], 2, "Packshot does not know '--port'; nothing was started."),
        (["--help", "me"], 2, "Packshot does not know 'me'; nothing was started."),
    ],
)
def test_asking_how_it_is_run_starts_nothing(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.local", *words],
        cwd=ROOT,
        env={"PACKSHOT_HOME": str(tmp_path / "home"), "PORT": "0", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, (done.stdout, done.stderr)[code // 2].startswith(said)) == (code, True)
    assert (done.stdout, done.stderr)[code // 2].endswith("without the sample library\n")
    assert not (tmp_path / "home").exists()
