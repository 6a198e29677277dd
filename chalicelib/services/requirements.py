"""Fields that a collection requires: people bring them, and cannot take them away.

An upload to it and an asset put into it must have them, and what has one keeps it. Files from the drop, whom nobody can
ask, are taken in without; `missing:` in a search finds them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain import names
from chalicelib.domain.assets import Asset, Fields
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.services.signing import Caller


def check_upload(caller: Caller, home: CollectionId | None, folders: Iterable[str], given: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` when an upload lacks a field its place requires: a collection, or a path from the top."""
    path = list(folders)
    place: CollectionId | None = ROOT if path else home or ROOT
    for folder in path:
        below = caller.tree.children(place) if place else []
        same = [one.id for one in below if one.state == "live" and names.fold(one.name) == names.fold(folder)]
        place = same[0] if same else None
    lacking = [one for one in _required(caller, [place] if place else []) if not _has(given, one)]
    if lacking:
        raise InvalidInput(
            f"This collection requires {', '.join(lacking)}.", code="fields_required",
            fields={f"fields.{one}": "is required here" for one in lacking},
        )  # fmt: skip


def check_edit(caller: Caller, asset: Asset, new: Fields) -> None:
    """Raise `InvalidInput` when a field is taken away that one of the asset's collections requires."""
    before, after = _values(asset.fields), _values(new)
    taken = [one for one in _required(caller, asset.collection_ids) if _has(before, one) and not _has(after, one)]
    if taken:
        raise InvalidInput(
            f"A collection of this asset requires {', '.join(taken)}.", code="fields_required",
            fields=dict.fromkeys(taken, "is required where this asset lies"),
        )  # fmt: skip


def check_put(caller: Caller, asset: Asset, home: CollectionId) -> None:
    """Raise `Conflict` when the asset lacks a field that the collection requires."""
    values = _values(asset.fields)
    lacking = [one for one in _required(caller, [home]) if not _has(values, one)]
    if lacking:
        raise Conflict(
            f"This collection requires {', '.join(lacking)}. Set it first.", code="fields_required",
            fields=dict.fromkeys(lacking, "is required there"),
        )  # fmt: skip


def _required(caller: Caller, places: Iterable[CollectionId]) -> list[str]:
    living = [caller.tree.by_id[one] for one in places if one in caller.tree.living]
    return list(dict.fromkeys(each for one in living for each in one.policy.required_fields))


def _values(fields: Fields) -> Mapping[str, Any]:
    return vars(fields)


def _has(values: Mapping[str, Any], name: str) -> bool:
    """Whether the field is set; uploads and assets always have a name."""
    if name == "name":
        return True
    head, _, inner = name.partition(".")
    value = (values.get("custom") or {}).get(inner) if head == "custom" else values.get(name)
    return value is not None and value not in ("", (), [])
