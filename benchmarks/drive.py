"""Following a Drive: a first sync, a hundred changes among many known files, and how long a change waits to be found.

python -m benchmarks.drive [--files 10000] [--known 100000] [--changes 100]

Starts an AWS and a Drive of its own on this machine and stops them; the library's side of it is real code and the Drive
is the stand-in, so that seconds are those of this machine and requests and quota units those that Google would count.
Runs are driven one after another as the schedule would, each with a time of ten minutes.
"""

import argparse
import json
import os
import random
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from chalicelib import wiring
from chalicelib.domain.connections import Connection, interval
from chalicelib.domain.drive import DriveFile, Entry
from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base, connection_runs as reports, connections as rows, drive_files
from chalicelib.models.drive_files import DriveFileRecord
from chalicelib.ports.context import Context
from chalicelib.services import connection_runs, connections, drive, signing, workspaces
from chalicelib.services.connections import Asked
from infra.local import stack
from infra.local.loopback import free_port
from infra.local.polling import await_true

FOLDERS = 50
_AT_ONCE = 3
"""Writers of what is known from the start."""
_TICK_S = 60.0


@contextmanager
def a_drive(home: Path) -> Iterator[dict[str, Any]]:
    """The stand-in as a process of its own; what is needed to connect."""
    home.mkdir(exist_ok=True)
    beside = home / "connection.json"
    process = subprocess.Popen([sys.executable, "-m", "standins.drive", str(free_port()), str(home)])
    try:
        assert await_true(beside.exists, 600), "the Drive did not start"
        yield json.loads(beside.read_text())
    finally:
        process.terminate()
        process.wait()


def control(told: dict[str, Any], what: str, **asked: Any) -> Any:
    """One of the stand-in's own controls."""
    with urlopen(Request(f"{told['url']}/__standin__/{what}", json.dumps(asked).encode()), timeout=3600) as reply:
        return json.load(reply)


def a_connection(ctx: Context, told: dict[str, Any]) -> Connection:
    """A fresh workspace that follows the folder of photos."""
    from chalicelib.handlers.connections import KINDS  # wants the environment of the stack

    workspace, key = WorkspaceId(ctx.new_id()), f"ps_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}"
    workspaces.found(ctx, workspaces.Founding(workspace, "Bench", ctx.new_id(), "owner@bench.test", key))
    settings = {"folder_ids": [told["folder_id"]]}
    caller = signing.caller_of(ctx, key, None)
    return connections.make(ctx, caller, Asked("drive", "Team", settings, told["credentials"]), KINDS)


def until_done(ctx: Context, one: Connection) -> int:
    """Runs as the schedule would start them until one has nothing left; how many."""
    for number in range(1, 1000):
        found = rows.get(one.workspace, one.id)
        assert found is not None
        ctx = replace(ctx, now=_ahead(ctx, found.due_at))
        run_id = connection_runs.run(ctx, {"drive": drive.KIND}, one.workspace, one.id)
        report = reports.get(one.workspace, one.id, run_id)
        if report is None or report.state != "running":
            return number
    raise AssertionError("it never ended")


def _ahead(ctx: Context, due_at: datetime | None) -> Any:
    """The clock, moved on so that the connection is due."""
    missing = max(timedelta(0), (due_at or ctx.now()) - ctx.now()) + timedelta(seconds=1)
    genuine = ctx.now
    return lambda: genuine() + missing


def measured(ctx: Context, one: Connection, told: dict[str, Any], what: str) -> float:
    """Run until nothing is left and print what it took; seconds."""
    control(told, "reset")
    wall, cpu = time.monotonic(), time.process_time()
    runs = until_done(ctx, one)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    found = control(told, "journal")
    asked = Counter(each["method"] for each in found["items"])
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what}: {wall:.1f} s ({cpu:.1f} s of CPU here), {runs} runs, {sum(asked.values())} requests {dict(asked)}, "
        f"{found['units']} quota units, at most {memory_mb:.0f} MB",
        flush=True,
    )
    return wall


def know(ctx: Context, one: Connection) -> int:
    """Fill the index with all that lies in the Drive, as if it had been synced before; how many files."""
    known = 0
    found = rows.get(one.workspace, one.id)
    assert found is not None
    google = ctx.drive(connections.credentials_of(ctx, found))
    root = google.get(found.settings["folder_ids"][0])
    queue: list[tuple[DriveFile, str | None, bool]] = [(root, None, True)]
    memory = {"tokens": {"": google.start_token(None)}, "roots": [root.id], "compared_at": base.stamp(ctx.now())}
    while queue:
        folder, home, is_root = queue.pop()
        entries, page = [Entry(folder.id, folder, home, is_root=is_root)], None
        while True:
            answer = google.children(folder, page)
            for file in answer.files:
                if file.is_folder:
                    queue.append((file, folder.id, False))
                else:
                    entries.append(Entry(file.id, file, folder.id, copied=file.content))
            page = answer.next
            if page is None:
                break
        _write(one, entries)
        known += sum(not each.file.is_folder for each in entries)
    google.close()
    base.transact([rows.edit(found, replace(found, memory={**memory, "known": known}, last_run_at=ctx.now()))])
    return known


def _write(one: Connection, entries: list[Entry]) -> None:
    """Write rows of the index that are not there yet, in bulk."""
    found = _Rows()
    for each in entries:
        drive_files.put(one.workspace, one.id, None, each).apply(found)  # type: ignore[arg-type]
    share = -(-len(found.saved) // _AT_ONCE)
    with ThreadPoolExecutor(_AT_ONCE) as writers:
        list(writers.map(_save, (found.saved[at : at + share] for at in range(0, len(found.saved), share))))


class _Rows:
    """What a transaction would save."""

    def __init__(self) -> None:
        self.saved: list[DriveFileRecord] = []

    def save(self, row: DriveFileRecord, **_condition: Any) -> None:
        self.saved.append(row)


def _save(rows: list[DriveFileRecord]) -> None:
    with DriveFileRecord.batch_write() as batch:
        for row in rows:
            batch.save(row)


def lag(run_s: float, changes: int = 10_000) -> list[float]:
    """Seconds from a change until it is found, in a Drive in which something changes all the time.

    The schedule ticks once a minute; what is due at a tick runs, and is due again after `interval`.
    """
    spread, found = random.Random(1), []
    day = datetime(2026, 1, 1, tzinfo=UTC)
    starts, due = [], day
    for tick in range(changes // 10):
        now = day + timedelta(seconds=tick * _TICK_S)
        if now >= due:
            starts.append((now - day).total_seconds())
            ended = now + timedelta(seconds=run_s)
            due = ended + interval(ended, ended)
    for _ in range(changes):
        at = spread.uniform(0, starts[-1] - 1)
        found.append(next(each for each in starts if each >= at) + run_s - at)
    return found


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser()
    words.add_argument("--files", type=int, default=10_000)
    words.add_argument("--known", type=int, default=100_000)
    words.add_argument("--changes", type=int, default=100)
    wanted = words.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as name, an_aws(Path(name) / "aws"):
        if wanted.files:
            with a_drive(Path(name) / "first") as told:
                _first(told, wanted.files)
        if wanted.known:
            with a_drive(Path(name) / "many") as told:
                _changes(told, wanted.known, wanted.changes)


@contextmanager
def an_aws(home: Path) -> Iterator[None]:
    """An AWS of our own, which this process then talks to."""
    running = stack.start(home)
    try:
        for each in [one for one in os.environ if one.startswith(("AWS_", "PACKSHOT_"))]:
            del os.environ[each]
        os.environ.update(running.env)
        yield
    finally:
        running.stop()


def context_of(told: dict[str, Any]) -> Context:
    """The product, with that Drive."""
    os.environ["PACKSHOT_DRIVE_URL"] = told["url"]
    wiring.context.cache_clear()
    return wiring.context()


def _first(told: dict[str, Any], files: int) -> None:
    control(told, "seed", parent=told["folder_id"], folders=FOLDERS, files=files)
    ctx = context_of(told)
    one = a_connection(ctx, told)
    measured(ctx, one, told, f"first sync of {files:,} small files in {FOLDERS} folders")


def _changes(told: dict[str, Any], known: int, changes: int) -> None:
    control(told, "seed", parent=told["folder_id"], folders=FOLDERS, files=known)
    ctx = context_of(told)
    one = a_connection(ctx, told)
    count = know(ctx, one)
    quiet = measured(ctx, one, told, f"nothing new among {count:,} known files")
    control(told, "seed", parent=told["folder_id"], folders=0, files=changes, prefix="new")
    took = measured(ctx, one, told, f"{changes} changes among {count:,} known files")
    waits = sorted(lag((quiet + took) / 2))
    p99 = waits[int(len(waits) * 0.99)]
    print(f"a change in an active Drive is found after p50 {statistics.median(waits):.0f} s, p99 {p99:.0f} s")


if __name__ == "__main__":
    main()
