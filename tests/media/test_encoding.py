"""The two ways to WebP give the same bytes, and the fast one is in use."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("VIPS_CONCURRENCY", "1")

import pyvips

from media import pixels, webp
from media.pixels import Pixels
from tests.media import drawn


def _picture(width: int, height: int) -> Pixels:
    drawing = drawn.noise(width, height)
    opened = pyvips.Image.new_from_memory(drawing.tobytes(), width, height, 3, "uchar")
    return pixels.of(opened)


def test_the_direct_encoder_is_at_hand() -> None:
    assert webp.has_direct_encoder()


@pytest.mark.parametrize("size", [(1, 1), (33, 17), (640, 480)])
@pytest.mark.parametrize(("quality", "effort"), [(80, 2), (50, 0), (95, 4)])
def test_the_direct_encoder_gives_the_bytes_that_libvips_gives(
    size: tuple[int, int], quality: int, effort: int
) -> None:
    picture = _picture(*size)

    assert webp.encode(picture, quality, effort) == webp.encode_by_vips(picture, quality, effort)


def test_a_picture_wider_than_webp_allows_is_an_error_not_a_crash() -> None:
    with pytest.raises(webp.EncodeFailed):
        webp.encode(_picture(16_384, 1), 80, 2)
