"""Child processes that cannot outlive us, and the ports they listen on.

Here: spawn, await readiness, stop in order. Not here: what is started, and what to do when one dies.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

READY_LIMIT_S = 20.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ChildError(Exception):
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


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def await_port(port: int, limit_s: float = 5.0) -> bool:
    """True as soon as `port` is free, False if it stays taken for `limit_s`."""
    return await_true(lambda: port_is_free(port), limit_s)


def await_true(check: Callable[[], bool], limit_s: float, pause_s: float = 0.02) -> bool:
    """True as soon as `check` is, False after `limit_s`."""
    until = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > until:
            return False
        time.sleep(pause_s)
    return True


def await_ready(
    child: subprocess.Popen[bytes], check: Callable[[], bool], log: Path, limit_s: float = READY_LIMIT_S
) -> None:
    """Wait until `check` holds. Raises ChildError when the child ends first or time runs out."""
    if not await_true(lambda: child.poll() is not None or check(), limit_s) or child.poll() is not None:
        stop(child, 0)
        raise ChildError(f"{log.stem} did not start. The end of {log}:\n{tail(log)}")


def stop(child: subprocess.Popen[bytes], patience_s: float = 5.0) -> None:
    """SIGTERM, then SIGKILL to its whole group after `patience_s`. Returns when it has ended."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience_s)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def tail(log: Path, lines: int = 20) -> str:
    if not log.exists():
        return "(nothing was written)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
