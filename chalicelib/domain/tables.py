"""Tables that people open in a spreadsheet: no cell of ours is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """The text of a cell; one that a spreadsheet would calculate gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_FORMULA) else text


def uncell(text: str) -> str:
    """The text that `cell` was given, for a cell that comes back from a spreadsheet."""
    return text[1:] if text[:1] == "'" and cell(text[1:]) == text else text


def lines(rows: Iterable[Sequence[object]]) -> str:
    """CSV (RFC 4180) of these rows."""
    out = io.StringIO()
    csv.writer(out).writerows([cell(one) for one in row] for row in rows)
    return out.getvalue()
