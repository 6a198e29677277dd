"""Draws the pictures the tests are about, and writes the metadata blocks that Pillow does not."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 180, 40), (30, 40, 200), (250, 250, 250)


def corners(width: int = 640, height: int = 400, mode: str = "RGB") -> Image.Image:
    """A picture whose four corners tell which way up it is: red, green below each other blue, white."""
    picture = Image.new("RGB", (width, height))
    half_w, half_h = width // 2, height // 2
    picture.paste(RED, (0, 0, half_w, half_h))
    picture.paste(GREEN, (half_w, 0, width, half_h))
    picture.paste(BLUE, (0, half_h, half_w, height))
    picture.paste(WHITE, (half_w, half_h, width, height))
    return picture.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """A picture that does not compress: rings of colour on a slope."""
    small = Image.effect_mandelbrot((width, height), (-2, -1.2, 1, 1.2), 60)
    return Image.merge("RGB", (small, Image.linear_gradient("L").resize((width, height)), small.rotate(90)))


def saved(picture: Image.Image, format_name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_name, **options)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(body))
    picture.load()
    return picture


def corner_colours(body: bytes) -> list[str]:
    """Names of the colours at top left, top right, bottom left, bottom right."""
    picture = opened(body).convert("RGB")
    w, h = picture.size
    return [_nearest(picture.getpixel((x, y))) for y in (h // 4, h - h // 4) for x in (w // 4, w - w // 4)]


def _nearest(pixel: Any) -> str:
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    return min(names, key=lambda name: sum((a - b) ** 2 for a, b in zip(names[name], pixel, strict=True)))


def chunk(name: bytes, body: bytes) -> bytes:
    """One PNG chunk, with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 2) -> bytes:
    """A PNG with this header and these chunks, whatever they say."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def with_png_chunks(body: bytes, *chunks: bytes) -> bytes:
    """A sound PNG with more chunks right after its header."""
    return body[:33] + b"".join(chunks) + body[33:]


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """A sound JPEG with more segments at its start."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def exif_segment(tiff: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + tiff)


def xmp_segment(packet: str) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())


def xmp(properties: str) -> str:
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/">'
        f'{properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )


def bag(name: str, *values: str, kind: str = "Bag") -> str:
    items = "".join(f"<rdf:li>{value}</rdf:li>" for value in values)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def iptc_segment(*datasets: tuple[int, str]) -> bytes:
    block = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for number, value in datasets:
        text = value.encode()
        block += struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    return segment(0xED, b"Photoshop 3.0\0" + resource)


def ifd(*entries: tuple[int, int, int, bytes], next_ifd: int = 0) -> bytes:
    """A little-endian directory; each entry is tag, type, count and its four bytes of value or offset."""
    body = struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        body += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    return body + struct.pack("<I", next_ifd)
