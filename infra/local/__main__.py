"""`make run`: Packshot on this machine, until Ctrl-C.

python -m infra.local

Ends with 0 when it was asked to stop while it ran, 130 when before that, 1 with a reason when it cannot go on.
"""

import os
import sys
import time
from typing import TYPE_CHECKING

from infra.local.errors import LocalError
from infra.local.interrupts import Interrupts, Stopped

if TYPE_CHECKING:
    from infra.local.runner import Runner

LOOK_S = 0.2


def main() -> int:
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
    sys.exit(main())
