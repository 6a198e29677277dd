"""Our pipeline on one file, as the child runs it: sniffing, metadata, renditions, placeholder and writing
included.

Arguments: file, output folder, iterations. Warms up once, measures the rest, prints the least CPU and the
peak memory as JSON. Leaves the renditions as `<side>.webp`.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path

from media import job, render
from media.message import Limits, Rendition

_LIMITS = Limits(1 << 30, 268_000_000, 500, 2 << 30, 20, 30)
_SIDES = {"large": 1600, "medium": 512, "small": 256}
_RECIPE = tuple(Rendition(name, side, 80, 2) for name, side in _SIDES.items())


def main(path: Path, out: Path, iterations: int) -> None:
    """Measure and print."""
    render.prepare()
    best_s = float("inf")
    answer = {}
    for index in range(iterations + 1):
        before_s = _cpu_s()
        answer = job.read(path, _LIMITS, _RECIPE, out, lambda _: None)
        if index:
            best_s = min(best_s, _cpu_s() - before_s)
    for name, side in _SIDES.items():
        (out / f"{name}.webp").rename(out / f"{side}.webp")
    sizes = [row["size_bytes"] for row in answer["renditions"]]
    print(json.dumps({"cpu_s": best_s, "peak_bytes": _peak_bytes(), "bytes": sizes}))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_bytes() -> int:
    """Not from getrusage, whose peak a process inherits from the one that started it."""
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(peak.group(1)) * 1024 if peak else 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
