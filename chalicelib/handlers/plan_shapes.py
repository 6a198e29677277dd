"""The shapes of plans and their lines."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.handlers import schemas
from chalicelib.handlers.shapes import Out, Page, Time

ListName = Literal["matched", "unmatched", "ambiguous", "blocked", "unchanged"]
Gid = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PlanIn(schemas.Closed):
    """A plan of all pictures, or of those that a search finds."""

    q: Annotated[str, StringConstraints(max_length=2_000)] | None = None


class LineQuery(schemas.PageQuery):
    """Which lines."""

    list: ListName | None = None


class VariantQuery(schemas.Closed):
    """Which variants of the store."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(
        description="A SKU, or words of a product's or variant's name."
    )


class LinePatch(schemas.Closed):
    """A decision on a line: these variants of one product, none at all, or that what the merchant changed may be
    overwritten. Exactly one."""

    variant_ids: list[Gid] | None = Field(None, max_length=250, json_schema_extra=schemas.never_null)
    skip: bool | None = Field(None, json_schema_extra=schemas.never_null)
    overwrite: bool | None = Field(None, json_schema_extra=schemas.never_null)

    @model_validator(mode="after")
    def _one(self) -> "LinePatch":
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one of variant_ids, skip and overwrite")
        return self


class ApprovalIn(schemas.Closed):
    """Lines that are left out."""

    except_line_ids: list[Annotated[str, StringConstraints(min_length=1, max_length=80)]] = Field(
        default=[], max_length=5_000
    )


class PlanStarted(Out):
    """A plan that is being made."""

    job_id: str
    plan_id: str


class Counts(Out):
    """Lines by list. `conflicts` are those where the merchant has changed something since our last push."""

    matched: int = 0
    unmatched: int = 0
    ambiguous: int = 0
    blocked: int = 0
    unchanged: int = 0
    conflicts: int = 0


class Plan(Out):
    """A plan. Points are the store's own, minutes those of its smallest subscription: both are estimates."""

    id: str
    connection_id: str
    state: Literal[
        "computing", "ready", "approved", "applying", "partly_applied", "applied", "rolling_back", "rolled_back",
        "failed",
    ]  # fmt: skip
    because: str | None = Field(description="Why it failed, or was applied in part.")
    by: str
    created_at: Time
    approved_by: str | None
    q: str | None
    counts: Counts
    cost_points: int
    minutes: int


class Plans(Page):
    """Plans, newest first."""

    items: list[Plan]


class Drift(Out):
    """One thing that the merchant changed since our last push."""

    kind: Literal["removed", "picture", "alt", "order", "variant_image", "foreign"]
    product_id: str
    asset_id: str | None
    medium_id: str | None
    variant_id: str | None
    ours: str | None
    theirs: str | None


class Drifts(Page):
    """What the merchant changed, by product."""

    items: list[Drift]


class Variant(Out):
    """A variant of a product that the store sells, as the mirror of its catalogue has it."""

    id: str
    sku: str
    title: str
    product_id: str
    product_title: str
    active: bool


class Variants(Page):
    """Variants; those whose SKU is the text come first. At most 50."""

    items: list[Variant]


class Result(Out):
    """What became of a line."""

    state: Literal["done", "failed", "conflict", "skipped", "rolled_back", "drift"]
    detail: str


Ids = list[str]
Actions = list[Literal["create", "replace", "alt", "attach", "reorder", "assign", "unlink"]]
Changes = list[Drift]


class Line(Out):
    """A line of a plan. `before` and `after` are the picture's version, alt text, position from 1 and variants."""

    id: str
    list: ListName
    asset_id: str
    sku: str | None
    product_id: str | None
    product_title: str | None = Field(description="Null where the product is unknown.")
    variant_ids: Ids
    actions: Actions
    because: str
    before: dict[str, Any]
    after: dict[str, Any]
    drift: Changes
    result: Result | None


class Lines(Page):
    """Lines, by id; a page may be short and still have a next."""

    items: list[Line]
