"""When a picture was taken, from whichever of its blocks says so."""

from __future__ import annotations

from datetime import datetime

from media.metadata import iptc
from media.metadata.exif import Exif

# Each with the tag that holds its offset from UTC.
_TAKEN = ((0x9003, 0x9011), (0x9004, 0x9012))
_CHANGED = (0x0132, 0x9010)


def captured_at(tags: Exif, records: dict[int, list[str]], words: dict[str, list[str]]) -> str | None:
    """Return the moment of exposure in RFC 3339, or None; with an offset only if the file states one.

    EXIF first, then XMP, then IPTC, and the date of the last change in the camera at the very end.
    """
    for tag, offset_tag in _TAKEN:
        found = _exif_time(tags.text(tag), tags.text(offset_tag))
        if found:
            return found
    for name in ("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"):
        found = _iso_time(next(iter(words.get(name, ())), ""))
        if found:
            return found
    day = next(iter(records.get(iptc.DATE_CREATED, ())), "")
    clock = next(iter(records.get(iptc.TIME_CREATED, ())), "")
    tag, offset_tag = _CHANGED
    return _iptc_time(day, clock) or _exif_time(tags.text(tag), tags.text(offset_tag))


def _exif_time(written: str, offset: str) -> str | None:
    return _iso_time(written[:10].replace(":", "-") + "T" + written[11:19] + offset.strip())


def _iptc_time(day: str, clock: str) -> str | None:
    if len(day) != 8:
        return None
    time = f"{clock[:2]}:{clock[2:4]}:{clock[4:6]}" if len(clock) >= 6 else "00:00:00"
    offset = f"{clock[6:9]}:{clock[9:11]}" if len(clock) >= 11 else ""
    return _iso_time(f"{day[:4]}-{day[4:6]}-{day[6:]}T{time}{offset}")


def _iso_time(written: str) -> str | None:
    """Return RFC 3339 to the second, with an offset only if one was written; None unless it is a real
    moment.
    """
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    text = moment.replace(microsecond=0).isoformat()
    return text if 1800 <= moment.year <= 2200 and len(text) in (19, 25) else None
