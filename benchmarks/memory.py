"""Memory of a whole running instance: the sum of the proportional set sizes of its processes.

python -m benchmarks.memory [--files N] [--limit-mb N]

Reads `$PACKSHOT_HOME`, drops N photographs of 24 megapixels into it, prints the highest sum and what each program
held at that moment. Shared pages count once (PSS), so the sum is what the machine gives up. Linux only.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from benchmarks.drop import CACHE, collection, put
from benchmarks.photos import mosaics

PAUSE_S = 0.5
LIMIT_S = 1800.0


def family(root: int) -> list[int]:
    """A process and everything below it."""
    found, left = list[int](), [root]
    while left:
        pid = left.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                left += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def held_mb(pid: int) -> float:
    """What a process holds, its share of shared pages included; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def program(pid: int) -> str:
    """The word by which a person knows the process."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return "(ended)"
    return next((word.rpartition("/")[2] for word in words[1:] if not word.startswith("-")), words[0])


def sampled(root: int) -> dict[str, float]:
    """Megabytes by program, now."""
    held: dict[str, float] = {}
    for pid in family(root):
        name = program(pid)
        held[name] = held.get(name, 0.0) + held_mb(pid)
    return held


def main() -> int:
    """Print the figures; 1 when the highest sum is over the limit."""
    words = argparse.ArgumentParser()
    words.add_argument("--files", type=int, default=1000)
    words.add_argument("--limit-mb", type=int, default=1500)
    wanted = words.parse_args()
    home = Path(os.environ.get("PACKSHOT_HOME", ".packshot"))
    connection, root = json.loads((home / "connection.json").read_text()), int((home / "lock").read_text())
    folder = Path(connection["drop_folder"]) / f"memory-{int(time.time())}"
    folder.mkdir()
    source, idle, highest = mosaics(CACHE)[24], sampled(root), dict[str, float]()
    for number in range(wanted.files):
        put(folder, f"{number:04}.jpg", source, number)
    begun = time.monotonic()
    while time.monotonic() - begun < LIMIT_S:
        now = sampled(root)
        highest = max(highest, now, key=lambda held: sum(held.values()))
        there = collection(connection, folder.name)
        if there is not None and there["asset_count"] == wanted.files:
            break
        time.sleep(PAUSE_S)
    total = sum(highest.values())
    took_s = time.monotonic() - begun
    print(f"{wanted.files} x 24 MP in {took_s:.0f} s: {total:.0f} MB at most, {sum(idle.values()):.0f} MB idle")
    for name, megabytes in sorted(highest.items(), key=lambda held: -held[1]):
        print(f"  {megabytes:6.0f} MB  {name}")
    return int(total > wanted.limit_mb)


if __name__ == "__main__":
    sys.exit(main())
