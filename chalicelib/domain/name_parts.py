"""Parts of file names: the keys by which names and SKUs are compared, and what a suffix may say.

A suffix says a position (`02`, `(1)`, `img3`, `b`), a shot type (`front`, `back2`) or nothing at all (`v3`, `final`,
`2000x2000`). Anything else is unknown, and what is unknown is never read as something known.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

SHOTS: dict[str, tuple[str, ...]] = {
    "main": ("primary",),
    "hero": ("cover",),
    "front": ("frontal", "vorne"),
    "back": ("rear", "hinten"),
    "left": (),
    "right": (),
    "side": ("profile", "seite"),
    "top": ("above",),
    "bottom": ("below", "sole"),
    "inside": ("interior", "inner"),
    "detail": ("details", "closeup", "macro"),
    "zoom": ("zoomed",),
    "lifestyle": ("life", "ambience", "mood"),
    "model": ("onmodel", "worn"),
    "packshot": ("pack", "cutout"),
    "scale": (),
    "size": ("sizing", "sizechart"),
    "swatch": ("color", "colour"),
    "label": ("tag",),
    "packaging": ("package", "box"),
}
"""Shot types in the order in which a product shows them, each with other words for it."""

EXTENSIONS = frozenset((
    "jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "heic", "heif", "tif", "tiff", "bmp", "psd", "psb", "svg",
    "pdf", "ai", "eps", "raw", "cr2", "cr3", "nef", "arw", "dng", "orf", "rw2", "raf", "mp4", "mov", "webm", "m4v",
    "avi", "zip",
))  # fmt: skip
ORDER = {name: place for place, name in enumerate(SHOTS)}
_WORDS = {word: name for name, others in SHOTS.items() for word in (name, *others)}
_NOISE = re.compile(
    r"(?:v|ver|version|rev|r)\d{1,3}|copy|kopie|final|retouched|retouch|edit|edited|web|print|srgb|rgb|export|master|"
    r"\d{2,5}x\d{2,5}|\d{2,5}px|\d{2,3}dpi"
)
_POSITION = re.compile(r"(?:img|alt)?(\d{1,3})")
_BRACKETS = re.compile(r"\((\d{1,3})\)")
_SHOT = re.compile(r"([a-z]+?)(\d{0,3})")
_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"(?:[\s_\-.,#~/\\:*?\"<>|\u2010-\u2015\u2212]|%2f|%5c|%3a)+")


@dataclass(frozen=True)
class Suffix:
    """What follows a SKU in a name."""

    position: int | None = None
    shot_type: str | None = None


def stem(name: str) -> str:
    """The name without its extension, if that is one of a picture, a film or a document."""
    head, dot, tail = name.rpartition(".")
    return head if dot and head and tail.lower() in EXTENSIONS else name


def strict(text: str) -> str:
    """The same for texts that differ only in case, width, composition or runs of spaces."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SPACES.sub(" ", folded).strip()


def loose(text: str) -> str:
    """`strict`, with each run of separators as one `-`: also of those that no file name can hold."""
    return loosened(strict(text))


def loosened(key: str) -> str:
    """The loose key of a strict one. An opening bracket begins a part of its own."""
    if "(" in key:
        key = key.replace("(", "-(")
    return _SEPARATORS.sub("-", key).strip("-")


def squashed(loose_key: str) -> str:
    """Without separators and leading zeros: for suggestions only."""
    return loose_key.replace("-", "").lstrip("0")


def shot_type(word: str) -> str | None:
    """The shot type that a word means, or None."""
    return _WORDS.get(word.casefold().replace(" ", "").replace("-", ""))


def shot_words() -> Iterable[str]:
    """Every word that means a shot type."""
    return _WORDS


def read_suffix(parts: Iterable[str]) -> Suffix | None:
    """What folded parts say, in any order; None when one of them is unknown or two say different things.

    A number in brackets is what browsers add to a second download: a position only where there is no other.
    """
    position: int | None = None
    bracket: int | None = None
    shot: str | None = None
    for part in parts:
        if not part or _NOISE.fullmatch(part):
            continue
        if found := _BRACKETS.fullmatch(part):
            bracket = int(found[1]) or None
            continue
        number, word = _said(part)
        if number is None and word is None:
            return None
        if (number and position and number != position) or (word and shot and word != shot):
            return None
        position, shot = number or position, word or shot
    return Suffix(position or bracket, shot)


def _said(part: str) -> tuple[int | None, str | None]:
    if found := _POSITION.fullmatch(part):
        return int(found[1]) or None, None
    if len(part) == 1 and "a" <= part <= "z":
        return ord(part) - ord("a") + 1, None
    if (found := _SHOT.fullmatch(part)) and (word := _WORDS.get(found[1])):
        return int(found[2]) if found[2] and int(found[2]) else None, word
    return None, None
