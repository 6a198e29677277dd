"""Ids: 26 signs of base32 that sort by time, and the id of an arrival, which is a hash.

Nothing here reads a clock or makes randomness; `wiring.py` passes both in.
"""

import base64
import hashlib
import re
from datetime import datetime
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
AssetId = NewType("AssetId", str)
CollectionId = NewType("CollectionId", str)
VersionId = NewType("VersionId", str)
"""Also the id of the arrival that brought the version."""

ROOT = CollectionId("root")
"""The root collection: always there, path empty, never stored as a row."""

SIGNS = "234567abcdefghijklmnopqrstuvwxyz"
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ORDERED = str.maketrans(_RFC4648, SIGNS)
_ID = re.compile(r"[2-7a-z]{26}")


def make_id(milliseconds: int, noise: bytes) -> str:
    """26 signs: 48 bits of milliseconds since 1970, then 82 bits of `noise` (at least 11 bytes).

    Ids of different milliseconds sort by time as plain text.
    """
    number = (milliseconds & (2**48 - 1)) << 82 | int.from_bytes(noise[:11], "big") >> 6
    return "".join(SIGNS[number >> shift & 31] for shift in range(125, -1, -5))


def first_id(moment: datetime) -> str:
    """What sorts before every id made from this moment on."""
    return make_id(int(moment.timestamp() * 1000), bytes(11))


def id_milliseconds(identifier: str) -> int:
    """Milliseconds since 1970 in an id made by `make_id`."""
    number = 0
    for sign in identifier:
        number = number << 5 | SIGNS.index(sign)
    return number >> 82


def is_id(text: str) -> bool:
    """Whether the text has the shape of one of our ids."""
    return _ID.fullmatch(text) is not None


def short_hash(*parts: str) -> str:
    """26 signs that are the same for the same parts, on every machine, for ever."""
    digest = hashlib.sha256("\x00".join(parts).encode()).digest()
    return base64.b32encode(digest).decode()[:26].translate(_ORDERED)


def arrival_id(bucket: str, key: str, object_version: str | None) -> VersionId:
    """The event id E of one object version: retries and repeated events compute the same."""
    return VersionId(short_hash(bucket, key, object_version or "null"))
