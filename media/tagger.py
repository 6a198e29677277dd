"""What a picture shows, by a small model of a thousand classes that set-up puts beside this module.

Without the file, or with any other than the one that is meant, nothing is said: `look` answers None. A picture with
nothing in it, or too narrow to tell, has no class rather than a wrong one.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from media import fingerprint, network, pixels, render, view
from media.ground import Ground
from media.network import Network
from media.pixels import Pixels

MODEL = Path(__file__).with_name("model") / "efficientnet-lite2.bin"
DIGEST = "260f3693754c4b5b510d84579820293a8e7fa0844b5cdad8f220b740156494b0"
SIDE_PX = 512
"""How large a picture is looked at before the thing in it is found and brought to the model's size."""

_LEAST = 0.01


def is_ready(path: Path = MODEL, digest: str = DIGEST) -> bool:
    """Whether the model is there and is the one that is meant; read once a process."""
    return _loaded(path, digest) is not None


def look(picture: Pixels, most: int, path: Path = MODEL, digest: str = DIGEST) -> dict[str, Any] | None:
    """Return the model's name and version, the likeliest classes with their probabilities, at most `most`, and the
    picture's view (`view.py`), in base64.

    Probabilities have three places and are at least 0.01, so that the same picture says the same on every machine.
    """
    found = _loaded(path, digest)
    if found is None:
        return None
    return {"model": found.name, "model_version": digest[:12], **_seen(found, picture, most)}


@functools.lru_cache(maxsize=2)
def _loaded(path: Path, digest: str) -> Network | None:
    try:
        body = path.read_bytes()
        return network.load(body) if hashlib.sha256(body).hexdigest() == digest else None
    except (OSError, network.NotANetwork):
        return None


def _seen(found: Network, picture: Pixels, most: int) -> dict[str, Any]:
    ground = render.ground_of(picture)
    if fingerprint.take(picture, ground) is None:
        return {"classes": [], "view": None}
    features, chances = found.look(_squared(picture, ground, found.side_px))
    likeliest = np.argsort(-chances, kind="stable")[:most]
    told = [[int(one), round(float(chances[one]), 3)] for one in likeliest if chances[one] >= _LEAST]
    made = view.of(features)
    return {"classes": told, "view": None if made is None else base64.b64encode(made).decode()}


def _squared(picture: Pixels, ground: Ground, side_px: int) -> Any:
    """The thing in the middle of a square of its ground, or of the picture's own edge; nothing of it is cut off."""
    flat: Any = fingerprint.framed(picture, ground)
    scale = side_px / max(flat.width, flat.height)
    width, height = (max(1, min(side_px, round(side * scale))) for side in (flat.width, flat.height))
    small = pixels.resized(flat, width, height)
    squared = small.embed((side_px - width) // 2, (side_px - height) // 2, side_px, side_px, extend="copy")
    body = np.frombuffer(squared.write_to_memory(), np.uint8).reshape(side_px, side_px, squared.bands)
    return body[:, :, :3].astype(np.float32)
