"""Drawn pictures for the newest assets, and a thumbhash for all: a soft shape in the asset's first colour.

There are `len(COLORS) * KINDS` different ones, each drawn and encoded once; like products of a shop, many look alike.
"""

import functools
import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from chalicelib.domain.assets import Rendition, Version
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.recipes import STEPS, rendition_key
from infra.seed.believable import HEX
from media import thumbhash

KINDS = 6
DRAWN = STEPS[1:]
"""The renditions that are drawn: the largest is left out, nobody looks at it that closely."""
_HASHED_PX = 64


@dataclass(frozen=True)
class Picture:
    """A rendition with its bytes."""

    rendition: Rendition
    body: bytes


def hash_of(version: Version) -> str | None:
    """The thumbhash of the picture that would be drawn; None for what has no sides."""
    if "width_px" not in version.facts:
        return None
    small = _drawn(*_looks(version), *_within(_HASHED_PX, _sides(version))).convert("RGBA")
    return _hash(small.tobytes(), small.width, small.height)


def pictures(workspace: WorkspaceId, version: Version) -> list[Picture]:
    """The drawn renditions of a version, largest first; none for what has no sides."""
    if "width_px" not in version.facts:
        return []
    made = []
    for step in DRAWN:
        wide, high = _within(step.long_side_px, _sides(version))
        body = _encoded(*_looks(version), wide, high)
        place = rendition_key(workspace, version.id, step)
        made.append(Picture(Rendition(step.name, place, wide, high, len(body), step.format), body))
    return made


def _looks(version: Version) -> tuple[str, int]:
    return version.facts["colors"][0]["name"], version.size_bytes % KINDS


def _sides(version: Version) -> tuple[int, int]:
    return version.facts["width_px"], version.facts["height_px"]


def _within(side_px: int, sides: tuple[int, int]) -> tuple[int, int]:
    longest = max(sides)
    return max(1, sides[0] * side_px // longest), max(1, sides[1] * side_px // longest)


@functools.cache
def _hash(rgba: bytes, wide: int, high: int) -> str:
    return thumbhash.encode(rgba, wide, high)


@functools.cache
def _encoded(color: str, kind: int, wide: int, high: int) -> bytes:
    out = io.BytesIO()
    _drawn(color, kind, wide, high).save(out, "webp", quality=80, method=2)
    return out.getvalue()


@functools.lru_cache(maxsize=1000)
def _drawn(color: str, kind: int, wide: int, high: int) -> Image.Image:
    """A backdrop that darkens downwards, a shape with a highlight, and its shadow on the ground."""
    shade = Image.linear_gradient("L").resize((wide, high))
    paper = Image.composite(Image.new("RGB", (wide, high), "#d3cec6"), Image.new("RGB", (wide, high), "#f4f2ee"), shade)
    unit, middle, ground = min(wide, high) / 100, wide / 2, high / 2 + min(wide, high) * 0.3
    shape = Image.new("L", (wide, high))
    _outline(ImageDraw.Draw(shape), kind, middle, ground, unit)
    shadow = Image.new("L", (wide, high))
    ImageDraw.Draw(shadow).ellipse(
        (middle - 34 * unit, ground - 4 * unit, middle + 38 * unit, ground + 6 * unit), fill=110
    )
    paper.paste("#3c3733", mask=shadow.filter(ImageFilter.GaussianBlur(3 * unit)))
    light = Image.radial_gradient("L").resize((wide, high))
    light = ImageChops.offset(light, -wide // 8, -high // 6).point([value * 4 // 5 for value in range(256)])
    body = Image.composite(Image.new("RGB", (wide, high), "#201d1b"), Image.new("RGB", (wide, high), HEX[color]), light)
    paper.paste(body, mask=shape.filter(ImageFilter.GaussianBlur(0.4 * unit)))
    return paper


def _outline(pen: ImageDraw.ImageDraw, kind: int, x: float, ground: float, unit: float) -> None:
    """One of a bottle, a bowl, a box, a shirt, a ball and a lamp, standing on the ground; `unit` is a hundredth."""

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return x + left * unit, ground + top * unit, x + right * unit, ground + bottom * unit

    def polygon(*corners: tuple[float, float]) -> None:
        pen.polygon([(x + across * unit, ground + down * unit) for across, down in corners], fill=255)

    if kind == 0:
        pen.rounded_rectangle(box(-14, -44, 14, 0), 6 * unit, fill=255)
        pen.rounded_rectangle(box(-6, -62, 6, -40), 3 * unit, fill=255)
    elif kind == 1:
        pen.pieslice(box(-32, -64, 32, 0), 0, 180, fill=255)
        pen.rectangle(box(-10, -4, 10, 0), fill=255)
    elif kind == 2:
        pen.rounded_rectangle(box(-28, -42, 28, 0), 3 * unit, fill=255)
    elif kind == 3:
        polygon(
            (-12, -60),
            (12, -60),
            (34, -46),
            (26, -32),
            (19, -36),
            (19, 0),
            (-19, 0),
            (-19, -36),
            (-26, -32),
            (-34, -46),
        )
    elif kind == 4:
        pen.ellipse(box(-26, -52, 26, 0), fill=255)
    else:
        polygon((-12, -62), (12, -62), (26, -34), (-26, -34))
        pen.rectangle(box(-2, -36, 2, 0), fill=255)
        pen.rounded_rectangle(box(-14, -4, 14, 0), 2 * unit, fill=255)
