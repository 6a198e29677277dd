"""The shots of one SKU: their order, and which of those a product needs are missing. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain import name_parts
from chalicelib.domain.assets import Asset

_DIGITS = re.compile(r"(\d+)")
_LAST = 1_000_000


Place = tuple[int, int, list[tuple[int, int | str]], datetime, str]


def in_order(assets: Iterable[Asset]) -> list[Asset]:
    """As shot types follow each other, then by position, then by name as people count (2 before 10), then by age."""
    return sorted(assets, key=lambda one: place(one, one.fields.shot_type, one.fields.position))


def place(asset: Asset, shot_type: str | None, position: int | None) -> Place:
    """What an asset is sorted by among the shots of its product."""
    shot = name_parts.ORDER.get(kind_of(shot_type) or "", _LAST)
    return shot, _LAST if position is None else position, _natural(asset.fields.name), asset.created_at, asset.id


def _natural(name: str) -> list[tuple[int, Any]]:
    parts = _DIGITS.split(name.casefold())
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part]


def kind_of(shot_type: str | None) -> str | None:
    """The shot type that a word means: `rear` is `back`; a word we do not know is itself, folded."""
    if not shot_type:
        return None
    return name_parts.shot_type(shot_type) or shot_type.strip().casefold()


def missing(required: Sequence[str], assets: Iterable[Asset]) -> list[str]:
    """Of the required shot types, in their order, those that no asset has."""
    there = {kind_of(one.fields.shot_type) for one in assets}
    return [one for one in required if kind_of(one) not in there]
