"""Views: 128 bytes in which a model's look at pictures of alike things is alike. How an index keeps them beside itself.

A model's views are compared with those of the same model only: each carries the first four bytes of its version.
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.assets import Asset, Version

SIZE, MAKER = 128, 4
RECORD = struct.Struct(f"<Q{MAKER}s{SIZE}s")
"""A view in a side file: the asset's key, the maker, the view. Files are sorted by key."""

ALIKE = 0.65
"""Least cosine of pictures that are called alike. See docs/visual-tags.md."""


@dataclass(frozen=True)
class View:
    """A look at one picture, and which model made it."""

    maker: bytes
    body: bytes

    @property
    def check(self) -> int:
        """32 bits by which it is known again."""
        return zlib.crc32(self.body, zlib.crc32(self.maker))


@dataclass(frozen=True)
class Part:
    """A stretch of a stored object that holds records; `name` never stands for other bytes."""

    name: str
    url: str
    offset: int
    length: int


@dataclass(frozen=True)
class Nearest:
    """Which views are nearest to one: over these parts, of which later ones count more, at most so many.

    `heads` are the upper 32 bits of keys, rising; only those may be told or, where not `is_only`, all but those.
    """

    view: View
    parts: tuple[Part, ...]
    heads: tuple[int, ...]
    is_only: bool
    most: int
    least: float


@dataclass(frozen=True)
class Near:
    """A key whose view is near, by its cosine, and the view's `check`."""

    key: int
    cosine: float
    check: int


def view_in(asset: Asset, version: Version | None) -> View | None:
    """How a model saw a version of the asset."""
    return view_of(asset.seen.get(version.id, {})) if version else None


def view_of(known: Mapping[str, Any]) -> View | None:
    """The view in what was seen in one picture."""
    try:
        body = base64.b64decode(known["view"]) if known.get("view") else b""
        maker = bytes.fromhex(str(known["model_version"]))[:MAKER] if body else b""
    except (binascii.Error, ValueError, KeyError):
        return None
    return View(maker, body) if (len(body), len(maker)) == (SIZE, MAKER) else None


def packed(records: Iterable[tuple[int, View]]) -> bytes:
    """A side file of these; of one key the last counts."""
    last = dict(records)
    return b"".join(RECORD.pack(key, last[key].maker, last[key].body) for key in sorted(last))


def merged(older: bytes, newer: bytes) -> bytes:
    """Two side files as one, in which the newer counts."""
    last = {record[:8]: record for file in (older, newer) for record in _records(file)}
    return b"".join(last[key] for key in sorted(last, key=lambda key: key[::-1]))


def _records(file: bytes) -> Iterable[bytes]:
    return (file[at : at + RECORD.size] for at in range(0, len(file), RECORD.size))
