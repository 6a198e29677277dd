"""Bundles: names that no two files share on any system, and a ZIP of which every stretch can be made on its own."""

import io
import zipfile
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import bundles, names
from chalicelib.domain.bundles import Layout, Member, Names, Span

AT = datetime(2026, 5, 1, 12, 30, 10, tzinfo=UTC)
NAMES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["a.jpg", "A.JPG", "a (2).jpg", "é.jpg", "e\u0301.jpg", "", ".", "..", "../../x", "CON.txt", "a."]),
)


def a_zip(files: list[tuple[str, bytes]]) -> tuple[Layout, Any]:
    """Its layout, and a function that makes any stretch of it."""
    layout = Layout([Member(name, len(body), zlib.crc32(body)) for name, body in files], AT)

    def made(start: int, length: int) -> bytes:
        pieces = layout.cut(start, length)
        return b"".join(
            files[one.index][1][one.start : one.start + one.length] if isinstance(one, Span) else one for one in pieces
        )

    return layout, made


def test_ten_thousand_files_of_one_name_each_get_their_own() -> None:
    taken = Names()

    found = [taken.take("Front.jpg" if number % 2 else "front.JPG") for number in range(10_000)]

    assert found[:3] == ["front.JPG", "Front (2).jpg", "front (3).JPG"]
    assert len({names.fold(one) for one in found}) == 10_000


@given(st.lists(NAMES, max_size=60))
def test_names_are_unique_on_every_file_system_and_never_a_path(wanted: list[str]) -> None:
    taken = Names()

    found = [taken.take(one) for one in wanted]

    assert len({names.fold(one) for one in found}) == len(wanted)
    assert not [one for one in found if not one.strip(". ") or set(one) & set('/\\:*?"<>|\x00') or one[-1] in ". "]
    assert all(len(one.encode()) <= 255 for one in found)


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("Kleid – rot 👗.jpg", "Kleid – rot 👗.jpg"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\x00\nb\ud800.png", "a__b_.png"),
        ("nul.jpg", "_nul.jpg"),
        (".htaccess", "file.htaccess"),
        ("x" * 400 + ".tiff", "x" * 195 + ".tiff"),
        ("", "file"),
    ],
)
def test_a_name_stays_as_close_to_the_wanted_one_as_every_system_allows(wanted: str, kept: str) -> None:
    assert bundles.plain_name(wanted) == kept


@given(st.lists(st.tuples(NAMES, st.binary(max_size=90)), max_size=12), st.integers(1, 200))
def test_any_cut_gives_the_same_zip_and_it_opens_with_every_byte(files: list[tuple[str, bytes]], length: int) -> None:
    taken = Names()
    files = [(taken.take(name), body) for name, body in files]
    layout, made = a_zip(files)

    whole = b"".join(made(start, length) for start in range(0, layout.size_bytes, length))

    assert len(whole) == layout.size_bytes
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert [(one, archive.read(one)) for one in archive.namelist()] == files
        assert {one.compress_type for one in archive.infolist()} <= {zipfile.ZIP_STORED}
        assert {one.date_time for one in archive.infolist()} <= {(2026, 5, 1, 12, 30, 10)}


class Sparse(io.RawIOBase):
    """A ZIP whose files are zeros, read without being held."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.at = layout, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = {0: 0, 1: self.at, 2: self.layout.size_bytes}[whence] + offset
        return self.at

    def read(self, size: int = -1) -> bytes:
        length = self.layout.size_bytes - self.at if size < 0 else size
        found = b"".join(
            bytes(one.length) if isinstance(one, Span) else one for one in self.layout.cut(self.at, length)
        )
        self.at += len(found)
        return found


def test_a_file_beyond_four_gibibytes_and_one_behind_it_are_found_in_the_zip() -> None:
    huge, small = Member("huge.tif", 5 * 2**30, 0), Member("small.jpg", 3, zlib.crc32(bytes(3)))
    layout = Layout([huge, small], AT)

    with zipfile.ZipFile(Sparse(layout)) as archive:  # type: ignore[type-var]
        assert [(one.filename, one.file_size) for one in archive.infolist()] == [
            ("huge.tif", 5 * 2**30),
            ("small.jpg", 3),
        ]
        assert archive.read("small.jpg") == bytes(3)
        with archive.open("huge.tif") as opened:
            assert opened.read(10) == bytes(10)


def test_a_bundle_of_any_size_fits_into_the_parts_of_a_store() -> None:
    for size in (1, 10**9, bundles.MOST_BYTES):
        part = bundles.part_bytes(size)
        assert (part >= 5 * 2**20, part % 2**20, -(-size // part) <= 10_000) == (True, 0, True)
    assert bundles.part_bytes(bundles.MOST_BYTES) <= 12 * 2**20
