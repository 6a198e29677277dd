"""Mixed traffic on a whole instance while files are dropped into it: rate, latencies, errors, and what it holds.

python -m benchmarks.load [--assets 50000] [--seconds 600] [--rate 300] [--files 1000] [--connections 8]

Uses the instance that runs in `$PACKSHOT_HOME`, or one of its own there for as long as this takes, and seeds it first.
Requests are those of `benchmarks.api` in its proportions, sent at a steady rate or as fast as they are answered, if
that is less. Files are dropped evenly over the time. Every ten seconds the memory (PSS) and the open files of all
processes of the instance are read; what they gain is counted from the moment when a quarter of the time is over, so
that caches are warm. Ends with 1 when an answer was an error or a file was not taken in; `--strict`: or a goal missed.
"""

import argparse
import asyncio
import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from benchmarks.api import Client, Kinds, Outcome, Request
from benchmarks.drop import collection
from benchmarks.memory import family, sampled
from infra.local import homes
from infra.seed.__main__ import instance

SAMPLE_S = 10.0
MOST_GAINED_MB_AN_HOUR, MOST_P95_MS = 60.0, 50.0
LATE_S = 600.0
LONG_S = 1800.0
"""What is gained in less is the warming up of caches."""


@dataclass
class Held:
    """What the instance held at moments since the beginning."""

    at_s: list[float] = field(default_factory=list)
    by_program: list[dict[str, float]] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def sample(self, root: int, at_s: float) -> None:
        """Read it now."""
        self.at_s.append(at_s)
        self.by_program.append(sampled(root))
        self.files.append(sum(map(open_files, family(root))))

    @property
    def mb(self) -> list[float]:
        """Megabytes of the whole instance, moment for moment."""
        return [sum(one.values()) for one in self.by_program]

    def gained_by_program(self) -> list[tuple[str, float]]:
        """What each program gains an hour in megabytes, the most first."""
        names = {name for one in self.by_program for name in one}
        gains = {name: self.gained([one.get(name, 0.0) for one in self.by_program]) for name in names}
        return sorted(gains.items(), key=lambda one: -one[1])

    def gained(self, values: list[float]) -> float:
        """What it gains an hour, by the line through all but the first quarter; 0 of fewer than three moments."""
        start = len(values) // 4
        times, told = self.at_s[start:], values[start:]
        if len(told) < 3:
            return 0.0
        middle, mean = sum(times) / len(times), sum(told) / len(told)
        spread = sum((one - middle) ** 2 for one in times)
        return 3600 * sum((at - middle) * (one - mean) for at, one in zip(times, told, strict=True)) / spread


def open_files(pid: int) -> int:
    """How many files a process holds open; 0 when it has ended."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0


def a_picture(number: int) -> bytes:
    """A small picture like no other."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).save(out, "JPEG")
    return out.getvalue() + f"\n{number} {time.time_ns()}".encode()


async def drop(folder: Path, count: int, seconds: float) -> None:
    """Drop so many files over the time."""
    for number in range(count):
        beside = folder.parent.parent / f".load-{number}"
        beside.write_bytes(a_picture(number))
        beside.rename(folder / f"load-{number:05}.jpg")
        await asyncio.sleep(seconds / count)


async def ask(
    client: Client, kinds: Kinds, wanted: argparse.Namespace, outcome: Outcome, held: Held, root: int
) -> None:
    """Send requests at the wanted rate, each connection its share, and look at the instance meanwhile."""
    begun, each_s = time.perf_counter(), wanted.connections / wanted.rate

    async def one(number: int) -> None:
        chance, due = Random(number), begun + number / wanted.rate
        reader, writer = await asyncio.open_connection(*client.place)
        while (now := time.perf_counter()) < begun + wanted.seconds:
            await asyncio.sleep(max(0.0, due - now))
            sent = time.perf_counter()
            status, _ = await client.exchange(reader, writer, kinds.mixed(chance))
            outcome.took_ms.append((time.perf_counter() - sent) * 1000)
            outcome.statuses[status] += 1
            due = max(due + each_s, sent)
        writer.close()

    async def look() -> None:
        every_s = min(SAMPLE_S, wanted.seconds / 8)
        while (at_s := time.perf_counter() - begun) < wanted.seconds:
            await asyncio.to_thread(held.sample, root, at_s)
            await asyncio.sleep(every_s)

    await asyncio.gather(look(), *(one(number) for number in range(wanted.connections)))


async def measure(home: Path, wanted: argparse.Namespace) -> int:
    """Do it and print what came of it; 0 when all goals were met."""
    connection: dict[str, Any] = json.loads((home / homes.CONNECTION).read_text())
    root, client = int((home / "lock").read_text()), Client(connection["url"], connection["api_key"])
    found = json.loads(await client.one(Request("/v1/collections?limit=200")))["items"]
    kinds = Kinds(wanted.assets, [one["id"] for one in found if one["asset_count"]])
    folder = Path(connection["drop_folder"]) / f"Load {time.time_ns()}"
    folder.mkdir(parents=True)
    outcome, held = Outcome([], Counter(), wanted.seconds), Held()
    await asyncio.gather(
        drop(folder, wanted.files, wanted.seconds * 0.9), ask(client, kinds, wanted, outcome, held, root)
    )
    late_s, missing = await asyncio.to_thread(wait_for, connection, folder.name, wanted.files)
    held.sample(root, wanted.seconds)
    return told(outcome, held, wanted, late_s, missing)


def wait_for(connection: dict[str, Any], name: str, count: int) -> tuple[float, int]:
    """How long after the end the last file was in, and how many never were."""
    begun = time.monotonic()
    while True:
        home = collection(connection, name)
        missing = count - (int(home["asset_count"]) if home else 0)
        if missing <= 0 or time.monotonic() - begun > LATE_S:
            return time.monotonic() - begun, max(0, missing)
        time.sleep(1)


def told(outcome: Outcome, held: Held, wanted: argparse.Namespace, late_s: float, missing: int) -> int:
    """Print it; how it ends."""
    ordered = sorted(outcome.took_ms)
    p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
    wrong = {status: count for status, count in outcome.statuses.items() if status >= 400}
    mb, files = held.gained(held.mb), held.gained([float(one) for one in held.files])
    gains = ("", "") if wanted.seconds < LONG_S else (f"; {mb:+.0f} MB an hour", f"; {files:+.0f} an hour")
    print(f"{wanted.seconds:.0f} s, {wanted.connections} connections, load {os.getloadavg()[0]:.1f} at the end")
    print(f"requests   {outcome.rate:.0f} a second of {wanted.rate:.0f}; p50 {p50:.1f} p95 {p95:.1f} p99 {p99:.1f} ms")
    print(f"errors     {wrong or 'none'}")
    print(f"files      {wanted.files} dropped, {missing} not in; the last one {late_s:.0f} s after the end")
    print(f"memory     {held.mb[0]:.0f} MB, then {held.mb[-1]:.0f} MB, most {max(held.mb):.0f}{gains[0]}")
    if gains[0]:
        print("           " + ", ".join(f"{name} {mb:+.0f}" for name, mb in held.gained_by_program()))
    print(f"open files {held.files[0]}, then {held.files[-1]}, most {max(held.files)}{gains[1]}")
    missed = {
        "errors": bool(wrong),
        "files": missing > 0,
        "rate": outcome.rate < 0.98 * wanted.rate,
        "p95": p95 > MOST_P95_MS,
        "memory": wanted.seconds >= LONG_S and mb > MOST_GAINED_MB_AN_HOUR,
    }
    print("missed     " + (", ".join(name for name, is_so in missed.items() if is_so) or "nothing"))
    return int(missed["errors"] or missed["files"] or (wanted.strict and any(missed.values())))


def main() -> int:
    """Seed, then measure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--assets", type=int, default=50_000)
    words.add_argument("--seconds", type=float, default=600)
    words.add_argument("--rate", type=float, default=300)
    words.add_argument("--files", type=int, default=1_000)
    words.add_argument("--connections", type=int, default=8)
    words.add_argument("--strict", action="store_true", help="1 when rate, p95 or memory are missed too")
    wanted = words.parse_args()
    home = homes.folder(os.environ)
    with instance(home):
        subprocess.run([sys.executable, "-m", "infra.seed", str(wanted.assets)], check=True)
        with contextlib.suppress(KeyboardInterrupt):
            return asyncio.run(measure(home, wanted))
    return 130


if __name__ == "__main__":
    sys.exit(main())
