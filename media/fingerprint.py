"""A picture's look in 256 bits: pictures that look alike differ in few of them, whatever their size or quality.

The lowest 16 x 16 cosine terms of its brightness at 64 x 64, each above their median or not (pHash). The plain
border is cut off first, so that the same thing with more or less ground around it stays the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from media import pixels
from media.ground import Ground
from media.pixels import Pixels

_SIDE, _TERMS = 64, 16
_MARGIN = 0.06
_LEAST_CONTRAST = 4.0
_STEPS = np.cos(np.pi / _SIDE * np.outer(np.arange(_TERMS), np.arange(_SIDE) + 0.5))


def take(picture: Pixels, ground: Ground) -> str | None:
    """Return 64 hexadecimal signs, or None for a picture with nothing in it to know it by.

    `ground` is that of the same picture, looked for at any size.
    """
    if ground.kind is None:
        return None
    square = pixels.resized(framed(picture, ground).colourspace("b-w"), _SIDE, _SIDE)
    light = np.frombuffer(square.write_to_memory(), np.uint8).reshape(_SIDE, _SIDE).astype(np.float64)
    if light.std() < _LEAST_CONTRAST:
        return None
    # Terms that are nothing but rounding noise would else fall to either side, by machine.
    terms = np.round(_STEPS @ light @ _STEPS.T, 3)
    return np.packbits(terms > np.median(terms)).tobytes().hex()


def framed(picture: Pixels, ground: Ground) -> Any:
    """The thing with a margin of its own ground, as wide whatever the picture left around it; a scene whole."""
    flat = picture.picture
    if picture.has_alpha:
        flat = flat.flatten(background=list(ground.colour)).cast("uchar")
    if ground.kind in (None, "scene"):
        return flat
    left, top, width, height = _trimmed(ground, flat.width, flat.height)
    across, down = max(1, round(width * _MARGIN)), max(1, round(height * _MARGIN))
    size = (width + 2 * across, height + 2 * down)
    thing = flat.crop(left, top, width, height)
    return thing.embed(across, down, *size, extend="background", background=list(ground.colour))


def _trimmed(ground: Ground, width_px: int, height_px: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of the thing in a picture of this size."""
    rows, columns = ground.thing.shape
    left, top, right, bottom = ground.box or (0, 0, columns, rows)
    left, right = left * width_px // columns, -(-right * width_px // columns)
    top, bottom = top * height_px // rows, -(-bottom * height_px // rows)
    return left, top, right - left, bottom - top
