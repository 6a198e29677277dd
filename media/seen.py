"""What is seen in a picture without any model: its ground, its colours, and the print that knows it again.

Looked for in the smallest rendition, so that it costs the same for a picture of any size.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from media import fingerprint, ground, palette
from media.pixels import Pixels


def facts(smallest: Pixels, rgba: bytes, width_px: int, height_px: int) -> dict[str, Any]:
    """Return `background`, `colors` and `phash`, each only where there is something to say.

    `rgba` is a smaller copy of the picture, not premultiplied. Colours are those of what stands on the ground.
    """
    small = np.frombuffer(rgba, np.uint8).reshape(height_px, width_px, 4)
    found = ground.find(small)
    told = {
        "background": found.kind,
        "colors": palette.colors(small[found.thing][:, :3]),
        "phash": fingerprint.take(smallest, found),
    }
    return {name: value for name, value in told.items() if value}
