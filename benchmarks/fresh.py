"""How long until search knows: an edit until it is found, and a dropped file until it is found with its thumbnail.

python -m benchmarks.fresh [--edits 100] [--drops 30]

Against a running `make run`; reads `$PACKSHOT_HOME/connection.json`. One after another, each with a word of its own,
asked for every 20 ms. An edit counts from the moment its answer came, a file from the moment it lay in the drop folder.
"""

import argparse
import json
import os
import statistics
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.drop import CACHE, POLL_S, asked, put
from benchmarks.photos import photos


def edited(connection: dict[str, Any], count: int) -> list[float]:
    """Seconds from the answer to each edit until a search finds it."""
    found = asked(connection, "/v1/search?limit=200")["items"]
    took = []
    for number in range(count):
        word = f"lag{time.time_ns():x}"
        _patch(connection, found[number % len(found)]["id"], {"title": word})
        begun = time.monotonic()
        while not asked(connection, f"/v1/search?q=title:{word}")["total"]:
            time.sleep(POLL_S)
        took.append(time.monotonic() - begun)
    return took


def dropped(connection: dict[str, Any], count: int) -> list[float]:
    """Seconds from each file's drop until a search finds it and its thumbnail answers."""
    folder = Path(connection["drop_folder"]) / f"fresh-{int(time.time())}"
    folder.mkdir(parents=True)
    sources, took = photos(CACHE), []
    for number in range(count):
        name = f"fresh{time.time_ns():x}"
        begun = put(folder, f"{name}.jpg", sources[number % len(sources)], number)
        while not shows(connection, name):
            time.sleep(POLL_S)
        took.append(time.monotonic() - begun)
    return took


def shows(connection: dict[str, Any], name: str) -> bool:
    """Whether a search finds the file of this name, and its thumbnail answers."""
    items = asked(connection, f"/v1/search?q=name:{name}")["items"]
    if not items or not items[0]["thumb_url"]:
        return False
    with urlopen(items[0]["thumb_url"], timeout=30) as answer:
        return bool(answer.status == 200)


def _patch(connection: dict[str, Any], asset_id: str, body: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {connection['api_key']}", "Content-Type": "application/json"}
    url = f"{connection['url']}/v1/assets/{asset_id}"
    with urlopen(Request(url, json.dumps(body).encode(), headers, method="PATCH"), timeout=30):
        pass


def line(what: str, took: list[float]) -> str:
    """p50, p99 and the longest."""
    ordered = sorted(took)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{what}, {len(took)}: p50 {statistics.median(ordered):.2f} s, p99 {p99:.2f} s, most {ordered[-1]:.2f} s"


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser()
    words.add_argument("--edits", type=int, default=100)
    words.add_argument("--drops", type=int, default=30)
    wanted = words.parse_args()
    home = Path(os.environ.get("PACKSHOT_HOME", ".packshot"))
    connection = json.loads((home / "connection.json").read_text())
    print(f"load {os.getloadavg()[0]:.1f}")
    if wanted.edits:
        print(line("edit to searchable", edited(connection, wanted.edits)), flush=True)
    if wanted.drops:
        print(line("dropped to searchable with thumbnail", dropped(connection, wanted.drops)))


if __name__ == "__main__":
    main()
