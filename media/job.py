"""One picture in the child: look at the bytes, read what they say, check the header, draw.

Knows nothing of pipes, limits of the system or the network; `worker` calls it and reports.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from media import cut, decode, endings, gate, reasons, render, sniff, tagger
from media.decode import CannotDecode, Source
from media.gate import Header
from media.kinds import RENDERED, FileType
from media.message import Limits, Preset, Recipe, Sight
from media.metadata import merge
from media.render import Drawn, Look

FACTS_PX = 256
"""As large as the smallest rendition, in which facts are looked for when a picture comes."""


def read(
    path: Path,
    limits: Limits,
    recipe: Recipe,
    out: Path,
    tell: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Return the answer for the file, renditions written into `out` as `<name>.<format>`.

    `tell` is called once with what is known before any pixel is decoded, so that it survives a killed
    decoder. Lets MemoryError through.
    """
    if path.stat().st_size == 0:
        return {"outcome": "corrupt", "reason": reasons.EMPTY, "type": None, "facts": {}}
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
        kind = sniff.sniff(buffer[: sniff.HEAD_BYTES])
        known = {"type": vars(kind), "facts": {}}
        if kind.format not in RENDERED:
            return {**known, "outcome": "unsupported", "reason": reasons.not_rendered(kind.format)}
        return _read_picture(path, buffer, kind, limits, recipe, out, tell)


def _read_picture(
    path: Path,
    buffer: mmap.mmap,
    kind: FileType,
    limits: Limits,
    recipe: Recipe,
    out: Path,
    tell: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    sources = merge.read(buffer, kind.format)
    header = gate.read(buffer, kind.format, limits.max_frames)
    turn = merge.orientation(sources)
    facts = {**_size(header, turn), **merge.facts(sources)}
    known: dict[str, Any] = {"type": vars(kind), "facts": facts}
    is_whole = endings.is_whole(buffer, kind.format)
    if header is None:
        return {**known, **_corrupt(kind.format, is_whole, facts)}
    refusal = gate.check(header, kind.format, limits)
    if refusal is not None:
        return {**known, "outcome": refusal.outcome, "reason": refusal.reason}
    tell(known)
    try:
        source = Source(path, buffer, kind.format, header, is_whole)
        look = Look(turn, sources.icc)
        if isinstance(recipe, Sight):
            return {**known, **_seen(source, look, recipe, facts)}
        drawn = cut.draw(source, look, recipe) if isinstance(recipe, Preset) else render.draw(source, look, recipe)
    except cut.CannotSatisfy as problem:
        return {**known, "outcome": "limit", "reason": str(problem)}
    except CannotDecode:
        return {**known, **_corrupt(kind.format, is_whole, facts)}
    facts = {**facts, **drawn.seen, "has_alpha": bool(drawn.has_alpha)}
    return {**known, "facts": facts, **_written(drawn, out)}


def _seen(source: Source, look: Look, recipe: Sight, facts: dict[str, Any]) -> dict[str, Any]:
    """What is seen, with the model where it is there and asked for and, at any rate, without it.

    Raises CannotDecode, or MemoryError.
    """
    with decode.all_the_way():
        picture, _ = render.first(source, look, tagger.SIDE_PX)
        return {
            "outcome": "ok",
            "reason": None,
            "facts": {**facts, **render.facts_of(picture, FACTS_PX)},
            "sight": tagger.look(picture, recipe.classes) if recipe.classes else None,
        }


def _size(header: Header | None, orientation: int) -> dict[str, int]:
    if header is None or header.width_px < 1 or header.height_px < 1:
        return {}
    width, height = header.width_px, header.height_px
    if orientation >= 5:
        width, height = height, width
    return {"width_px": width, "height_px": height, "frames": header.frames}


def _corrupt(format_name: str, is_whole: bool, facts: dict[str, Any]) -> dict[str, Any]:
    if is_whole:
        return {"outcome": "corrupt", "reason": reasons.damaged(format_name)}
    return {
        "outcome": "corrupt",
        "reason": reasons.truncated(format_name),
        "facts": {**facts, "truncated": True},
    }


def _written(drawn: Drawn, out: Path) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for made in drawn.renditions:
        (out / f"{made.name}.{made.format}").write_bytes(made.body)
        size = {"width_px": made.width_px, "height_px": made.height_px, "size_bytes": len(made.body)}
        rows.append({"name": made.name, **size, "format": made.format})
    return {"outcome": "ok", "reason": None, "thumbhash": drawn.thumbhash, "renditions": rows}
