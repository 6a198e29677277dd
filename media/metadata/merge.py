"""Turns the metadata blocks of a file into the facts of the answer.

Precedence for words is XMP, then IPTC, then EXIF, then a PNG's own text; for the moment of exposure and the
place it is EXIF first, which the camera wrote. Keywords are the union of all. Absent values are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from media.metadata import containers, exif, icc, iptc, moments, places, xmp
from media.metadata.exif import Buffer, Exif

MAX_TEXT_CHARS = 10_000
MAX_KEYWORDS = 1000
MAX_KEYWORD_CHARS = 200

_MAKE, _MODEL, _LENS, _ORIENTATION = 0x010F, 0x0110, 0xA434, 0x0112
_DESCRIPTION, _ARTIST, _COPYRIGHT, _RATING = 0x010E, 0x013B, 0x8298, 0x4746
_XP_TITLE, _XP_SUBJECT, _XP_AUTHOR, _XP_KEYWORDS = 0x9C9B, 0x9C9F, 0x9C9D, 0x9C9E


@dataclass(frozen=True)
class Sources:
    """The blocks of one file, read but not yet weighed against one another."""

    exif: Exif
    iptc: dict[int, list[str]]
    xmp: dict[str, list[str]]
    text: dict[str, str]
    icc: bytes


def read(buffer: Buffer, format_name: str) -> Sources:
    """Return everything the file says about itself; total on any bytes."""
    blocks = containers.find(buffer, format_name)
    properties: dict[str, list[str]] = {}
    for packet in blocks.xmp[:8]:
        for name, values in xmp.read(packet).items():
            properties.setdefault(name, []).extend(values)
    return Sources(exif.read(blocks.exif), iptc.read(blocks.iptc), properties, blocks.text, blocks.icc)


def orientation(sources: Sources) -> int:
    """Return the EXIF orientation, 1 to 8; anything else counts as 1."""
    tag = sources.exif.whole(_ORIENTATION)
    return tag if tag is not None and 1 <= tag <= 8 else 1


def facts(sources: Sources) -> dict[str, Any]:
    """Return title, words, dates, camera, place and colour profile as the answer's JSON; absent ones left
    out.
    """
    tag = sources.exif.whole(_ORIENTATION)
    found = {
        "captured_at": moments.captured_at(sources.exif, sources.iptc, sources.xmp),
        "camera": _camera(sources),
        "gps": places.where(sources.exif, sources.xmp),
        "title": _words(_titles(sources)),
        "description": _words(_descriptions(sources)),
        "keywords": keywords(sources),
        "creator": _words(_creators(sources)),
        "copyright": _words(_copyrights(sources)),
        "rating": _rating(sources),
        "color_profile": icc.name(sources.icc),
        "orientation_tag": tag if tag is not None and 1 <= tag <= 8 else None,
    }
    return {name: value for name, value in found.items() if value not in (None, [], {}, "")}


def keywords(sources: Sources) -> list[str]:
    """Return every keyword once, NFC and trimmed, in order of first mention: IPTC, dc:subject, leaves,
    Windows'.
    """
    leaves = (path.rsplit("|", 1)[-1] for path in sources.xmp.get("lr:hierarchicalSubject", ()))
    windows = _windows_text(sources.exif, _XP_KEYWORDS).split(";")
    given = (sources.iptc.get(iptc.KEYWORD, ()), sources.xmp.get("dc:subject", ()), leaves, windows)
    return list(_unique(word for source in given for word in source))[:MAX_KEYWORDS]


def _unique(words: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for word in words:
        clean = unicodedata.normalize("NFC", " ".join(_printable(word).split()))[:MAX_KEYWORD_CHARS].strip()
        if clean and clean.casefold() not in seen:
            seen.add(clean.casefold())
            yield clean


def _titles(sources: Sources) -> Iterator[str]:
    yield from sources.xmp.get("dc:title", ())[:1]
    yield from sources.iptc.get(iptc.HEADLINE_TITLE, ())[:1]
    yield _windows_text(sources.exif, _XP_TITLE)
    yield sources.text.get("Title", "")


def _descriptions(sources: Sources) -> Iterator[str]:
    yield from sources.xmp.get("dc:description", ())[:1]
    yield from sources.iptc.get(iptc.CAPTION, ())[:1]
    yield sources.exif.text(_DESCRIPTION)
    yield _windows_text(sources.exif, _XP_SUBJECT)
    yield sources.text.get("Description", "")


def _creators(sources: Sources) -> Iterator[str]:
    yield ", ".join(sources.xmp.get("dc:creator", ()))
    yield ", ".join(sources.iptc.get(iptc.BYLINE, ()))
    yield sources.exif.text(_ARTIST)
    yield _windows_text(sources.exif, _XP_AUTHOR)
    yield sources.text.get("Author", "")


def _copyrights(sources: Sources) -> Iterator[str]:
    yield from sources.xmp.get("dc:rights", ())[:1]
    yield from sources.iptc.get(iptc.COPYRIGHT, ())[:1]
    yield sources.exif.text(_COPYRIGHT)
    yield sources.text.get("Copyright", "")


def _words(candidates: Iterator[str]) -> str | None:
    cleaned = (unicodedata.normalize("NFC", _printable(text)).strip() for text in candidates)
    return next((text[:MAX_TEXT_CHARS].rstrip() for text in cleaned if text), None)


def _printable(text: str) -> str:
    """Drops control signs and lone surrogates, which JSON cannot carry; keeps line breaks and tabs."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _windows_text(tags: Exif, tag: int) -> str:
    return tags.raw(tags.entry(tag)).decode("utf-16-le", "replace").split("\0", 1)[0].strip()


def _camera(sources: Sources) -> dict[str, str]:
    tags, words = sources.exif, sources.xmp
    lens = tags.text(_LENS) or next(iter(words.get("exifEX:LensModel") or words.get("aux:Lens") or ()), "")
    found = {
        "make": tags.text(_MAKE) or next(iter(words.get("tiff:Make", ())), ""),
        "model": tags.text(_MODEL) or next(iter(words.get("tiff:Model", ())), ""),
        "lens": lens,
    }
    cleaned = {name: _printable(value).strip()[:MAX_KEYWORD_CHARS] for name, value in found.items()}
    return {name: value for name, value in cleaned.items() if value}


def _rating(sources: Sources) -> int | None:
    """Whole stars, -1 (rejected) to 5; anything else counts as no rating."""
    written = next(iter(sources.xmp.get("xmp:Rating", ())), "")
    try:
        rating = round(float(written)) if written else sources.exif.whole(_RATING)
    except (ValueError, OverflowError):
        return None
    return rating if rating is not None and -1 <= rating <= 5 else None
