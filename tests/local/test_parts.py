"""A process that ends is started again, without the others waiting, until it plainly cannot live."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import children, commands, logs
from infra.local.parts import FAILURE_WINDOW_S, MOST_FAILURES, PAUSES_S, Part, PartError
from infra.local.polling import await_true

# The sleeps below are the children's whole work, programs that do not end by themselves; no test waits for them.
LIVES = [sys.executable, "-c", "import time; time.sleep(60)"]
ENDS = [sys.executable, "-c", "print('no luck today')"]


def part(home: Path, argv: list[str]) -> Part:
    logs.folder(home).mkdir()

    def start() -> subprocess.Popen[bytes]:
        with logs.opened(home, "one") as out:
            return children.spawn(argv, os.environ, out)

    return Part("one", start, logs.place(home, "one"))


def is_over(one: Part) -> bool:
    return one.child is not None and one.child.poll() is not None


def test_a_killed_process_is_started_again_after_a_pause_that_nobody_waits_for(tmp_path: Path) -> None:
    one = part(tmp_path, LIVES)
    one.begin()
    assert one.child is not None
    first = one.child.pid
    try:
        os.kill(first, signal.SIGKILL)
        assert await_true(lambda: is_over(one), 60)

        one.look(100.0)
        one.look(100.0 + PAUSES_S[0] / 2)
        too_early = one.child.pid
        one.look(100.0 + PAUSES_S[0])

        assert too_early == first
        assert one.child.pid != first
        assert one.child.poll() is None
    finally:
        one.end()
    assert one.child is None


def ends_after(one: Part, moments: list[float]) -> None:
    """It ends at once; each moment is looked at twice: to see that, and to start it again."""
    for now_s in moments:
        assert await_true(lambda: is_over(one), 60)
        one.look(now_s)
        one.look(now_s + PAUSES_S[-1])


def test_a_process_that_ends_again_and_again_is_given_up_with_the_end_of_its_log(tmp_path: Path) -> None:
    one = part(tmp_path, ENDS)
    one.begin()

    ends_after(one, [100.0 + 5 * n for n in range(MOST_FAILURES)])
    with pytest.raises(PartError, match=r"one ended 6 times in a minute.*\n.*no luck today"):
        ends_after(one, [140.0])


def test_ends_that_lie_far_apart_are_no_reason_to_give_up(tmp_path: Path) -> None:
    one = part(tmp_path, ENDS)
    one.begin()

    ends_after(one, [100.0 + FAILURE_WINDOW_S * n for n in range(MOST_FAILURES + 2)])
    one.end()


def test_a_process_that_does_not_start_is_tried_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = part(tmp_path, ENDS)
    one.begin()
    assert await_true(lambda: is_over(one), 60)
    one.look(100.0)
    whole, one.start = one.start, lambda: subprocess.Popen(["/does/not/exist"])

    one.look(101.0)
    one.start = whole
    one.look(101.0 + PAUSES_S[-1])

    assert "one did not start" in capsys.readouterr().err
    assert one.next_start_s is None
    one.end()


def test_a_program_that_is_not_ready_is_named_with_its_log_and_is_gone(tmp_path: Path) -> None:
    logs.folder(tmp_path).mkdir()
    with logs.opened(tmp_path, "slow") as out:
        child = children.spawn([sys.executable, "-uc", "print('busy'); import time; time.sleep(60)"], os.environ, out)
    assert await_true(lambda: "busy" in logs.tail(logs.place(tmp_path, "slow")), 60)

    with pytest.raises(children.ChildError, match=r"slow did not start.*\n.*busy"):
        children.await_ready(child, lambda: False, logs.place(tmp_path, "slow"), 0.1)

    assert child.returncode in {-signal.SIGTERM, -signal.SIGKILL}


def test_what_a_process_started_goes_with_it(tmp_path: Path) -> None:
    logs.folder(tmp_path).mkdir()
    inner = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    with logs.opened(tmp_path, "outer") as out:
        argv = [sys.executable, "-uc", f"{inner}; print(p.pid); time.sleep(60)"]
        child = children.spawn(argv, os.environ, out)
    log = logs.place(tmp_path, "outer")
    assert await_true(lambda: log.read_text().strip().isdecimal(), 60)
    grandchild = Path(f"/proc/{log.read_text().strip()}/stat")

    children.stop(child)

    def is_gone() -> bool:
        return not grandchild.exists() or grandchild.read_text().rpartition(")")[2].split()[0] == "Z"

    assert await_true(is_gone, 60)


def test_the_inbox_is_announced_until_that_succeeds(tmp_path: Path) -> None:
    logs.folder(tmp_path).mkdir()
    announcer = commands.Announcer(tmp_path, {**os.environ, "PACKSHOT_STAGE": "?"})
    announcer.look(50.0)
    assert not logs.place(tmp_path, "reconcile").exists()

    announcer.owe()
    announcer.look(100.0)

    def has_failed() -> bool:
        announcer.look(100.1)
        return "Settings are not complete" in logs.tail(logs.place(tmp_path, "reconcile"))

    assert await_true(has_failed, 60)
    assert announcer.is_owed
    announcer.end()


def test_a_log_is_cut_while_it_is_written_and_goes_on_at_its_beginning(tmp_path: Path) -> None:
    logs.folder(tmp_path).mkdir()
    with logs.opened(tmp_path, "one") as out:
        out.write(b"x" * 2000)
        out.flush()
        logs.cap(tmp_path, limit_bytes=1000)
        out.write(b"later\n")

    assert logs.place(tmp_path, "one").read_bytes() == b"later\n"
    assert (logs.folder(tmp_path) / "one.old").read_bytes() == b"x" * 2000


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    logs.folder(tmp_path).mkdir()
    logs.place(tmp_path, "one").write_bytes(b"x" * 1000)

    logs.cap(tmp_path, limit_bytes=1000)

    assert logs.place(tmp_path, "one").stat().st_size == 1000
