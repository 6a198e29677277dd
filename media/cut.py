"""Makes the one picture of a preset: fit, fill or pad into a box, in one format, below a number of bytes.

Deterministic as `render` is. Nothing is ever enlarged: a picture that is too small for the box is an outcome.
"""

from __future__ import annotations

from typing import Any

import pyvips

from media import decode, pixels, reasons, render, webp
from media.decode import CannotDecode, Source
from media.message import Preset
from media.pixels import Pixels
from media.render import Drawn, Encoded, Look

_STEP, _LEAST = 8, 40


class CannotSatisfy(ValueError):
    """The picture cannot become what the preset asks, as it is; the text says why."""


def draw(source: Source, look: Look, preset: Preset) -> Drawn:
    """Return the picture of a preset. Raises CannotSatisfy, CannotDecode or MemoryError."""
    width, height = source.header.width_px, source.header.height_px
    if look.orientation >= 5:
        width, height = height, width
    scale = _scale(width, height, preset)
    long_side = -(-max(width, height) * scale[0] // scale[1])
    try:
        made, _ = render.first(source, look, long_side)
        boxed = _boxed(made, preset)
        body = _encoded(boxed, preset)
        one = Encoded("preset", boxed.width_px, boxed.height_px, body, preset.format)
        return Drawn((one,), render.hashed(boxed), boxed.has_alpha)
    except pyvips.Error as error:
        decode.raise_if_memory(error)
        raise CannotDecode(str(error)) from error
    except webp.EncodeFailed as error:
        raise MemoryError(str(error)) from error


def _scale(width: int, height: int, preset: Preset) -> tuple[int, int]:
    """By how much it shrinks, as a fraction of whole numbers."""
    across, down = (preset.width_px, width), (preset.height_px, height)
    is_across_more = across[0] * down[1] > down[0] * across[1]
    chosen = across if is_across_more == (preset.mode == "fill") else down
    if chosen[0] > chosen[1]:
        raise CannotSatisfy(reasons.too_small(width, height, preset.width_px, preset.height_px))
    return chosen


def _boxed(made: Pixels, preset: Preset) -> Pixels:
    picture: Any = made.picture
    if picture.hasalpha() and (preset.format == "jpeg" or preset.mode == "pad"):
        picture = picture.flatten(background=_colour(preset.background)).cast("uchar")
    width, height = preset.width_px, preset.height_px
    if preset.mode == "fill":
        left, top = (picture.width - width) // 2, (picture.height - height) // 2
        picture = picture.crop(left, top, width, height)
        return pixels.of(picture)
    # Rounding may have left one pixel more than the box has.
    inner = picture.crop(0, 0, min(picture.width, width), min(picture.height, height))
    if preset.mode == "pad":
        left, top = (width - inner.width) // 2, (height - inner.height) // 2
        inner = inner.embed(left, top, width, height, extend="background", background=_colour(preset.background))
    return pixels.of(inner)


def _colour(written: str) -> list[int]:
    return [int(written[at : at + 2], 16) for at in (1, 3, 5)]


def _encoded(made: Pixels, preset: Preset) -> bytes:
    """Encode once, and again a step lower while it is too large."""
    quality = preset.quality
    while True:
        body = _once(made, preset, quality)
        if preset.max_bytes is None or len(body) <= preset.max_bytes:
            return body
        if preset.format == "png" or quality <= _LEAST:
            raise CannotSatisfy(reasons.too_heavy(len(body), preset.max_bytes))
        quality = max(_LEAST, quality - _STEP)


def _once(made: Pixels, preset: Preset, quality: int) -> bytes:
    keep = pyvips.enums.ForeignKeep.NONE
    if preset.format == "webp":
        return webp.encode(made, quality, 4)
    if preset.format == "png":
        return bytes(made.picture.pngsave_buffer(compression=6, keep=keep))
    return bytes(made.picture.jpegsave_buffer(Q=quality, optimize_coding=True, keep=keep))
