"""What the model's look does to a file on its way in: dropped until found, with visual tags and without.

python -m benchmarks.looking HOME_WITH HOME_WITHOUT [--rounds N] [--drops N]

Against two running instances, one of them with `PACKSHOT_VISUAL_TAGS=0`. In turns pictures of the sample library are
dropped into each: one after another, asking every 20 ms, which gives seconds; then twice as many at once, asking
seldom, which gives CPU of all processes of the instance a file, until the last is found and, where there is looking,
has its tags.
"""

import argparse
import io
import json
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.api import cpu_s
from benchmarks.drop import POLL_S, asked
from benchmarks.fresh import shows
from infra.local import sample

SOURCES = ("Kitchen/AUR-MUG-01_angle.jpg", "Kitchen/AUR-KTL-01_front.jpg")
"""Pictures in which the model is sure of something."""
TAGS_LIMIT_S = 120.0
QUIET_S = 3.0


@dataclass
class Side:
    """One instance, and what was measured at it: seconds until found, seconds until tagged, CPU seconds a file."""

    home: Path
    found: list[float] = field(default_factory=list)
    tagged: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def connection(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.home / "connection.json").read_text())
        return told

    def one_by_one(self, drops: int, looks: bool) -> None:
        """Drop so many files, each when the one before was found; then wait for their tags."""
        begun = dict[str, float]()
        for name in self._names(drops):
            begun[name] = self._put(name, len(begun))
            while not shows(self.connection, name):
                time.sleep(POLL_S)
            self.found.append(time.monotonic() - begun[name])
            while looks and not self._is_tagged(name) and time.monotonic() - begun[name] < TAGS_LIMIT_S:
                time.sleep(POLL_S)
            if looks:
                self.tagged.append(time.monotonic() - begun[name])

    def at_once(self, drops: int, looks: bool) -> None:
        """Drop so many files at once, and ask seldom: what CPU is taken until all that follows is done."""
        holder = int((self.home / "lock").read_text())
        before, names = cpu_s(holder), self._names(drops)
        for number, name in enumerate(names):
            self._put(name, number)
        begun = time.monotonic()
        for name in names:
            while not (self._is_tagged(name) if looks else shows(self.connection, name)):
                if time.monotonic() - begun > TAGS_LIMIT_S * drops:
                    raise SystemExit(f"{name} is not there, or has no tag.")
                time.sleep(QUIET_S)
        time.sleep(QUIET_S)
        self.cpu.append((cpu_s(holder) - before) / drops)

    def _names(self, drops: int) -> list[str]:
        return [f"looking{time.time_ns():x}{number}" for number in range(drops)]

    def _put(self, name: str, number: int) -> float:
        folder = Path(self.connection["drop_folder"]) / "looking"
        folder.mkdir(exist_ok=True)
        beside = folder.parent.parent / f".{name}"
        beside.write_bytes(picture(number))
        beside.rename(folder / f"{name}.jpg")
        return time.monotonic()

    def _is_tagged(self, name: str) -> bool:
        found = asked(self.connection, f"/v1/search?q=name:{name}&facets=auto_tag")
        return bool(found["facets"]["auto_tag"])

    def line(self, what: str) -> str:
        """p50 and the longest."""
        said = f"{what}: found p50 {statistics.median(self.found):.2f} s, most {max(self.found):.2f} s"
        if self.tagged:
            said += f"; tagged p50 {statistics.median(self.tagged):.2f} s, most {max(self.tagged):.2f} s"
        return f"{said}; CPU a file {statistics.median(self.cpu):.2f} s"


def picture(number: int) -> bytes:
    """A picture of the sample library, saved anew: other bytes each time."""
    body = io.BytesIO()
    with Image.open(sample.LIBRARY / "Autumn 26" / SOURCES[number % len(SOURCES)]) as one:
        one.save(body, "JPEG", quality=90, comment=f"{time.time_ns()}".encode())
    return body.getvalue()


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("looks", type=Path)
    words.add_argument("blind", type=Path)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--drops", type=int, default=10)
    wanted = words.parse_args()
    looks, blind = Side(wanted.looks), Side(wanted.blind)
    for side in (looks, blind):
        side.at_once(2, side is looks)  # warm: the model is loaded once a process
        side.cpu = []
    for _ in range(wanted.rounds):
        for side in (looks, blind):
            side.one_by_one(wanted.drops, side is looks)
            side.at_once(2 * wanted.drops, side is looks)
    print(f"load {os.getloadavg()[0]:.0f}; {wanted.rounds} rounds of {wanted.drops} files each")
    print(looks.line("with visual tags"))
    print(blind.line("without"))


if __name__ == "__main__":
    main()
