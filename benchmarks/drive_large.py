"""One large file of a Drive through several runs: our memory, our CPU, and whether the bytes are the right ones.

python -m benchmarks.drive_large [--mib 5120] [--runs 3]

The stand-in makes the bytes as they are asked for and the store (sink.py) only hashes them, each in a process of its
own, so that nothing is on disk and what is measured is this process: the code of the sync function on its real clients.
The clock of the product goes on with the parts it has put, so that each run ends after its share. Prints JSON.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.drive import a_connection, a_drive, an_aws, context_of, control
from chalicelib.ports.context import Context
from chalicelib.services import connection_runs, drive
from infra.local.loopback import free_port
from infra.local.polling import await_true

MIB = 1 << 20


class Counted:
    """A store that knows how many bytes of parts were put; everything else is the store's."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.put_bytes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_part(self, bucket: Any, key: str, parts_id: str, number: int, body: bytes) -> str:
        etag: str = self._store.put_part(bucket, key, parts_id, number, body)
        self.put_bytes += len(body)
        return etag


def measured(ctx: Context, told: dict[str, Any], size_bytes: int, runs: int) -> dict[str, Any]:
    """Follow a Drive of one file until it has come; what that took."""
    made = control(told, "generate", name="film.mov", size_bytes=size_bytes, parents=[told["folder_id"]])
    one = a_connection(ctx, told)
    store, start, share = Counted(ctx.store), ctx.now(), size_bytes / runs
    ctx = replace(
        ctx,
        store=store,
        now=lambda: start + timedelta(seconds=1 + ctx.settings.job_run_s * store.put_bytes / share),
    )
    idle_mb, cpu, wall = _peak_mb(), time.process_time(), time.monotonic()
    per_run: list[int] = []
    while not per_run or store.put_bytes < size_bytes:
        before = store.put_bytes
        connection_runs.run(ctx, {"drive": drive.KIND}, one.workspace, one.id)
        per_run.append(store.put_bytes - before)
        assert per_run[-1], "a run that brings nothing"
    journal = control(told, "journal")
    return {
        "size_bytes": size_bytes, "runs": len(per_run), "mib_per_run": [each // MIB for each in per_run],
        "sha256": made["sha256Checksum"], "peak_mb": round(_peak_mb()), "idle_mb": round(idle_mb),
        "cpu_s": round(time.process_time() - cpu, 1), "wall_s": round(time.monotonic() - wall, 1),
        "downloads": sum(each["method"] == "revisions.get" for each in journal["items"]), "units": journal["units"],
    }  # fmt: skip


def main() -> None:
    """Print the figures, and what the sink says of what arrived."""
    words = argparse.ArgumentParser()
    words.add_argument("--mib", type=int, default=5 * 1024)
    words.add_argument("--runs", type=int, default=3)
    wanted, port = words.parse_args(), free_port()
    sink, address = subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(port)]), f"http://127.0.0.1:{port}"
    try:
        assert await_true(lambda: _answers(f"{address}/told"), 30)
        with tempfile.TemporaryDirectory() as name, an_aws(Path(name) / "aws"), a_drive(Path(name) / "drive") as told:
            os.environ["AWS_ENDPOINT_URL_S3"] = address
            os.environ["PACKSHOT_MAX_OBJECT_BYTES"] = str(wanted.mib * MIB)
            found = measured(context_of(told), told, wanted.mib * MIB, wanted.runs)
        with urlopen(f"{address}/told") as reply:
            print(json.dumps({**found, "sink": json.load(reply)}))
    finally:
        sink.terminate()
        sink.wait()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _answers(url: str) -> bool:
    try:
        with urlopen(url):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
