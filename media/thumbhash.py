"""ThumbHash: a picture's colours and shape in about 25 bytes, to draw a soft placeholder before pixels
arrive.

The public algorithm: brightness, two colour differences and opacity, each as a handful of cosine terms.
"""

from __future__ import annotations

import base64
import math

import numpy as np
from numpy.typing import NDArray

MAX_SIDE_PX = 100

_Plane = NDArray[np.float64]
_Channel = tuple[float, list[float], float]


def encode(rgba: bytes, width_px: int, height_px: int) -> str:
    """Return the base64 ThumbHash of RGBA pixels (not premultiplied), at most 100 px a side."""
    if max(width_px, height_px) > MAX_SIDE_PX or len(rgba) != width_px * height_px * 4:
        raise ValueError("A ThumbHash is made from at most 100 x 100 RGBA pixels.")
    pixels = np.frombuffer(rgba, np.uint8).reshape(height_px, width_px, 4).astype(np.float64) / 255
    alpha = pixels[:, :, 3]
    has_alpha = bool(alpha.min() < 1)
    light, yellow_blue, red_green = _opponents(pixels, alpha)
    cells = 5 if has_alpha else 7
    longest = max(width_px, height_px)
    across, down = (max(1, _round(cells * side / longest)) for side in (width_px, height_px))
    channels = [
        _cosines(light, max(3, across), max(3, down)),
        _cosines(yellow_blue, 3, 3),
        _cosines(red_green, 3, 3),
    ]
    if has_alpha:
        channels.append(_cosines(alpha, 5, 5))
    return base64.b64encode(_pack(channels, across, down, width_px > height_px)).decode("ascii")


def _opponents(pixels: _Plane, alpha: _Plane) -> tuple[_Plane, _Plane, _Plane]:
    """Brightness, yellow-blue and red-green over the picture's own average colour."""
    weight = alpha.sum()
    average = (pixels[:, :, :3] * alpha[:, :, None]).sum(axis=(0, 1)) / (weight or 1)
    colour = average * (1 - alpha[:, :, None]) + alpha[:, :, None] * pixels[:, :, :3]
    red, green, blue = colour[:, :, 0], colour[:, :, 1], colour[:, :, 2]
    return (red + green + blue) / 3, (red + green) / 2 - blue, red - green


def _cosines(plane: _Plane, across: int, down: int) -> _Channel:
    """Return the average, the low-frequency terms scaled to 0..1, and that scale."""
    height, width = plane.shape
    rows = np.cos(np.pi / height * np.outer(np.arange(down), np.arange(height) + 0.5))
    columns = np.cos(np.pi / width * np.outer(np.arange(across), np.arange(width) + 0.5))
    terms = rows @ plane @ columns.T / (width * height)
    # Terms that are nothing but rounding noise would else fall to either side of a half, by machine.
    kept = [
        round(float(terms[y, x]), 9)
        for y in range(down)
        for x in range(across)
        if (x or y) and x * down < across * (down - y)
    ]
    scale = max(map(abs, kept), default=0.0)
    if scale:
        kept = [0.5 + 0.5 / scale * term for term in kept]
    return float(terms[0, 0]), kept, scale


def _pack(channels: list[_Channel], across: int, down: int, is_landscape: bool) -> bytes:
    (l_mean, _, l_scale), (p_mean, _, p_scale), (q_mean, _, q_scale) = channels[:3]
    has_alpha = len(channels) == 4
    head = _round(63 * l_mean) | _round(31.5 + 31.5 * p_mean) << 6 | _round(31.5 + 31.5 * q_mean) << 12
    head |= _round(31 * l_scale) << 18 | has_alpha << 23
    shape = (down if is_landscape else across) | _round(63 * p_scale) << 3 | _round(63 * q_scale) << 9
    shape |= is_landscape << 15
    packed = head.to_bytes(3, "little") + shape.to_bytes(2, "little")
    if has_alpha:
        packed += bytes([_round(15 * channels[3][0]) | _round(15 * channels[3][2]) << 4])
    nibbles = [_round(15 * term) for channel in channels for term in channel[1]]
    nibbles += [0] * (len(nibbles) % 2)
    return packed + bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))


def _round(number: float) -> int:
    """Half goes up, as in the published code."""
    return math.floor(number + 0.5)
