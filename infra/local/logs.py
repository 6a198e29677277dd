"""The logs of an instance: one file a process in `log/`, none of them ever large."""

import contextlib
import os
import shutil
from pathlib import Path
from typing import IO

CAP_BYTES = 10_000_000


def folder(home: Path) -> Path:
    return home / "log"


def place(home: Path, name: str) -> Path:
    return folder(home) / f"{name}.log"


def opened(home: Path, name: str) -> IO[bytes]:
    """The log of a process, for appending: its lines land at the end also after `cap` has emptied it."""
    return place(home, name).open("ab")


def cap(home: Path, limit_bytes: int = CAP_BYTES) -> None:
    """Move what a log holds beyond `limit_bytes` into `<name>.old`, in place of what was there.

    The writer keeps its open file: a line written between copy and cut is lost. Never raises: on a full disk
    the log is cut all the same.
    """
    for log in folder(home).glob("*.log"):
        with contextlib.suppress(OSError):
            if log.stat().st_size > limit_bytes:
                with contextlib.suppress(OSError):
                    shutil.copyfile(log, log.with_suffix(".old"))
                os.truncate(log, 0)


def tail(log: Path, lines: int = 20) -> str:
    """The last lines, for a person."""
    if not log.exists():
        return "(nothing was written)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
