"""Reads ICC colour profiles just far enough: the name to show, and whether the profile is sRGB in all but
name.

Pictures whose profile is sRGB-equivalent need no conversion, which is most tagged photographs.
"""

from __future__ import annotations

import struct

_COLORANTS = {
    b"rXYZ": (0.4360, 0.2225, 0.0139),
    b"gXYZ": (0.3851, 0.7169, 0.0971),
    b"bXYZ": (0.1431, 0.0606, 0.7141),
}
_COLORANT_SLACK = 0.004
# Of 255 levels: one and a half is less than the rendition's own compression.
_CURVE_SLACK = 1.5 / 255
_PROBES = tuple(step / 16 for step in range(1, 16))


def name(profile: bytes) -> str | None:
    """Return the profile's own description, or None."""
    block = _tags(profile).get(b"desc", b"")
    if block[:4] == b"desc":
        length = int.from_bytes(block[8:12], "big")
        return _clean(block[12 : 12 + length].split(b"\0", 1)[0].decode("latin-1"))
    if block[:4] == b"mluc" and len(block) >= 28:
        length, at = struct.unpack_from(">II", block, 20)
        return _clean(block[at : at + length].decode("utf-16-be", "replace"))
    return None


def is_srgb(profile: bytes) -> bool:
    """True if converting from this profile to sRGB would not change what anybody sees.

    Holds for RGB matrix profiles whose primaries and curves are sRGB's within measuring error; never for
    profiles with tables, or for other colour models.
    """
    tags = _tags(profile)
    if profile[16:20] != b"RGB " or b"A2B0" in tags:
        return False
    return _has_srgb_primaries(tags) and all(_is_srgb_curve(tags.get(key, b"")) for key in (b"rTRC", b"gTRC", b"bTRC"))


def model(profile: bytes) -> str:
    """Return the colour model of the pixels the profile is for: "RGB", "CMYK", "GRAY", "Lab"."""
    return profile[16:20].decode("latin-1").strip()


def _tags(profile: bytes) -> dict[bytes, bytes]:
    if len(profile) < 132 or profile[36:40] != b"acsp":
        return {}
    found: dict[bytes, bytes] = {}
    for index in range(min(int.from_bytes(profile[128:132], "big"), 100)):
        entry = profile[132 + index * 12 : 144 + index * 12]
        if len(entry) == 12:
            at, size_bytes = struct.unpack_from(">II", entry, 4)
            found[entry[:4]] = profile[at : at + size_bytes]
    return found


def _has_srgb_primaries(tags: dict[bytes, bytes]) -> bool:
    for key, expected in _COLORANTS.items():
        block = tags.get(key, b"")
        if len(block) < 20:
            return False
        found = (value / 65536 for value in struct.unpack_from(">3i", block, 8))
        if any(abs(a - b) > _COLORANT_SLACK for a, b in zip(found, expected, strict=True)):
            return False
    return True


def _is_srgb_curve(block: bytes) -> bool:
    """Compares where it shows: the encoded level that gives the same light, not the light itself."""
    return all(
        (light := _curve(block, probe)) is not None and abs(_encode(light) - probe) <= _CURVE_SLACK for probe in _PROBES
    )


def _curve(block: bytes, level: float) -> float | None:
    if block[:4] == b"curv" and len(block) >= 14:
        count = int.from_bytes(block[8:12], "big")
        if count > 1 and len(block) >= 12 + 2 * count:
            return _interpolate(block, count, level)
        return level ** (int.from_bytes(block[12:14], "big") / 256) if count == 1 else level
    if block[:4] == b"para" and len(block) >= 16:
        return _parametric(block, level)
    return None


def _interpolate(block: bytes, count: int, level: float) -> float:
    place = level * (count - 1)
    index = min(int(place), count - 2)
    low, high = struct.unpack_from(">2H", block, 12 + 2 * index)
    return float(low + (high - low) * (place - index)) / 65535


def _parametric(block: bytes, level: float) -> float | None:
    kind = int.from_bytes(block[8:10], "big")
    if kind not in (0, 3) or len(block) < 12 + 4 * (1, 0, 0, 5)[kind]:
        return None
    if kind == 0:
        return float(level ** (int.from_bytes(block[12:16], "big") / 65536))
    gamma, a, b, c, d = (value / 65536 for value in struct.unpack_from(">5i", block, 12))
    return float((a * level + b) ** gamma) if level >= d and a * level + b > 0 else c * level


def _encode(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else float(1.055 * light ** (1 / 2.4) - 0.055)


def _clean(text: str) -> str | None:
    trimmed = text.replace("\0", "").strip()
    return trimmed[:200] or None
