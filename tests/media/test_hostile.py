"""Files built to hurt: none may stop the function, and each gets an outcome and a sentence."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from tests.media import drawn
from tests.media.conftest import Asker


def test_a_bomb_of_69_bytes_is_refused_by_its_header(ask: Asker) -> None:
    bomb = drawn.png(50_000, 50_000, drawn.chunk(b"IDAT", zlib.compress(b"")))

    told = ask(bomb, cpu_s=1)

    assert told.outcome == "limit"
    assert told.reason == (
        "The picture is 50,000 x 50,000 pixels; the limit is 268 million. Save it smaller and drop it again."
    )
    assert told.answer["type"]["format"] == "png"


def test_a_bomb_with_all_its_pixels_is_refused_by_its_header(ask: Asker) -> None:
    row = zlib.compressobj()
    rows = b"".join(row.compress(bytes(6251)) for _ in range(50_000)) + row.flush()
    bomb = drawn.png(50_000, 50_000, drawn.chunk(b"IDAT", rows), bits=1, colour=0)

    told = ask(bomb, cpu_s=1)

    assert told.outcome == "limit"
    assert told.answer["size_bytes"] == len(bomb) > 300_000


def _claims(format_name: str) -> bytes:
    """A file of each format that says it is 60,000 x 60,000 or as much as the format can say."""
    tiny = Image.new("RGB", (8, 8))
    if format_name == "JPEG":
        body = bytearray(drawn.saved(tiny, "JPEG"))
        at = body.index(b"\xff\xc0")
        body[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    elif format_name == "GIF":
        body = bytearray(drawn.saved(tiny, "GIF"))
        body[6:10] = struct.pack("<HH", 65_535, 65_535)
    elif format_name == "BMP":
        body = bytearray(drawn.saved(tiny, "BMP"))
        body[18:26] = struct.pack("<ii", 60_000, -60_000)
    elif format_name == "TIFF":
        size = struct.pack("<I", 60_000)
        return b"II*\0\x08\0\0\0" + drawn.ifd((0x0100, 4, 1, size), (0x0101, 4, 1, size))
    else:
        extended = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (65_535).to_bytes(3, "little") * 2
        return b"RIFF" + struct.pack("<I", len(extended) + 4) + b"WEBP" + extended
    return bytes(body)


@pytest.mark.parametrize("format_name", ["JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_header_that_claims_too_much_is_refused(ask: Asker, format_name: str) -> None:
    told = ask(_claims(format_name), cpu_s=1)

    assert told.outcome == "limit"
    assert "pixels; the limit is 268 million" in told.reason


def test_a_gif_of_5000_frames_gets_a_poster(ask: Asker) -> None:
    gif = drawn.saved(drawn.corners(64, 64).quantize(8), "GIF")
    start = gif.index(b"\x2c")
    long = gif[:start] + (b"\x21\xf9\x04\0\1\0\0\0" + gif[start:-1]) * 5000 + b"\x3b"

    told = ask(long, cpu_s=2)

    assert told.outcome == "ok"
    assert told.facts["frames"] == 500
    assert drawn.corner_colours(told.bodies["large"]) == ["red", "green", "blue", "white"]


def test_a_jpeg_of_a_thousand_passes_is_refused(ask: Asker) -> None:
    progressive = drawn.saved(drawn.corners(64, 64), "JPEG", progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    many = progressive[:-2] + progressive[scan:-2] * 1000 + b"\xff\xd9"

    told = ask(many, cpu_s=1)

    assert told.outcome == "limit"
    assert "passes" in told.reason


def test_an_ordinary_progressive_jpeg_is_shown(ask: Asker) -> None:
    told = ask(drawn.saved(drawn.corners(), "JPEG", progressive=True))

    assert told.outcome == "ok"


def test_a_progressive_jpeg_that_needs_too_much_memory_is_refused_with_advice(ask: Asker) -> None:
    body = bytearray(drawn.saved(drawn.corners(64, 64), "JPEG", progressive=True))
    at = body.index(b"\xff\xc2")
    body[at + 5 : at + 9] = struct.pack(">HH", 16_000, 16_000)

    told = ask(bytes(body), memory_bytes=900_000_000)

    assert told.outcome == "limit"
    assert "baseline" in told.reason


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_cut_short_says_so(ask: Asker, format_name: str, share: float) -> None:
    whole = drawn.saved(drawn.noise(700, 500), format_name)

    told = ask(whole[: int(len(whole) * share)])

    assert told.outcome == "corrupt"
    assert told.reason.startswith("The file ends before the picture does")
    assert told.facts["truncated"] is True
    assert told.bodies == {}


def test_a_jpeg_without_only_its_end_mark_is_shown(ask: Asker) -> None:
    whole = drawn.saved(drawn.corners(), "JPEG")

    told = ask(whole[:-2])

    assert told.outcome == "ok"
    assert drawn.corner_colours(told.bodies["large"]) == ["red", "green", "blue", "white"]


def test_an_empty_file_is_corrupt(ask: Asker) -> None:
    told = ask(b"")

    assert told.outcome == "corrupt"
    assert told.reason.startswith("The file is empty")
    assert told.answer["size_bytes"] == 0
    assert told.answer["sha256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_text_is_text_whatever_its_name(ask: Asker) -> None:
    told = ask("Sorry, this is no picture — just words.\n".encode())

    assert told.outcome == "unsupported"
    assert told.answer["type"] == {"mime": "text/plain", "format": "text", "kind": "document"}


def test_a_picture_without_pixels_is_corrupt(ask: Asker) -> None:
    told = ask(drawn.png(0, 0))

    assert told.outcome == "corrupt"
    assert "no pixels" in told.reason


@pytest.mark.parametrize("body", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0"])
def test_a_signature_alone_is_corrupt(ask: Asker, body: bytes) -> None:
    assert ask(body).outcome == "corrupt"


def test_damage_in_the_middle_of_a_png_is_corrupt(ask: Asker) -> None:
    body = bytearray(drawn.saved(drawn.noise(500, 400), "PNG"))
    middle = len(body) // 2
    body[middle : middle + 200] = bytes(200)

    assert ask(bytes(body)).outcome == "corrupt"


def test_text_chunks_that_unpack_to_gigabytes_are_left_packed(ask: Asker) -> None:
    packer = zlib.compressobj(9)
    gigabyte = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    bombs = [drawn.chunk(b"zTXt", b"Comment\0\0" + gigabyte)] * 20
    profile = drawn.chunk(b"iCCP", b"p\0\0" + gigabyte)

    told = ask(drawn.with_png_chunks(drawn.saved(drawn.corners(), "PNG"), *bombs, profile), cpu_s=3)

    assert told.outcome == "ok"


def test_exif_that_counts_to_four_billion_is_ignored(ask: Asker) -> None:
    huge = b"\xff\xff\xff\xff"
    entries = [(tag, kind, 0xFFFFFFFF, huge) for tag, kind in ((0x010F, 2), (0x0112, 3), (0x8825, 4), (0x9003, 2))]
    block = b"II*\0\x08\0\0\0" + drawn.ifd(*entries)

    told = ask(drawn.with_segments(drawn.saved(drawn.corners(), "JPEG"), drawn.exif_segment(block)))

    assert told.outcome == "ok"
    assert "camera" not in told.facts


def test_exif_that_points_at_itself_is_read_once(ask: Asker) -> None:
    here = struct.pack("<I", 8)
    block = b"II*\0\x08\0\0\0" + drawn.ifd((0x8769, 4, 1, here), (0x8825, 4, 1, here), next_ifd=8)

    told = ask(drawn.with_segments(drawn.saved(drawn.corners(), "JPEG"), drawn.exif_segment(block)))

    assert told.outcome == "ok"


def test_a_tiff_whose_pages_go_in_a_circle_is_counted_once(ask: Asker) -> None:
    body = bytearray(drawn.saved(drawn.corners(), "TIFF"))
    first = struct.unpack_from("<I", body, 4)[0]
    entries = struct.unpack_from("<H", body, first)[0]
    struct.pack_into("<I", body, first + 2 + entries * 12, first)

    told = ask(bytes(body))

    assert told.facts["frames"] == 1


def test_a_tiff_of_60000_pages_is_shown_by_its_first_and_counted_no_further(ask: Asker) -> None:
    body = bytearray(drawn.saved(drawn.corners(64, 64), "TIFF"))
    first = struct.unpack_from("<I", body, 4)[0]
    entries = struct.unpack_from("<H", body, first)[0]
    page_bytes = 2 + entries * 12 + 4
    page = bytes(body[first : first + page_bytes - 4])
    start = len(body) + len(body) % 2
    struct.pack_into("<I", body, first + page_bytes - 4, start)
    pages = b"".join(page + struct.pack("<I", start + (number + 1) * page_bytes) for number in range(59_998))
    endless = bytes(body).ljust(start, b"\0") + pages + page + struct.pack("<I", 0)

    told = ask(endless, cpu_s=5)

    assert told.outcome == "ok"
    assert told.facts["frames"] == 500
    assert drawn.corner_colours(told.bodies["large"]) == ["red", "green", "blue", "white"]


def test_laughing_xmp_is_not_expanded(ask: Asker) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>' + drawn.xmp(drawn.bag("dc:subject", "&l9;"))

    told = ask(drawn.with_segments(drawn.saved(drawn.corners(), "JPEG"), drawn.xmp_segment(bomb)), cpu_s=2)

    assert told.outcome == "ok"
    assert "keywords" not in told.facts


def test_xmp_cannot_read_a_file_of_ours(ask: Asker) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + drawn.xmp(drawn.bag("dc:subject", "&f;"))

    told = ask(drawn.with_segments(drawn.saved(drawn.corners(), "JPEG"), drawn.xmp_segment(bomb)))

    assert "keywords" not in told.facts


def test_a_picture_with_a_web_page_behind_it_is_still_a_picture(ask: Asker) -> None:
    told = ask(drawn.saved(drawn.corners(), "JPEG") + b"<html><script>alert(1)</script></html>")

    assert told.outcome == "ok"
    assert told.answer["type"]["mime"] == "image/jpeg"


@pytest.mark.parametrize("body", [b"%!PS\n{} loop\n", b"push graphic-context\nimage over 0,0 0,0 '|id'\n"])
def test_programs_named_like_pictures_are_not_run(ask: Asker, body: bytes) -> None:
    assert ask(body).outcome == "unsupported"
