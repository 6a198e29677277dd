"""Two commands side by side: one speaks, the other is heard when it is over; either one's failure is the failure."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.polling import await_true
from infra.local.tools import ROOT

# The sleep below is a command's whole work, one that does not end by itself; no test waits for it.
LIVES = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(300)"


def python(text: str, *words: str) -> str:
    return shlex.join([sys.executable, "-c", text, *words])


def beside(quiet: str, seen: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "infra.beside", quiet, seen]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def has_ended(place: Path) -> bool:
    try:
        state = Path(f"/proc/{place.read_text()}/stat").read_text()
    except OSError:
        return True
    return state.rpartition(")")[2].split()[0] == "Z"


def test_both_succeed_and_the_quiet_one_is_said_whole_after_the_other() -> None:
    done = beside(python("print('one'); print('two')"), python("print('seen')"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("seen\n")
    assert done.stdout.endswith("one\ntwo\n")


@pytest.mark.parametrize("is_quiet", [True, False], ids=["the quiet one", "the one that is seen"])
def test_the_first_that_fails_ends_the_other_and_has_the_last_word(is_quiet: bool, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    # The command that fails looks again and again whether the other one lives: it must not fail before that.
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(mark)!r}).exists(): time.sleep(0.05)\n"
    fails, lives = python(f"{waits}print('no luck today'); raise SystemExit(3)"), python(LIVES, str(mark))

    done = beside(fails, lives) if is_quiet else beside(lives, fails)

    assert done.returncode == 3
    assert done.stdout.endswith("no luck today\n")
    assert await_true(lambda: has_ended(mark), 60)
