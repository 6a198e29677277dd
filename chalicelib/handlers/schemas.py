"""The shapes of requests, as `docs/api.md` names them, and what all lists share. Validation happens here, once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from chalicelib.domain import sealing
from chalicelib.domain.pages import Page
from chalicelib.handlers.http import Call
from chalicelib.services import members

I = TypeVar("I")  # noqa: E741
_WITH_A_SIGN = Field(json_schema_extra={"pattern": r"\S"})
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), _WITH_A_SIGN]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), _WITH_A_SIGN]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Email = Annotated[Line, Field(json_schema_extra={"pattern": f"^{members.EMAIL}$", "maxLength": 254})]
"""An address; `services/members.py` judges it, once it is folded."""


def never_null(schema: dict[str, Any]) -> None:
    """For the document: a field that may be left out but not cleared."""
    (kept,) = (one for one in schema.pop("anyOf") if one != {"type": "null"})
    schema.update(kept)


def _utc(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 9000:
        raise ValueError("is out of range")
    return moment.astimezone(UTC)


def _dated(given: Any) -> Any:
    """Only what begins like a date: a bare number is no time, though pydantic would count seconds with it."""
    if isinstance(given, str) and not re.match(r"\d{4}-\d", given):
        raise ValueError("is no time with a zone, as 2026-11-24T12:00:00Z")
    return given


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A time with its zone, between the years 1900 and 9000; kept in UTC."""

MomentAsked = Annotated[AwareDatetime, BeforeValidator(_dated), AfterValidator(_utc)]
"""The same in a query string, where everything is text."""


class Closed(BaseModel):
    """A request in which unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Closed):
    """Paging of every list."""

    limit: int = Field(50, ge=1, le=200, description="Most items a page.")
    cursor: str | None = Field(None, max_length=4000, description="`next` of the page before, asked in the same way.")


class ArrivalQuery(PageQuery):
    """Which arrivals."""

    state: Literal["pending", "processing", "done", "quarantined"] | None = None


class AssetQuery(PageQuery):
    """Which assets of which collection."""

    collection_id: str = Field("root", max_length=40)
    name: str = Field("", max_length=255)
    sort: Literal["name", "-name", "uploaded", "-uploaded"] = "-uploaded"


class Reason(Closed):
    """Why."""

    reason: Paragraph


class DownloadQuery(Closed):
    """Which version, as what."""

    version: int | None = Field(None, ge=1)
    preset: str | None = Field(None, max_length=80, description="A preset's id or channel.")
    original: bool | None = None
    redirect: bool = True


class LinkIn(Closed):
    """Where the link is to be sent."""

    email: Annotated[Line, Field(json_schema_extra={"pattern": r"^[^\s@]+@\S+$", "maxLength": 254})]


class SessionIn(Closed):
    """A one-time link's token."""

    token: str = Field(min_length=20, max_length=200)


def when(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, or null."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def page_of(call: Call, what: str, query: PageQuery, read: Callable[[Any], Page[I]]) -> Page[I]:
    """A page whose `next` is a cursor sealed to workspace, principal and query. Raises `InvalidInput`."""
    asked = sorted((name, str(value)) for name, value in query.model_dump(exclude={"cursor", "limit"}).items())
    scope = f"{call.caller.workspace}\n{call.caller.principal.label}\n{what}\n{asked}"
    key = call.ctx.secret("cursors")
    start = sealing.open_cursor(key, scope, query.cursor) if query.cursor else None
    page = read(start)
    return Page(page.items, sealing.seal_cursor(key, scope, page.next) if page.next else None)


def version_number(call: Call) -> int:
    """The number of a version in the path; what is no number is one that no version has."""
    text = call.path["number"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
