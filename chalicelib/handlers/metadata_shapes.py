"""The shapes of answers about sheets."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.handlers.shapes import Out, Page, Started


class ImportStarted(Started):
    """A sheet that is being read; `rows` is how many it has."""

    rows: int


class Row(Out):
    """One row of a sheet."""

    number: int = Field(description="As a spreadsheet counts: the names of the columns are row 1.")
    told: dict[str, str] = Field(description="What it says, by column.")
    state: Literal["change", "changed", "same", "refused"]
    asset_id: str | None
    name: str | None
    code: str | None
    detail: str | None = Field(description="Why it is refused, or says nothing new.")
    warning: str | None = Field(description="What to know though it counts.")
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Rows(Page):
    """Rows, about in the order of the sheet; a page may be short and still have a next."""

    items: list[Row]
