"""Presets: what a picture becomes on its way to a place, as validated data, and whether an asset can become that.

Same recipe and same bytes give the same bytes, so a rendered preset is kept under its recipe's digest. Nothing is
ever enlarged: a source that is too small is told so.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.ids import VersionId, WorkspaceId
from chalicelib.domain.recipes import PIPELINE

Mode = Literal["fit", "fill", "pad"]
Format = Literal["jpeg", "png", "webp"]
MAX_SIDE_PX, MAX_PIXELS = 8_192, 25_000_000
NAME_PARTS = ("name", "sku", "position", "shot_type", "version", "preset", "width", "height")
_PART = re.compile(r"\{(\w*)\}")
_ENDINGS: Mapping[Format, str] = {"jpeg": "jpg", "png": "png", "webp": "webp"}


@dataclass(frozen=True)
class Preset:
    """One preset. `channel` names the place it is for: whether assets are usable there is told and searched.

    `fit` keeps all of the picture inside the box, `fill` covers the box and cuts the rest off evenly, `pad` fits
    and fills up with `background`. `quality` is lowered, never below 40, until `max_bytes` hold.
    """

    id: str
    name: str
    width_px: int
    height_px: int
    mode: Mode = "fit"
    format: Format = "jpeg"
    quality: int = 85
    max_bytes: int | None = None
    background: str = "#ffffff"
    file_name: str = "{name}-{preset}"
    channel: str | None = None
    revision: int = 1

    @property
    def mime(self) -> str:
        """The media type of what it makes."""
        return f"image/{self.format}"

    def needs(self, width_px: int, height_px: int) -> str | None:
        """What a source of this size lacks, in words; None when nothing has to be enlarged."""
        if self.mode == "fill":
            if width_px >= self.width_px and height_px >= self.height_px:
                return None
            return f"needs {self.width_px} × {self.height_px} px, has {width_px} × {height_px}"
        if width_px >= self.width_px or height_px >= self.height_px:
            return None
        return f"needs {self.width_px} px across or {self.height_px} px down, has {width_px} × {height_px}"

    def size_of(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Width and height of what it makes of a source of this size, which it does not enlarge."""
        if self.mode != "fit" or not (width_px and height_px):
            return self.width_px, self.height_px
        scale = min(self.width_px / width_px, self.height_px / height_px, 1.0)
        return max(1, round(width_px * scale)), max(1, round(height_px * scale))


CHANNELS: tuple[Preset, ...] = (
    Preset("", "Instagram story", 1080, 1920, "fill", channel="story"),
    Preset("", "Instagram post", 1080, 1080, "fill", channel="post"),
    Preset("", "Newsletter", 1200, 1200, "fit", quality=80, max_bytes=1_000_000, channel="newsletter"),
    Preset("", "Shopify product", 2048, 2048, "fit", quality=90, max_bytes=19_000_000, channel="shopify"),
)
"""What the e-commerce template brings. Shopify takes up to 20 megapixels and 20 MB; ours stay below both."""


def recipe(preset: Preset) -> dict[str, Any]:
    """The recipe as the media function reads it."""
    made: dict[str, Any] = {
        "width_px": preset.width_px, "height_px": preset.height_px, "mode": preset.mode, "format": preset.format,
        "quality": preset.quality, "background": preset.background,
    }  # fmt: skip
    return {"pipeline": PIPELINE, "preset": made | ({"max_bytes": preset.max_bytes} if preset.max_bytes else {})}


def key(workspace: WorkspaceId, version_id: VersionId, preset: Preset) -> str:
    """Where it is kept, in the renditions bucket: the same for the same version and recipe."""
    digest = hashlib.sha256(json.dumps(recipe(preset), sort_keys=True).encode()).hexdigest()[:16]
    return f"{workspace}/{version_id}/{digest}-preset.{preset.format}"


def check_file_name(pattern: str) -> None:
    """Raise `ValueError`, in words, unless every part in braces is known."""
    unknown = [part for part in _PART.findall(pattern) if part not in NAME_PARTS]
    if unknown or "{" in _PART.sub("", pattern) or "}" in _PART.sub("", pattern):
        raise ValueError(f"takes {', '.join(f'{{{one}}}' for one in NAME_PARTS)} in braces and nothing else")


def file_name(preset: Preset, asset: Asset, version: Version) -> str:
    """The name a download arrives under, with the format's ending; never a path."""
    plain = asset.fields.name
    values = {
        "name": plain.rpartition(".")[0] or plain,
        "sku": next(iter(asset.fields.skus), ""),
        "position": "" if asset.fields.position is None else f"{asset.fields.position:02d}",
        "shot_type": asset.fields.shot_type or "",
        "version": str(version.number),
        "preset": preset.channel or preset.name,
        "width": str(preset.width_px),
        "height": str(preset.height_px),
    }
    made = _PART.sub(lambda part: values[part.group(1)], preset.file_name)
    tidy = re.sub(r"[\x00-\x1f/\\:*?\"<>|]+", "_", made).strip(" ._-")[:180]
    return f"{tidy or 'picture'}.{_ENDINGS[preset.format]}"


def unfit(asset: Asset, preset: Preset) -> tuple[str, ...]:
    """Why the approved version cannot become this, whatever the date: `not_live`, `not_approved`, `no_picture`,
    `too_small`. Empty when it can."""
    found = [] if asset.state == "live" else ["not_live"]
    version = asset.approved
    if version is None:
        return (*found, "not_approved")
    width, height = version.facts.get("width_px"), version.facts.get("height_px")
    if not version.renditions or not width or not height:
        return (*found, "no_picture")
    return (*found, "too_small") if preset.needs(width, height) else tuple(found)


def unusable(asset: Asset, preset: Preset, now: datetime) -> tuple[str, ...]:
    """The one verdict on an asset and a channel: why not, at this moment. Empty: it is usable.

    Beside `unfit`: `not_yet`, `expired`, `restricted`.
    """
    one = asset.resource
    found = list(unfit(asset, preset))
    if one.available_from and now < one.available_from:
        found.append("not_yet")
    if one.available_until and now >= one.available_until:
        found.append("expired")
    if one.is_withheld(now) and not {"not_yet", "expired"} & set(found):
        found.append("restricted")
    return tuple(found)
