"""Reading the audit trail: of one subject by its index, else day by day, newest first."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.pages import Page
from chalicelib.errors import InvalidInput
from chalicelib.models import audit, workspaces
from chalicelib.models.audit import Entry as Entry
from chalicelib.ports.context import Context
from chalicelib.services.signing import Caller

_DAYS_A_PAGE = 60
"""Days looked through for one page; a page that finds little ends there, with a next."""


@dataclass(frozen=True)
class Filter:
    """Which entries: all that are named must fit. `from_` is included, `to` is not."""

    subject: str | None = None
    actor: str | None = None
    action: str | None = None
    from_: datetime | None = None
    to: datetime | None = None


def page(ctx: Context, caller: Caller, wanted: Filter, *, limit: int, start: Any) -> Page[Entry]:
    """Entries, newest first. By subject up to a second old, else as of now. Raises `InvalidInput`."""
    check_span(wanted)
    return of_workspace(ctx, caller.workspace, wanted, limit=limit, start=start)


def check_span(wanted: Filter) -> None:
    """Raise `InvalidInput` when it ends before it begins."""
    if wanted.from_ and wanted.to and wanted.from_ >= wanted.to:
        raise InvalidInput("This is no span of time.", fields={"to": "is not after from"})


def of_workspace(ctx: Context, workspace: WorkspaceId, wanted: Filter, *, limit: int, start: Any) -> Page[Entry]:
    """The same for who needs no caller: a job that was allowed to begin."""
    asked = audit.Asked(wanted.actor, wanted.action, wanted.from_, wanted.to)
    if wanted.subject is not None:
        found, last = audit.page_of_subject(workspace, wanted.subject, asked, limit=limit, start=start)
        return Page(found, last)
    return _by_day(ctx, workspace, asked, limit, start)


def _by_day(ctx: Context, workspace: WorkspaceId, asked: audit.Asked, limit: int, start: Any) -> Page[Entry]:
    """`start` is the day to go on with, and the place in it."""
    home, now = workspaces.get(workspace), ctx.now()
    begun = home.created_at if home else now
    first = max(begun, asked.from_ or begun)
    last_moment = min(now, asked.to or now)
    day, place = (datetime.fromisoformat(start[0]), start[1]) if start else (_midnight(last_moment), None)
    found: list[Entry] = []
    for _ in range(_DAYS_A_PAGE):
        if day < _midnight(first):
            return Page(found, None)
        entries, place = audit.page_of_day(workspace, day, asked, limit=limit - len(found), start=place)
        found += entries
        if place is None:
            day -= timedelta(days=1)
        if len(found) >= limit:
            break
    return Page(found, [day.isoformat(), place] if day >= _midnight(first) else None)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
