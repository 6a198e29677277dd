"""The request as typed values, and what is checked before anything is done with it.

`message.schema.json` is the contract in full; the checks here are the ones that keep the function safe when
the other side is wrong. Standard library only: the parent imports no imaging code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

VERSION = 1
KNOWN_PIPELINES = frozenset({1})
MAX_SIDE_PX = 16383
MAX_CLASSES = 100


class BadMessage(ValueError):
    """The request breaks the contract: the caller's mistake, not the picture's; retrying cannot help."""


@dataclass(frozen=True)
class Limits:
    """What one picture may cost. `memory_bytes` is what it may take on top of the idle reader."""

    max_bytes: int
    max_pixels: int
    max_frames: int
    memory_bytes: int
    cpu_s: int
    wall_s: int


@dataclass(frozen=True)
class Rendition:
    """One picture to make: fits in a square of `long_side_px`, never larger than the source."""

    name: str
    long_side_px: int
    quality: int
    effort: int


@dataclass(frozen=True)
class Preset:
    """One picture to make instead: in a box, by `fit`, `fill` or `pad`, in one format, never enlarged."""

    width_px: int
    height_px: int
    mode: str
    format: str
    quality: int
    background: str
    max_bytes: int | None


@dataclass(frozen=True)
class Sight:
    """No picture to make: say what it shows, the likeliest classes of the model, at most so many; 0 asks no model."""

    classes: int


Recipe = tuple[Rendition, ...] | Preset | Sight


@dataclass(frozen=True)
class Put:
    """Where one finished rendition goes."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Request:
    """One picture to read."""

    id: str
    get_url: str
    limits: Limits
    recipe: Recipe
    puts: dict[str, Put]


def parse(message: dict[str, Any]) -> Request:
    """Return the request, or raise BadMessage naming what is wrong: version, pipeline, recipe, limits or
    puts.
    """
    try:
        return _parse(message)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadMessage(f"The request lacks a field or has one of the wrong type: {error!r}.") from error


def parse_recipe(recipe: dict[str, Any]) -> Recipe:
    """Return what a recipe asks for: renditions, a preset or sight. Or raise BadMessage for a pipeline or a
    setting this code cannot honour.
    """
    if recipe["pipeline"] not in KNOWN_PIPELINES:
        known = ", ".join(map(str, sorted(KNOWN_PIPELINES)))
        raise BadMessage(f"The recipe asks for pipeline {recipe['pipeline']!r}; this function knows only {known}.")
    if "sight" in recipe:
        classes = recipe["sight"]["classes"]
        if type(classes) is not int or not 0 <= classes <= MAX_CLASSES:
            raise BadMessage(f"The recipe asks for {classes!r} classes; 0 to {MAX_CLASSES} can be told.")
        return Sight(classes)
    if "preset" in recipe:
        return _preset(recipe["preset"])
    renditions = tuple(_rendition(item) for item in recipe["renditions"])
    if len({rendition.name for rendition in renditions}) != len(renditions):
        raise BadMessage("The recipe names a rendition twice.")
    return renditions


def parse_limits(limits: dict[str, Any]) -> Limits:
    """Return the limits, or raise BadMessage if one is missing or not a positive whole number."""
    values = {name: limits[name] for name in Limits.__dataclass_fields__}
    wrong = [name for name, value in values.items() if type(value) is not int or value < 1]
    if wrong:
        raise BadMessage(f"Limits must be positive whole numbers: {', '.join(wrong)}.")
    return Limits(**values)


def _parse(message: dict[str, Any]) -> Request:
    if message["v"] != VERSION:
        raise BadMessage(f"The request has version {message['v']!r}; this function speaks version {VERSION}.")
    recipe = parse_recipe(message["recipe"])
    names = _names(recipe)
    puts = {item["rendition"]: Put(str(item["url"]), dict(item["headers"])) for item in message["puts"]}
    missing = [name for name in names if name not in puts]
    if missing:
        raise BadMessage(f"No place to put these renditions: {', '.join(missing)}.")
    return Request(str(message["id"]), str(message["get_url"]), parse_limits(message["limits"]), recipe, puts)


def _names(recipe: Recipe) -> list[str]:
    """What the recipe makes, by name."""
    if isinstance(recipe, Sight):
        return []
    return ["preset"] if isinstance(recipe, Preset) else [rendition.name for rendition in recipe]


def _preset(item: dict[str, Any]) -> Preset:
    most = item.get("max_bytes")
    preset = Preset(
        int(item["width_px"]),
        int(item["height_px"]),
        item["mode"],
        item["format"],
        int(item["quality"]),
        item["background"],
        None if most is None else int(most),
    )
    is_sound = (
        1 <= preset.width_px <= MAX_SIDE_PX
        and 1 <= preset.height_px <= MAX_SIDE_PX
        and preset.mode in ("fit", "fill", "pad")
        and preset.format in ("jpeg", "png", "webp")
        and 1 <= preset.quality <= 100
        and re.fullmatch(r"#[0-9a-f]{6}", preset.background) is not None
        and (most is None or most >= 1)
    )
    if not is_sound:
        raise BadMessage(f"The recipe asks for a preset that cannot be made: {item!r}.")
    return preset


def _rendition(item: dict[str, Any]) -> Rendition:
    rendition = Rendition(str(item["name"]), int(item["long_side_px"]), int(item["quality"]), int(item["effort"]))
    is_sound = (
        item["format"] == "webp"
        and 1 <= rendition.long_side_px <= MAX_SIDE_PX
        and 0 <= rendition.quality <= 100
        and 0 <= rendition.effort <= 6
        and rendition.name.isidentifier()
    )
    if not is_sound:
        raise BadMessage(f"The recipe asks for a rendition that cannot be made: {item!r}.")
    return rendition
