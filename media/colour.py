"""Brings decoded pixels to what a browser shows: upright, sRGB, 8 bits, opaque or with alpha.

Runs after the first resize, on as few pixels as possible.
"""

from __future__ import annotations

from typing import Any

import pyvips

from media.metadata import icc

_CMYK = "cmyk"
_TURNS = {3: ("rot180",), 5: ("rot90", "fliphor"), 6: ("rot90",), 7: ("rot270", "fliphor"), 8: ("rot270",)}
_FLIPS = {2: "fliphor", 4: "flipver"}


def is_plain(picture: Any, profile: bytes) -> bool:
    """True if `to_srgb` would change nothing: 8-bit sRGB, with alpha or without, and no other profile."""
    is_rgb = picture.interpretation == "srgb" and picture.format == "uchar" and picture.bands in (3, 4)
    return is_rgb and not _needs_profile(picture, profile)


def upright(picture: Any, orientation: int) -> Any:
    """Return the picture as it should be looked at, for an EXIF orientation of 1 to 8."""
    if orientation in _FLIPS:
        return getattr(picture, _FLIPS[orientation])()
    for step in _TURNS.get(orientation, ()):
        picture = getattr(picture, step)()
    return picture


def to_srgb(picture: Any, profile: bytes) -> Any:
    """Return the picture in 8-bit sRGB, with 3 bands, or 4 if it has alpha.

    An embedded profile is honoured unless it is sRGB in all but name; an unreadable one counts as none. CMYK
    without a profile is read with libvips' own press profile.
    """
    if picture.interpretation == "cmyk" or _needs_profile(picture, profile):
        converted = _by_profile(picture, profile)
        if converted is not None:
            return _bands(converted)
    return _bands(picture.colourspace("srgb"))


def _needs_profile(picture: Any, profile: bytes) -> bool:
    if not profile or icc.is_srgb(profile):
        return False
    has_colour = picture.interpretation not in ("b-w", "grey16")
    return icc.model(profile) == ("RGB" if has_colour else "GRAY") and picture.format in ("uchar", "ushort")


def _by_profile(picture: Any, profile: bytes) -> Any | None:
    options: list[dict[str, Any]] = []
    if profile and (picture.interpretation != "cmyk" or icc.model(profile) == "CMYK"):
        options.append({"embedded": True})
    if picture.interpretation == "cmyk":
        options.append({"input_profile": _CMYK})
    for option in options:
        try:
            return _transform(picture, profile, option)
        except pyvips.Error:
            # A malformed profile is no reason to show nothing.
            continue
    return None


def _transform(picture: Any, profile: bytes, option: dict[str, Any]) -> Any:
    tagged = picture.copy()
    if option.get("embedded"):
        tagged.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    elif tagged.get_typeof("icc-profile-data"):
        tagged.remove("icc-profile-data")
    converted = tagged.icc_transform("srgb", intent="relative", black_point_compensation=True, depth=8, **option)
    return converted.copy_memory()


def _bands(picture: Any) -> Any:
    """Greyscale becomes three equal bands, and anything past alpha is dropped."""
    if picture.format != "uchar":
        picture = picture.cast("uchar")
    if picture.bands < 3:
        grey = picture[0]
        picture = grey.bandjoin([grey, grey] + [picture[band] for band in range(1, picture.bands)])
    return picture[0:4] if picture.bands > 4 else picture
