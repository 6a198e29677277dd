"""Bytes that are made when they are asked for: a file of any size that takes no room."""

import hashlib
import random
from collections.abc import Iterator
from functools import lru_cache

BLOCK = 1 << 20


class Generated:
    """The same bytes for the same seed and size. No block of 1 MiB is like another, so that none can take its place."""

    def __init__(self, size_bytes: int, seed: int) -> None:
        self._size_bytes, self._seed = size_bytes, seed

    @property
    def made_of(self) -> tuple[int, int]:
        """What makes the same bytes again."""
        return self._size_bytes, self._seed

    def __len__(self) -> int:
        return self._size_bytes

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`, at most 1 MiB at once."""
        at, end = start, min(end, self._size_bytes)
        while at < end:
            number, offset = divmod(at, BLOCK)
            block = number.to_bytes(8, "big") + _noise(self._seed)
            yield block[offset : min(BLOCK, offset + end - at)]
            at += BLOCK - offset

    def digests(self) -> tuple[str, str]:
        """MD5 and SHA-256."""
        md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        for block in self.blocks(0, self._size_bytes):
            md5.update(block)
            sha256.update(block)
        return md5.hexdigest(), sha256.hexdigest()


@lru_cache(maxsize=2)
def _noise(seed: int) -> bytes:
    return random.Random(seed).randbytes(BLOCK - 8)
