"""Which views are nearest to one: every view of a library compared, a block at a time.

A message of its own kind, answered by the parent: the files are our own, made by the product, so no child is risked.
A file's bytes never change under its name; it is fetched once and kept while there is room. Exact: no index of
neighbours, and the permission is laid over the views before any is ranked.
"""

from __future__ import annotations

import base64
import binascii
import threading
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from media import download
from media.message import VERSION, BadMessage

RECORD = np.dtype([("key", "<u8"), ("maker", "<u4"), ("view", "i1", (128,))])
KEPT_BYTES = 512 << 20
MOST, MOST_PARTS = 1_000, 1_000
_BLOCK = 16_384


@dataclass(frozen=True)
class Views:
    """A file of views, by rising key."""

    keys: Any
    makers: Any
    vectors: Any
    lengths: Any

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return int(self.keys.nbytes + self.makers.nbytes + self.vectors.nbytes + self.lengths.nbytes)


@dataclass(frozen=True)
class Question:
    """What is asked: `heads` are the upper halves of the keys that may be told or, if not `is_only`, may not."""

    view: Any
    maker: int
    parts: tuple[tuple[str, str, int, int], ...]
    heads: Any
    is_only: bool
    most: int
    least: float


_kept: OrderedDict[str, Views] = OrderedDict()
_lock = threading.Lock()


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """Return the nearest views of a `near` message: `[key, cosine, check]`, nearest first.

    Raises BadMessage for a message that breaks the contract, TransferFailed if a file cannot be fetched.
    """
    asked = parse(message)
    files = [_views(*part) for part in asked.parts]
    return {"v": VERSION, "outcome": "ok", "near": nearest(files, asked)}


def nearest(files: Sequence[Views], asked: Question) -> list[list[Any]]:
    """The nearest, of files of which a later one counts more. Equal cosines: by key."""
    found: list[tuple[float, int, int]] = []
    for place, file in enumerate(files):
        may = file.makers == asked.maker
        may &= _held(file.keys >> np.uint64(32), asked.heads) == asked.is_only
        for newer in files[place + 1 :]:
            may &= ~_held(file.keys, newer.keys)
        found += _best(file, np.flatnonzero(may), asked)
    found.sort(key=lambda one: (-one[0], one[1]))
    return [[key, round(cosine, 6), check] for cosine, key, check in found[: asked.most]]


def _best(file: Views, rows: Any, asked: Question) -> list[tuple[float, int, int]]:
    query = asked.view.astype(np.float32)
    scores = np.empty(len(rows), np.float32)
    for at in range(0, len(rows), _BLOCK):
        some = rows[at : at + _BLOCK]
        is_whole = len(some) and some[-1] - some[0] + 1 == len(some)
        block = file.vectors[some[0] : some[-1] + 1] if is_whole else file.vectors[some]
        scores[at : at + _BLOCK] = block.astype(np.float32) @ query / file.lengths[some]
    if len(rows) > asked.most:
        rows = rows[np.argpartition(-scores, asked.most - 1)[: asked.most]]
    own, told = float(np.linalg.norm(query)), []
    for row in rows:
        vector = file.vectors[row]
        length = own * float(np.linalg.norm(vector.astype(np.float32)))
        cosine = float(vector.astype(np.float32) @ query) / length if length else 0.0
        if cosine >= asked.least:
            told.append((cosine, int(file.keys[row]), _check(int(file.makers[row]), vector.tobytes())))
    return told


def _held(keys: Any, among: Any) -> Any:
    """Which keys are among these, which rise."""
    if not len(among):
        return np.zeros(len(keys), bool)
    place = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return among[place] == keys


def _check(maker: int, view: bytes) -> int:
    return zlib.crc32(view, zlib.crc32(maker.to_bytes(4, "little")))


def _views(name: str, url: str, offset: int, length: int) -> Views:
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    body = download.stretch(url, offset, length)
    if len(body) % RECORD.itemsize:
        raise BadMessage("A file of views has a part of one.")
    read = np.frombuffer(body, RECORD)
    keys, makers, vectors = (np.ascontiguousarray(read[one]) for one in ("key", "maker", "view"))
    made = Views(keys, makers, vectors, _lengths(vectors))
    with _lock:
        _kept[name] = made
        while len(_kept) > 1 and sum(one.size_bytes for one in _kept.values()) > KEPT_BYTES:
            _kept.popitem(last=False)
    return made


def _lengths(vectors: Any) -> Any:
    """How long each view is, at least 1."""
    made = np.empty(len(vectors), np.float32)
    for at in range(0, len(vectors), _BLOCK):
        made[at : at + _BLOCK] = np.linalg.norm(vectors[at : at + _BLOCK].astype(np.float32), axis=1)
    return np.maximum(made, 1)


def parse(message: dict[str, Any]) -> Question:
    """The question of a `near` message. Raises BadMessage."""
    try:
        near = message["near"]
        view = np.frombuffer(base64.b64decode(near["view"], validate=True), np.int8)
        heads = np.frombuffer(base64.b64decode(near["heads"], validate=True), "<u4").astype(np.uint64)
        parts = tuple((str(n), str(u), int(at), int(length)) for n, u, at, length in near["parts"])
        most, least, maker = int(near["most"]), float(near["least"]), int(near["maker"])
        is_sound = (
            message["v"] == VERSION
            and len(view) == 128
            and 1 <= most <= MOST
            and len(parts) <= MOST_PARTS
            and type(near["is_only"]) is bool
        )
    except (KeyError, TypeError, ValueError, binascii.Error) as problem:
        raise BadMessage(f"The request lacks a field or has one of the wrong type: {problem!r}.") from problem
    if not is_sound:
        raise BadMessage("The request for the nearest views cannot be honoured.")
    return Question(view, maker, parts, heads, near["is_only"], most, least)
