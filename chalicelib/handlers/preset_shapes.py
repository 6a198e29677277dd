"""The shapes of answers about presets (see shapes.py)."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.asset_shapes import Usable
from chalicelib.handlers.shapes import ETAG, Out, Page


class Preset(Out):
    """What a picture becomes on its way to a place."""

    id: str
    name: str
    channel: str | None
    width_px: int
    height_px: int
    mode: Literal["fit", "fill", "pad"]
    format: Literal["jpeg", "png", "webp"]
    quality: int
    max_bytes: int | None
    background: str
    file_name: str
    etag: str = Field(description=ETAG)


class Presets(Page):
    """Presets, by name."""

    items: list[Preset]


class Verdicts(Out):
    """A verdict a channel."""

    items: list[Usable]
