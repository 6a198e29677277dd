"""`make run`: Packshot on this machine, until Ctrl-C.

python -m infra.local

Ends with 0 when it was asked to stop while it ran, 130 when before that, 1 with a reason when it cannot go on, 2 with
one when it was asked for what it does not know.
"""

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from infra.local.errors import LocalError
from infra.local.interrupts import Interrupts, Stopped

if TYPE_CHECKING:
    from infra.local.runner import Runner

LOOK_S = 0.2
USAGE = """\
Usage: python -m infra.local    (or: make run)

Runs Packshot on this machine until Ctrl-C, with its data kept. It takes no arguments, only settings:

  PORT=8000                 where API and web app answer; 0 takes a free port
  PACKSHOT_HOME=.packshot   the folder that keeps everything
  PACKSHOT_SAMPLE=0         begin a new home without the sample library
"""


def main(words: Sequence[str]) -> int:
    if words:
        return _answered(words)
    begun_s, interrupts = time.monotonic(), Interrupts()
    try:
        return _held(begun_s, interrupts.catch())
    except Stopped:
        interrupts.end_begins()
        print("\nStopped before it was ready.", flush=True)
        return 130
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"Packshot cannot use {error.filename or 'its folder'}: {error.strerror or error}.\n")
    return 1


def _answered(words: Sequence[str]) -> int:
    """Say how it is used; a word that is not a question for that is refused."""
    unknown = [one for one in words if one not in ("-h", "--help")]
    if not unknown:
        print(USAGE, end="")
        return 0
    sys.stderr.write(f"Packshot does not know {unknown[0]!r}; nothing was started.\n\n{USAGE}")
    return 2


def _held(begun_s: float, interrupts: Interrupts) -> int:
    # Loading takes a moment in which Ctrl-C must already be heard.
    from infra.local import homes, runner, tools

    home = homes.folder(os.environ)
    with homes.held(home):
        instance = runner.Runner(home, runner.prepared(home, os.environ), tools.ensure(tools.folder()))
        try:
            instance.start()
            print(runner.greeting(instance, time.monotonic() - begun_s), flush=True)
            _watch(instance, interrupts)
        finally:
            interrupts.end_begins()
            instance.stop()
    return 0


def _watch(instance: "Runner", interrupts: Interrupts) -> None:
    """Until somebody asks for the end."""
    try:
        while not interrupts.came:
            instance.watch()
            time.sleep(LOOK_S)
    except Stopped:
        pass
    interrupts.end_begins()
    print("\nStopping …", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
