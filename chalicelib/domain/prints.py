"""Prints: 256 bits in which pictures that look alike differ little. How far two are apart, and how one is indexed."""

from chalicelib.domain import review
from chalicelib.domain.assets import Asset, Version

BITS = 256
NEAR, ALIKE = 70, 90
"""Most bits by which near duplicates differ, and pictures that look alike. Measured on 124,750 pairs of different
pictures: none differs by 70 or less, 4 by 90 or less."""

AT_LEAST = 3
"""Equal bands of 32 that a candidate must have: certain up to 29 bits, all but certain up to 40."""


def shown_to_all(asset: Asset) -> Version | None:
    """The version that everybody is shown, whose facts are searched: none while the only one is held back."""
    return asset.approved or review.newest_for_all(asset)


def print_in(version: Version | None) -> str | None:
    """The print among a version's facts: 64 hexadecimal signs, or None."""
    found = version.facts.get("phash") if version else None
    return found if isinstance(found, str) and len(found) == BITS // 4 else None


def bands(print_: str) -> tuple[int, ...]:
    """The print as 32 numbers, a byte and its place: those of alike pictures have some in common."""
    return tuple(place << 8 | byte for place, byte in enumerate(bytes.fromhex(print_)))


def bits_apart(one: str, other: str) -> int:
    """In how many bits two prints differ: 0 to 256."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
