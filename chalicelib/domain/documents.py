"""What an asset is to a search: texts, exact values, numbers, moments. The same for every engine.

Facts of the file are those of the version that everybody is shown; one that is held back has none here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain import framing, prints, sight
from chalicelib.domain.assets import Asset
from chalicelib.domain.tokens import fold

EXACT = (
    "collection", "keyword", "auto_tag", "sku", "type", "format", "state", "approval", "usable", "shot_type", "owner",
    "orientation", "aspect", "background", "color", "camera", "year",
)  # fmt: skip
"""Fields that are compared as a whole, and counted."""

SPELLED = ("keyword", "auto_tag", "sku", "shot_type", "color")
"""Those of them that are shown as people write them; they are compared and counted folded all the same."""

NUMBERS = ("rating", "width", "height", "size", "position", "taken", "uploaded", "changed")
"""Fields that have a range; the last three are whole seconds since 1970."""

DATES = ("taken", "uploaded", "changed")
FOREVER = 2**62
MAX_VALUE = 500
"""Longer values are cut, on both sides of a comparison."""


@dataclass(frozen=True)
class Content:
    """One document. `spelled` are values of `exact` as they were written; `custom` holds folded texts, or numbers.

    `withheld` are the moments, in whole seconds, that keep it from those who may not edit: available from,
    available until, restricted from, restricted until; an absent one restricts nothing. `bands` are those of its print.
    """

    texts: Mapping[str, tuple[str, ...]]
    exact: Mapping[str, tuple[str, ...]]
    spelled: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    custom: Mapping[str, tuple[str | float, ...]]
    place: tuple[float, float] | None
    bands: tuple[int, ...]
    has: frozenset[str]
    withheld: tuple[int | None, int | None, int | None, int | None]


def exact(text: str) -> str:
    """The value as it is compared: folded, outer blanks gone, cut to 500 signs."""
    return fold(text).strip()[:MAX_VALUE]


def content(asset: Asset, usable: Sequence[str] = ()) -> Content:
    """The document of an asset that fits the channels `usable`.

    Total: whatever custom fields and facts hold, unreadable parts are left out.
    """
    fields, version = asset.fields, prints.shown_to_all(asset)
    facts = version.facts if version else {}
    file = version or asset.newest
    tags = sight.seen_in(asset, version)
    taken = moment(facts.get("captured_at"))
    texts = {
        "name": (fields.name,),
        "title": _set(fields.title),
        "description": _set(fields.description),
        "alt": _set(fields.alt),
        "keyword": fields.keywords,
        "sku": fields.skus,
        "shot_type": _set(fields.shot_type),
        "auto_tag": tuple(dict.fromkeys(text for one in tags for text in (one.name, *one.others))),
    }
    values: dict[str, Sequence[str]] = {
        "collection": asset.collection_ids,
        "keyword": fields.keywords,
        "auto_tag": [one.name for one in sight.shown(tags)],
        "sku": fields.skus,
        "type": (file.kind,),
        "format": (file.format,),
        "state": (asset.state,),
        "approval": (*(("approved",) if asset.approved else ()), asset.newest.approval),
        "usable": usable,
        "shot_type": texts["shot_type"],
        "owner": _set(fields.responsible_id),
        "orientation": _set(framing.orientation(facts)),
        "aspect": _set(framing.aspect(facts)),
        "background": _texts(facts.get("background")),
        "color": _texts(facts.get("colors")),
        "camera": _camera(facts.get("camera")),
        "year": () if taken is None else (str(taken.year),),
    }
    numbers: dict[str, Any] = {
        "rating": fields.rating,
        "width": facts.get("width_px"),
        "height": facts.get("height_px"),
        "size": version.size_bytes if version else 0,
        "position": fields.position,
        "taken": None if taken is None else math.floor(taken.timestamp()),
        "uploaded": math.floor(asset.created_at.timestamp()),
        "changed": math.floor(asset.updated_at.timestamp()),
    }
    folded = {name: _unique(exact(value) for value in found) for name, found in values.items()}
    known = {name: int(value) for name, value in numbers.items() if _is_number(value)}
    custom = {str(name): _custom(value) for name, value in fields.custom.items()}
    place = _place(facts.get("gps"))
    present = {
        **{name: bool(found) for name, found in folded.items()},
        **{name: any(text.strip() for text in found) for name, found in texts.items()},
        **{f"custom.{name}": bool(found) for name, found in custom.items()},
        **dict.fromkeys(known, True),
        "near": place is not None,
    }
    return Content(
        texts={name: found for name, found in texts.items() if found},
        exact={name: found for name, found in folded.items() if found},
        spelled={name: _spellings(values[name]) for name in SPELLED if folded[name]},
        numbers=known,
        custom={name: found for name, found in custom.items() if found},
        place=place,
        bands=prints.bands(look) if (look := prints.print_in(version)) else (),
        has=frozenset(name for name, is_set in present.items() if is_set),
        withheld=_withheld(asset),
    )


def moment(text: Any) -> datetime | None:
    """The moment in a fact, taken as UTC where it names no zone; None when there is none."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _withheld(asset: Asset) -> tuple[int | None, int | None, int | None, int | None]:
    one = asset.resource
    begins = _ceil(one.restricted_from) if one.restricted_from else -FOREVER
    ends = _ceil(one.restricted_until) if one.restricted_until else FOREVER
    return (
        _ceil(one.available_from) if one.available_from else None,
        _ceil(one.available_until) if one.available_until else None,
        begins if one.is_restricted else None,
        ends if one.is_restricted else None,
    )


def _ceil(when: datetime) -> int:
    return math.ceil(when.timestamp())


def _set(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _spellings(values: Sequence[str]) -> tuple[str, ...]:
    """The first spelling of each value."""
    first: dict[str, str] = {}
    for value in values:
        first.setdefault(exact(value), value.strip()[:MAX_VALUE])
    return tuple(spelling for value, spelling in first.items() if value)


def _unique(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _texts(value: Any) -> tuple[str, ...]:
    """Texts of a fact that is a text, or a list of texts or of things with a name."""
    if isinstance(value, Mapping):
        return _texts(value.get("name"))
    if isinstance(value, list | tuple):
        return tuple(text for one in value for text in _texts(one))
    return (value,) if isinstance(value, str) and value else ()


def _camera(value: Any) -> tuple[str, ...]:
    if not isinstance(value, Mapping):
        return _texts(value)
    make, model = str(value.get("make") or ""), str(value.get("model") or "")
    return tuple(text for text in (f"{make} {model}".strip(), model, make) if text)


def _place(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, Mapping) or not (_is_number(value.get("lat")) and _is_number(value.get("lon"))):
        return None
    return (float(value["lat"]), float(value["lon"]))


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -(2**62) < value < 2**62


def _custom(value: Any) -> tuple[str | float, ...]:
    if isinstance(value, list | tuple):
        return tuple(part for one in value for part in _custom(one))
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if _is_number(value):
        return (value,)
    return (exact(value),) if isinstance(value, str) and exact(value) else ()
