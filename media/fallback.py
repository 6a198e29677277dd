"""Reads with Pillow what libvips cannot: BMP, and odd members of the TIFF, GIF, PNG and WebP families.

Pillow is only ever asked for the one format the bytes are; its other forty decoders stay shut.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pyvips
from PIL import Image

_PLUGINS = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "tiff": "TIFF", "webp": "WEBP", "bmp": "BMP"}
_ALPHA_MODES = ("RGBA", "LA", "PA", "La", "RGBa")

# The header gate has already compared the pixels with the request's own limit, which may be higher.
Image.MAX_IMAGE_PIXELS = None


class NotReadable(ValueError):
    """Pillow cannot read it either."""


def open_picture(path: Path, format_name: str) -> Any:
    """Return the first frame as a libvips picture in memory, RGB, RGBA or CMYK. Raises NotReadable or
    MemoryError.
    """
    try:
        return _open(path, _PLUGINS[format_name])
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise almost anything on hostile bytes.
        raise NotReadable(f"{type(error).__name__}: {error}") from error


def _open(path: Path, plugin: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(path, formats=(plugin,)) as picture:
            pixels = picture.convert(_mode(picture))
    bands = len(pixels.getbands())
    opened = pyvips.Image.new_from_memory(pixels.tobytes(), pixels.width, pixels.height, bands, "uchar")
    return opened.copy(interpretation="cmyk" if pixels.mode == "CMYK" else "srgb")


def _mode(picture: Image.Image) -> str:
    if picture.mode == "CMYK":
        return "CMYK"
    return "RGBA" if picture.mode in _ALPHA_MODES or "transparency" in picture.info else "RGB"
