"""Words of texts: folded, split, with their positions. Documents and queries go through the same functions.

A chunk is what stands between blanks, slashes, commas and semicolons. Its parts are runs of letters, runs of
digits, single ideographs and single emoji, split again where small letters meet a capital: `IMG_2041-frontView.jpg`
has the parts `img 2041 front view jpg`.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"sku": 9, "name": 7, "title": 7, "keyword": 6, "alt": 3, "shot_type": 3, "description": 2, "auto_tag": 1}
)
"""Texts that a word without a field is looked for in; more counts more."""

MAX_TOKEN = 100
"""Signs of a token; the rest is cut, on both sides of a comparison."""

MAX_TOKENS = 5_000
"""Parts of one text that can be found; what follows is left out."""

WHOLE = "="
"""Begins the token that stands for a whole code, so that no part of a longer one is taken for it."""

_MAX_SIGNS = 200_000
_CHUNK = re.compile(r"[\s/\\,;]+")
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_HERE = "\x1e"
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019\u02bc]s(?!\w)", re.IGNORECASE)
_MARKS = "\u0300-\u036f\u0900-\u109f\u1780-\u17ff\u3099\u309a"
_LONGEST_WORD = 40
_SINGLES = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u2600-\u27bf\U0001f000-\U0001faff"
_PART = re.compile(rf"\d+|[{_SINGLES}][\u3099\u309a]?|(?:(?![{_SINGLES}])[^\W\d_]|(?!\d)[{_MARKS}])+")
_ASCII_PART = re.compile(r"[a-z]+|[0-9]+")
_SIGNS = re.compile(r"[\W_]+")
_STROKES = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
_ODD_PLURALS = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "people": "person",
    "scarves": "scarf", "knives": "knife", "shelves": "shelf", "leaves": "leaf", "halves": "half", "news": "news",
}  # fmt: skip


def fold(text: str) -> str:
    """Case, accents and forms folded: `Straße É` and `strasse e` are the same. Folding twice changes nothing."""
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_STROKES)
    bare = "".join(sign for sign in flat if not _is_accent(sign))
    return unicodedata.normalize("NFC", bare)


def _is_accent(sign: str) -> bool:
    """Accents, Hebrew points, Arabic vowels; not what makes another letter in Indic and Japanese writing."""
    return unicodedata.combining(sign) not in (0, 7, 8, 9)


def chunks(text: str) -> list[tuple[str, ...]]:
    """The folded parts of each chunk that has any."""
    return [parts for raw in _CHUNK.split(text[:_MAX_SIGNS]) if (parts := _parts(raw))][:MAX_TOKENS]


def positioned(text: str) -> list[tuple[int, str]]:
    """(position, token) of every part, and at the place of a first part what it is also found by.

    That is the joined chunk, joined stretches of it, and singulars. A document holds them all.
    """
    found: list[tuple[int, str]] = []
    position = 0
    for raw in _CHUNK.split(text[:_MAX_SIGNS]):
        tokens, length = _known(raw) if len(raw) <= MAX_TOKEN else _tokens(raw)
        found += [(position + offset, token) for offset, token in tokens]
        position += length
        if position >= MAX_TOKENS:
            return [one for one in found if one[0] < MAX_TOKENS]
    return found


def _tokens(raw: str) -> tuple[tuple[tuple[int, str], ...], int]:
    """(offset, token) of one chunk, and how many positions it takes."""
    raw = _POSSESSIVE.sub("", raw)
    parts = _parts(raw)
    found = [(offset, form) for offset, part in enumerate(parts) for form in forms(part)]
    if len(parts) > 1:
        found += [(0, form) for form in forms("".join(parts)[:MAX_TOKEN])]
        offset = 0
        for stretch in map(_parts, _SIGNS.split(raw)):
            if 1 < len(stretch) < len(parts):
                found += [(offset, form) for form in forms("".join(stretch)[:MAX_TOKEN])]
            offset += len(stretch)
    return tuple(dict.fromkeys(sorted(found, key=lambda one: one[0]))), len(parts)


_known = functools.lru_cache(maxsize=10_000)(_tokens)


def _parts(raw: str) -> tuple[str, ...]:
    clean = fold(_CAMEL.sub(_HERE, _POSSESSIVE.sub("", raw)))
    return tuple(part[:MAX_TOKEN] for part in (_ASCII_PART if clean.isascii() else _PART).findall(clean))


def tokens_of(field: str, text: str) -> list[tuple[int, str]]:
    """(position, token) that a document holds for one text of a field; a SKU can also be found as a whole."""
    found = positioned(text)
    return [(0, whole(text)), *found] if field == "sku" and found else found


def whole(code: str) -> str:
    """The token of a whole code: `TS-100`, `ts100`, `TS_100` and `TS 100` have the same, `TS-1000` another."""
    return WHOLE + "".join(part for parts in chunks(code) for part in parts)[:MAX_TOKEN]


def forms(word: str) -> tuple[str, ...]:
    """The folded word and, where it differs, what its singular and plural have in common."""
    stem = singular(word)
    return (word,) if stem == word else (word, stem)


def singular(word: str) -> str:
    """What the English singular and plural of a folded word have in common; not always a word itself.

    `dresses` and `dress` give `dress`, `berries` and `berry` give `berry`, `blouses` and `blouse` give `blou`.
    """
    if not (word.isascii() and word.isalpha()):
        return word
    while (shorter := _shorter(word)) != word:
        word = shorter
    return word


def _shorter(word: str) -> str:
    if word in _ODD_PLURALS or len(word) < 4:
        return _ODD_PLURALS.get(word, word)
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    if word.endswith(("se", "xe", "ze", "che", "she")) or (len(word) > 4 and word.endswith("oe")):
        return word[:-1]
    return f"{word[:-2]}y" if len(word) > 4 and word.endswith("ie") else word


def typos(word: str) -> int:
    """How many typing errors a word forgives: none below four letters, one below eight, else two; none above forty.

    No word is as long as that, and to look for what is like it costs time by its length. An error is a letter too
    many, missing, wrong, or swapped with its neighbour. Codes forgive none.
    """
    if not 4 <= len(word) <= _LONGEST_WORD or not word.isalpha():
        return 0
    return 1 if len(word) < 8 else 2
