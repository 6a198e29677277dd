"""Reads IPTC-IIM datasets, bare or inside Photoshop's 8BIM resources.

Application record (2) only. Values come back as text in the order they stand in the block.
"""

from __future__ import annotations

MAX_DATASETS = 4096
MAX_RESOURCES = 1024
_RESOURCE_IPTC = 0x0404
_UTF8_MARK = b"\x1b%G"

HEADLINE_TITLE, KEYWORD, DATE_CREATED, TIME_CREATED = 5, 25, 55, 60
BYLINE, COPYRIGHT, CAPTION = 80, 116, 120


def from_photoshop(block: bytes) -> bytes:
    """Return the IPTC resource inside a run of 8BIM resources, or b""."""
    at = 0
    for _ in range(MAX_RESOURCES):
        if block[at : at + 4] != b"8BIM":
            return b""
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name_bytes = (block[at + 6] if at + 6 < len(block) else 0) + 1
        at += 6 + name_bytes + name_bytes % 2
        size_bytes = int.from_bytes(block[at : at + 4], "big")
        if number == _RESOURCE_IPTC:
            return block[at + 4 : at + 4 + size_bytes]
        at += 4 + size_bytes + size_bytes % 2
    return b""


def read(block: bytes) -> dict[int, list[str]]:
    """Return the application record as lists of trimmed, non-empty text by dataset number.

    Text is UTF-8 if the block says so or if it reads as such, else Windows Latin-1.
    """
    found: dict[int, list[str]] = {}
    is_utf8 = False
    for record, number, value in _datasets(block):
        if (record, number) == (1, 90):
            is_utf8 = _UTF8_MARK in value
        elif record == 2:
            text = _decode(value, is_utf8)
            if text:
                found.setdefault(number, []).append(text)
    return found


def _datasets(block: bytes) -> list[tuple[int, int, bytes]]:
    found: list[tuple[int, int, bytes]] = []
    at = 0
    while at + 5 <= len(block) and block[at] == 0x1C and len(found) < MAX_DATASETS:
        record, number = block[at + 1], block[at + 2]
        size_bytes = int.from_bytes(block[at + 3 : at + 5], "big")
        at += 5
        if size_bytes & 0x8000:
            width = size_bytes & 0x7FFF
            if width > 4:
                break
            size_bytes = int.from_bytes(block[at : at + width], "big")
            at += width
        found.append((record, number, block[at : at + size_bytes]))
        at += size_bytes
    return found


def _decode(value: bytes, is_utf8: bool) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("utf-8" if is_utf8 else "cp1252", "replace")
    return text.replace("\0", "").strip()
