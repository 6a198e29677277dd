"""What a picture says about itself, from whichever block says it, and never an exception from any bytes."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from media import endings, gate, sniff
from media.metadata import merge
from tests.media import drawn

FORMATS = ("jpeg", "png", "webp", "gif", "tiff", "bmp")


def _facts(body: bytes, format_name: str = "jpeg") -> dict[str, Any]:
    return merge.facts(merge.read(body, format_name))


def _jpeg(*segments: bytes, **options: Any) -> bytes:
    return drawn.with_segments(drawn.saved(drawn.corners(64, 48), "JPEG", **options), *segments)


def _camera_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Canon\0", "EOS 5D Mark III", 6
    exif[0x010E], exif[0x013B], exif[0x8298], exif[0x4746] = "A shoe", "Ann Lee", "© Shop", 4
    photo = exif.get_ifd(0x8769)
    photo[0x9003], photo[0x9011], photo[0xA434] = "2024:05:17 14:03:09", "+02:00", "EF 85mm"
    return exif


def _place(lat: tuple[int, int, float], ref: str, lon: tuple[int, int, float], lon_ref: str) -> Image.Exif:
    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = ref, tuple(map(IFDRational, lat)), lon_ref, tuple(map(IFDRational, lon))
    gps[5], gps[6] = b"\x01", IFDRational(25, 2)
    return exif


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_camera_is_read_from_every_container(format_name: str) -> None:
    body = drawn.saved(drawn.corners(64, 48), format_name, exif=_camera_exif().tobytes())

    facts = _facts(body, format_name.lower())

    assert facts["camera"] == {"make": "Canon", "model": "EOS 5D Mark III", "lens": "EF 85mm"}
    assert facts["captured_at"] == "2024-05-17T14:03:09+02:00"
    assert facts["orientation_tag"] == 6
    assert (facts["description"], facts["creator"], facts["rating"]) == ("A shoe", "Ann Lee", 4)


def test_a_place_south_and_west_below_the_sea_is_negative() -> None:
    body = drawn.saved(drawn.corners(64, 48), "JPEG", exif=_place((33, 51, 30), "S", (151, 12, 36), "W").tobytes())

    assert _facts(body)["gps"] == {"lat": -33.8583333, "lon": -151.21, "alt_m": -12.5}


@pytest.mark.parametrize("lat", [(200, 0, 0), (0, 0, float("nan"))])
def test_a_place_that_is_not_on_this_planet_is_left_out(lat: tuple[int, int, float]) -> None:
    exif = _place((1, 0, 0), "N", (1, 0, 0), "E")
    exif.get_ifd(0x8825)[2] = tuple(IFDRational(0, 0) if part != part else IFDRational(part) for part in lat)
    body = drawn.saved(drawn.corners(64, 48), "JPEG", exif=exif.tobytes())

    assert "gps" not in _facts(body)


@pytest.mark.parametrize("written", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2024:13:41 25:61:61", "x"])
def test_a_date_that_is_none_is_left_out(written: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = written

    assert "captured_at" not in _facts(drawn.saved(drawn.corners(64, 48), "JPEG", exif=exif.tobytes()))


def test_a_date_without_an_offset_stays_local() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:05:17 14:03:09"

    facts = _facts(drawn.saved(drawn.corners(64, 48), "JPEG", exif=exif.tobytes()))

    assert facts["captured_at"] == "2024-05-17T14:03:09"


def test_keywords_are_the_union_of_all_blocks_each_once() -> None:
    decomposed = "Cafe\u0301"
    packet = drawn.xmp(
        drawn.bag("dc:subject", " Shoes ", "RED", decomposed, "")
        + drawn.bag("lr:hierarchicalSubject", "Season|Winter", "Things|shoes")
    )

    facts = _facts(_jpeg(drawn.iptc_segment((25, "red"), (25, "Sale"), (25, "  ")), drawn.xmp_segment(packet)))

    assert facts["keywords"] == ["red", "Sale", "Shoes", "Café", "Winter"]


def test_xmp_words_win_over_iptc_and_iptc_over_exif() -> None:
    packet = drawn.xmp(drawn.bag("dc:title", "From XMP", kind="Alt"))
    iptc = drawn.iptc_segment((5, "From IPTC"), (120, "Caption of IPTC"))

    facts = _facts(_jpeg(iptc, drawn.xmp_segment(packet), exif=_camera_exif().tobytes()))

    assert facts["title"] == "From XMP"
    assert facts["description"] == "Caption of IPTC"
    assert facts["creator"] == "Ann Lee"


def test_the_default_language_of_a_title_is_shown() -> None:
    packet = drawn.xmp(
        '<dc:title><rdf:Alt><rdf:li xml:lang="de">Schuh</rdf:li>'
        '<rdf:li xml:lang="x-default">Shoe</rdf:li></rdf:Alt></dc:title>'
    )

    assert _facts(_jpeg(drawn.xmp_segment(packet)))["title"] == "Shoe"


def test_properties_written_as_attributes_count() -> None:
    packet = drawn.xmp("").replace('rdf:about=""', 'rdf:about="" xmp:Rating="5" xmp:CreateDate="2023-01-02T03:04:05Z"')

    facts = _facts(_jpeg(drawn.xmp_segment(packet)))

    assert facts["rating"] == 5
    assert facts["captured_at"] == "2023-01-02T03:04:05+00:00"


def test_iptc_in_windows_letters_is_understood() -> None:
    block = b"\x1c\x02\x05" + struct.pack(">H", 4) + "Café".encode("cp1252")
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0"

    assert _facts(_jpeg(drawn.segment(0xED, b"Photoshop 3.0\0" + resource)))["title"] == "Café"


def test_a_long_xmp_packet_in_pieces_is_put_together() -> None:
    packet = drawn.xmp(drawn.bag("dc:subject", *(f"word {n}" for n in range(300)))).encode()
    half = len(packet) // 2
    name = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32
    pieces = [
        drawn.segment(0xE1, name + struct.pack(">II", len(packet), at) + packet[at : at + half + 1])
        for at in (half + 1, 0)
    ]

    assert len(_facts(_jpeg(*pieces))["keywords"]) == 300


def test_png_text_is_the_last_resort() -> None:
    text = drawn.chunk(b"tEXt", b"Title\0Shoe") + drawn.chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"Ann"))
    body = drawn.with_png_chunks(drawn.saved(drawn.corners(), "PNG"), text)

    facts = _facts(body, "png")

    assert (facts["title"], facts["creator"]) == ("Shoe", "Ann")


def test_xmp_is_found_in_png_webp_tiff_and_gif() -> None:
    packet = drawn.xmp(drawn.bag("dc:subject", "found")).encode()
    picture = drawn.corners(64, 48)
    gif = drawn.saved(picture, "GIF")
    head = 13 + 3 * 2 ** ((gif[10] & 7) + 1)
    trailer = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    files = {
        "png": drawn.with_png_chunks(
            drawn.saved(picture, "PNG"), drawn.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
        ),
        "webp": drawn.saved(picture, "WEBP", xmp=packet),
        "tiff": drawn.saved(picture, "TIFF", tiffinfo={700: packet}),
        "gif": gif[:head] + b"\x21\xff\x0bXMP DataXMP" + packet + trailer + gif[head:],
    }

    for format_name, body in files.items():
        assert _facts(body, format_name).get("keywords") == ["found"], format_name


def test_signs_that_cannot_be_written_down_are_dropped() -> None:
    exif = Image.Exif()
    exif[0x010E] = "red\x07 shoe\x1b"

    assert _facts(drawn.saved(drawn.corners(64, 48), "JPEG", exif=exif.tobytes()))["description"] == "red shoe"


def _seeds() -> list[tuple[str, bytes]]:
    picture = drawn.corners(64, 48)
    packet = drawn.xmp(drawn.bag("dc:subject", "a", "b")).encode()
    jpeg = _jpeg(drawn.iptc_segment((25, "a"), (5, "t")), drawn.xmp_segment(packet.decode()), exif=_camera_exif())
    text = drawn.chunk(b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(b"\niptc\n4\n1c021900"))
    rest = {name: drawn.saved(picture, name, exif=_camera_exif()) for name in ("PNG", "WEBP", "TIFF")}
    return [
        ("jpeg", jpeg),
        ("png", drawn.with_png_chunks(rest["PNG"], text)),
        ("webp", drawn.saved(picture, "WEBP", exif=_camera_exif(), xmp=packet)),
        ("tiff", rest["TIFF"]),
        ("gif", drawn.saved(picture, "GIF")),
        ("bmp", drawn.saved(picture, "BMP")),
    ]


SEEDS = _seeds()


@st.composite
def _mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sound file with some bytes changed, most of them near its start, and perhaps its end cut off."""
    format_name, body = draw(st.sampled_from(SEEDS))
    changed = bytearray(body)
    reach = draw(st.sampled_from([64, 512, len(body)]))
    for at, value in draw(st.lists(st.tuples(st.integers(0, min(reach, len(body)) - 1), st.integers(0, 255)))):
        changed[at] = value
    return format_name, bytes(changed[: draw(st.sampled_from([len(body), len(body) // 2, reach // 3]))])


@given(_mutated())
def test_no_mutation_of_a_file_makes_the_readers_raise(case: tuple[str, bytes]) -> None:
    format_name, body = case

    sources = merge.read(body, format_name)
    header = gate.read(body, format_name, 500)

    assert 1 <= merge.orientation(sources) <= 8
    assert isinstance(merge.facts(sources), dict)
    assert header is None or header.frames >= 1
    assert endings.is_whole(body, format_name) in (True, False)
    assert sniff.sniff(body).kind in ("image", "video", "audio", "document", "other")


@given(st.binary(max_size=400), st.sampled_from(FORMATS))
def test_no_bytes_at_all_make_the_readers_raise(body: bytes, format_name: str) -> None:
    facts = merge.facts(merge.read(body, format_name))

    assert isinstance(facts, dict)
    assert isinstance(endings.is_whole(body, format_name), bool)
    assert isinstance(gate.read(body, format_name, 1), gate.Header | None)


@given(st.lists(st.text(max_size=12), max_size=20))
def test_keywords_are_clean_and_distinct_whatever_is_written(words: list[str]) -> None:
    sources = merge.Sources(merge.exif.Exif(), {25: words}, {"dc:subject": words[::-1]}, {}, b"")

    found = merge.keywords(sources)

    assert len({word.casefold() for word in found}) == len(found)
    assert all(word and word == word.strip() for word in found)
