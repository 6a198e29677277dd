"""The colours of a picture by twelve plain names, each with the middle one of its pixels and its share.

A name is a region of OKLab, where equal distances look equally far apart; a table of 32,768 colours, made once a
process, gives the name of any pixel.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = ("black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "beige")
_MOST = 6
_LEAST_SHARE = 0.05
_BITS = 5
_Levels = NDArray[np.float64]

_HUES = ((18.0, "pink"), (37.0, "red"), (80.0, "orange"), (117.0, "yellow"), (192.0, "green"), (285.0, "blue"),
         (328.0, "purple"), (360.0, "pink"))  # fmt: skip
"""Where hues end, in degrees of OKLab."""


def colors(pixels: NDArray[np.uint8]) -> list[dict[str, Any]]:
    """Return the colours of these pixels, rows of three levels: commonest first, at most six, each at least 5 %.

    Shares are of all the pixels, to two places. Empty when there are none.
    """
    if not len(pixels):
        return []
    named = _table()[_index(pixels)]
    counts = np.bincount(named, minlength=len(NAMES))
    shares = counts / len(pixels)
    order = sorted(range(len(NAMES)), key=lambda name: (-int(counts[name]), name))
    kept = [name for name in order[:_MOST] if shares[name] >= _LEAST_SHARE]
    return [
        {"name": NAMES[name], "hex": _hex(pixels[named == name]), "share": round(float(shares[name]), 2)}
        for name in kept
    ]


def name_of(red: int, green: int, blue: int) -> str:
    """Return the name of one colour, each level 0 to 255."""
    pixel = np.array([[red, green, blue]], np.uint8)
    return NAMES[int(_table()[_index(pixel)][0])]


def _hex(pixels: NDArray[np.uint8]) -> str:
    return "#" + "".join(f"{round(float(level)):02x}" for level in np.median(pixels, axis=0))


def _index(pixels: NDArray[np.uint8]) -> NDArray[np.intp]:
    red, green, blue = (pixels[:, band].astype(np.intp) >> (8 - _BITS) for band in range(3))
    return np.asarray(red << 2 * _BITS | green << _BITS | blue, np.intp)


@functools.cache
def _table() -> NDArray[np.uint8]:
    """The place in NAMES of each colour, by the upper five bits of its levels."""
    steps = (np.arange(1 << _BITS) + 0.5) * (255 / (1 << _BITS))
    levels = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    light, chroma, hue = _oklch(levels)
    named = np.full(len(levels), NAMES.index("grey"), np.uint8)
    begin = 0.0
    for end, name in _HUES:
        named[(hue >= begin) & (hue < end)] = NAMES.index(name)
        begin = end
    warm = (hue >= 18) & (hue < 117)
    for name, where in (
        ("brown", warm & (light < 0.55) & (chroma < 0.14) & (hue >= 30)),
        ("brown", warm & (light < 0.68) & (chroma < 0.115) & (hue >= 30)),
        ("brown", warm & (light < 0.5) & (hue >= 46)),
        ("green", (hue >= 105) & (hue < 117) & (light < 0.68)),
        ("pink", ((hue < 37) | (hue >= 328)) & (light > 0.7)),
        ("purple", ((hue < 18) | (hue >= 328)) & (light < 0.42) | (hue >= 328) & (hue < 338) & (light < 0.6)),
        ("red", (hue < 18) & (light < 0.6) & (chroma > 0.13)),
        ("beige", warm & (light >= 0.68) & (chroma < 0.085) & (hue >= 40)),
        ("grey", chroma < 0.028),
        ("white", (light > 0.93) & (chroma < 0.03)),
        ("black", (light < 0.27) & (chroma < 0.06)),
        ("black", light < 0.2),
    ):
        named[where] = NAMES.index(name)
    return named


def _oklch(levels: _Levels) -> tuple[_Levels, _Levels, _Levels]:
    """Lightness 0 to 1, chroma, and hue in degrees, of sRGB levels 0 to 255."""
    part = levels / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    cones = np.cbrt(
        linear
        @ np.array([
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ])
    )  # fmt: skip
    lab = cones @ np.array([
        [0.2104542553, 1.9779984951, 0.0259040371],
        [0.7936177850, -2.4285922050, 0.7827717662],
        [-0.0040720468, 0.4505937099, -0.8086757660],
    ])  # fmt: skip
    return lab[:, 0], np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
