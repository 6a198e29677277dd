"""The shapes of answers about changes of many assets."""

from typing import Any

from pydantic import Field

from chalicelib.handlers.shapes import Out


class Refused(Out):
    """Why an asset would stay as it is."""

    code: str
    detail: str


class Sample(Out):
    """One asset: what would change of it, or why nothing."""

    asset_id: str
    name: str | None = Field(description="Null of what the caller may not see.")
    before: dict[str, Any]
    after: dict[str, Any]
    refused: Refused | None


class Reason(Out):
    """Why some of the assets would stay as they are."""

    code: str
    detail: str = Field(description="As the first of them is refused.")
    count: int


class Present(Out):
    """What some of the assets have now."""

    value: str
    count: int = Field(description="How many of them.")


class Trial(Out):
    """What a change would do. Nothing was written."""

    count: int = Field(description="How many assets are selected.")
    refused: int = Field(description="How many of them would stay as they are, because something is refused.")
    reasons: list[Reason] = Field(description="Why, the most frequent first.")
    sample: list[Sample] = Field(description="The first 20.")
    keywords: list[Present] = Field(description="Keywords that they have now, the most frequent first, at most 200.")
    collections: list[Present] = Field(description="Ids of collections that they are in now, likewise.")
