"""A folder of this process's own: two processes in one would unlink each other's files.

A lock that ends with the process marks it as used; folders of the dead are cleared away by whoever comes next.
"""

import fcntl
import os
import shutil
import tempfile
import threading
from pathlib import Path

_LOCK = "lock"
_MAKING = threading.Lock()


class OwnFolder:
    """Made on first use, and anew in a forked child."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: tuple[int, Path, int] | None = None

    def path(self) -> Path:
        """The folder of this process."""
        with _MAKING:
            if self._made is None or self._made[0] != os.getpid():
                self._made = (os.getpid(), *self._make())
            return self._made[1]

    def _make(self) -> tuple[Path, int]:
        self._root.mkdir(parents=True, exist_ok=True)
        _clear(self._root)
        made = Path(tempfile.mkdtemp(prefix="mirror-", dir=self._root))
        handle = os.open(made / "lock.new", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        (made / "lock.new").rename(made / _LOCK)  # only a lock that is held is ever seen under its name
        return made, handle


def _clear(root: Path) -> None:
    for folder in root.glob("mirror-*"):
        try:
            handle = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            continue  # being made this moment
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)
