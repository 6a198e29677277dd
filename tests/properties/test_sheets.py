"""Sheets: any bytes are read or refused in words, and what we write reads in again as it was."""

import csv
import io

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import sheets, tables
from chalicelib.errors import InvalidInput

CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
SIGNS = st.text(st.sampled_from("=+-@'|%;,\t\"\n aé"), max_size=6)


@pytest.mark.requirement("R37")
@given(st.binary(max_size=200) | st.text(st.sampled_from('file,sku;"\n\r\tposition1é='), max_size=80).map(str.encode))
def test_any_bytes_are_a_sheet_or_are_refused_in_words(body: bytes) -> None:
    told: sheets.Sheet | InvalidInput
    try:
        told = sheets.read(body)
    except InvalidInput as problem:
        told = problem

    if isinstance(told, InvalidInput):
        assert (told.code, told.message[-1]) == ("bad_sheet", ".")
    else:
        assert told.rows
        assert all(row.trouble or row.names for row in told.rows)


@pytest.mark.requirement("R37")
@given(st.lists(st.tuples(CELL, SIGNS, CELL | SIGNS), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_what_is_written_reads_in_again(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(
        [("file", "sku", "shot_type", "alt"), *(["file.jpg", *map(tables.cell, row)] for row in rows)]
    )

    found = sheets.read(out.getvalue().encode("utf-8-sig"))

    assert [tuple(row.told.get(name, "") for name in ("file", "sku", "shot_type", "alt")) for row in found.rows] == [
        ("file.jpg", *map(_kept, row)) for row in rows
    ]


def _kept(text: str) -> str:
    """A cell without outer blanks, composed; the rest as it was."""
    return tables.uncell(sheets.composed(tables.cell(text)).strip())
