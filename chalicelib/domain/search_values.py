"""What stands behind a `field:` of a query: texts, values, numbers, sizes, moments, places."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import isfinite

from chalicelib.domain.queries import AnyOf, Between, Has, Near, Node, Not, Term, Text
from chalicelib.domain.search_dates import stretch
from chalicelib.domain.search_signs import FIELDS, BadQuery, Sign
from chalicelib.domain.search_words import text_node
from chalicelib.domain.tokens import chunks, fold, whole

MAX_PLACE_M = 20_100_000.0
_WORDS = {"name", "title", "description"}
_BEGINNINGS = {"keyword", "auto_tag", "sku", "shot_type"}
_DATES = {"taken", "uploaded", "changed"}
_NUMBERS = {"rating", "width", "height"}
_CHOICES = {
    "state": ("live", "archived", "trashed"),
    "approval": ("none", "pending", "approved", "rejected", "changes_requested"),
    "type": ("image", "video", "document", "audio", "other"),
}
_SHORT_FORMATS = {"jpg": "jpeg", "tif": "tiff"}
_PRESENT = (FIELDS | {"alt", "position"}) - {"has", "missing"}
_PRESENT_TOO = {"gps": "near", "keywords": "keyword", "skus": "sku", "colors": "color"}

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)\s*([kmgt]?i?b?)")
_UNITS = {unit: 1000**power for power, unit in enumerate(("", "k", "m", "g", "t"))}
_UNITS |= {f"{unit}i": 1024**power for power, unit in enumerate(("", "k", "m", "g", "t")) if unit}
_NEAR = re.compile(
    r"\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(\d{1,8}(?:\.\d{1,6})?)\s*(m|km|mi)\s*"
)
_METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
_RANGE = re.compile(r"(>=|<=|>|<)(.+)|(.*?)\.\.(.*)", re.DOTALL)

Ends = tuple[Decimal, Decimal, bool]
"""The first and the last number that a value stands for, and whether it is a moment that a range begins at."""


def field_node(field: str, value: Sign, now: datetime) -> Node:
    """What `field:value` asks; `field` is a known name in small letters, or `custom.` and a name as typed.

    Raises:
        BadQuery: the value is none for this field.
    """
    if not value.text.strip() and not value.is_open:
        raise BadQuery(value.position, f"{field}: needs a value, such as {field}:{_EXAMPLES.get(field, 'linen')}.")
    if field in ("has", "missing"):
        found = Has(_present(value))
        return found if field == "has" else Not(found)
    if value.is_open and not value.text.strip():
        return Has(field)
    if field == "near":
        return _near(value)
    if field in _WORDS:
        return _words(field, value)
    if field in _BEGINNINGS and value.is_open:
        return _beginning(field, value)
    if value.is_open:
        raise BadQuery(value.position, f"{field}: takes whole values, without a star.")
    return _exact_or_range(field, value, now)


def _exact_or_range(field: str, value: Sign, now: datetime) -> Node:
    if field in _DATES:
        return _between(field, value, lambda text: _moment(text, now), "a date such as 2025, 2025-06 or 2025-06-03")
    if field in _NUMBERS:
        return _between(field, value, _number, "a number")
    if field == "size":
        return _between(field, value, _size, "a size such as 800kB or 2MB")
    if field.startswith("custom.") and value.kind == "word" and _RANGE.fullmatch(value.text):
        return _between(field, value, _whole_number, "a whole number")
    if field == "sku":
        skus = [Text((whole(one),), "sku", is_phrase=True) for one in _listed(value) if chunks(one)]
        if not skus:
            raise BadQuery(value.position, "A SKU has letters or digits.")
        return skus[0] if len(skus) == 1 else AnyOf(tuple(skus))
    return _term(field, value)


def _term(field: str, value: Sign) -> Term:
    if field == "collection":
        return Term(field, (value.text.strip(),))
    values = tuple(fold(one).strip() for one in _listed(value))
    if field == "format":
        values = tuple(_SHORT_FORMATS.get(one, one) for one in values)
    known = _CHOICES.get(field)
    for one in values if known else ():
        if known and one not in known:
            raise BadQuery(value.position, f"{field}: is one of {', '.join(known)}.")
    return Term(field, values)


def _listed(value: Sign) -> list[str]:
    """The values of a list with commas; in quotes a comma is part of the value."""
    found = [value.text] if value.kind == "quoted" else [one for one in value.text.split(",") if one.strip()]
    if not found:
        raise BadQuery(value.position, "Here a value is missing.")
    return found


def _words(field: str, value: Sign) -> Node:
    node = text_node(value, field)
    if node is None:
        raise BadQuery(value.position, f"{field}: looks for words, and here is none.")
    return node


def _beginning(field: str, value: Sign) -> Node:
    if field == "sku" and chunks(value.text):
        return Text((whole(value.text),), "sku", is_prefix=True)
    return _words(field, value)


def _present(value: Sign) -> str:
    name = value.text.strip()
    if name.lower().startswith("custom.") and len(name) > len("custom."):
        return f"custom.{name[7:]}"
    known = _PRESENT_TOO.get(name.lower(), name.lower())
    if value.is_open or known not in _PRESENT:
        raise BadQuery(value.position, f"There is no field of this name. Fields are {', '.join(sorted(_PRESENT))}.")
    return known


def _near(value: Sign) -> Near:
    match = _NEAR.fullmatch(value.text.lower()) if not value.is_open and value.text.isascii() else None
    if match:
        north, east, radius_m = float(match[1]), float(match[2]), float(match[3]) * _METRES[match[4]]
        if abs(north) <= 90 and abs(east) <= 180 and radius_m > 0 and isfinite(radius_m):
            return Near(north, east, min(radius_m, MAX_PLACE_M))
    raise BadQuery(value.position, "near: is degrees north, degrees east and a distance, such as near:48.85,2.35,5km.")


def _between(field: str, value: Sign, read: Callable[[str], Ends | None], what: str) -> Between:
    text = value.text.strip()
    match = _RANGE.fullmatch(text)

    def ends(part: str) -> Ends:
        found = read(part.strip())
        if found is None:
            raise BadQuery(value.position, f"{field}: is {what}, or a range of them.")
        return found

    if match is None:
        first, last, is_age = ends(text)
        return Between(field, _up(first), None if is_age else _down(last))
    if match[1]:
        return _compared(field, match[1], ends(match[2]))
    if not match[3].strip() and not match[4].strip():
        raise BadQuery(value.position, "A range needs at least one end, such as 3..5, 3.. or ..5.")
    low = _up(ends(match[3])[0]) if match[3].strip() else None
    high = _down(ends(match[4])[1]) if match[4].strip() else None
    if low is not None and high is not None and low > high:
        raise BadQuery(value.position, "This range runs backwards: write the smaller end first.")
    return Between(field, low, high)


def _compared(field: str, sign: str, ends: Ends) -> Between:
    """Greater than 2025 is after the whole of 2025, less than it is before."""
    first, last, _ = ends
    if sign == ">":
        return Between(field, low=_down(last) + 1)
    if sign == ">=":
        return Between(field, low=_up(first))
    return Between(field, high=_up(first) - 1 if sign == "<" else _down(last))


def _up(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def _down(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_FLOOR))


def _number(text: str) -> Ends | None:
    return (Decimal(text), Decimal(text), False) if text.isascii() and _NUMBER.fullmatch(text) else None


def _whole_number(text: str) -> Ends | None:
    return None if "." in text else _number(text)


def _size(text: str) -> Ends | None:
    match = _SIZE.fullmatch(text.lower()) if text.isascii() else None
    factor = _UNITS.get(match[2].removesuffix("b")) if match else None
    if match is None or factor is None:
        return None
    size = Decimal(match[1]) * factor
    return size, size, False


def _moment(text: str, now: datetime) -> Ends | None:
    found = stretch(text, now)
    return (Decimal(found.first), Decimal(found.last), found.is_age) if found else None


_EXAMPLES = {
    "collection": '"Spring/Front"', "type": "image", "format": "jpeg", "state": "archived", "approval": "approved",
    "rating": "3..5", "width": ">=2000", "height": ">=2000", "size": ">2MB", "taken": "2025-06", "uploaded": "7d",
    "changed": "today", "near": "48.85,2.35,5km", "has": "sku", "missing": "keyword", "sku": "TS-100",
    "keyword": "jeans", "orientation": "portrait", "color": "red",
}  # fmt: skip
