"""The words and signs of a query text, each with the character where it begins."""

import re
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.tokens import fold
from chalicelib.errors import InvalidInput

MAX_CHARACTERS = 2_000
MAX_SIGNS = 200
MAX_WORDS = 32

FIELDS = frozenset({
    "name", "title", "description", "keyword", "auto_tag", "sku", "collection", "type", "format", "state",
    "approval", "usable", "shot_type", "owner", "rating", "width", "height", "size", "taken", "uploaded",
    "changed", "orientation", "aspect", "background", "color", "camera", "near", "has", "missing",
})  # fmt: skip
"""Names that make a `field:`; besides them `custom.<name>`. Any other `word:` is plain text."""

Kind = Literal["word", "quoted", "field", "open", "close", "minus", "and", "or", "not", "end"]
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not"}
_SIGN = re.compile(
    r'(?P<quoted>"(?P<inner>(?:[^"\\]|\\.)*)"(?P<star>\*?))|(?P<torn>")|(?P<open>\()|(?P<close>\))|(?P<minus>-(?=\S))'
    r'|(?P<field>[A-Za-z_]+|custom\.[\w-]+):|(?P<word>(?:\\.|[^\s()"])+|\\)',
    re.DOTALL | re.IGNORECASE,
)
_WORD = re.compile(r'(?:\\.|[^\s()"])+', re.DOTALL)
_BLANK = re.compile(r"\s*")
_QUOTES = str.maketrans("\u201c\u201d\u201e", '"""')
_HALVES = re.compile("[\ud800-\udfff]")


class BadQuery(InvalidInput):
    """A query text that cannot be understood; `position` counts characters from 0 and lies within the text."""

    code = "bad_query"

    def __init__(self, position: int, why: str) -> None:
        super().__init__(why, fields={"q": f"at character {position + 1}: {why}"}, position=position)
        self.position = position


@dataclass(frozen=True)
class Sign:
    """One word or sign. `text` has no quotes and no backslashes; `is_open` if a star follows: the word may go on.

    A value stands directly behind its `field:`; a word that ends the text is `is_last`.
    """

    kind: Kind
    text: str
    position: int
    is_open: bool = False
    is_value: bool = False
    is_last: bool = False


def read_signs(text: str) -> list[Sign]:
    """The signs of a query text in order, an `end` behind them.

    Raises:
        BadQuery: over 2,000 characters, 200 signs or 32 words, or with a quotation mark that is never closed.
    """
    if len(text) > MAX_CHARACTERS:
        raise BadQuery(MAX_CHARACTERS, f"A search has at most {MAX_CHARACTERS:,} characters.")
    text = _HALVES.sub("\ufffd", text).translate(_QUOTES)
    found: list[Sign] = []
    at, words = _skip_blanks(text, 0), 0
    while at < len(text):
        sign, after = _sign(text, at, is_value=_awaits_value(found, at))
        found.append(sign)
        words += len(sign.text.split()) if sign.kind in ("word", "quoted") else 0
        if len(found) > MAX_SIGNS or words > MAX_WORDS:
            raise BadQuery(at, f"A search has at most {MAX_WORDS} words and {MAX_SIGNS} words and signs in all.")
        at = _skip_blanks(text, after)
    return [*found, Sign("end", "", max(len(text) - 1, 0))]


def _skip_blanks(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _awaits_value(found: list[Sign], at: int) -> bool:
    """Whether a `field:` ends right here."""
    return bool(found) and found[-1].kind == "field" and found[-1].position + len(found[-1].text) + 1 == at


def _sign(text: str, at: int, *, is_value: bool) -> tuple[Sign, int]:
    match = _SIGN.match(text, at)
    kind = match.lastgroup if match else None
    if match is None or kind == "torn":
        raise BadQuery(at, 'This quotation mark is never closed. Write \\" to search for the mark itself.')
    if match["quoted"] is not None:
        sign = Sign("quoted", _plain(match["inner"]), at, is_open=bool(match["star"]), is_value=is_value)
        return sign, match.end()
    if kind == "field" and not is_value and _is_field(match["field"]):
        return Sign("field", match["field"], at), match.end()
    if kind in ("open", "close") or (kind == "minus" and not is_value):
        return Sign(kind, match[0], at, is_value=is_value), match.end()  # type: ignore[arg-type]
    return _word(text, at, is_value=is_value)


def _is_field(name: str) -> bool:
    return name.lower() in FIELDS or name.lower().startswith("custom.")


def _word(text: str, at: int, *, is_value: bool) -> tuple[Sign, int]:
    match = _WORD.match(text, at)
    raw, end = (match[0], match.end()) if match else (text[at], at + 1)
    if raw in _OPERATORS and not is_value:
        return Sign(_OPERATORS[raw], raw, at), end
    is_open = raw.endswith("*") and not raw.endswith("\\*")
    written = raw[:-1] if is_open else raw
    star = re.search(r"(?:^|[^\\])(?:\\\\)*(\*)", written)
    if star and fold(written).strip("*"):
        raise BadQuery(at + star.start(1), "A star may only stand at the end of a word: it finds what begins so.")
    return Sign("word", _plain(written), at, is_open=is_open, is_value=is_value, is_last=end == len(text)), end


def _plain(written: str) -> str:
    """Without the backslashes that take a sign its meaning; before a letter or digit they are text, as in a path."""
    return re.sub(r"\\([^\w\s])", r"\1", written)
