"""The shapes of answers to searches, and of the feed of changes (see shapes.py)."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.asset_shapes import SlimAsset
from chalicelib.handlers.shapes import ETAG, Out, Page, Time


class FacetValue(Out):
    """How many of the found assets have this value."""

    value: str
    count: int
    label: str = Field(default="", description="What people call it, where the value is an id.")


class Hit(SlimAsset):
    """An asset that was found."""

    seen: list[str] = Field(
        description="Words for what a model sees in it by which it was found, or was found as well; else empty."
    )


class Found(Page):
    """What a search found."""

    items: list[Hit]
    total: int
    facets: dict[str, list[FacetValue]]
    snapshot: str = Field(description="Give it with `from`, and the windows do not shift.")
    fresh: bool | None = Field(description="Whether the write of `fresh_for` is in it; null without `fresh_for`.")
    took_ms: float


class Suggestion(Out):
    """What a half-written word could become."""

    kind: Literal["term", "keyword", "sku", "collection", "search"]
    text: str
    count: int
    id: str = Field(default="", description="Of the collection or the saved search.")
    q: str = Field(default="", description="What the saved search asks.")


class Suggestions(Out):
    """Suggestions, the likeliest first."""

    items: list[Suggestion]


class Change(Out):
    """Something to read again, or to forget."""

    kind: str
    id: str
    change: Literal["upserted", "gone"]


class Changes(Out):
    """A stretch of the feed."""

    items: list[Change]
    next: str = Field(description="The `since` of the next call.")


class SavedSearch(Out):
    """A search with a name."""

    id: str
    name: str
    q: str
    sort: str | None
    shared: bool
    by: str
    count: int | None = Field(description="What it finds for the caller; null for a query that is no longer read.")
    created_at: Time
    etag: str = Field(description=ETAG)


class SavedSearches(Page):
    """Saved searches."""

    items: list[SavedSearch]
