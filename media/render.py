"""Makes the renditions of one picture: decode once, resize down the chain from large to small, encode each
once.

Deterministic: same bytes and same recipe give the same renditions, byte for byte, as long as the pinned
decoders stay; a change of the algorithm here needs a new number in `message.KNOWN_PIPELINES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyvips

from media import colour, decode, thumbhash, webp
from media.decode import CannotDecode, Source
from media.message import Rendition


@dataclass(frozen=True)
class Encoded:
    """One finished rendition."""

    name: str
    width_px: int
    height_px: int
    body: bytes


@dataclass(frozen=True)
class Look:
    """How a picture is to be read before it can be shown: its EXIF orientation and its colour profile."""

    orientation: int
    profile: bytes


@dataclass(frozen=True)
class Drawn:
    """Everything made from one picture's pixels; renditions in the order of the recipe."""

    renditions: tuple[Encoded, ...]
    thumbhash: str
    has_alpha: bool


def prepare() -> None:
    """Settle libvips for untrusted files, one core and no cache. Once a process, before anything else."""
    pyvips.cache_set_max(0)
    pyvips.block_untrusted_set(True)


def draw(source: Source, look: Look, recipe: tuple[Rendition, ...]) -> Drawn:
    """Return all renditions of the recipe. Raises CannotDecode if no decoder reads the file, or
    MemoryError.
    """
    largest_first = sorted(recipe, key=lambda rendition: -rendition.long_side_px)
    try:
        pixels = _first_pixels(source, look, largest_first[0].long_side_px)
        made, smallest = _chain(pixels, source, look, largest_first)
        return Drawn(
            tuple(made[rendition.name] for rendition in recipe), _hash(smallest), smallest.hasalpha()
        )
    except pyvips.Error as error:
        decode.raise_if_memory(error)
        raise CannotDecode(str(error)) from error
    except webp.EncodeFailed as error:
        raise MemoryError(str(error)) from error


def _first_pixels(source: Source, look: Look, long_side_px: int) -> Any:
    """Decode, resize to the largest rendition, turn and convert: the one pass over the full picture."""

    def finish(picture: Any) -> Any:
        stored = _fit(source.header.width_px, source.header.height_px, long_side_px)
        resized = _resize(picture, *stored).copy_memory()
        return colour.to_srgb(colour.upright(resized, look.orientation), look.profile).copy_memory()

    return _with_second_opinion(source, lambda: finish(decode.open_picture(source, long_side_px)), finish)


def _with_second_opinion(source: Source, first: Callable[[], Any], finish: Callable[[Any], Any]) -> Any:
    """Damage that shows only while pixels stream gets the same second try as damage that shows at once."""
    try:
        return first()
    except pyvips.Error as error:
        decode.raise_if_memory(error)
        return finish(decode.reopen(source))


def _chain(
    pixels: Any, source: Source, look: Look, recipe: list[Rendition]
) -> tuple[dict[str, Encoded], Any]:
    made: dict[str, Encoded] = {}
    for rendition, (width, height) in zip(recipe, _sizes(source, look, recipe), strict=True):
        pixels = _resize(pixels, width, height).copy_memory()
        body = webp.encode(pixels, rendition.quality, rendition.effort)
        made[rendition.name] = Encoded(rendition.name, pixels.width, pixels.height, body)
    return made, pixels


def _sizes(source: Source, look: Look, recipe: list[Rendition]) -> Iterator[tuple[int, int]]:
    """Upright sizes by the source's own proportions, so that rounding does not add up along the chain."""
    for rendition in recipe:
        stored = _fit(source.header.width_px, source.header.height_px, rendition.long_side_px)
        yield stored[::-1] if look.orientation >= 5 else stored


def _fit(width_px: int, height_px: int, long_side_px: int) -> tuple[int, int]:
    """Return the size that fits in the square, short side rounded, at least 1; never enlarged."""
    longest = max(width_px, height_px)
    if longest <= long_side_px:
        return width_px, height_px
    return _scaled(width_px, long_side_px, longest), _scaled(height_px, long_side_px, longest)


def _scaled(side_px: int, long_side_px: int, longest_px: int) -> int:
    return max(1, (side_px * long_side_px * 2 + longest_px) // (longest_px * 2))


def _resize(picture: Any, width_px: int, height_px: int) -> Any:
    if (picture.width, picture.height) == (width_px, height_px):
        return picture
    across, down = width_px / picture.width, height_px / picture.height
    if not picture.hasalpha():
        return picture.resize(across, vscale=down, kernel="lanczos3")
    kind = picture.format
    # Colour under full transparency must not bleed into the edge.
    flat = picture.premultiply().resize(across, vscale=down, kernel="lanczos3")
    return flat.unpremultiply().cast(kind)


def _hash(picture: Any) -> str:
    small = _resize(picture, *_fit(picture.width, picture.height, thumbhash.MAX_SIDE_PX))
    with_alpha = small if small.hasalpha() else small.bandjoin(255)
    return thumbhash.encode(bytes(with_alpha.write_to_memory()), small.width, small.height)
