"""Sheets: tables in which people say SKU, position, shot type and alt text of files, a row each. Pure.

A sheet comes from any spreadsheet: commas, semicolons or tabs, quotes, with a byte order mark or without. Its first row
names the columns. A row that cannot be meant says why, and the others still count; an empty cell leaves a field alone.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import names, tables
from chalicelib.errors import InvalidInput

MOST_ROWS, MOST_BYTES = 50_000, 20_000_000
COLUMNS = ("asset_id", "file", "sku", "position", "shot_type", "alt")
"""As an export has them. A file is told by its name, where two have one name with its collection before it
(`Spring/Front/TS-100.jpg`), or by `asset_id`."""
_CALLED = {
    "asset_id": ("assetid", "id"),
    "file": ("file", "filename", "image", "picture"),
    "sku": ("sku", "skus", "articlenumber"),
    "position": ("position", "pos"),
    "shot_type": ("shottype", "shot", "view"),
    "alt": ("alt", "alttext", "alternativetext"),
}
_MEANT = {word: column for column, words in _CALLED.items() for word in words}
_LONGEST = {"sku": 255, "shot_type": 255, "alt": 20_000, "file": 2_000, "asset_id": 80}
_WORDS = {"sku": "SKU", "shot_type": "shot type", "alt": "alt text", "file": "file", "asset_id": "asset_id"}
_MOST_POSITION = 10_000
_SHOWN = 200


@dataclass(frozen=True)
class Row:
    """One row as it was written. `number` is the spreadsheet's: the names of the columns are row 1."""

    number: int
    told: Mapping[str, str]
    """By column what is not empty."""
    trouble: str | None = None
    """Why it cannot be meant."""

    @property
    def names(self) -> str:
        """The file as the row names it."""
        return self.told.get("file") or self.told.get("asset_id", "")

    @property
    def values(self) -> dict[str, Any]:
        """The fields that it sets, but for SKUs: those of all rows of a file count together."""
        known: dict[str, Any] = {name: self.told[name] for name in ("shot_type", "alt") if name in self.told}
        return known | ({"position": int(self.told["position"])} if "position" in self.told else {})


@dataclass(frozen=True)
class Sheet:
    """Its rows, and the names of columns that say nothing to us."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What all rows of one file say together; `repeats` are rows that say what an earlier one says, by its number."""

    values: Mapping[str, Any]
    repeats: Mapping[int, int]
    trouble: str | None = None
    """Which rows contradict each other; then nothing of them counts."""


def together(rows: Sequence[Row]) -> Said:
    """What these rows of one file say: their SKUs one after the other, and each other field once."""
    values, since, repeats = dict[str, Any](), dict[str, int](), dict[int, int]()
    skus: list[str] = []
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for row in rows:
        says = tuple(sorted((name, text) for name, text in row.told.items() if name not in ("file", "asset_id")))
        first = seen.setdefault(says, row.number)
        if first != row.number:
            repeats[row.number] = first
        for name, value in row.values.items():
            if values.setdefault(name, value) != value:
                word = _word(name)
                why = f"Rows {since[name]} and {row.number} say different things of this file: its {word}."
                return Said({}, {}, why)
            since.setdefault(name, row.number)
        sku = row.told.get("sku")
        if sku and sku not in skus:
            skus.append(sku)
    return Said(values | ({"skus": tuple(skus)} if skus else {}), repeats)


def by_file(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows that can be meant, by the file that they name, in the order of their first rows."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.trouble is None:
            key = row.told.get("asset_id", ""), "" if "asset_id" in row.told else names.fold(row.told["file"])
            found.setdefault(key, []).append(row)
    return list(found.values())


def _word(name: str) -> str:
    return _WORDS.get(name, name)


def read(body: bytes) -> Sheet:
    """The sheet in these bytes. Raises `InvalidInput` where nothing of it can be meant."""
    if len(body) > MOST_BYTES:
        raise _refused(f"This file has {len(body):,} bytes; at most {MOST_BYTES:,} are read.")
    text = _text(body)
    found = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        lines = [[tables.uncell(cell.strip()) for cell in line] for line in found]
    except csv.Error as problem:
        why = f"Line {found.line_num} cannot be read as CSV. Look for a quote that is never closed."
        raise _refused(why) from problem
    if lines and "".join(lines[0]).casefold().startswith("sep="):
        lines[0] = []
    start = next((at for at, line in enumerate(lines) if any(line)), None)
    if start is None:
        raise _refused("This file is empty.")
    columns, ignored = _columns(lines[start])
    rows = [_row(at + 1, lines[start], columns, lines[at]) for at in range(start + 1, len(lines)) if any(lines[at])]
    if not rows:
        raise _refused("There is no row below the names of the columns.")
    if len(rows) > MOST_ROWS:
        raise _refused(f"This has {len(rows):,} rows; at most {MOST_ROWS:,} go at once. Split the file.")
    return Sheet(tuple(rows), ignored)


def _refused(why: str) -> InvalidInput:
    return InvalidInput(why, code="bad_sheet", fields={"upload_id": "is no sheet that can be read"})


def composed(text: str) -> str:
    """The text as names and SKUs are kept: letters and their accents in one sign."""
    return unicodedata.normalize("NFC", text)


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _refused(
            "This is not UTF-8, so accents would come out wrong. Save it as “CSV UTF-8” and send it again."
        ) from problem
    if "\x00" in text:
        raise _refused("This is no text but another kind of file. Save the table as CSV.")
    return composed(text)


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:5] if line.strip()]
    if lines and lines[0].casefold().startswith("sep=") and len(lines[0].strip()) == len("sep=") + 1:
        return lines[0].strip()[-1]
    first = lines[0] if lines else ""
    return max(",;\t", key=first.count)


def _columns(header: Sequence[str]) -> tuple[dict[int, str], tuple[str, ...]]:
    columns, ignored = dict[int, str](), []
    for at, cell in enumerate(header):
        meant = _MEANT.get("".join(sign for sign in cell.casefold() if sign.isalnum()))
        if meant is None:
            ignored += [cell[:_SHOWN]] if cell else []
        elif meant in columns.values():
            raise _refused(f"The first row has two columns for {_word(meant)}. Take one of them out.")
        else:
            columns[at] = meant
    there = set(columns.values())
    if not there & {"file", "asset_id"} or not there - {"file", "asset_id"}:
        listed = ", ".join(f"“{one[:40]}”" for one in header if one)
        raise _refused(
            f"The first row must name the columns: file (or asset_id) and at least one of sku, position, shot_type, "
            f"alt. It has {listed[:_SHOWN]}."
        )
    return columns, tuple(ignored)


def _row(number: int, header: Sequence[str], columns: Mapping[int, str], cells: Sequence[str]) -> Row:
    told = {columns[at]: cell for at, cell in enumerate(cells) if cell and at in columns}
    if any(cells[len(header) :]):
        return Row(number, told, "It has more cells than the first row. A text with the separator in it needs quotes.")
    return Row(number, told, _trouble(told))


def _trouble(told: Mapping[str, str]) -> str | None:
    if not told.get("file") and not told.get("asset_id"):
        return "It names no file."
    for name, most in _LONGEST.items():
        text = told.get(name, "")
        if len(text) > most:
            return f"Its {_word(name)} is longer than {most:,} signs."
        if name != "alt" and any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
            return f"Its {_word(name)} has a line break or another sign that cannot be in one."
    position = told.get("position", "0")
    if not (position.isascii() and position.isdecimal() and int(position[:9]) <= _MOST_POSITION):
        return f"Its position “{position[:20]}” is no whole number from 0 to {_MOST_POSITION:,}."
    if not any(name in told for name in ("sku", "position", "shot_type", "alt")):
        return "It says nothing about its file."
    return None
