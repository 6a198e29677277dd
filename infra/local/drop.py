"""Feed the inbox from the drop folder, and never anything but the inbox.

Here: noticing files, waiting until they rest, handing them over once. An event only names a path; what is true
is what `stat` says, and a full scan finds what no event told. Looking: drop_files.py; events: drop_events.py;
names: drop_names.py; memory: drop_ledger.py.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from infra.local import drop_files
from infra.local.drop_events import Listener
from infra.local.drop_ledger import Ledger, Shape
from infra.local.drop_names import Named, Refused, Skipped, judge, printable

LOG = logging.getLogger(__name__)
QUIET_S = 0.3
STEP_S = 0.05
SCAN_EVERY_S = 30.0
SCAN_WITHOUT_EVENTS_S = 3.0
UPLOADS = 4
PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
WRITER_PATIENCE_S = 60.0
"""A file that rests this long is taken even if a program still holds it open for writing."""


@dataclass(frozen=True)
class Way:
    """How files leave: `put(file, key, size_bytes)` or `refuse(workspace, path, size_bytes)`; both may raise."""

    put: Callable[[BinaryIO, str, int], None]
    refuse: Callable[[str, str, int], None]
    max_object_bytes: int


@dataclass
class Waiting:
    """A path that was named, the shape it had, since when it rests, and how often handing over failed."""

    shape: Shape | None
    since_s: float
    closed: bool = False
    failures: int = 0


class Watcher:
    """Watches `root`, whose folders are workspaces, until `stop`. `step` and `scan` are its whole life."""

    def __init__(self, root: Path, ledger: Ledger, way: Way, quiet_s: float = QUIET_S) -> None:
        self._root, self._ledger, self._way, self._quiet_s = root, ledger, way, quiet_s
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._waiting: dict[PurePath, Waiting] = {}
        self._in_hand: set[PurePath] = set()
        self._told: set[PurePath] = set()
        self._uploads = ThreadPoolExecutor(UPLOADS, "upload")
        self._listener = Listener(root, self.name)

    def run(self) -> None:
        """Watch and scan until `stop`."""
        self._listener.start()
        scanned_s = -SCAN_EVERY_S
        while not self._stopping.is_set():
            pause_s = SCAN_EVERY_S if self._listener.is_listening() else SCAN_WITHOUT_EVENTS_S
            if time.monotonic() - scanned_s >= pause_s:
                self.scan()
                scanned_s = time.monotonic()
            self.step(time.monotonic())
            self._woken.wait(STEP_S if self._waiting else 1.0)
            self._woken.clear()

    def stop(self) -> None:
        """Begin nothing new; returns when what is being handed over has ended."""
        self._stopping.set()
        self._woken.set()
        self._listener.stop()
        self._uploads.shutdown(wait=True, cancel_futures=True)

    def resting(self) -> bool:
        """Whether nothing waits and nothing is being handed over."""
        with self._lock:
            return not self._waiting and not self._in_hand

    def name(self, path: Path, *, closed: bool = False) -> None:
        """Something happened to `path`. Skipped names are logged once."""
        relative = path.relative_to(self._root)
        verdict = judge(relative)
        if isinstance(verdict, Skipped):
            self._tell(relative, verdict)
            return
        with self._lock:
            was_idle = not self._waiting
            waiting = self._waiting.setdefault(relative, Waiting(None, time.monotonic()))
            waiting.closed = waiting.closed or closed
        if closed or was_idle:
            self._woken.set()

    def scan(self) -> None:
        """Name every file that the ledger does not hold as it is now."""
        for path, shape in drop_files.files(self._root):
            relative = path.relative_to(self._root)
            if isinstance(verdict := judge(relative), Skipped):
                self._tell(relative, verdict)
            elif not self._ledger.holds(relative, shape):
                self.name(path)

    def step(self, now_s: float) -> None:
        """Hand over what rests; `now_s` is a reading of the monotonic clock."""
        with self._lock:
            candidates = [(r, w) for r, w in self._waiting.items() if r not in self._in_hand]
        for relative, waiting in candidates:
            shape = drop_files.shape(self._root / relative)
            if shape is None or self._ledger.holds(relative, shape):
                self._forget(relative, waiting)
            elif self._rests(relative, waiting, shape, now_s):
                self._hand_over(relative, waiting, shape)

    def _rests(self, relative: PurePath, waiting: Waiting, shape: Shape, now_s: float) -> bool:
        """Whether nobody is at work on the file any more, as far as one can tell."""
        if shape != waiting.shape:
            waiting.shape, waiting.since_s = shape, now_s
        rested_s = now_s - waiting.since_s
        if not waiting.closed and rested_s < self._pause_s(waiting):
            return False
        if rested_s < WRITER_PATIENCE_S and drop_files.is_being_written(self._root / relative):
            waiting.closed = False  # by one writer; another goes on
            return False
        return True

    def _pause_s(self, waiting: Waiting) -> float:
        failures = min(waiting.failures, len(PAUSES_S))
        return max(self._quiet_s, PAUSES_S[failures - 1] if failures else 0.0)

    def _forget(self, relative: PurePath, waiting: Waiting) -> None:
        with self._lock:
            if self._waiting.get(relative) is waiting:
                del self._waiting[relative]

    def _hand_over(self, relative: PurePath, waiting: Waiting, shape: Shape) -> None:
        with self._lock:
            self._in_hand.add(relative)
            self._waiting.pop(relative, None)
        if not self._stopping.is_set():
            self._uploads.submit(self._handed_over, relative, shape, waiting.failures)

    def _handed_over(self, relative: PurePath, shape: Shape, failures: int) -> None:
        """Runs in an upload thread. Whatever goes wrong, the path waits again: nothing is dropped."""
        again: Waiting | None = None
        try:
            if not self._leave(relative, shape):
                again = Waiting(None, time.monotonic())
        except FileNotFoundError:
            pass
        except Exception as error:
            if failures == 0:
                LOG.warning("%s is tried again: %s", printable(relative), error)
            again = Waiting(shape, time.monotonic(), failures=failures + 1)
        finally:
            with self._lock:
                self._in_hand.discard(relative)
                if again is not None:
                    self._waiting.setdefault(relative, again)

    def _leave(self, relative: PurePath, shape: Shape) -> bool:
        """Put or refuse, then write the ledger. False when the file changed while it was read."""
        verdict = judge(relative)
        if isinstance(verdict, Refused):
            self._way.refuse(verdict.workspace, verdict.path, shape.size_bytes)
        elif isinstance(verdict, Named) and shape.size_bytes > self._way.max_object_bytes:
            within = printable(PurePath(*relative.parts[1:]))
            self._way.refuse(relative.parts[0], within, shape.size_bytes)
        elif isinstance(verdict, Named):
            return self._put(relative, verdict.key)
        self._ledger.write(relative, shape, "refused")
        return True

    def _put(self, relative: PurePath, key: str) -> bool:
        with drop_files.opened(self._root / relative) as file:
            before = Shape.of(os.fstat(file.fileno()))
            self._way.put(file, key, before.size_bytes)
            after = Shape.of(os.fstat(file.fileno()))
        if after != before:
            return False
        self._ledger.write(relative, before, "put")
        return True

    def _tell(self, relative: PurePath, verdict: Skipped) -> None:
        if relative not in self._told:
            self._told.add(relative)
            LOG.info("%s was skipped: it %s", printable(relative), verdict.because)
