"""Which decoders are in the wheels: older ones than these are not let near foreign bytes.

The versions are those of libraries compiled into Pillow and libvips, which pins of packages do not name. WebP below
1.3.2 runs code that a picture brings (CVE-2023-4863); the rest are what the product was tested with.
"""

from __future__ import annotations

import re

import pyvips
from PIL import features

FLOORS = {
    "libvips": "8.18.0",
    "pil": "13.0.0",
    "webp": "1.3.2",
    "libjpeg_turbo": "3.0.0",
    "libtiff": "4.7.0",
    "jpg_2000": "2.5.3",
    "avif": "1.3.0",
    "littlecms2": "2.16",
}
"""Least version by library, as Pillow names them."""


class OldCodec(Exception):
    """A decoder is missing or older than its floor; the text names it."""


def versions() -> dict[str, str]:
    """What is there; a library that is not is empty."""
    vips = ".".join(str(pyvips.version(part)) for part in range(3))
    return {name: vips if name == "libvips" else str(features.version(name) or "") for name in FLOORS}


def check(found: dict[str, str] | None = None) -> None:
    """Raise OldCodec unless every decoder is at its floor or above."""
    told = versions() if found is None else found
    for name, floor in FLOORS.items():
        if not told[name] or _number(told[name]) < _number(floor):
            raise OldCodec(f"{name} is {told[name] or 'missing'}; at least {floor} is needed.")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
