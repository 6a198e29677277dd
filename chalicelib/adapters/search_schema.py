"""The fields of an index as Tantivy keeps them, and the terms that stand for moments and custom numbers."""

import hashlib
import json
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata

import tantivy as t

from chalicelib.domain import sight
from chalicelib.domain.documents import DATES, EXACT, NUMBERS, SPELLED
from chalicelib.domain.tokens import WEIGHTS

FORMAT = 4
"""Rises when documents are made differently, so that older indexes are built anew."""

WITHHELD = ("available_from", "available_until", "restricted_from", "restricted_until")
GUARDED = "withheld"
"""The flag of documents that a date or restriction may keep back."""

UNDER = "\x1f"
SECOND_0 = 62_135_596_800
"""Seconds from year 1 to 1970, so that moments are never negative."""

SORTS = {
    "name": ("s_name", False),
    "-name": ("s_name", True),
    "uploaded": ("s_uploaded", False),
    "-uploaded": ("s_uploaded", True),
    "taken": ("s_taken_up", False),
    "-taken": ("s_taken_down", True),
    "size": ("s_size", False),
    "-size": ("s_size", True),
    "rating": ("s_rating_up", False),
    "-rating": ("s_rating_down", True),
    "position": ("s_position", False),
}
"""Sort to (field, descending). What has no value comes last either way, hence two fields for some."""


_COLUMNS = (*(f"x_{one}" for one in EXACT), *(f"w_{one}" for one in SPELLED), "s_name")


def _build() -> t.Schema:
    builder = t.SchemaBuilder()

    def exact(name: str, *, fast: bool = False) -> None:
        builder.add_text_field(name, fast=fast, tokenizer_name="raw", index_option="basic")

    for name in ("id", "has", "flag", "custom", *_COLUMNS):
        exact(name, fast=name in _COLUMNS)
    for name in WEIGHTS:
        builder.add_text_field(f"t_{name}", tokenizer_name="words")
    for name in (*(f"n_{one}" for one in NUMBERS), *WITHHELD):
        builder.add_integer_field(name, fast=True)
    for name in ("lat", "lon", "recency"):
        builder.add_float_field(name, fast=True)
    for name in ("key", "band", *(f"d_{one}" for one in DATES)):
        builder.add_unsigned_field(name, indexed=True, fast=name == "key")
    for name in sorted({field for field, _ in SORTS.values()} - {"s_name"}):
        builder.add_unsigned_field(name, fast=True)
    builder.add_bytes_field("card", stored=True)
    return builder.build()


SCHEMA = _build()
_MADE_BY = [
    FORMAT, sight.vocabulary_version(), sorted(WEIGHTS), EXACT, SPELLED, NUMBERS, DATES, sorted(SORTS),
    metadata.version("tantivy"),
]  # fmt: skip
FINGERPRINT = hashlib.sha256(json.dumps(_MADE_BY).encode()).hexdigest()[:16]
"""Indexes with another one are built anew."""


def with_tokenizers(index: t.Index) -> t.Index:
    """The index, ready to be read or written: tokenizers live in the process, not in the index."""
    words = t.TextAnalyzerBuilder(t.Tokenizer.whitespace()).build()
    index.register_tokenizer("words", words)
    index.config_reader("manual")
    return index


def key_of(asset_id: str) -> int:
    """64 bits that stand for an asset."""
    return int(struct.unpack(">Q", hashlib.blake2b(asset_id.encode(), digest_size=8).digest())[0])


def day_terms(second: int) -> tuple[int, int, int]:
    """The day, month and year of a moment as terms that never collide."""
    when = datetime.fromtimestamp(min(max(second, -SECOND_0), 253_402_300_799), UTC)
    return day_term(when.toordinal()), month_term(when.year, when.month), year_term(when.year)


def day_term(ordinal: int) -> int:
    """The term of a day, by its number since year 1."""
    return ordinal


def month_term(year: int, month: int) -> int:
    """The term of a month."""
    return 1 << 40 | year * 12 + month - 1


def year_term(year: int) -> int:
    """The term of a year."""
    return 2 << 40 | year


def number_terms(name: str, value: float) -> Iterator[str]:
    """Terms of a custom number: itself and its 15 ever wider neighbourhoods, sixteen times wider each."""
    place = number_place(value)
    for level in range(16):
        yield number_term(name, level, place >> 4 * level)


def number_term(name: str, level: int, place: int) -> str:
    """One neighbourhood of custom numbers."""
    return f"{name}{UNDER}{level:x}{UNDER}{place:x}"


def number_place(value: float) -> int:
    """Where a number lies among 2**64 places: two a whole number, the odd one for what lies above it."""
    whole = int(value // 1)
    place = 2 * whole + (1 if value != whole else 0) + 2**63
    return min(max(place, 0), 2**64 - 1)


def text_term(name: str, value: str) -> str:
    """A custom field with one folded text."""
    return f"{name}{UNDER}={value}"
