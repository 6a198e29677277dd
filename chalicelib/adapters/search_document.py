"""A document as Tantivy takes it, checked before it is handed over.

Tantivy drops unknown fields silently and fails a whole batch at commit for a value of the wrong type, so
nothing reaches it that was not made here, of values whose types `domain/documents.py` gives.
"""

import json

import tantivy as t

from chalicelib.adapters.search_schema import (
    GUARDED,
    SECOND_0,
    UNDER,
    WITHHELD,
    day_terms,
    key_of,
    number_terms,
    text_term,
)
from chalicelib.domain.documents import DATES, Content, content
from chalicelib.domain.queries import Document
from chalicelib.domain.tokens import fold, tokens_of


def tantivy_document(document: Document) -> t.Document:
    """The same asset and card, the same document."""
    asset, found = document.asset, content(document.asset, document.usable)
    made = t.Document()
    made.add_text("id", asset.id)
    made.add_unsigned("key", key_of(asset.id))
    _add_texts(made, found)
    _add_values(made, found)
    _add_numbers(made, found)
    _add_custom(made, found)
    _add_withheld(made, found)
    _add_sort_keys(made, document, found)
    for band in found.bands:
        made.add_unsigned("band", band)
    made.add_bytes("card", json.dumps(document.card, separators=(",", ":"), ensure_ascii=False).encode())
    return made


def _add_texts(made: t.Document, found: Content) -> None:
    for name, texts in found.texts.items():
        for text in texts:
            tokens = [t.Token(token, position, 0, 0) for position, token in tokens_of(name, text)]
            if tokens:
                made.add_pre_tokenized_text(f"t_{name}", t.PreTokenizedString("", tokens))


def _add_values(made: t.Document, found: Content) -> None:
    for kind, fields in (("x", found.exact), ("w", found.spelled)):
        for name, values in fields.items():
            for value in values:
                made.add_text(f"{kind}_{name}", value)
    for name in found.has:
        made.add_text("has", name)


def _add_numbers(made: t.Document, found: Content) -> None:
    for name, number in found.numbers.items():
        made.add_integer(f"n_{name}", number)
    for name in DATES:
        if name in found.numbers:
            for term in day_terms(found.numbers[name]):
                made.add_unsigned(f"d_{name}", term)
    if found.place is not None:
        made.add_float("lat", found.place[0])
        made.add_float("lon", found.place[1])


def _add_custom(made: t.Document, found: Content) -> None:
    for name, values in found.custom.items():
        for value in values:
            if isinstance(value, str):
                made.add_text("custom", text_term(name, value))
            else:
                for term in number_terms(name, value):
                    made.add_text("custom", term)


def _add_withheld(made: t.Document, found: Content) -> None:
    for name, second in zip(WITHHELD, found.withheld, strict=True):
        if second is not None:
            made.add_integer(name, second)
    if any(second is not None for second in found.withheld):
        made.add_text("flag", GUARDED)


def _add_sort_keys(made: t.Document, document: Document, found: Content) -> None:
    """Each key holds a value above and, below it, bits that make it unique: newest first, then the asset's hash."""
    asset = document.asset
    noise = key_of(asset.id)
    uploaded_ms = min(max(int(asset.created_at.timestamp() * 1000), 0), 2**42 - 1)
    made.add_unsigned("s_uploaded", uploaded_ms << 22 | noise >> 42)
    made.add_unsigned("s_size", min(found.numbers["size"], 2**44 - 1) << 20 | noise >> 44)
    taken = found.numbers.get("taken")
    second = 0 if taken is None else min(max(taken + SECOND_0, 1), 2**38 - 2)
    made.add_unsigned("s_taken_down", second << 26 | noise >> 38)
    made.add_unsigned("s_taken_up", (second or 2**38 - 1) << 26 | noise >> 38)
    newer = uploaded_ms << 18 | noise >> 46
    older = (2**42 - 1 - uploaded_ms) << 18 | noise >> 46
    stars = found.numbers.get("rating")
    made.add_unsigned("s_rating_down", (0 if stars is None else min(max(stars + 2, 1), 14)) << 60 | newer)
    made.add_unsigned("s_rating_up", (15 if stars is None else min(max(stars + 2, 1), 14)) << 60 | older)
    position = found.numbers.get("position")
    made.add_unsigned(
        "s_position", (2**14 - 1 if position is None else min(max(position, 0), 2**14 - 2)) << 50 | older >> 10
    )
    made.add_text("s_name", f"{fold(asset.fields.name)[:120]}{UNDER}{noise:016x}")
    made.add_float("recency", max(uploaded_ms / 1000 - 1_262_304_000, 0) / 2**31 * 0.0036)
