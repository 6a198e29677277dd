"""Tells what a file is from its bytes; names and declared content types are never looked at.

Reads at most `HEAD_BYTES` from the start. Only signatures are compared here: whether the rest of the file
keeps the promise of its first bytes is for `gate` and the decoders to find out.
"""

from __future__ import annotations

import re
from pathlib import Path

from media import kinds
from media.kinds import FileType
from media.metadata import exif

HEAD_BYTES = 65536

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"8BPS", "psd"),
    (b"%PDF-", "pdf"),
    (b"%!PS", "eps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),
    (b"FUJIFILMCCD-RAW", "raf"),
    (b"IIRO", "orf"),
    (b"IIRS", "orf"),
    (b"MMOR", "orf"),
    (b"IIU\x00", "rw2"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\x76\x2f\x31\x01", "exr"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"heim": "heic",
    b"heis": "heic",
    b"hevc": "heic",
    b"hevx": "heic",
    b"mif1": "heic",
    b"msf1": "heic",
    b"crx ": "cr3",
    b"qt  ": "mov",
    b"M4A ": "m4a",
    b"M4B ": "m4a",
    b"jp2 ": "jp2",
    b"jxl ": "jxl",
}
_RAW_MAKERS = ((b"NIKON", "nef"), (b"SONY", "arw"), (b"PENTAX", "pef"), (b"RICOH", "pef"))
_TAG_MAKE, _TAG_SUB_IFDS, _TAG_DNG_VERSION = 0x010F, 0x014A, 0xC612
_SVG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"^(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_CONTROL = bytes(sorted(set(range(32)) - {9, 10, 12, 13, 27}))


def sniff_file(path: Path) -> FileType:
    """Return the type of the file at `path` by its first bytes; total: any bytes have a type."""
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES))


def sniff(head: bytes) -> FileType:
    """Return the type of a file that starts with `head`; total, and the unknown is
    `application/octet-stream`.
    """
    name = _by_signature(head) or _by_structure(head) or _by_text(head) or "unknown"
    return kinds.of(name)


def _by_signature(head: bytes) -> str | None:
    return next((name for magic, name in _SIGNATURES if head.startswith(magic)), None)


def _by_structure(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return _tiff_or_raw(head)
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in head[:4096] else "mkv"
    if _is_bmp(head):
        return "bmp"
    if _is_mpeg_audio(head):
        return "mp3"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "mov"
    return "pdf" if b"%PDF-" in head[:1024] else None


def _is_bmp(head: bytes) -> bool:
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124)


def _is_mpeg_audio(head: bytes) -> bool:
    """Two frame headers' worth of plausibility: sync, a layer, a bit rate and a sample rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, sample_rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate not in (0, 15) and sample_rate != 3


def _by_brand(head: bytes) -> str:
    length = min(int.from_bytes(head[:4], "big"), 256)
    major = head[8:12]
    if major in _BRANDS and major not in (b"mif1", b"msf1"):
        return _BRANDS[major]
    others = [head[at : at + 4] for at in range(16, length - 3, 4)]
    for brand in (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"):
        if brand in others or brand == major:
            return _BRANDS[brand]
    return "mp4"


def _tiff_or_raw(head: bytes) -> str:
    """Camera raw files are TIFF files in disguise: told by a DNG version, Canon's mark, or maker plus
    sub-IFDs.
    """
    if head[8:10] == b"CR":
        return "cr2"
    found = exif.read(head)
    if _TAG_DNG_VERSION in found.main:
        return "dng"
    maker = found.text(_TAG_MAKE).upper().encode("ascii", "replace")
    if _TAG_SUB_IFDS in found.main:
        return next((name for start, name in _RAW_MAKERS if maker.startswith(start)), "tiff")
    return "tiff"


def _by_text(head: bytes) -> str | None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _by_utf16(head)
    body = head.removeprefix(b"\xef\xbb\xbf")
    if not body or body.translate(None, _CONTROL) != body or not _is_utf8(body):
        return None
    start = body.lstrip()
    if _SVG.search(start[:4096]) and start[:1] == b"<":
        return "svg"
    if _HTML.match(start):
        return "html"
    return "xml" if start.startswith(b"<?xml") else "text"


def _by_utf16(head: bytes) -> str | None:
    try:
        text = head[: len(head) // 2 * 2].decode("utf-16")
    except UnicodeDecodeError:
        return None
    return "text" if text.isprintable() or "\n" in text else None


def _is_utf8(body: bytes) -> bool:
    """True for UTF-8, with leave for one sign that the end of the head cut in two."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(body) >= HEAD_BYTES - 3 and error.start >= len(body) - 3
    return True
