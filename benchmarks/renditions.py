"""Our renditions against sharp's, on the same files in the same run: CPU, memory, bytes, and likeness.

Every contender runs in a process of its own for each file, one core, warmed up once; rounds are interleaved
and the least CPU counts. sharp gets its best: one thread, no cache, lenient, the same WebP settings, with
and without our allocator settings. Three kinds of file are quoted apart: untagged; tagged sRGB, where sharp
converts and we see that nothing would change; and tagged with a wide gamut, where both convert. Run
`python -m benchmarks.renditions [--rounds N] [--cache DIR]`; exits 1 if a goal that must hold does not.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvips

from benchmarks import photos, renditions_ssim
from media.metadata import containers
from media.supervise import CHILD_SETTINGS

SHARP = "sharp@0.35.5"
SIDES = (1600, 512, 256)
ITERATIONS = 3
HERE = Path(__file__).resolve().parent
TOOLS = HERE.parent / ".tools" / "sharp"
_CONTENDERS = ("ours", "chain", "chain tuned", "three", "three tuned")


@dataclass(frozen=True)
class Score:
    """What one contender needed for one file, the best of all rounds."""

    cpu_s: float
    peak_bytes: int
    size_bytes: int
    likeness: tuple[float, ...]


@dataclass(frozen=True)
class Goal:
    """A ratio that must stay at or under `must` and should reach `goal`; without either it is only told."""

    name: str
    value: float
    must: float | None
    goal: float | None


def main() -> int:
    """Measure, print Markdown, and return 1 if a goal that must hold does not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=HERE.parent / ".tools" / "photos")
    arguments = parser.parse_args()
    _install_sharp()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    scores = {path: _measure(path, arguments.rounds) for path in files(arguments.cache)}
    goals = _goals(scores)
    print("\n".join([*_table(scores), "", *_goal_table(goals)]))
    return 1 if any(goal.must is not None and goal.value > goal.must for goal in goals) else 0


def files(cache: Path) -> list[Path]:
    """Return fifteen JPEGs of 12 to 50 megapixels: two photographs and three mosaics, each untagged, tagged
    sRGB, and tagged Display P3.
    """
    found = {path.stem: path for path in photos.photos(cache)}
    mosaics = photos.mosaics(cache)
    camera = [found["canon-7d-14mp"], found["canon-5d3-22mp"]]
    profile = _profile_segments(camera[1].read_bytes())
    wide_gamut = _segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(pyvips.Image.profile_load("p3")))
    untagged, tagged, wide = [], [], []
    for path in [mosaics[12], camera[0], camera[1], mosaics[24], mosaics[50]]:
        bare = _without_profile(path.read_bytes())
        is_tagged = path in camera
        untagged.append(_kept(cache / f"{path.stem}-untagged.jpg", bare))
        with_profile = path.read_bytes() if is_tagged else bare[:2] + profile + bare[2:]
        tagged.append(_kept(cache / f"{path.stem}-tagged.jpg", with_profile))
        wide.append(_kept(cache / f"{path.stem}-wide.jpg", bare[:2] + wide_gamut + bare[2:]))
    return [*untagged, *tagged, *wide]


def _kept(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def _without_profile(jpeg: bytes) -> bytes:
    for marker, body in containers.jpeg_segments(jpeg):
        if marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            jpeg = jpeg.replace(_segment(marker, body), b"", 1)
    return jpeg


def _profile_segments(jpeg: bytes) -> bytes:
    found = containers.jpeg_segments(jpeg)
    return b"".join(_segment(m, body) for m, body in found if m == 0xE2 and body.startswith(b"ICC_PROFILE\0"))


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def _install_sharp() -> None:
    if not (TOOLS / "node_modules" / "sharp").exists():
        npm = shutil.which("npm") or "npm"
        quiet = ("--no-save", "--no-audit", "--no-fund", "--ignore-scripts")
        subprocess.run([npm, "install", "--prefix", str(TOOLS), *quiet, SHARP], check=True)


def _measure(path: Path, rounds: int) -> dict[str, Score]:
    """Return the best of all rounds by contender; sharp's two allocator settings count as one contender."""
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    likeness: dict[str, tuple[float, ...]] = {}
    for _ in range(rounds):
        for contender in _CONTENDERS:
            name = contender.split()[0]
            with tempfile.TemporaryDirectory() as out:
                runs[name].append(_run(contender, path, out))
                if name not in likeness:
                    likeness[name] = _likeness(path, Path(out))
    return {
        name: Score(
            min(run["cpu_s"] for run in found),
            min(run["peak_bytes"] for run in found),
            sum(found[0]["bytes"]),
            likeness[name],
        )
        for name, found in runs.items()
    }


def _run(contender: str, path: Path, out: str) -> dict[str, Any]:
    name, _, tuned = contender.partition(" ")
    settings = CHILD_SETTINGS if tuned or name == "ours" else {}
    if name == "ours":
        command = [sys.executable, "-m", "benchmarks.renditions_ours", str(path), out, str(ITERATIONS)]
    else:
        script = HERE / "renditions_sharp.mjs"
        command = [
            shutil.which("node") or "node",
            str(script),
            str(TOOLS),
            name,
            str(path),
            out,
            str(ITERATIONS),
        ]
    environment = {**os.environ, **settings, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _likeness(path: Path, out: Path) -> tuple[float, ...]:
    found = []
    for side in SIDES:
        rendition = out / f"{side}.webp"
        ideal = renditions_ssim.reference(path, *renditions_ssim.size_px(rendition))
        found.append(renditions_ssim.similarity(ideal, rendition))
    return tuple(found)


def _mean(ratios: list[float]) -> float:
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def _goals(scores: dict[Path, dict[str, Score]]) -> list[Goal]:
    def ratio(kind: str, rival: str) -> float:
        rows = [score for path, score in scores.items() if path.stem.endswith(f"-{kind}")]
        return _mean([row["ours"].cpu_s / row[rival].cpu_s for row in rows])

    every = list(scores.values())
    memory = _mean([row["ours"].peak_bytes / row["chain"].peak_bytes for row in every])
    size = _mean([row["ours"].size_bytes / row["chain"].size_bytes for row in every])
    loss = max(b / a for row in every for a, b in zip(row["ours"].likeness, row["chain"].likeness, strict=True))
    return [
        Goal("CPU, untagged, against sharp's best chain", ratio("untagged", "chain"), 0.85, 0.75),
        Goal("CPU, tagged, against sharp's best chain", ratio("tagged", "chain"), 0.5, 0.4),
        Goal("CPU, tagged wide gamut, against sharp's best chain", ratio("wide", "chain"), None, None),
        Goal("CPU, untagged, against three sharp calls", ratio("untagged", "three"), 0.55, 0.5),
        Goal("CPU, tagged, against three sharp calls", ratio("tagged", "three"), 0.55, 0.5),
        Goal("Peak memory, against sharp's best chain", memory, 0.7, None),
        Goal("Bytes of the three, against sharp's", size, 1.03, 1.0),
        Goal("SSIM of sharp over ours, worst of all renditions", loss, 1.02, 1.002),
    ]


def _table(scores: dict[Path, dict[str, Score]]) -> list[str]:
    lines = [
        "| file | CPU ms: ours | sharp chain | sharp three | ours/chain | ours/three "
        "| peak MB: ours | chain | three | kB: ours | sharp | SSIM ours 1600/512/256 | SSIM sharp chain |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for path, row in scores.items():
        ours, chain, three = row["ours"], row["chain"], row["three"]
        cells = [
            path.stem,
            *(f"{score.cpu_s * 1000:.0f}" for score in (ours, chain, three)),
            *(f"{ours.cpu_s / score.cpu_s:.2f}" for score in (chain, three)),
            *(f"{score.peak_bytes / 1e6:.0f}" for score in (ours, chain, three)),
            *(f"{score.size_bytes / 1000:.0f}" for score in (ours, chain)),
            *(" / ".join(f"{value:.4f}" for value in score.likeness) for score in (ours, chain)),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _goal_table(goals: list[Goal]) -> list[str]:
    lines = ["| ratio (geometric mean over files) | measured | must | goal |", "|---|---|---|---|"]
    for goal in goals:
        must, reached = _verdict(goal.value, goal.must, "**no**"), _verdict(goal.value, goal.goal, "no")
        lines.append(f"| {goal.name} | {goal.value:.3f} | {must} | {reached} |")
    return lines


def _verdict(value: float, limit: float | None, missed: str) -> str:
    return "-" if limit is None else f"<= {limit} {'yes' if value <= limit else missed}"


if __name__ == "__main__":
    sys.exit(main())
