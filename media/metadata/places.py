"""Where a picture was taken, from EXIF or else from XMP."""

from __future__ import annotations

import math

from media.metadata import exif
from media.metadata.exif import Exif


def where(tags: Exif, words: dict[str, list[str]]) -> dict[str, float] | None:
    """Return latitude and longitude in degrees (south and west negative), and altitude in metres if stated.

    None unless both are numbers on this planet.
    """
    lat = _angle(tags, 2, 1, "S")
    lon = _angle(tags, 4, 3, "W")
    if lat is None or lon is None:
        lat = _xmp_angle(next(iter(words.get("exif:GPSLatitude", ())), ""))
        lon = _xmp_angle(next(iter(words.get("exif:GPSLongitude", ())), ""))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    place = {"lat": round(lat, 7), "lon": round(lon, 7)}
    height = _altitude(tags)
    return place if height is None else {**place, "alt_m": height}


def _angle(tags: Exif, tag: int, ref_tag: int, negative: str) -> float | None:
    parts = tags.numbers(tags.gps.get(tag))
    if not parts or len(parts) > 3:
        return None
    degrees: float = sum(part / 60**place for place, part in enumerate(parts) if part or place == 0)
    if not math.isfinite(degrees):
        return None
    ref = exif.decode_text(tags.raw(tags.gps.get(ref_tag)))
    return -degrees if ref.upper().startswith(negative) else degrees


def _xmp_angle(written: str) -> float | None:
    """XMP writes "48,51.5N" or "48,51,30N"."""
    if written[-1:] not in ("N", "S", "E", "W"):
        return None
    try:
        parts = [float(part) for part in written[:-1].split(",")[:3]]
    except ValueError:
        return None
    degrees: float = sum(part / 60**place for place, part in enumerate(parts))
    if not math.isfinite(degrees):
        return None
    return -degrees if written[-1] in "SW" else degrees


def _altitude(tags: Exif) -> float | None:
    found = tags.numbers(tags.gps.get(6))
    if not found or not math.isfinite(found[0]) or abs(found[0]) > 100_000:
        return None
    below = tags.numbers(tags.gps.get(5))[:1] == (1,)
    return round(-found[0] if below else found[0], 3)
