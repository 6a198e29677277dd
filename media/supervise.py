"""The parent's side of the child that reads foreign bytes: start it, hand it one file, keep time, bury it.

A child is used again until it fails in any way, grows, or has served `MAX_JOBS`. What kills it is a result
about the picture, never an exception: a bomb must not be retried for ever. Imports no imaging code.
"""

from __future__ import annotations

import json
import os
import queue
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from media import message, picture, reasons
from media.message import Limits

MAX_JOBS = 500
MAX_GROWTH_BYTES = 256 << 20
MAX_ANSWER_BYTES = 4 << 20
START_S = 60.0
COMMAND = (sys.executable, "-m", "media.worker")

_KEPT_VARIABLES = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "COVERAGE_PROCESS_START",
)
CHILD_SETTINGS = {
    "VIPS_CONCURRENCY": "1",
    "VIPS_WARNING": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    # One picture's buffers fit the next picture: giving them back to the system each time costs a twentieth.
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(64 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
}

# Linux ties a child's life to the *thread* that started it, so all are started by one that never ends.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="media-starter")


class UnfitChild(Exception):
    """The child refuses to read anything: its decoders are too old. Says nothing about any picture."""


class ChildDied(Exception):
    """The child ended, hung or talked nonsense; `known` is what it had said about the picture by then."""

    def __init__(self, how: str, known: dict[str, Any]) -> None:
        super().__init__(how)
        self.how = how
        self.known = known


class Worker:
    """One child at a time, replaced after any failure. Not for use by two threads at once: see `Pool`."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._pending = b""
        self._jobs = 0
        self._idle_rss_bytes = 0

    @property
    def pid(self) -> int | None:
        """Process id of the living child, or None."""
        return self._child.pid if self._child is not None else None

    def read(self, path: Path, out: Path, limits: Limits, recipe: dict[str, Any]) -> dict[str, Any]:
        """Return the child's answer about the file at `path`, its renditions in `out`.

        A child that dies of the file's own doing gives outcome `limit` or `corrupt`. One killed from
        outside is given a second try first, since the picture may be innocent.
        """
        task = {"path": str(path), "out": str(out), "limits": vars(limits), "recipe": recipe}
        try:
            return self._ask(task, limits)
        except ChildDied as first:
            if first.how in ("wall", "cpu"):
                return _verdict(first, limits)
        try:
            return self._ask(task, limits)
        except ChildDied as second:
            return _verdict(second, limits)

    def close(self) -> None:
        """Kill the child, if there is one, and wait for its end. A later `read` starts a new one."""
        child, self._child, self._pending, self._jobs = self._child, None, b"", 0
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _ask(self, task: dict[str, Any], limits: Limits) -> dict[str, Any]:
        known: dict[str, Any] = {}
        try:
            self._ready()
            deadline = time.monotonic() + limits.wall_s
            self._send(task)
            while (told := self._next(deadline)).get("stage") == "known":
                known = told
            if told.get("stage") != "done":
                raise ChildDied("nonsense", {})
        except ChildDied as death:
            death.known = known
            self.close()
            raise
        except BaseException:
            self.close()
            raise
        self._retire_if_used_up(told)
        return {**known, **told}

    def _ready(self) -> None:
        if self._child is not None:
            return
        self._child = _starter.submit(_start).result()
        self._pending, self._jobs, self._idle_rss_bytes = b"", 0, 0
        told = self._next(time.monotonic() + START_S)
        if told.get("stage") == "unfit":
            raise UnfitChild(str(told.get("reason")))
        if told.get("stage") != "ready":
            raise ChildDied("nonsense", {})

    def _send(self, task: dict[str, Any]) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(task).encode() + b"\n")
            self._child.stdin.flush()
        except OSError as error:
            raise ChildDied(self._how_it_ended(), {}) from error

    def _next(self, deadline: float) -> dict[str, Any]:
        """Return the child's next line, or raise ChildDied saying how it failed to give one."""
        while b"\n" not in self._pending:
            self._pending += self._chunk(deadline)
            if len(self._pending) > MAX_ANSWER_BYTES:
                raise ChildDied("nonsense", {})
        line, _, self._pending = self._pending.partition(b"\n")
        try:
            told = json.loads(line)
        except ValueError as error:
            raise ChildDied("nonsense", {}) from error
        if not isinstance(told, dict):
            raise ChildDied("nonsense", {})
        return told

    def _chunk(self, deadline: float) -> bytes:
        assert self._child is not None
        assert self._child.stdout is not None
        pipe = self._child.stdout.fileno()
        poll = select.poll()
        poll.register(pipe, select.POLLIN | select.POLLHUP)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise ChildDied("wall", {})
        chunk = os.read(pipe, 65536)
        if not chunk:
            raise ChildDied(self._how_it_ended(), {})
        return chunk

    def _how_it_ended(self) -> str:
        assert self._child is not None
        with suppress(subprocess.TimeoutExpired):
            code = self._child.wait(timeout=5)
            if code == -signal.SIGXCPU:
                return "cpu"
            if code in (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGTRAP):
                return "memory"
        return "crash"

    def _retire_if_used_up(self, told: dict[str, Any]) -> None:
        self._jobs += 1
        rss_bytes = int(told.get("rss_bytes", 0))
        self._idle_rss_bytes = self._idle_rss_bytes or rss_bytes
        has_grown = rss_bytes > self._idle_rss_bytes + MAX_GROWTH_BYTES
        if told.get("is_spent") or has_grown or self._jobs >= MAX_JOBS:
            self.close()


class Pool:
    """A fixed number of children for any number of threads; children start when first needed."""

    def __init__(self, size: int) -> None:
        self._workers = [Worker() for _ in range(size)]
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one message, waiting for a free child.

        Raises BadMessage for a request that breaks the contract and TransferFailed if the bytes cannot be
        fetched or a rendition cannot be stored; the same message may then be sent again.
        """
        if "near" in request:
            from media import nearest  # numpy, which nothing else here needs

            return nearest.answer(request)
        if "learn" in request:
            from media import learn

            return learn.answer(request)
        parsed = message.parse(request)
        worker = self._idle.get()
        try:
            return picture.handle(worker, parsed, request["recipe"])
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End all children. Call when no `run` is under way."""
        for worker in self._workers:
            worker.close()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_child_environment(),
        start_new_session=True,
        bufsize=0,
    )


def _child_environment() -> dict[str, str]:
    """A short list of harmless variables: whatever credentials the parent holds, foreign bytes never see
    them.
    """
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    here = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join([here, *(entry for entry in sys.path if entry and entry != here)])
    return {**kept, **CHILD_SETTINGS, "PYTHONPATH": path, "PACKSHOT_MEDIA_PARENT": str(os.getpid())}


def _verdict(death: ChildDied, limits: Limits) -> dict[str, Any]:
    sentences = {
        "wall": ("limit", reasons.out_of_time(limits.wall_s)),
        "cpu": ("limit", reasons.out_of_cpu(limits.cpu_s)),
        "memory": ("limit", reasons.out_of_memory(limits.memory_bytes)),
    }
    outcome, reason = sentences.get(death.how, ("corrupt", reasons.CRASHED))
    return {**death.known, "outcome": outcome, "reason": reason}
