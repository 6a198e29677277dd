"""How close a rendition comes to the best that could be made of its original.

The reference: the whole picture decoded, brought to sRGB if its profile is another, one float Lanczos step,
never compressed. The measure: structural similarity of brightness, Gaussian window of 1.5 pixels, mean over
the picture.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips

from media.metadata import icc

_SIGMA = 1.5
_STEADY_1, _STEADY_2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def reference(original: Path, width_px: int, height_px: int) -> Any:
    """Return the brightness of the ideal rendition of that size, upright."""
    whole = pyvips.Image.new_from_file(str(original)).autorot().copy_memory()
    profile = whole.get("icc-profile-data") if whole.get_typeof("icc-profile-data") else b""
    if profile and not icc.is_srgb(profile):
        whole = whole.icc_transform("srgb", embedded=True, intent="relative", black_point_compensation=True)
    light = _brightness(whole)
    across, down = width_px / light.width, height_px / light.height
    return light.resize(across, vscale=down, kernel="lanczos3").copy_memory()


def size_px(rendition: Path) -> tuple[int, int]:
    """Return width and height of a rendition."""
    opened = pyvips.Image.new_from_file(str(rendition))
    return opened.width, opened.height


def similarity(ideal: Any, rendition: Path) -> float:
    """Return the mean SSIM, at most 1.0, of a rendition of the reference's size."""
    x, y = ideal, _brightness(pyvips.Image.new_from_file(str(rendition)))
    mean_x, mean_y = x.gaussblur(_SIGMA), y.gaussblur(_SIGMA)
    var_x = (x * x).gaussblur(_SIGMA) - mean_x * mean_x
    var_y = (y * y).gaussblur(_SIGMA) - mean_y * mean_y
    both = (x * y).gaussblur(_SIGMA) - mean_x * mean_y
    top = (2 * mean_x * mean_y + _STEADY_1) * (2 * both + _STEADY_2)
    bottom = (mean_x * mean_x + mean_y * mean_y + _STEADY_1) * (var_x + var_y + _STEADY_2)
    return float((top / bottom).avg())


def _brightness(picture: Any) -> Any:
    return (picture[0:3].cast("float") * [0.299, 0.587, 0.114]).bandmean() * 3
