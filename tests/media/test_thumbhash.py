"""The placeholder: the published algorithm, checked by decoding and against what its own code gives."""

from __future__ import annotations

import base64
import math

import pytest
from PIL import Image

from media import thumbhash
from tests.media import drawn


def _encode(picture: Image.Image) -> bytes:
    rgba = picture.convert("RGBA")
    return base64.b64decode(thumbhash.encode(rgba.tobytes(), *rgba.size))


def _average(packed: bytes) -> tuple[float, float, float]:
    """The average colour a placeholder promises, by the published formula."""
    head = int.from_bytes(packed[:3], "little")
    light, yellow, red = (head & 63) / 63, (head >> 6 & 63) / 31.5 - 1, (head >> 12 & 63) / 31.5 - 1
    blue = light - 2 / 3 * yellow
    r = (3 * light - blue + red) / 2
    return r, r - red, blue


@pytest.mark.parametrize("colour", [drawn.RED, drawn.GREEN, drawn.BLUE, drawn.WHITE, (0, 0, 0)])
def test_the_average_colour_comes_back(colour: tuple[int, int, int]) -> None:
    found = _average(_encode(Image.new("RGB", (100, 60), colour)))

    assert all(math.isclose(level / 255, back, abs_tol=0.03) for level, back in zip(colour, found, strict=True))


@pytest.mark.parametrize(("size", "shape"), [((100, 50), (True, 4)), ((50, 100), (False, 4)), ((100, 100), (False, 7))])
def test_the_shape_comes_back(size: tuple[int, int], shape: tuple[bool, int]) -> None:
    packed = _encode(Image.linear_gradient("L").resize(size))

    word = int.from_bytes(packed[3:5], "little")
    assert (bool(word >> 15), word & 7) == shape


def test_alpha_is_marked_and_described() -> None:
    half = Image.new("RGBA", (64, 64), (*drawn.RED, 255))
    half.paste((0, 0, 0, 0), (0, 0, 32, 64))

    packed = _encode(half)

    assert packed[2] >> 7 == 1
    assert packed[5] & 15 == 8
    assert _encode(drawn.corners(64, 64))[2] >> 7 == 0


@pytest.mark.parametrize(
    ("size", "steps", "published"),
    [
        ((50, 80), (7, 13, 29, 3), "IAiCAwAHWrd5em8y+JaQRTeFcLdkA0Y="),
        ((90, 41), (7, 13, 29, 0), "3wcCA4A4SWSTY1A1B5YECZ8="),
        ((17, 23), (5, 3, 11, 0), "3wcGFQKgqXZ3N3dYd2JXGNBXA5zm"),
    ],
)
def test_the_hash_is_the_one_the_published_code_gives(
    size: tuple[int, int], steps: tuple[int, int, int, int], published: str
) -> None:
    width, height = size
    pixels = [tuple(i * step % 256 for step in steps[:3]) for i in range(width * height)]
    alphas = [i * steps[3] % 256 if steps[3] else 255 for i in range(width * height)]
    rgba = bytes(level for pixel, alpha in zip(pixels, alphas, strict=True) for level in (*pixel, alpha))

    found = thumbhash.encode(rgba, width, height)

    assert found == published


def test_more_than_100_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match="100 x 100"):
        thumbhash.encode(bytes(101 * 4), 101, 1)
