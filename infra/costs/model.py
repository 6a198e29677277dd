"""What things cost at list price: measured calls and CPU times a table of prices. Pure; no AWS, no clock.

`calls.json` says what each operation makes each function do (`python -m tests.costs` measures it, a test compares it),
`prices.toml` what that costs and what has to be taken for granted.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.domain.connections import LONGEST_MINUTES

PLACE = Path(__file__).parent
MEDIA = "media"
API = "api_handler"
QUIET = "one quiet look at a Drive"
LOOKS = 30 * 24 * 60 / LONGEST_MINUTES
"""In a month without a change."""
FREE = "s3.free"
"""Calls that S3 does not charge: deletes. They still take time."""


@dataclass(frozen=True)
class Work:
    """What one operation makes one function do. `runs` is a fraction where a run serves several."""

    runs: float
    calls: Mapping[str, float]
    units: Mapping[str, float]
    """Billed units by price; `calls` are those one waits for."""
    cpu_ms: float
    pause_ms: float = 0.0


@dataclass(frozen=True)
class Operation:
    """One thing people do: what each function does for it, and what happens outside of any function."""

    functions: Mapping[str, Work]
    outside: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Platform:
    """What the code declares.

    Memory of each function, the price of a request to the queue that wakes it, runs by schedules, all queues, alarms.
    """

    memory_mb: Mapping[str, int]
    queue: Mapping[str, str]
    runs_a_month: Mapping[str, float]
    queues: Mapping[str, str]
    alarms: int


def prices() -> dict[str, Any]:
    """The table."""
    return tomllib.loads((PLACE / "prices.toml").read_text())


def operations() -> dict[str, Operation]:
    """What was measured."""
    told = json.loads((PLACE / "calls.json").read_text())["operations"]
    return {
        name: Operation({function: Work(**work) for function, work in one["functions"].items()}, one["outside"])
        for name, one in told.items()
    }


def run_ms(table: Mapping[str, Any], work: Work, memory_mb: int) -> float:
    """How long one operation keeps a function running: CPU at its share of a vCPU, waits, pauses."""
    share = min(1.0, memory_mb / table["lambda"]["full_mb"])
    waits: float = sum(table["wait_ms"].get(name, 0) * count for name, count in work.calls.items())
    slower: float = table["lambda"]["slower"]
    return float(work.cpu_ms * slower / share + waits + work.pause_ms)


def cost(table: Mapping[str, Any], platform: Platform, operation: Operation) -> dict[str, float]:
    """Dollars of one operation by service."""
    media = operation.functions.get(MEDIA)
    waited_ms = run_ms(table, media, platform.memory_mb[MEDIA]) if media else 0.0
    units: dict[str, float] = dict(operation.outside)
    for name, work in operation.functions.items():
        memory_mb = platform.memory_mb[name]
        took_ms = run_ms(table, work, memory_mb) + (waited_ms if work.calls.get("lambda.request") else 0.0)
        _add(units, "lambda.gb_s", memory_mb / 1024 * took_ms / 1000)
        _add(units, "lambda.request", work.runs)
        _add(units, "log.gb", work.runs * table["lambda"]["log_bytes_a_run"] / 1e9)
        if name in platform.queue:
            _add(units, platform.queue[name], 2 * work.runs)  # one receive and one delete a batch
        if name == API:
            _add(units, "api.request", work.runs)
        for unit, count in work.units.items():
            _add(units, unit, count)
    return dollars(table, units)


def _add(units: dict[str, float], unit: str, count: float) -> None:
    units[unit] = units.get(unit, 0.0) + count


def dollars(table: Mapping[str, Any], units: Mapping[str, float]) -> dict[str, float]:
    """Billed units as dollars by service."""
    found: dict[str, float] = {}
    for unit, count in units.items():
        service = unit.partition(".")[0]
        found[service] = found.get(service, 0.0) + count * table["price"][unit]
    return found


def shop_month(table: Mapping[str, Any], platform: Platform, known: Mapping[str, Operation]) -> dict[str, float]:
    """Dollars of the shop's month by what for."""
    shop, price = table["shop"], table["price"]
    each = {name: sum(cost(table, platform, one).values()) for name, one in known.items()}
    versions = shop["assets"] * shop["versions_an_asset"]
    stored_gb = versions * (shop["original_mb"] + shop["renditions_mb"]) / 1000
    rows_gb = shop["assets"] * shop["row_kb_an_asset"] / 1e6
    index_gb = shop["assets"] * shop["index_kb_an_asset"] / 1e6
    seen_gb = (shop["thumbnails"] * shop["thumbnail_kb"] + shop["previews"] * shop["preview_kb"]) / 1e6
    return {
        "storage": stored_gb * price["s3.gb_month"],
        "tables and index": rows_gb * (price["dynamodb.gb_month"] + price["dynamodb.backup_gb_month"])
        + index_gb * price["s3.gb_month"],
        "pictures shown": seen_gb * price["cdn.gb"] + (shop["thumbnails"] + shop["previews"]) * price["cdn.request"],
        "originals downloaded": shop["originals_gb"] * price["s3.egress_gb"],
        "calls": shop["calls"] * each["one asset read"],
        "searches": shop["searches"] * each["one search"],
        "edits": shop["edits"] * each["one edit"],
        "new assets": shop["new_assets"] * each["one asset in"],
    }


def empty_month(table: Mapping[str, Any], platform: Platform) -> dict[str, float]:
    """Dollars of a platform that nobody uses, by service: polled queues, schedules, alarms."""
    idle, month_s = table["idle"], 30 * 24 * 3600
    polls = month_s / idle["poll_s"] * idle["pollers_a_queue"]
    units: dict[str, float] = {"alarm.month": float(platform.alarms)}
    for unit in platform.queues.values():
        _add(units, unit, polls)
    for name, runs in platform.runs_a_month.items():
        _add(units, "lambda.request", runs)
        _add(units, "lambda.gb_s", runs * platform.memory_mb[name] / 1024 * idle["run_ms"] / 1000)
        _add(units, "log.gb", runs * table["lambda"]["log_bytes_a_run"] / 1e9)
        _add(units, "dynamodb.read", runs)
    left = {unit: max(0.0, count - table["always_free"].get(unit, 0)) for unit, count in units.items()}
    return dollars(table, left)


def quiet_month(table: Mapping[str, Any], platform: Platform, known: Mapping[str, Operation]) -> float:
    """Dollars of a followed Drive in which nothing happens, what AWS gives for ever not taken off."""
    return LOOKS * sum(cost(table, platform, known[QUIET]).values())


def cold_month(table: Mapping[str, Any], platform: Platform) -> float:
    """Dollars of one second more in each look of such a month."""
    memory_mb = sum(platform.memory_mb[name] for name in operations()[QUIET].functions)
    return sum(dollars(table, {"lambda.gb_s": LOOKS * memory_mb / 1024}).values())


def totals(table: Mapping[str, Any], platform: Platform, known: Mapping[str, Operation]) -> dict[str, float]:
    """What each budget is compared with."""
    return {
        "1,000 assets in": 1000 * sum(cost(table, platform, known["one asset in"]).values()),
        "1,000 searches": 1000 * sum(cost(table, platform, known["one search"]).values()),
        "a shop of 50,000 assets, a month": sum(shop_month(table, platform, known).values()),
        "the empty platform, a month": sum(empty_month(table, platform).values()),
    }


def over_budget(table: Mapping[str, Any], platform: Platform, known: Mapping[str, Operation]) -> list[str]:
    """A sentence for each budget that is exceeded."""
    found = totals(table, platform, known)
    return [
        f"{name}: ${found[name]:.4f} is more than ${most:.4f}."
        for name, most in table["budget"].items()
        if found[name] > most
    ]
