"""Makes the renditions of one picture: decode once, resize down the chain from large to small, encode each
once.

Deterministic: same bytes and same recipe give the same renditions, byte for byte, as long as the pinned
decoders stay; a change of the algorithm here needs a new number in `message.KNOWN_PIPELINES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyvips

from media import colour, decode, ground, pixels, seen, thumbhash, webp
from media.decode import Source
from media.ground import Ground
from media.message import Rendition
from media.pixels import Pixels


@dataclass(frozen=True)
class Encoded:
    """One finished rendition."""

    name: str
    width_px: int
    height_px: int
    body: bytes
    format: str = "webp"


@dataclass(frozen=True)
class Look:
    """How a picture is to be read before it can be shown: its EXIF orientation and its colour profile."""

    orientation: int
    profile: bytes


@dataclass(frozen=True)
class Drawn:
    """Everything made from one picture's pixels; renditions in the order of the recipe. `seen` are facts."""

    renditions: tuple[Encoded, ...]
    thumbhash: str
    has_alpha: bool
    seen: Mapping[str, Any] = field(default_factory=dict)


def prepare() -> None:
    """Settle libvips for untrusted files, one core and no cache. Once a process, before anything else."""
    pyvips.cache_set_max(0)
    pyvips.block_untrusted_set(True)


def draw(source: Source, look: Look, recipe: tuple[Rendition, ...]) -> Drawn:
    """Return all renditions of the recipe. Raises CannotDecode if no decoder reads it, or MemoryError."""
    largest_first = sorted(recipe, key=lambda rendition: -rendition.long_side_px)
    try:
        with decode.all_the_way():
            largest, shape = first(source, look, largest_first[0].long_side_px)
            made, smallest = _chain(largest, shape, largest_first)
            in_order = tuple(made[rendition.name] for rendition in recipe)
            tiny = _tiny(smallest)
            return Drawn(in_order, thumbhash.encode(*tiny), smallest.has_alpha, seen.facts(smallest, *tiny))
    except webp.EncodeFailed as error:
        raise MemoryError(str(error)) from error


def first(source: Source, look: Look, long_side_px: int) -> tuple[Pixels, tuple[int, int]]:
    """Make the largest rendition's pixels in one pass over the picture; return them and its full upright
    size.

    Damage that shows only while pixels stream gets the same second try as damage that shows at once.
    """
    try:
        return _finished(decode.open_picture(source, long_side_px), source, look, long_side_px)
    except pyvips.Error as error:
        decode.raise_if_memory(error)
        return _finished(decode.reopen(source), source, look, long_side_px)


def _finished(picture: Any, source: Source, look: Look, long_side_px: int) -> tuple[Pixels, tuple[int, int]]:
    width, height = picture.width, picture.height
    if source.format == "jpeg":
        # Decoded at a fraction; the header knows the whole.
        width, height = source.header.width_px, source.header.height_px
    small = pixels.resized(picture, *pixels.fit(width, height, long_side_px))
    if look.orientation > 1 or not colour.is_plain(small, look.profile):
        # Rows stream only once and in order, which turning and a second try at a profile do not keep to.
        small = colour.to_srgb(colour.upright(small.copy_memory(), look.orientation), look.profile)
    return pixels.of(small), (height, width) if look.orientation >= 5 else (width, height)


def _chain(first: Pixels, shape: tuple[int, int], recipe: list[Rendition]) -> tuple[dict[str, Encoded], Pixels]:
    """Each rendition from the one before; sizes by the picture's own shape, so that rounding does not add
    up.
    """
    made: dict[str, Encoded] = {}
    current = first
    for rendition in recipe:
        size = pixels.fit(*shape, rendition.long_side_px)
        if size != (current.width_px, current.height_px):
            current = pixels.of(pixels.resized(current.picture, *size))
        body = webp.encode(current, rendition.quality, rendition.effort)
        made[rendition.name] = Encoded(rendition.name, *size, body)
    return made, current


def facts_of(picture: Pixels, long_side_px: int) -> dict[str, Any]:
    """Return what is seen without a model in a picture that was drawn before, brought to the size it is looked for in.

    Raises CannotDecode, or MemoryError.
    """
    with decode.all_the_way():
        size = pixels.fit(picture.width_px, picture.height_px, long_side_px)
        small = pixels.of(pixels.resized(picture.picture, *size))
        return seen.facts(small, *_tiny(small))


def hashed(smallest: Pixels) -> str:
    """Return the thumbhash of a picture."""
    return thumbhash.encode(*_tiny(smallest))


def ground_of(picture: Pixels) -> Ground:
    """Return the ground of a picture, looked for in a small copy."""
    body, width, height = _tiny(picture)
    return ground.find(np.frombuffer(body, np.uint8).reshape(height, width, 4))


def _tiny(smallest: Pixels) -> tuple[bytes, int, int]:
    """The picture with alpha as a thumbhash takes it, its width and its height."""
    width, height = pixels.fit(smallest.width_px, smallest.height_px, thumbhash.MAX_SIDE_PX)
    small = pixels.resized(smallest.picture, width, height)
    with_alpha = small if small.hasalpha() else small.bandjoin(255)
    return bytes(with_alpha.write_to_memory()), width, height
