"""Whether a file has an end, or was cut short on its way here.

Each format says somewhere how far it goes: an end mark, a total, or where its rows lie.
"""

from __future__ import annotations

from collections.abc import Callable

from media import gate
from media.metadata import exif
from media.metadata.exif import Buffer

MAX_STRIPS_BYTES = 8 << 20
_ROWS_AT, _ROWS_BYTES = (0x0111, 0x0144), (0x0117, 0x0145)
_BMP_UNCOMPRESSED = (0, 3, 6)


def is_whole(buffer: Buffer, format_name: str) -> bool:
    """Return False if bytes of the first frame are missing at the end; True for formats that do not tell."""
    check = _CHECKS.get(format_name)
    try:
        return check(buffer) if check else True
    except IndexError:
        return False


def _jpeg(buffer: Buffer) -> bool:
    return buffer.rfind(b"\xff\xd9") > gate.scan_start(buffer)


def _png(buffer: Buffer) -> bool:
    return buffer.rfind(b"IEND\xae\x42\x60\x82") > 0


def _webp(buffer: Buffer) -> bool:
    return gate.number(buffer, 4, 4, "little") + 8 <= len(buffer)


def _gif(buffer: Buffer) -> bool:
    """A poster needs only the first frame, so a file that ends in a later one will do."""
    at = 13 + gate.palette_bytes(buffer[10])
    while buffer[at] == 0x21:
        at = gate.after_blocks(buffer, at + 2)
    if buffer[at] != 0x2C:
        return True
    return gate.after_blocks(buffer, at + 11 + gate.palette_bytes(buffer[at + 9])) <= len(buffer)


def _tiff(buffer: Buffer) -> bool:
    found = exif.read(buffer)
    if found.layout.first_ifd >= len(buffer):
        return False
    for at_tag, bytes_tag in zip(_ROWS_AT, _ROWS_BYTES, strict=True):
        places = found.numbers(found.main.get(at_tag), MAX_STRIPS_BYTES)
        sizes = found.numbers(found.main.get(bytes_tag), MAX_STRIPS_BYTES)
        if any(at + size_bytes > len(buffer) for at, size_bytes in zip(places, sizes, strict=False)):
            return False
    return True


def _bmp(buffer: Buffer) -> bool:
    header = gate.read(buffer, "bmp", 1)
    if header is None or gate.number(buffer, 14, 4, "little") == 12:
        return True
    if gate.number(buffer, 30, 4, "little") not in _BMP_UNCOMPRESSED:
        return True
    row_bytes = (header.width_px * gate.number(buffer, 28, 2, "little") + 31) // 32 * 4
    return gate.number(buffer, 10, 4, "little") + row_bytes * header.height_px <= len(buffer)


_CHECKS: dict[str, Callable[[Buffer], bool]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "gif": _gif,
    "tiff": _tiff,
    "bmp": _bmp,
}
