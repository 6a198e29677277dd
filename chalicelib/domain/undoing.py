"""What a change made of an asset, as the audit trail keeps it, and how to take it back when others worked on since.

Lists and custom fields are taken back word by word, so that what others added meanwhile stays; any other field only
while it still is what the change made of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from chalicelib.domain.assets import EDITABLE, Asset, Fields, Restriction

_LISTS = ("keywords", "skus")
_MOMENTS = ("available_from", "available_until")


def difference(old: Asset, new: Asset) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields, collections and state that differ: as they were, and as they are."""
    names = [one.name for one in fields(Fields) if getattr(old.fields, one.name) != getattr(new.fields, one.name)]
    before = {name: getattr(old.fields, name) for name in names}
    after = {name: getattr(new.fields, name) for name in names}
    for name in ("collection_ids", "state", "archived_because"):
        if getattr(old, name) != getattr(new, name):
            before[name], after[name] = getattr(old, name), getattr(new, name)
    return before, after


def reverted(now: Fields, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The fields to set so that the change is taken back, and those that others have changed since.

    `before` and `after` are as the audit trail has them: JSON, without what was not set.
    """
    values: dict[str, Any] = {}
    clashes = []
    for name in sorted({*before, *after} & set(EDITABLE)):
        was, became, current = before.get(name), after.get(name), getattr(now, name)
        if name in _LISTS:
            values[name] = _list_back(current, was or (), became or ())
        elif name == "custom":
            values[name], wrong = _custom_back(current, was or {}, became or {})
            clashes += wrong
        elif current == _typed(name, became):
            values[name] = _typed(name, was)
        elif current != _typed(name, was):
            clashes.append(name)
    return values, clashes


def places_back(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Collections to put the asset into again, and those to take it out of."""
    was, became = before.get("collection_ids") or [], after.get("collection_ids") or []
    return [one for one in was if one not in became], [one for one in became if one not in was]


def _list_back(now: Sequence[str], was: Sequence[str], became: Sequence[str]) -> tuple[str, ...]:
    added, taken = set(became) - set(was), [one for one in was if one not in became]
    kept = [one for one in now if one not in added]
    if [*kept, *taken] != list(was) and set(kept) | set(taken) == set(was):
        return tuple(was)
    return (*kept, *(one for one in taken if one not in kept))


def _custom_back(
    now: Mapping[str, Any], was: Mapping[str, Any], became: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    values, clashes = dict(now), []
    for name in sorted({*was, *became}):
        if was.get(name) == became.get(name):
            continue
        if now.get(name) == became.get(name):
            values[name] = was.get(name)
        elif now.get(name) != was.get(name):
            clashes.append(f"custom.{name}")
    return {name: value for name, value in values.items() if value is not None}, clashes


def _typed(name: str, plain: Any) -> Any:
    """A value out of the audit trail as the asset has it."""
    if plain is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(plain)
    if name == "restriction":
        begin, end = plain.get("from"), plain.get("until")
        return Restriction(
            plain["reason"], datetime.fromisoformat(begin) if begin else None,
            datetime.fromisoformat(end) if end else None,
        )  # fmt: skip
    return plain
