"""Draw the sample library anew: `make sample`, or some of it: python -m infra.sample.draw LMP VAS-01_front

Writes `infra/sample/library/` and `web/wall/`. Needs Chromium; everything else works with what is committed.
A drawing that was made before is taken from `build/sample/`, so that changing words or formats takes no time.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from infra.sample import browser, catalogue, develop, scene
from infra.sample.catalogue import LIBRARY, Picture

ROOT = Path(__file__).resolve().parents[2]
DRAWINGS, WALL = ROOT / "build" / "sample", ROOT / "web" / "wall"
AT_ONCE = 2
PREVIEW_EDGE_PX = 480


def drawing(picture: Picture, width_px: int, height_px: int) -> Image.Image:
    """The picture at this size, from the browser or from an earlier run. Raises BrowserError."""
    shader, values = scene.shader(picture), scene.values(picture, width_px, height_px)
    digest = hashlib.sha256(json.dumps([shader, values], sort_keys=True).encode()).hexdigest()[:16]
    kept = DRAWINGS / f"{Path(picture.path).stem} {digest}.png"
    if not kept.exists():
        DRAWINGS.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(".part")
        browser.draw(shader, values, width_px, height_px).save(beside, "png", compress_level=1)
        beside.replace(kept)
    return Image.open(kept).convert("RGBA")


def draw(picture: Picture) -> None:
    """Write one file of the library."""
    begun_s = time.monotonic()
    finished = develop.file_of(picture, drawing(picture, picture.width_px, picture.height_px))
    place = LIBRARY / picture.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(finished)
    sys.stdout.write(f"{picture.path}  {len(finished) // 1000} KB  {time.monotonic() - begun_s:.1f} s\n")
    sys.stdout.flush()


def preview(picture: Picture, folder: Path) -> None:
    """A small, quick look at one picture, for work on shapes and places."""
    share = PREVIEW_EDGE_PX / max(picture.width_px, picture.height_px)
    small = drawing(picture, round(picture.width_px * share), round(picture.height_px * share))
    small.save(folder / f"{Path(picture.path).stem}.png")


def finish(library: catalogue.Library) -> None:
    """Write the copies and the wall, take away files that the catalogue no longer has."""
    for path, of in library.copies.items():
        (LIBRARY / path).parent.mkdir(parents=True, exist_ok=True)
        (LIBRARY / path).write_bytes((LIBRARY / of).read_bytes())
    for file in LIBRARY.rglob("*"):
        if file.is_file() and file.relative_to(LIBRARY).as_posix() not in library.paths:
            file.unlink()
    WALL.mkdir(exist_ok=True)
    for path in library.wall:
        name = Path(path).stem.partition("_")[0].lower()
        (WALL / f"{name}.webp").write_bytes(develop.wall((LIBRARY / path).read_bytes()))


def main(argv: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description="Draw the sample library.")
    asked.add_argument("names", nargs="*", help="parts of the paths to draw; all when left out")
    asked.add_argument("--preview", type=Path, help="write small PNGs into this folder instead")
    given = asked.parse_args(argv)
    library = catalogue.load()
    chosen = [one for one in library.pictures if not given.names or any(name in one.path for name in given.names)]
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            if given.preview:
                given.preview.mkdir(parents=True, exist_ok=True)
                list(pool.map(lambda one: preview(one, given.preview), chosen))
                return 0
            list(pool.map(draw, chosen))
    except browser.BrowserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if all((LIBRARY / path).exists() for path in library.paths - set(library.copies)):
        finish(library)
    return 0


if __name__ == "__main__":
    sys.exit(main())
