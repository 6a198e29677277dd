"""The shapes of answers about pictures that look alike (see shapes.py)."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.handlers.asset_shapes import SlimAsset
from chalicelib.handlers.shapes import Out, Page, Time

_DISTANCE = Field(ge=0, le=1, description="0 for the same look, 1 for none of it.")


Decision = Literal["ignore", "merge", "keep_both"]


class SimilarAsset(SlimAsset):
    """An asset that looks like another."""

    distance: float = _DISTANCE


class Similar(Out):
    """What looks alike, nearest first."""

    items: list[SimilarAsset]


class Verdict(Out):
    """What was decided about a pair."""

    decision: Decision
    by: str = Field(description="Who decided, as the audit trail names them.")
    by_name: str | None = Field(description="What that member or key is called now; null for what is gone.")
    at: Time


class Duplicate(Out):
    """Two assets that look like the same picture."""

    id: str
    distance: float = _DISTANCE
    found_at: Time
    decided: Verdict | None = Field(description="Null while it waits.")
    assets: list[SlimAsset] = Field(min_length=2, max_length=2)


class Duplicates(Page):
    """Pairs that wait, newest first, or that were decided, lately decided first."""

    items: list[Duplicate]


class Decided(Out):
    """What became of a pair; the last four after a merge only."""

    id: str
    decision: Decision
    kept: str = ""
    trashed: str = ""
    before: dict[str, Any] = Field(default={}, description="Fields of the kept asset as they were: PATCH undoes it.")
    put_into: list[str] = Field(default=[], description="Collections that the kept asset was put into.")
