"""Looking at the files of the drop folder: which there are, what shape they have, whether somebody still writes.

Files are only read. Links are not followed.
"""

import errno
import fcntl
import logging
import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from infra.local.drop_ledger import Shape

LOG = logging.getLogger(__name__)


def files(root: Path) -> Iterator[tuple[Path, Shape]]:
    """Every regular file below `root`, at any depth. What vanishes or may not be seen is left out."""
    folders = [root]
    while folders:
        folder = folders.pop()
        for entry in _entries(folder):
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), Shape.of(entry.stat(follow_symlinks=False))
            except OSError:
                continue


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            LOG.warning("a folder cannot be read (%s): %s", error.strerror, str(folder)[:200])
        return []


def shape(path: Path) -> Shape | None:
    """The shape of a regular file; None when there is none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return Shape.of(found) if stat.S_ISREG(found.st_mode) else None


def opened(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def is_being_written(path: Path) -> bool:
    """Whether a program holds the file open for writing; False where the system cannot tell.

    Linux grants a lease for reading only on a file that nobody has open for writing. It is given back at once.
    """
    if sys.platform != "linux":
        return False
    try:
        with opened(path) as file:
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)  # who wants to write meanwhile may not kill us
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False
