"""Bundles: many files as one ZIP, laid out before a byte of it is written.

Files are stored as they are, so names, sizes and checksums alone say where each byte of the ZIP lies. Any stretch of it
can be made on its own, again and again, and is always the same.
"""

import io
import itertools
import unicodedata
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import names

MOST_FILES, MOST_BYTES = 10_000, 100 * 2**30
_PART_BYTES, _MOST_PARTS = 8 * 2**20, 9_000
_LONGEST_NAME_BYTES = 200
"""Leaves room for a number; file systems take 255."""
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{one}{number}" for one in ("com", "lpt") for number in range(1, 10))]
)


@dataclass(frozen=True)
class Member:
    """One file of a bundle; `crc` is the CRC-32 of its bytes."""

    name: str
    size_bytes: int
    crc: int


@dataclass(frozen=True)
class Span:
    """A stretch of the bytes of the member with this index."""

    index: int
    start: int
    length: int


class Names:
    """Gives each file a name that no other has, on any file system: `a.jpg`, `a (2).jpg`, in the order of asking.

    Names that differ only in case or in the way accents are written count as the same.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The name to use; it is taken from then on."""
        name = plain_name(wanted)
        stem, dot, ending = name.rpartition(".")
        if not dot:
            stem, ending = name, ""
        known = names.fold(name)
        for number in itertools.count(self._next.get(known, 1)):
            found = name if number == 1 else f"{stem} ({number}){dot}{ending}"
            if names.fold(found) not in self._taken:
                self._next[known] = number + 1
                self._taken.add(names.fold(found))
                return found
        raise AssertionError("numbers do not end")


def plain_name(wanted: str) -> str:
    """A file name that every system can unpack, as close to the wanted one as can be: never a path, never empty."""
    kept = "".join(
        "_" if sign in _NOT_IN_NAMES or unicodedata.category(sign) in ("Cc", "Cs") else sign
        for sign in names.tidy(wanted)
    ).rstrip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, dot, ending = kept, "", ""
    room = _LONGEST_NAME_BYTES - len(f"{dot}{ending}".encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip()
    stem = f"_{stem}" if stem.partition(".")[0].strip().casefold() in _DEVICES else stem
    return f"{stem}{dot}{ending}" if stem else f"file{dot}{ending}"


class Layout:
    """Where everything lies in the ZIP of these members, which are all dated `at`.

    Beyond 4 GiB, 65,535 files or so it is a ZIP64, which every current system reads.
    """

    def __init__(self, members: Sequence[Member], at: datetime) -> None:
        infos = [_info(one, at) for one in members]
        self._members, self._heads = members, [one.FileHeader() for one in infos]
        self._starts, place = [], 0
        for info, head, member in zip(infos, self._heads, members, strict=True):
            info.header_offset = place
            self._starts.append(place)
            place += len(head) + member.size_bytes
        self._end, self._directory = place, _directory(infos, place)
        self.size_bytes = place + len(self._directory)

    def cut(self, start: int, length: int) -> Iterator[bytes | Span]:
        """The ZIP from `start` on, at most `length` bytes of it, in order."""
        end = min(start + length, self.size_bytes)
        at = max(bisect_right(self._starts, start) - 1, 0)
        while at < len(self._members) and self._starts[at] < end:
            head, begin = self._heads[at], self._starts[at]
            if piece := head[max(start - begin, 0) : max(end - begin, 0)]:
                yield piece
            first = begin + len(head)
            low, high = max(start, first), min(end, first + self._members[at].size_bytes)
            if low < high:
                yield Span(at, low - first, high - low)
            at += 1
        if piece := self._directory[max(start - self._end, 0) : max(end - self._end, 0)]:
            yield piece

    def whole_before(self, end: int) -> int:
        """How many members lie before this place from the first byte to the last."""
        return bisect_right(self._starts, end) - 1 if end < self._end else len(self._members)


def part_bytes(size_bytes: int) -> int:
    """How large the parts are that a bundle of this size is written in: whole MiB, and no more than a store takes."""
    mib = 2**20
    return max(_PART_BYTES, -(-size_bytes // _MOST_PARTS // mib) * mib)


def _info(member: Member, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.file_size = info.compress_size = member.size_bytes
    info.CRC = member.crc
    info.create_system, info.external_attr = 3, 0o644 << 16
    return info


class _Tail(io.BytesIO):
    """What is written behind `place` bytes that are elsewhere."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def tell(self) -> int:
        return self._place + super().tell()

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation("seek")


def _directory(infos: Sequence[zipfile.ZipInfo], place: int) -> bytes:
    tail = _Tail(place)
    with zipfile.ZipFile(tail, "w") as archive:
        archive.infolist().extend(infos)
    return tail.getvalue()
