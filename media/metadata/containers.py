"""Finds the metadata blocks inside JPEG, PNG, WebP, GIF and TIFF files.

Walks the container's own structure, checks every length, caps every count and every inflated size, and never
raises on what a file holds. What the blocks say is read elsewhere.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from media.metadata import exif, iptc
from media.metadata.exif import Buffer

MAX_SEGMENTS = 4096
MAX_BLOCK_BYTES = 16 << 20
MAX_INFLATED_BYTES = 4 << 20

_TAG_XMP, _TAG_IPTC, _TAG_PHOTOSHOP, _TAG_ICC = 700, 33723, 34377, 34675
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_GIF_XMP = b"XMP DataXMP"


@dataclass
class Blocks:
    """The raw metadata of one file; what it has none of is empty. `text` holds PNG's own key-value pairs."""

    exif: Buffer = b""
    iptc: bytes = b""
    icc: bytes = b""
    xmp: list[bytes] = field(default_factory=list)
    text: dict[str, str] = field(default_factory=dict)


def find(buffer: Buffer, format_name: str) -> Blocks:
    """Return the metadata blocks of a file of the given format; empty ones for formats that carry none."""
    finder = _FINDERS.get(format_name)
    return finder(buffer) if finder else Blocks()


def _jpeg(buffer: Buffer) -> Blocks:
    found, icc, extensions = Blocks(), dict[int, bytes](), dict[bytes, dict[int, bytes]]()
    photoshop = b""
    for marker, body in jpeg_segments(buffer):
        if marker == 0xE1 and body.startswith(b"Exif\0") and not found.exif:
            found.exif = body[6:]
        elif marker == 0xE1 and body.startswith(_XMP):
            found.xmp.append(body[len(_XMP) :])
        elif marker == 0xE1 and body.startswith(_XMP_EXTENSION):
            _keep_extension(extensions, body[len(_XMP_EXTENSION) :])
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
            icc[body[12]] = body[14:]
        elif marker == 0xED and body.startswith(b"Photoshop 3.0\0"):
            photoshop += body[14:]
    found.iptc = iptc.from_photoshop(photoshop)
    found.icc = b"".join(icc[number] for number in sorted(icc))
    found.xmp += [b"".join(parts[at] for at in sorted(parts)) for parts in extensions.values()]
    return found


def jpeg_segments(buffer: Buffer) -> list[tuple[int, bytes]]:
    """Return (marker, body) of the segments before the first scan, at most 4,096 of them."""
    found: list[tuple[int, bytes]] = []
    at = 2
    while at + 4 <= len(buffer) and buffer[at] == 0xFF and len(found) < MAX_SEGMENTS:
        marker = buffer[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (0xDA, 0xD9):
            break
        size_bytes = int.from_bytes(buffer[at + 2 : at + 4], "big")
        found.append((marker, bytes(buffer[at + 4 : at + 2 + size_bytes])))
        at += 2 + max(size_bytes, 2)
    return found


def _keep_extension(extensions: dict[bytes, dict[int, bytes]], body: bytes) -> None:
    """Extended XMP: a packet too long for one segment, in pieces named by digest and offset."""
    if len(body) > 40 and len(extensions) < 8:
        offset = int.from_bytes(body[36:40], "big")
        extensions.setdefault(body[:32], {})[offset] = body[40:]


def _png(buffer: Buffer) -> Blocks:
    found, budget = Blocks(), [MAX_INFLATED_BYTES]
    at = 8
    for _ in range(MAX_SEGMENTS * 8):
        if at + 8 > len(buffer):
            break
        size_bytes = int.from_bytes(buffer[at : at + 4], "big")
        name = bytes(buffer[at + 4 : at + 8])
        if name in _PNG_CHUNKS and size_bytes <= MAX_BLOCK_BYTES:
            _PNG_CHUNKS[name](found, bytes(buffer[at + 8 : at + 8 + size_bytes]), budget)
        at += 12 + size_bytes
    return found


def _png_exif(found: Blocks, body: bytes, _budget: list[int]) -> None:
    found.exif = body.removeprefix(b"Exif\0\0")


def _png_icc(found: Blocks, body: bytes, budget: list[int]) -> None:
    found.icc = _inflate(body.partition(b"\0")[2][1:], budget)


def _png_text(found: Blocks, body: bytes, _budget: list[int]) -> None:
    key, _, value = body.partition(b"\0")
    _keep_text(found, key, value.decode("latin-1"))


def _png_compressed_text(found: Blocks, body: bytes, budget: list[int]) -> None:
    key, _, value = body.partition(b"\0")
    _keep_text(found, key, _inflate(value[1:], budget).decode("latin-1"))


def _png_international_text(found: Blocks, body: bytes, budget: list[int]) -> None:
    key, _, rest = body.partition(b"\0")
    parts = rest[2:].split(b"\0", 2)
    if len(parts) == 3:
        value = _inflate(parts[2], budget) if rest[:1] == b"\1" else parts[2]
        if key == b"XML:com.adobe.xmp":
            found.xmp.append(value)
        else:
            _keep_text(found, key, value.decode("utf-8", "replace"))


def _keep_text(found: Blocks, key: bytes, value: str) -> None:
    name = key.decode("latin-1")
    if not name.startswith("Raw profile type "):
        if len(found.text) < 64 and value.strip():
            found.text.setdefault(name, value.strip())
        return
    kind, blob = name.removeprefix("Raw profile type ").strip(), _raw_profile(value)
    if kind in ("exif", "APP1") and blob.startswith(b"Exif\0\0"):
        found.exif = found.exif or blob[6:]
    elif kind == "xmp" or (kind == "APP1" and blob.startswith(_XMP)):
        found.xmp.append(blob.removeprefix(_XMP))
    elif kind == "iptc":
        found.iptc = found.iptc or iptc.from_photoshop(blob) or blob


def _raw_profile(value: str) -> bytes:
    """ImageMagick's way to put a block into PNG text: a name line, a length line, then hexadecimal lines."""
    lines = value.strip().split("\n")
    try:
        return bytes.fromhex("".join(lines[2:]))
    except ValueError:
        return b""


def _inflate(body: bytes, budget: list[int]) -> bytes:
    """Inflate within what is left of the file's budget; more than that, or damage, gives b""."""
    engine = zlib.decompressobj()
    try:
        plain = engine.decompress(body, budget[0] + 1)
    except zlib.error:
        return b""
    if len(plain) > budget[0]:
        budget[0] = 0
        return b""
    budget[0] -= len(plain)
    return plain


_PNG_CHUNKS = {
    b"eXIf": _png_exif,
    b"iCCP": _png_icc,
    b"tEXt": _png_text,
    b"zTXt": _png_compressed_text,
    b"iTXt": _png_international_text,
}


def _webp(buffer: Buffer) -> Blocks:
    found = Blocks()
    at = 12
    for _ in range(MAX_SEGMENTS):
        if at + 8 > len(buffer):
            break
        name, size_bytes = bytes(buffer[at : at + 4]), int.from_bytes(buffer[at + 4 : at + 8], "little")
        if name in (b"EXIF", b"XMP ", b"ICCP") and size_bytes <= MAX_BLOCK_BYTES:
            body = bytes(buffer[at + 8 : at + 8 + size_bytes])
            if name == b"EXIF":
                found.exif = body.removeprefix(b"Exif\0\0")
            elif name == b"XMP ":
                found.xmp.append(body)
            else:
                found.icc = body
        at += 8 + size_bytes + size_bytes % 2
    return found


def _gif(buffer: Buffer) -> Blocks:
    """XMP in a GIF stands raw after its application name and ends in a ramp of 258 "magic trailer" bytes."""
    head = bytes(buffer[:MAX_BLOCK_BYTES])
    start = head.find(_GIF_XMP)
    end = head.find(b"\x01\xff\xfe\xfd", start)
    if start < 0 or end < 0:
        return Blocks()
    return Blocks(xmp=[head[start + len(_GIF_XMP) : end]])


def _tiff(buffer: Buffer) -> Blocks:
    tags = exif.read(buffer)

    def block(tag: int) -> bytes:
        return tags.raw(tags.main.get(tag), MAX_BLOCK_BYTES)

    packet = block(_TAG_XMP)
    return Blocks(
        exif=buffer,
        iptc=block(_TAG_IPTC) or iptc.from_photoshop(block(_TAG_PHOTOSHOP)),
        icc=block(_TAG_ICC),
        xmp=[packet] if packet else [],
    )


_FINDERS = {"jpeg": _jpeg, "png": _png, "webp": _webp, "gif": _gif, "tiff": _tiff}
