"""Every example of docs/search.md, parsed and looked for among the assets that the page itself lists."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.domain.search import BadQuery, parse
from chalicelib.domain.search_dates import stretch
from chalicelib.domain.search_signs import FIELDS
from tests.properties.plain_search import PlainRecord, a_record, matches

PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
_NUMBERS = ("rating", "width", "height", "size")
_MOMENTS = ("taken", "uploaded")


def tables(first_heading: str) -> list[list[str]]:
    """The rows of all tables whose first column has this heading, without backslashes before bars."""
    rows: list[list[str]] = []
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        lines = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()]
        if lines[0][0] == first_heading:
            rows += lines[2:]
    return rows


def code(cell: str) -> str:
    """What stands between the backticks; two of them may hold one."""
    marks = re.match(r"`+", cell)
    assert marks, cell
    return cell[marks.end() : -marks.end()].replace("\\|", "|")


def asset(fields: str) -> PlainRecord:
    """An asset as its row says it."""
    given: dict[str, object] = {"custom": {}}
    for one in re.findall(r"[\w.]+ (?:`[^`]*` ?)+", fields):
        name, rest = one.split(" ", 1)
        values = re.findall(r"`([^`]*)`", rest)
        if name == "near":
            given[name] = tuple(map(float, values[0].split(",")))
        elif name in _NUMBERS:
            given[name] = int(values[0])
        elif name in _MOMENTS:
            moment = stretch(values[0], NOW)
            assert moment
            given[name] = moment.first
        elif name.startswith("custom."):
            given["custom"] |= {name[7:]: int(values[0]) if values[0].isdigit() else values[0]}  # type: ignore[operator]
        else:
            given[name] = values
    return a_record(**given)


ASSETS = {name: asset(fields) for name, fields in tables("asset")}
EXAMPLES = [(code(written), finds) for written, finds, _ in tables("written")]
REFUSED = [(code(written), int(at)) for written, at, _ in tables("refused")]


@pytest.mark.requirement("R07")
@pytest.mark.parametrize(("written", "finds"), EXAMPLES)
def test_an_example_finds_what_the_page_says(written: str, finds: str) -> None:
    node = parse(written, NOW)

    found = [name for name, record in ASSETS.items() if matches(node, record)]

    assert " ".join(found) == finds


@pytest.mark.parametrize(("written", "at"), REFUSED)
def test_a_refused_example_names_the_character(written: str, at: int) -> None:
    with pytest.raises(BadQuery) as refusal:
        parse(written, NOW)

    assert refusal.value.position + 1 == at


def test_the_page_has_an_example_of_every_field() -> None:
    written = " ".join(text for text, _ in EXAMPLES)

    assert {name for name in FIELDS if f"{name}:" not in written} == set()
    assert "custom." in written
