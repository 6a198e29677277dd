"""Finished pixels in memory, held once: to encode from, and as a libvips picture over the same buffer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyvips


@dataclass(frozen=True)
class Pixels:
    """An upright 8-bit sRGB picture, 3 bands or 4 with alpha; `picture` reads straight from `buffer`."""

    picture: Any
    buffer: Any

    @property
    def width_px(self) -> int:
        return int(self.picture.width)

    @property
    def height_px(self) -> int:
        return int(self.picture.height)

    @property
    def has_alpha(self) -> bool:
        return bool(self.picture.hasalpha())


def of(picture: Any) -> Pixels:
    """Compute a picture, wherever its pixels still have to come from, and hold the result."""
    buffer = picture.write_to_memory()
    flat = pyvips.Image.new_from_memory(buffer, picture.width, picture.height, picture.bands, "uchar")
    return Pixels(flat.copy(interpretation="srgb"), buffer)


def resized(picture: Any, width_px: int, height_px: int) -> Any:
    """Return the picture at that size by Lanczos, not yet computed; itself if it has that size."""
    if (picture.width, picture.height) == (width_px, height_px):
        return picture
    across, down = width_px / picture.width, height_px / picture.height
    if not picture.hasalpha():
        return picture.resize(across, vscale=down, kernel="lanczos3")
    # Colour under full transparency must not bleed into the edge.
    flat = picture.premultiply().resize(across, vscale=down, kernel="lanczos3")
    return flat.unpremultiply().cast(picture.format)


def fit(width_px: int, height_px: int, long_side_px: int) -> tuple[int, int]:
    """Return the size that fits in the square, short side rounded, at least 1; never enlarged."""
    longest = max(width_px, height_px)
    if longest <= long_side_px:
        return width_px, height_px
    return _scaled(width_px, long_side_px, longest), _scaled(height_px, long_side_px, longest)


def _scaled(side_px: int, long_side_px: int, longest_px: int) -> int:
    return max(1, (side_px * long_side_px * 2 + longest_px) // (longest_px * 2))
