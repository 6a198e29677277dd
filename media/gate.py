"""Header checks that run before any decoder: how large a picture claims to be, and whether that may be
opened.

A 69-byte file can claim 2.5 billion pixels. The readers here take a few numbers from fixed places, cap
every walk, and never raise on what a file holds; a header that cannot be read is a `None`, and the decoders
decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from media import reasons
from media.message import Limits
from media.metadata import exif
from media.metadata.exif import Buffer

MAX_SCANS = 100
MAX_MARKERS = 4096
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Header:
    """What a picture claims: stored (not upright) size, frames counted up to a cap, and how a JPEG is
    written.

    `coefficient_bytes` is what a decoder must hold at once before the first row comes out; 0 if it can
    stream.
    """

    width_px: int
    height_px: int
    frames: int = 1
    scans: int = 1
    components: int = 3
    coefficient_bytes: int = 0


@dataclass(frozen=True)
class Refusal:
    """A picture that must not be opened: the outcome and the sentence for it."""

    outcome: str
    reason: str


def read(buffer: Buffer, format_name: str, max_frames: int) -> Header | None:
    """Return the header of a file of that format, or None if it has none that can be read."""
    reader = _READERS.get(format_name)
    try:
        return reader(buffer, max_frames) if reader else None
    except IndexError:
        return None


def check(header: Header, format_name: str, limits: Limits) -> Refusal | None:
    """Return why a picture with this header may not be decoded, or None if it may."""
    if header.width_px < 1 or header.height_px < 1:
        return Refusal("corrupt", reasons.no_pixels(format_name))
    if header.width_px * header.height_px > limits.max_pixels:
        return Refusal("limit", reasons.too_many_pixels(header.width_px, header.height_px, limits.max_pixels))
    if header.scans > MAX_SCANS:
        return Refusal("limit", reasons.too_many_scans(MAX_SCANS))
    if header.coefficient_bytes > limits.memory_bytes * 4 // 5:
        return Refusal("limit", reasons.progressive_too_large(header.width_px, header.height_px))
    return None


def _jpeg(buffer: Buffer, _max_frames: int) -> Header | None:
    at, scan = _frame_header(buffer), scan_start(buffer)
    if at < 0:
        return None
    height, width = number(buffer, at + 5, 2), number(buffer, at + 7, 2)
    components = buffer[at + 9]
    samplings = [buffer[at + 11 + 3 * index] for index in range(min(components, 4))]
    is_streamed = buffer[at + 1] in (0xC0, 0xC1) and scan > 0 and buffer[scan + 4] == components
    if is_streamed:
        return Header(width, height, components=components)
    largest = max(((s >> 4) * (s & 15) for s in samplings), default=1) or 1
    per_pixel = sum((s >> 4) * (s & 15) for s in samplings) / largest
    coefficients = int(width * height * per_pixel * 2)
    return Header(width, height, 1, _count_scans(buffer, scan), components, coefficients)


def _frame_header(buffer: Buffer) -> int:
    """Return where the frame header's marker stands, or -1."""
    return next((at for at, marker in _markers(buffer) if marker in _SOF), -1)


def scan_start(buffer: Buffer) -> int:
    """Return where the first scan's marker stands, or -1."""
    return next((at for at, marker in _markers(buffer) if marker == 0xDA), -1)


def _markers(buffer: Buffer) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 2
    while at + 4 <= len(buffer) and len(found) < MAX_MARKERS:
        if buffer[at] != 0xFF:
            at = buffer.find(b"\xff", at)
            if at < 0:
                break
            continue
        marker = buffer[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        found.append((at, marker))
        if marker == 0xDA:
            break
        at += 2 if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8 else 2 + max(number(buffer, at + 2, 2), 2)
    return found


def _count_scans(buffer: Buffer, at: int) -> int:
    """Inside compressed rows FF is always followed by 00 or a restart, so FF DA can only be another scan."""
    scans = 0
    while at >= 0 and scans <= MAX_SCANS:
        scans += 1
        at = buffer.find(b"\xff\xda", at + 2)
    return scans


def _png(buffer: Buffer, max_frames: int) -> Header | None:
    if bytes(buffer[12:16]) != b"IHDR":
        return None
    control = buffer.find(b"acTL", 33, 4096)
    frames = number(buffer, control + 4, 4) if control > 0 else 1
    return Header(number(buffer, 16, 4), number(buffer, 20, 4), max(1, min(frames, max_frames)))


def _gif(buffer: Buffer, max_frames: int) -> Header | None:
    """The largest of canvas and frames counts, and the first frame's own size is part of it."""
    width, height, frames = number(buffer, 6, 2, "little"), number(buffer, 8, 2, "little"), 0
    at = 13 + palette_bytes(buffer[10])
    while at + 1 < len(buffer) and frames < max_frames:
        if buffer[at] == 0x21:
            at = after_blocks(buffer, at + 2)
        elif buffer[at] == 0x2C and at + 10 < len(buffer):
            frames += 1
            width = max(width, number(buffer, at + 1, 2, "little") + number(buffer, at + 5, 2, "little"))
            height = max(height, number(buffer, at + 3, 2, "little") + number(buffer, at + 7, 2, "little"))
            at = after_blocks(buffer, at + 11 + palette_bytes(buffer[at + 9]))
        else:
            break
    return Header(width, height, max(frames, 1))


def palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def after_blocks(buffer: Buffer, at: int) -> int:
    while at < len(buffer) and buffer[at]:
        at += 1 + buffer[at]
    return at + 1


def _webp(buffer: Buffer, max_frames: int) -> Header | None:
    kind = bytes(buffer[12:16])
    if kind == b"VP8 ":
        return Header(number(buffer, 26, 2, "little") & 0x3FFF, number(buffer, 28, 2, "little") & 0x3FFF)
    if kind == b"VP8L":
        bits = number(buffer, 21, 4, "little")
        return Header((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind != b"VP8X":
        return None
    width, height = number(buffer, 24, 3, "little") + 1, number(buffer, 27, 3, "little") + 1
    return Header(width, height, _webp_frames(buffer, max_frames))


def _webp_frames(buffer: Buffer, max_frames: int) -> int:
    at, frames = 12, 0
    while at + 8 <= len(buffer) and frames < max_frames:
        frames += bytes(buffer[at : at + 4]) == b"ANMF"
        size_bytes = number(buffer, at + 4, 4, "little")
        at += 8 + size_bytes + size_bytes % 2
    return max(frames, 1)


def _tiff(buffer: Buffer, max_frames: int) -> Header | None:
    found = exif.read(buffer)
    width, height = found.whole(0x0100), found.whole(0x0101)
    if width is None or height is None:
        return None
    pages = 0
    for _ in exif.chain(buffer, found.layout):
        pages += 1
        if pages >= max_frames:
            break
    return Header(width, height, max(pages, 1))


def _bmp(buffer: Buffer, _max_frames: int) -> Header | None:
    if number(buffer, 14, 4, "little") == 12:
        return Header(number(buffer, 18, 2, "little"), number(buffer, 20, 2, "little"))
    height = int.from_bytes(buffer[22:26], "little", signed=True)
    return Header(number(buffer, 18, 4, "little"), abs(height))


def number(buffer: Buffer, at: int, width_bytes: int, order: str = "big") -> int:
    """Return the number at a place, or 0 if the file ends before it."""
    found = bytes(buffer[at : at + width_bytes])
    if len(found) < width_bytes:
        return 0
    return int.from_bytes(found, "big" if order == "big" else "little")


_READERS: dict[str, Callable[[Buffer, int], Header | None]] = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "webp": _webp,
    "tiff": _tiff,
    "bmp": _bmp,
}
