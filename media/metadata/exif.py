"""Reads TIFF structures: EXIF blocks and the tags of TIFF files themselves.

Follows the first directory, its EXIF and its GPS sub-directory and nothing else, so that a cycle cannot be
walked. No offset, count or type in the block is believed: what does not fit in the bytes at hand is absent.
Totals: 512 entries a directory, 64 KiB a value.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Buffer: TypeAlias = "bytes | mmap.mmap"

MAX_ENTRIES = 512
MAX_VALUE_BYTES = 65536
EXIF_IFD, GPS_IFD = 0x8769, 0x8825

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_CODES = {
    1: "B",
    3: "H",
    4: "I",
    6: "b",
    8: "h",
    9: "i",
    11: "f",
    12: "d",
    13: "I",
    16: "Q",
    17: "q",
    18: "Q",
}


@dataclass(frozen=True)
class Entry:
    """One directory entry whose value lies wholly inside the buffer."""

    type: int
    count: int
    at: int

    @property
    def size_bytes(self) -> int:
        return self.count * _SIZES[self.type]


@dataclass(frozen=True)
class Layout:
    """How a TIFF structure writes its numbers: byte order, and whether it is BigTIFF."""

    order: str
    is_big: bool
    first_ifd: int

    @property
    def offset_code(self) -> str:
        return "Q" if self.is_big else "I"

    @property
    def entry_bytes(self) -> int:
        return 20 if self.is_big else 12

    @property
    def count_bytes(self) -> int:
        return 8 if self.is_big else 2


Ifd: TypeAlias = "dict[int, Entry]"


@dataclass(frozen=True)
class Exif:
    """Three directories of one block; asks answer "absent" for whatever is missing or malformed."""

    buffer: Buffer = b""
    layout: Layout = Layout("<", False, 0)
    main: Ifd = field(default_factory=dict)
    photo: Ifd = field(default_factory=dict)
    gps: Ifd = field(default_factory=dict)

    def entry(self, tag: int) -> Entry | None:
        return self.main.get(tag) or self.photo.get(tag)

    def raw(self, entry: Entry | None, max_bytes: int = MAX_VALUE_BYTES) -> bytes:
        if entry is None or entry.size_bytes > max_bytes:
            return b""
        return bytes(self.buffer[entry.at : entry.at + entry.size_bytes])

    def text(self, tag: int) -> str:
        return decode_text(self.raw(self.entry(tag)))

    def numbers(self, entry: Entry | None, max_bytes: int = MAX_VALUE_BYTES) -> tuple[float, ...]:
        """Return the value as numbers; a rational with denominator 0 is NaN."""
        blob = self.raw(entry, max_bytes)
        if entry is None or not blob:
            return ()
        if entry.type in (5, 10):
            code = "I" if entry.type == 5 else "i"
            parts = struct.unpack(f"{self.layout.order}{entry.count * 2}{code}", blob)
            pairs = zip(parts[::2], parts[1::2], strict=True)
            return tuple(top / bottom if bottom else math.nan for top, bottom in pairs)
        if entry.type not in _CODES:
            return ()
        return struct.unpack(f"{self.layout.order}{entry.count}{_CODES[entry.type]}", blob)

    def whole(self, tag: int) -> int | None:
        """Return the first number of a tag as a whole number, or None."""
        found = self.numbers(self.entry(tag))
        return int(found[0]) if found and math.isfinite(found[0]) else None


def read(buffer: Buffer) -> Exif:
    """Return what the TIFF structure at the start of `buffer` says; an empty answer for anything
    unreadable.
    """
    layout = read_layout(buffer)
    if layout is None:
        return Exif()
    main = read_ifd(buffer, layout, layout.first_ifd)
    bare = Exif(buffer, layout, main)
    photo = read_ifd(buffer, layout, bare.whole(EXIF_IFD) or 0)
    gps = read_ifd(buffer, layout, bare.whole(GPS_IFD) or 0)
    return Exif(buffer, layout, main, photo, gps)


def read_layout(buffer: Buffer) -> Layout | None:
    """Return byte order, flavour and first directory of a TIFF header, or None if there is no such header."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(buffer[:2]))
    if order is None or len(buffer) < 8:
        return None
    version = struct.unpack_from(order + "H", buffer, 2)[0]
    if version == 43 and len(buffer) >= 16:
        return Layout(order, True, struct.unpack_from(order + "Q", buffer, 8)[0])
    # Olympus and Panasonic write their own version numbers into otherwise ordinary structures.
    if version in (42, 0x4F52, 0x5352, 0x0055):
        return Layout(order, False, struct.unpack_from(order + "I", buffer, 4)[0])
    return None


def read_ifd(buffer: Buffer, layout: Layout, at: int) -> Ifd:
    """Return the entries of the directory at `at` that lie inside the buffer, first of each tag, at most
    512.
    """
    found: Ifd = {}
    for index in range(_entry_count(buffer, layout, at)):
        where = at + layout.count_bytes + index * layout.entry_bytes
        if where + layout.entry_bytes > len(buffer):
            break
        tag, type_code, count = struct.unpack_from(f"{layout.order}HH{layout.offset_code}", buffer, where)
        entry = _entry(buffer, layout, where, (type_code, count))
        if entry is not None:
            found.setdefault(tag, entry)
    return found


def chain(buffer: Buffer, layout: Layout) -> Iterator[int]:
    """Yield the offsets of the directories of a file in order; ends at the first one seen twice or out of
    bounds.
    """
    at, seen = layout.first_ifd, set[int]()
    while at and at not in seen and at + layout.count_bytes <= len(buffer):
        seen.add(at)
        yield at
        entries = struct.unpack_from(layout.order + ("Q" if layout.is_big else "H"), buffer, at)[0]
        link = at + layout.count_bytes + entries * layout.entry_bytes
        width = 8 if layout.is_big else 4
        if link + width > len(buffer):
            return
        at = struct.unpack_from(layout.order + layout.offset_code, buffer, link)[0]


def decode_text(blob: bytes) -> str:
    """Return text up to the first NUL, UTF-8 or else Windows Latin-1, trimmed."""
    clean = blob.split(b"\0", 1)[0].strip()
    try:
        return clean.decode("utf-8")
    except UnicodeDecodeError:
        return clean.decode("cp1252", "replace")


def _entry_count(buffer: Buffer, layout: Layout, at: int) -> int:
    if at < 8 or at + layout.count_bytes > len(buffer):
        return 0
    count: int = struct.unpack_from(layout.order + ("Q" if layout.is_big else "H"), buffer, at)[0]
    return min(count, MAX_ENTRIES)


def _entry(buffer: Buffer, layout: Layout, where: int, shape: tuple[int, int]) -> Entry | None:
    type_code, count = shape
    if type_code not in _SIZES or count == 0:
        return None
    inline_bytes = 8 if layout.is_big else 4
    value_at = where + layout.entry_bytes - inline_bytes
    if count * _SIZES[type_code] > inline_bytes:
        value_at = struct.unpack_from(layout.order + layout.offset_code, buffer, value_at)[0]
    if value_at + count * _SIZES[type_code] > len(buffer):
        return None
    return Entry(type_code, count, value_at)
