"""What a picture stands on: white, one plain colour, nothing (transparent), or a scene; and where the thing is.

Looked for in a copy of at most 100 px, in the ring of pixels along its edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["white", "transparent", "plain", "scene"]
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]

_RING_PX = 2
_LEAST_SIDE_PX = 8
_TOLERANCE = 14
_MOST_OF_IT = 0.85
_WHITE = 244
_OPAQUE = 128
_LEAST_THING = 0.01
_SOFT = 7
_DARKEST, _BRIGHTEST = 0.6, 1.25


@dataclass(frozen=True)
class Ground:
    """`kind` is None where the picture is too small or too narrow to tell. `thing` marks what stands on the ground,
    or all that is opaque where nothing stands out; `colour` is the ground's, white where it is transparent.
    """

    kind: Kind | None
    thing: Mask
    colour: tuple[int, int, int]

    @property
    def box(self) -> Box | None:
        """Left, top, right and bottom of the thing, right and bottom one past it; None when nothing is marked."""
        columns, rows = np.flatnonzero(self.thing.any(axis=0)), np.flatnonzero(self.thing.any(axis=1))
        if not len(columns):
            return None
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def find(rgba: NDArray[np.uint8]) -> Ground:
    """Return the ground of a picture: rows of pixels of four bands, not premultiplied."""
    opaque = rgba[:, :, 3] >= _OPAQUE
    white = (255, 255, 255)
    if min(opaque.shape) < _LEAST_SIDE_PX:
        return Ground(None, opaque, white)
    ring = _ring(opaque.shape)
    if (~opaque[ring]).mean() >= 0.5:
        return Ground("transparent", opaque, white)
    levels = rgba[:, :, :3].astype(np.int16)
    edge = np.median(levels[ring & opaque], axis=0)
    alike = (np.abs(levels - edge).max(axis=2) <= _TOLERANCE) | ~opaque
    if alike[ring].mean() < _MOST_OF_IT:
        return Ground("scene", opaque, white)
    thing = opaque & ~_reached(levels, edge, alike)
    if thing.mean() < _LEAST_THING:
        thing = opaque
    red, green, blue = (int(level) for level in edge)
    return Ground("white" if min(red, green, blue) >= _WHITE else "plain", thing, (red, green, blue))


def _ring(shape: tuple[int, ...]) -> Mask:
    ring = np.ones(shape, np.bool_)
    ring[_RING_PX:-_RING_PX, _RING_PX:-_RING_PX] = False
    return ring


def _reached(levels: NDArray[np.int16], edge: NDArray[np.float64], alike: Mask) -> Mask:
    """What a straight line from an edge reaches over pixels of the ground: a white shirt's middle is not ground.

    The line also goes on over soft shadow and light, the ground's colour made darker or brighter little by little.
    """
    brightness = levels.sum(axis=2) / max(float(edge.sum()), 1.0)
    tinted = np.abs(levels - edge * brightness[:, :, None]).max(axis=2) <= _TOLERANCE
    lit = tinted & (brightness >= _DARKEST) & (brightness <= _BRIGHTEST)
    across = _along(levels, alike, lit)
    turned = levels.transpose(1, 0, 2)
    return across | _along(turned, alike.T, lit.T).T


def _along(levels: NDArray[np.int16], alike: Mask, lit: Mask) -> Mask:
    """What lines along the rows reach, from either end."""
    soft = np.abs(np.diff(levels, axis=1)).max(axis=2) <= _SOFT
    from_left, from_right = alike.copy(), alike[:, ::-1].copy()
    from_left[:, 1:] |= lit[:, 1:] & soft
    from_right[:, 1:] |= (lit[:, :-1] & soft)[:, ::-1]
    both = np.logical_and.accumulate
    return np.asarray(both(from_left, axis=1) | both(from_right, axis=1)[:, ::-1], np.bool_)
