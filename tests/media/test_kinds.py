"""Files are what their bytes say, whatever they are called; what cannot be shown says so in words."""

from __future__ import annotations

import io
import wave
import zipfile

import pytest

from media import kinds, reasons, sniff
from tests.media import drawn
from tests.media.conftest import Asker


def _ftyp(brand: bytes, *others: bytes) -> bytes:
    body = b"ftyp" + brand + b"\0\0\0\0" + b"".join(others)
    return (len(body) + 4).to_bytes(4, "big") + body + b"\0\0\0\x08mdat"


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(200))
    return out.getvalue()


_DNG = b"II*\0\x08\0\0\0" + drawn.ifd((0xC612, 1, 4, b"\1\4\0\0"))
_NEF = b"II*\0\x08\0\0\0" + drawn.ifd((0x010F, 2, 18, b"\x40\0\0\0"), (0x014A, 4, 1, b"\x08\0\0\0"))
_NEF = _NEF.ljust(0x40, b"\0") + b"NIKON CORPORATION\0"

CASES = {
    "avif": _ftyp(b"avif", b"mif1"),
    "heic": _ftyp(b"mif1", b"heic"),
    "cr3": _ftyp(b"crx ", b"isom"),
    "mp4": _ftyp(b"isom", b"mp41"),
    "mov": _ftyp(b"qt  "),
    "m4a": _ftyp(b"M4A "),
    "psd": b"8BPS\0\1" + bytes(20),
    "svg": b'<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "webm": b"\x1a\x45\xdf\xa3\x9fB\x86\x81\1B\x82\x84webm",
    "mkv": b"\x1a\x45\xdf\xa3\x9fB\x86\x81\1B\x82\x88matroska",
    "mp3": b"ID3\4\0\0\0\0\0\0",
    "wav": _wav(),
    "zip": _zip(),
    "dng": _DNG,
    "nef": _NEF,
    "cr2": b"II*\0\x10\0\0\0CR\2\0" + bytes(20),
    "raf": b"FUJIFILMCCD-RAW 0201",
    "text": "sku;name\n1;Café\n".encode(),
    "html": b"<!DOCTYPE html><html></html>",
    "xml": b"<?xml version='1.0'?><products/>",
    "unknown": bytes(range(256)),
}


@pytest.mark.requirement("RF1")
@pytest.mark.parametrize("format_name", CASES)
def test_a_file_that_is_not_shown_is_kept_with_its_kind_and_a_reason(ask: Asker, format_name: str) -> None:
    told = ask(CASES[format_name])

    assert told.outcome == "unsupported"
    assert told.answer["type"] == vars(kinds.of(format_name))
    assert told.answer["renditions"] == []
    assert "kept" in told.reason


def test_bare_mpeg_sound_is_told_from_jpeg() -> None:
    assert sniff.sniff(b"\xff\xfb\x90\x64" + bytes(100)).format == "mp3"


def test_a_long_text_cut_inside_a_letter_is_still_text() -> None:
    body = ("é" * sniff.HEAD_BYTES).encode()[1:][: sniff.HEAD_BYTES]

    assert sniff.sniff(b"a" + body[1 : sniff.HEAD_BYTES]).format == "text"


@pytest.mark.parametrize("format_name", [row for row in CASES if row != "unknown"])
def test_every_reason_is_a_sentence_that_names_the_thing(format_name: str) -> None:
    sentence = reasons.not_rendered(format_name)

    assert kinds.title(format_name) in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (268_435_456, "268 MB"), (2_147_483_648, "2.15 GB")],
)
def test_sizes_are_written_as_people_write_them(size_bytes: int, words: str) -> None:
    assert reasons.size(size_bytes) == words
