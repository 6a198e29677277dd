"""Places on the earth, taken as a ball."""

import math

EARTH_M = 6_371_008.8
"""Mean radius in metres."""


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (north, east) pairs of degrees."""
    (north, east), (to_north, to_east) = map(_radians, (one, other))
    half = math.sin((to_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(to_north) * math.sin((to_east - east) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def _radians(place: tuple[float, float]) -> tuple[float, float]:
    return math.radians(place[0]), math.radians(place[1])
