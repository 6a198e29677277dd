"""How a picture lies and what shape it has, from its size alone."""

from collections.abc import Mapping
from typing import Any

_ASPECTS = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (2, 1), (3, 1))
_SLACK = 0.03
"""How far a ratio may lie from a class that it is still said to have."""


def orientation(facts: Mapping[str, Any]) -> str | None:
    """`square`, `portrait` or `landscape` by the upright size; None for what has none. Nearly square is square."""
    size = _size(facts)
    if size is None:
        return None
    if aspect(facts) == "1:1":
        return "square"
    return "portrait" if size[0] < size[1] else "landscape"


def aspect(facts: Mapping[str, Any]) -> str | None:
    """The well-known ratio within 3 % of width to height, such as `4:5` or `3:2`; else `wide` or `tall`
    beyond 3:1, and None between the classes.
    """
    size = _size(facts)
    if size is None:
        return None
    is_upright = size[0] < size[1]
    ratio = max(size) / min(size)
    for long, short in _ASPECTS:
        if abs(ratio * short / long - 1) <= _SLACK:
            return f"{short}:{long}" if is_upright else f"{long}:{short}"
    if ratio > 3:
        return "tall" if is_upright else "wide"
    return None


def _size(facts: Mapping[str, Any]) -> tuple[int, int] | None:
    width, height = facts.get("width_px"), facts.get("height_px")
    if type(width) is int and type(height) is int and width > 0 and height > 0:
        return width, height
    return None
