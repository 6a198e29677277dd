"""The shapes of answers about pictures that look alike (see shapes.py)."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.handlers.asset_shapes import SlimAsset
from chalicelib.handlers.shapes import Out, Page, Time

_DISTANCE = Field(ge=0, le=1, description="0 for the same look, 1 for none of it.")


class SimilarAsset(SlimAsset):
    """An asset that looks like another."""

    distance: float = _DISTANCE


class Similar(Out):
    """What looks alike, nearest first."""

    items: list[SimilarAsset]


class Duplicate(Out):
    """Two assets that look like the same picture."""

    id: str
    distance: float = _DISTANCE
    found_at: Time
    assets: list[SlimAsset] = Field(min_length=2, max_length=2)


class Duplicates(Page):
    """Pairs to decide, newest first."""

    items: list[Duplicate]


class Decided(Out):
    """What became of a pair; the last four after a merge only."""

    id: str
    decision: Literal["ignore", "merge", "keep_both"]
    kept: str = ""
    trashed: str = ""
    before: dict[str, Any] = Field(default={}, description="Fields of the kept asset as they were: PATCH undoes it.")
    put_into: list[str] = Field(default=[], description="Collections that the kept asset was put into.")
