"""Pairs of assets whose pictures nearly are the same, and what becomes of two that are merged."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain import prints
from chalicelib.domain.assets import Asset, Fields, unite
from chalicelib.domain.ids import AssetId

Decision = Literal["ignore", "merge", "keep_both"]
State = Literal["open", "decided"]

_NEAR_IN_COLOUR = 40
"""Levels of 255 by which each part of the average colour may differ: the same shirt in red and blue is no duplicate."""


@dataclass(frozen=True)
class Pair:
    """Two assets that look like duplicates, the one with the lesser id first; `decision` None while it is open."""

    first: AssetId
    second: AssetId
    found_at: datetime
    decision: Decision | None = None
    by: str | None = None
    decided_at: datetime | None = None

    @property
    def id(self) -> str:
        """The same for the same two assets: what was decided about them is never asked again."""
        return hashlib.blake2b(f"{self.first}\n{self.second}".encode(), digest_size=16).hexdigest()


def pair(one: AssetId, other: AssetId, found_at: datetime) -> Pair:
    """The open pair of two assets, whichever is named first."""
    return Pair(min(one, other), max(one, other), found_at)


def bits_apart(one: Asset, other: Asset) -> int | None:
    """In how many bits what everybody is shown of two near duplicates differs; None when they are none (any more)."""
    first, second = prints.shown_to_all(one), prints.shown_to_all(other)
    left, right = prints.print_in(first), prints.print_in(second)
    if left is None or right is None or first is None or second is None:
        return None
    bits = prints.bits_apart(left, right)
    if bits > prints.NEAR:
        return None
    return bits if _is_near(_average(first.facts), _average(second.facts)) else None


def elder(one: Asset, other: Asset) -> tuple[Asset, Asset]:
    """The older asset, which is kept, and the other."""
    first, second = sorted((one, other), key=lambda each: (each.created_at, each.id))
    return first, second


def united(kept: Asset, other: Asset) -> Asset:
    """The kept asset with what only the other had: words and SKUs united, empty fields filled, collections of both."""
    values: dict[str, Any] = {}
    for name, value in vars(other.fields).items():
        if getattr(kept.fields, name) in (None, ""):
            values[name] = value
    values["keywords"] = unite(kept.fields.keywords, other.fields.keywords)
    values["skus"] = unite(kept.fields.skus, other.fields.skus)
    values["custom"] = {**other.fields.custom, **kept.fields.custom}
    fields = replace(kept.fields, **values)
    homes = tuple(dict.fromkeys((*kept.collection_ids, *other.collection_ids)))
    return replace(
        kept,
        fields=fields,
        collection_ids=homes,
        touched=kept.touched | {name for name in other.touched if _changed(kept.fields, fields, name)},
        keyword_sources={**other.keyword_sources, **kept.keyword_sources},
    )


def before(kept: Asset, new: Asset) -> dict[str, Any]:
    """The fields that a merge changes, as they were, and None for what was not there: what PATCH takes to undo it."""
    changed = {name: value for name, value in vars(kept.fields).items() if _changed(kept.fields, new.fields, name)}
    if "custom" in changed:
        changed["custom"] = {name: None for name in new.fields.custom if name not in kept.fields.custom}
    return changed


def _changed(old: Fields, new: Fields, name: str) -> bool:
    return bool(getattr(old, name) != getattr(new, name))


def _average(facts: Mapping[str, Any]) -> tuple[float, ...] | None:
    """The average colour by the shares of its colours."""
    colors: Sequence[Any] = facts.get("colors") or ()
    try:
        weights = [(float(one["share"]), bytes.fromhex(one["hex"][1:])) for one in colors]
    except (KeyError, TypeError, ValueError):
        return None
    total = sum(weight for weight, _ in weights)
    if not total:
        return None
    return tuple(sum(weight * levels[band] for weight, levels in weights) / total for band in range(3))


def _is_near(one: tuple[float, ...] | None, other: tuple[float, ...] | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(abs(a - b) <= _NEAR_IN_COLOUR for a, b in zip(one, other, strict=True))
