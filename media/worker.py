"""The child: reads one file after another under limits of memory, CPU, file size and open files.

Run as `python -m media.worker` by `supervise`: one JSON line in a job, and out first what is known before
decoding, then the answer. It holds no credential, opens no connection and dies with its parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import queue
import resource
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from media import codecs, job, reasons, render
from media.message import parse_limits, parse_recipe

MAX_OPEN_FILES = 64
MAX_FILE_BYTES = 1 << 30
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve jobs from standard input until it closes; standard output carries answers and nothing else."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _die_with_parent()
    jobs = _listen()
    render.prepare()
    try:
        codecs.check()
    except codecs.OldCodec as problem:
        _tell(answers, {"stage": "unfit", "reason": str(problem)})
        return
    _set_standing_limits()
    idle_bytes = _address_space_bytes()
    _tell(answers, {"stage": "ready"})
    while (line := jobs.get()) is not None:
        _tell(
            answers,
            {**_serve(json.loads(line), idle_bytes, answers), "stage": "done", "rss_bytes": _rss_bytes()},
        )


def _serve(task: dict[str, Any], idle_bytes: int, answers: TextIO) -> dict[str, Any]:
    limits, recipe, path = parse_limits(task["limits"]), parse_recipe(task["recipe"]), Path(task["path"])
    # The file itself is mapped, not held: it takes addresses but no memory.
    _limit(resource.RLIMIT_AS, idle_bytes + path.stat().st_size + limits.memory_bytes)
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + limits.cpu_s)

    def tell(known: dict[str, Any]) -> None:
        _tell(answers, {**known, "stage": "known"})

    try:
        return job.read(path, limits, recipe, Path(task["out"]), tell)
    except MemoryError:
        return {"outcome": "limit", "reason": reasons.out_of_memory(limits.memory_bytes), "is_spent": True}
    finally:
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _listen() -> queue.SimpleQueue[str | None]:
    """Read jobs on a thread, so that a parent that goes away ends even a busy child."""
    jobs: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            jobs.put(line)
        os._exit(0)

    threading.Thread(target=listen, name="jobs", daemon=True).start()
    return jobs


def _die_with_parent() -> None:
    """Linux kills us with the thread that started us, even while a decoder holds the interpreter."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(os.environ.get("PACKSHOT_MEDIA_PARENT", os.getppid())):
            os._exit(0)


def _set_standing_limits() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
    ):
        _limit(kind, value)


def _limit(kind: int, value: int) -> None:
    """Set the soft limit. What a system lacks (macOS: address space) is left to the wall clock."""
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def _address_space_bytes() -> int:
    return _statm(0)


def _rss_bytes() -> int:
    return _statm(1)


def _statm(column: int) -> int:
    try:
        pages = Path("/proc/self/statm").read_text().split()[column]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _tell(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
