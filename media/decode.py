"""Opens a picture with the right decoder, at the smallest scale that still holds the largest rendition.

JPEG in three colours goes through libjpeg-turbo, everything else through libvips, and what libvips cannot
read through Pillow (`fallback`). Only the first frame or page is ever decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvips
import simplejpeg

from media import fallback
from media.gate import Header
from media.metadata.exif import Buffer

_SHRINKS = (8, 4, 2, 1)
_NO_MEMORY = ("out of memory", "unable to allocate", "malloc", "cannot allocate memory")
# libvips shows what there is of these, however little.
_NEEDS_ALL = ("gif", "tiff", "bmp")
_END_OF_IMAGE = b"\xff\xd9"


class CannotDecode(ValueError):
    """No decoder reads this file."""


@dataclass(frozen=True)
class Source:
    """One stored picture: the file, its bytes, what it is and what its header claims."""

    path: Path
    buffer: Buffer
    format: str
    header: Header
    is_whole: bool


def open_picture(source: Source, long_side_px: int) -> Any:
    """Return the first frame as a picture of which the long side is at least `long_side_px`, if the file
    has that.

    The pixels may still be streaming: damage can show, as a `pyvips.Error`, when they are first asked for.
    Raises CannotDecode, or MemoryError.
    """
    if source.format == "jpeg" and source.header.components == 3:
        return _open_turbo(source, long_side_px)
    if not source.is_whole and source.format in _NEEDS_ALL:
        raise CannotDecode("the file is cut short")
    if source.format == "bmp":
        return reopen(source)
    try:
        return _open_vips(source, long_side_px)
    except pyvips.Error as error:
        raise_if_memory(error)
        return reopen(source)


def reopen(source: Source) -> Any:
    """Return the same picture by way of Pillow, whole and in memory. Raises CannotDecode, or MemoryError."""
    if not source.is_whole:
        raise CannotDecode("the file is cut short")
    try:
        return fallback.open_picture(source.path, source.format)
    except fallback.NotReadable as error:
        raise CannotDecode(str(error)) from error


@contextmanager
def all_the_way() -> Iterator[None]:
    """Turn what libvips raises while pixels stream within into CannotDecode, or MemoryError."""
    try:
        yield
    except pyvips.Error as error:
        raise_if_memory(error)
        raise CannotDecode(str(error)) from error


def raise_if_memory(error: pyvips.Error) -> None:
    """Turn libvips' many ways of saying that memory ran out into one."""
    if any(words in str(error).lower() for words in _NO_MEMORY):
        raise MemoryError(str(error)) from error


def _open_turbo(source: Source, long_side_px: int) -> Any:
    header = source.header
    shrink = _shrink(header, long_side_px)
    # A file without its end mark may still hold every row; given one, only a real gap is an error.
    body = source.buffer if source.is_whole else bytes(source.buffer[:]) + _END_OF_IMAGE
    try:
        pixels = simplejpeg.decode_jpeg(
            body,
            "RGB",
            min_height=-(-header.height_px // shrink),
            min_width=-(-header.width_px // shrink),
            min_factor=shrink,
            strict=not source.is_whole,
        )
    except ValueError as error:
        if not source.is_whole:
            raise CannotDecode(str(error)) from error
        return reopen(source)
    height, width, bands = pixels.shape
    picture = pyvips.Image.new_from_memory(pixels, width, height, bands, "uchar")
    return picture.copy(interpretation="srgb")


def _open_vips(source: Source, long_side_px: int) -> Any:
    options: dict[str, Any] = {"access": "sequential", "fail_on": "truncated"}
    if source.format == "jpeg":
        options["shrink"] = _shrink(source.header, long_side_px)
    return pyvips.Image.new_from_file(str(source.path), **options)


def _shrink(header: Header, long_side_px: int) -> int:
    longest = max(header.width_px, header.height_px)
    return next((shrink for shrink in _SHRINKS if longest // shrink >= long_side_px), 1)
