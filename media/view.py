"""A look in 128 bytes: what a model made of a picture before it named anything, so that alike things lie near.

The averaged features of a network, shortened by a projection that is fixed for all time: signs out of a pinned stream,
the same on every machine. All views have about the same length, so a product of two says how near they are.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZE = 128
LENGTH = 400.0
"""How long every view is, but for rounding. A view of another projection needs another version of the model."""

_SEED = b"packshot view 1"


def of(features: NDArray[np.float32]) -> bytes | None:
    """The view of these features, 128 signed bytes; None where there are none to tell apart."""
    made = features.astype(np.float64) @ projection(len(features))
    length = float(np.linalg.norm(made))
    if length == 0 or not np.isfinite(length):
        return None
    return bytes(np.clip(np.rint(made * (LENGTH / length)), -127, 127).astype(np.int8).tobytes())


@functools.lru_cache(maxsize=2)
def projection(features: int) -> Any:
    """Signs, a column for each byte of a view."""
    bits = np.frombuffer(hashlib.shake_256(_SEED).digest(features * SIZE // 8), np.uint8)
    return np.unpackbits(bits).reshape(features, SIZE) * 2.0 - 1.0
