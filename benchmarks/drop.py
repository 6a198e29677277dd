"""Dropped file to thumbnail, against a running `make run`: one by one, then as a burst.

python -m benchmarks.drop [--one N] [--burst N]

Reads `$PACKSHOT_HOME/connection.json`. The photographs are those of `benchmarks.photos`, each with a few
bytes of its own at the end so that no two are alike.
"""

import argparse
import json
import os
import statistics
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.photos import mosaics, photos

CACHE = Path(".tools/photos")
LIMIT_S = 600.0
POLL_S = 0.02


def asked(connection: dict[str, Any], path: str) -> Any:
    """A GET as the owner."""
    request = urllib.request.Request(
        connection["url"] + path, headers={"Authorization": f"Bearer {connection['api_key']}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def collection(connection: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The collection of a top folder, once it is there."""
    found = asked(connection, "/v1/collections")["items"]
    return next((one for one in found if one["path"] == name), None)


def put(folder: Path, name: str, source: Path, number: int) -> float:
    """Move a finished file into the drop folder; when it was there."""
    beside = folder.parent.parent / f".{name}"
    beside.write_bytes(source.read_bytes() + f"\n{folder.name} {number}".encode())
    beside.rename(folder / name)
    return time.monotonic()


def one_by_one(connection: dict[str, Any], folder: Path, sources: list[Path], count: int) -> list[float]:
    """Seconds from each file's drop until its thumbnail is listed and answers."""
    took = []
    for number in range(count):
        name = f"{number:04}.jpg"
        begun = put(folder, name, sources[number % len(sources)], number)
        while not _thumb(connection, folder.name, name):
            time.sleep(POLL_S)
        took.append(time.monotonic() - begun)
    return took


def _thumb(connection: dict[str, Any], folder: str, name: str) -> bool:
    home = collection(connection, folder)
    if home is None:
        return False
    items = asked(connection, f"/v1/assets?collection_id={home['id']}&name={name}")["items"]
    if not items or not items[0]["thumb_url"]:
        return False
    with urllib.request.urlopen(items[0]["thumb_url"], timeout=30) as answer:
        return bool(answer.status == 200)


def burst(connection: dict[str, Any], folder: Path, source: Path, count: int) -> float:
    """Files a second when `count` copies of one photograph arrive at once."""
    begun = time.monotonic()
    for number in range(count):
        put(folder, f"{number:04}.jpg", source, number)
    while time.monotonic() - begun < LIMIT_S:
        home = collection(connection, folder.name)
        if home is not None and home["asset_count"] == count:
            break
        time.sleep(0.5)
    return count / (time.monotonic() - begun)


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser()
    words.add_argument("--one", type=int, default=200)
    words.add_argument("--burst", type=int, default=1000)
    wanted = words.parse_args()
    home = Path(os.environ.get("PACKSHOT_HOME", ".packshot"))
    connection = json.loads((home / "connection.json").read_text())
    large = mosaics(CACHE)
    sources = [*photos(CACHE), *large.values()]
    root, stamp = Path(connection["drop_folder"]), f"{int(time.time())}"
    for name in ("one", "burst"):
        (root / f"{name}-{stamp}").mkdir(parents=True)
    took = sorted(one_by_one(connection, root / f"one-{stamp}", sources, wanted.one))
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    print(f"dropped to thumbnail, {len(took)} photographs: p50 {statistics.median(took):.2f} s, p99 {p99:.2f} s")
    rate = burst(connection, root / f"burst-{stamp}", large[24], wanted.burst)
    print(f"burst of {wanted.burst} x 24 MP: {rate:.1f} files/s")


if __name__ == "__main__":
    main()
