"""What seeing costs on the way in: CPU of one picture from bytes to answer, and the part of it that is seeing.

Each file is read as the child reads it, warmed up once; the least of the rounds counts. Run
`python -m benchmarks.seeing [--rounds N] [FILE…]`; without files it draws photographs of 0.3 to 12 megapixels.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from media import job, render, seen
from media.message import Limits, Rendition

_LIMITS = Limits(1 << 30, 268_000_000, 500, 2 << 30, 60, 60)
_RECIPE = tuple(Rendition(name, side, 80, 2) for name, side in (("large", 1600), ("medium", 512), ("small", 256)))
_SIZES = ((640, 480), (2000, 1500), (4000, 3000))


def main() -> None:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    render.prepare()
    print("| picture | whole, ms | seeing, ms | share |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for path in arguments.files or _drawn(Path(folder)):
            whole_s, seeing_s = _measured(path, Path(folder), arguments.rounds)
            print(f"| {path.name} | {whole_s * 1e3:.1f} | {seeing_s * 1e3:.2f} | {seeing_s / whole_s:.1%} |")


def _measured(path: Path, out: Path, rounds: int) -> tuple[float, float]:
    """The least CPU of the whole, and of the seeing alone."""
    spent: list[float] = []
    plain: Callable[..., dict[str, Any]] = seen.facts

    def timed(*given: Any) -> dict[str, Any]:
        begun = time.process_time()
        try:
            return plain(*given)
        finally:
            spent.append(time.process_time() - begun)

    seen.facts = timed  # type: ignore[assignment]
    best_s = float("inf")
    try:
        for at in range(rounds + 1):
            begun = time.process_time()
            answer = job.read(path, _LIMITS, _RECIPE, out, lambda _: None)
            if at:
                best_s = min(best_s, time.process_time() - begun)
            else:
                assert answer["outcome"] == "ok", answer
    finally:
        seen.facts = plain
    return best_s, min(spent[1:])


def _drawn(folder: Path) -> list[Path]:
    made = []
    for width, height in _SIZES:
        small = Image.effect_mandelbrot((width // 4, height // 4), (-2, -1.2, 1, 1.2), 60).resize((width, height))
        ramp = Image.linear_gradient("L").resize((width, height))
        body = io.BytesIO()
        Image.merge("RGB", (small, ramp, small.rotate(180))).save(body, "JPEG", quality=90)
        made.append(folder / f"drawn-{width}x{height}.jpg")
        made[-1].write_bytes(body.getvalue())
    return made


if __name__ == "__main__":
    main()
