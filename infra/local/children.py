"""Child processes that cannot outlive us: spawn, await readiness, stop in order.

Not here: what is started, and what to do when one dies (parts.py).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from infra.local import logs
from infra.local.errors import LocalError
from infra.local.polling import await_true

READY_LIMIT_S = 60.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ChildError(LocalError):
    """A program did not start; the text names it and ends with the tail of its log."""


def spawn(argv: Sequence[str], env: Mapping[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program that gets SIGTERM when we end, however we end (Linux; elsewhere only on a clean end).

    Call it from the main thread: the kernel ties the signal to the thread that forked.
    Ctrl-C reaches us alone.
    """
    return subprocess.Popen(
        argv,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `number` when its parent ends."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, number)


def await_ready(
    child: subprocess.Popen[bytes], check: Callable[[], bool], log: Path, limit_s: float = READY_LIMIT_S
) -> None:
    """Wait until `check` holds. Raises ChildError when the child ends first or time runs out; it is dead then."""
    try:
        if await_true(lambda: child.poll() is not None or check(), limit_s) and child.poll() is None:
            return
    except BaseException:
        stop(child)
        raise
    stop(child, 0)
    raise ChildError(f"{log.stem} did not start. The end of {log}:\n{logs.tail(log)}")


def stop(child: subprocess.Popen[bytes], patience_s: float = 5.0) -> None:
    """SIGTERM, then SIGKILL to its whole group after `patience_s`. Returns when it has ended."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience_s)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
