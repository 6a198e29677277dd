"""What goes wrong on demand.

A fault is `{kind, operation, shop, times, skip, chance}`; `operation` is the name of an operation, one of its top
fields, or `token`, `upload`, `bulk`, `cdn`; what is left out fits everything. `times` is 1 if nothing is said, `chance`
is that of a fitting request to be hit. Kinds: `throttle`, `http` (`status`, `headers`), `internal`, `lost_reply`,
`cut_body` (`after`), `drop`, `broken_json`, `redirect`, `stale_read`, `before` (`do`: what the merchant does first).
"""

import random
from typing import Any

from standins.shopify.store import Record
from standins.shopify.world import World

BEFORE = ("throttle", "http", "internal", "drop", "broken_json", "redirect")
AFTER = ("lost_reply", "cut_body")
KINDS = (*BEFORE, *AFTER, "stale_read", "before")
_DICE = random.Random(20261001)


def add(world: World, asked: dict[str, Any]) -> None:
    """Set a fault. Raises `ValueError` for a kind that is not known."""
    if asked.get("kind") not in KINDS:
        raise ValueError(f"A fault is one of {', '.join(KINDS)}.")
    if "seed" in asked:
        _DICE.seed(asked["seed"])
    fault = dict(asked)
    if fault["kind"] == "stale_read":
        store = world.shop(fault["shop"])
        with store.lock:
            fault["_seen"] = store.snapshot()
    with world.lock:
        world.faults.append(fault)


def hit(world: World, shop: str, names: set[str]) -> Record | None:
    """The fault that this request meets."""
    with world.lock:
        for one in world.faults:
            if one.get("operation", "") not in names | {""} or one.get("shop", shop) != shop or not one.get("times", 1):
                continue
            if one.get("skip", 0) > 0:
                one["skip"] -= 1
            elif _DICE.random() < one.get("chance", 1):
                one["times"] = one.get("times", 1) - 1
                return one
    return None
