"""Sealing the audit trail hour by hour, and finding what is not as it was sealed.

An hour is sealed ten minutes after its end, by when every transaction that was begun in it is over. Its entries go into
one file of lines chained to all hours before; the file, the seals beside the tables and the trail itself must agree.
Sealing again makes the same file, so a crash anywhere is repaired by the next run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import observe
from chalicelib.domain import chain
from chalicelib.domain.chain import Fault
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import NotFound
from chalicelib.models import audit, audit_seals, base
from chalicelib.models.audit import Entry
from chalicelib.models.audit_seals import Head, Hour
from chalicelib.ports.context import Context

SETTLED_AFTER = timedelta(minutes=10)
_HOUR = timedelta(hours=1)
_WORKSPACES_A_RUN = 500
_RUNS_FOR = timedelta(seconds=45)
_LOOKS_FOR = timedelta(seconds=15)
MOST_FAULTS = 200
"""Faults named in one answer."""


@dataclass(frozen=True)
class Report:
    """What a look at the trail found. `next` is where to go on when the time was over."""

    sealed_until: datetime | None
    checked_from: datetime | None
    checked_until: datetime | None
    entries: int
    faults: tuple[tuple[datetime, Fault], ...]
    next: datetime | None


def begin(ctx: Context, workspace: WorkspaceId) -> base.Write:
    """The write that begins a workspace's trail."""
    return audit_seals.begin(workspace, ctx.now(), SETTLED_AFTER)


def seal_due(ctx: Context) -> int:
    """Seal every hour that can be, of every workspace; how many hours. Safe to run in several places at once."""
    until, sealed = ctx.now() + _RUNS_FOR, 0
    for workspace in audit_seals.due(ctx.now(), _WORKSPACES_A_RUN):
        sealed += seal(ctx, workspace, until)
        if ctx.now() >= until:
            break
    return sealed


def seal(ctx: Context, workspace: WorkspaceId, until: datetime) -> int:
    """Seal the hours of one workspace that can be sealed; how many had entries. Stops at `until`."""
    head, sealed = audit_seals.head(workspace), 0
    while head is not None and head.sealed_until + _HOUR + SETTLED_AFTER <= ctx.now():
        entries = _entries(workspace, head.sealed_until)
        hour = _written(ctx, head, entries) if entries else None
        reaches = _next_hour(workspace, head.sealed_until, ctx.now()) if hour is None else head.sealed_until + _HOUR
        new, writes = audit_seals.advance(head, reaches, hour, reaches + _HOUR + SETTLED_AFTER)
        try:
            base.transact(writes)
        except base.ConditionFailed:
            observe.note("audit sealed elsewhere", workspace=workspace)
            return sealed
        head, sealed = new, sealed + (hour is not None)
        if ctx.now() >= until:
            break
    return sealed


def verify(ctx: Context, workspace: WorkspaceId, begin: datetime | None, end: datetime | None) -> Report:
    """Compare the sealed hours that lie in this span, by default all, with the trail. At most 15 seconds of them."""
    head = audit_seals.head(workspace)
    if head is None:
        return Report(None, None, None, 0, (), None)
    every = audit_seals.hours(workspace, datetime(1970, 1, 1, tzinfo=UTC), head.sealed_until)
    faults = _links(head, every)
    stop, looked, going_on = ctx.now() + _LOOKS_FOR, 0, None
    first = max(begin or head.begun_at, head.begun_at)
    last = min(end or head.sealed_until, head.sealed_until)
    known = {one.begins: one for one in every}
    moment = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while moment < last:
        if ctx.now() >= stop or len(faults) >= MOST_FAULTS:
            going_on = moment
            break
        entries = _entries(workspace, moment)
        found = known.get(moment)
        faults += [(moment, one) for one in _of_hour(ctx, workspace, moment, found, entries)]
        looked += len(entries)
        moment = min(moment + _HOUR, last) if found or entries else _jump(workspace, known, moment, last)
    return Report(head.sealed_until, first, moment, looked, tuple(faults[:MOST_FAULTS]), going_on)


def every_fault(ctx: Context, workspace: WorkspaceId) -> Iterator[tuple[datetime, Fault]]:
    """Every fault of the whole trail, however long the look takes."""
    begin, told = None, set[tuple[datetime, Fault]]()
    while True:
        report = verify(ctx, workspace, begin, None)
        yield from (one for one in report.faults if one not in told)
        told |= set(report.faults)
        if report.next is None or report.next == begin:
            return
        begin = report.next


def begun_at(workspace: WorkspaceId) -> datetime | None:
    """The hour that the trail begins with."""
    head = audit_seals.head(workspace)
    return head.begun_at if head else None


def _of_hour(
    ctx: Context, workspace: WorkspaceId, begins: datetime, hour: Hour | None, entries: list[Entry]
) -> list[Fault]:
    if hour is None:
        return [Fault("inserted", one.id) for one in entries]
    try:
        file = ctx.store.read("audit", _key(workspace, begins))
    except NotFound:
        return [Fault("file_missing")]
    return list(chain.faults(ctx.secret("audit"), hour.before, hour.after, file, [_plain(one) for one in entries]))


def _links(head: Head, hours: list[Hour]) -> list[tuple[datetime, Fault]]:
    """Hours that are not chained to the one before: a row of theirs, or of one between, is not what it was."""
    befores = [chain.START, *(one.after for one in hours)]
    found = [
        (hour.begins, Fault("seal_broken")) for hour, seal in zip(hours, befores, strict=False) if hour.before != seal
    ]
    if befores[-1] != head.seal:
        found.append((head.sealed_until, Fault("seal_broken")))
    return found


def _written(ctx: Context, head: Head, entries: list[Entry]) -> Hour:
    file, seal = chain.sealed(ctx.secret("audit"), head.seal, [_plain(one) for one in entries])
    ctx.store.write("audit", _key(head.workspace, head.sealed_until), file, "application/x-ndjson")
    return Hour(head.sealed_until, head.seal, seal, len(entries))


def _entries(workspace: WorkspaceId, begins: datetime) -> list[Entry]:
    return audit.between(workspace, begins, begins + _HOUR)


def _next_hour(workspace: WorkspaceId, empty: datetime, now: datetime) -> datetime:
    """Until when nothing happened: the end of this hour, or of the day if there was nothing more in it."""
    midnight = empty.replace(hour=0) + timedelta(days=1)
    settled = (now - SETTLED_AFTER).replace(minute=0, second=0, microsecond=0)
    if midnight > settled or audit.between(workspace, empty, midnight, limit=1):
        return empty + _HOUR
    return midnight


def _jump(workspace: WorkspaceId, known: Mapping[datetime, Hour], empty: datetime, last: datetime) -> datetime:
    midnight = min(empty.replace(hour=0) + timedelta(days=1), last)
    has_more = any(empty <= one < midnight for one in known) or audit.between(workspace, empty, midnight, limit=1)
    return min(empty + _HOUR, last) if has_more else midnight


def _key(workspace: WorkspaceId, begins: datetime) -> str:
    return f"{workspace}/{begins:%Y/%m/%d/%H}.ndjson"


def _plain(one: Entry) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": base.stamp(one.at),
        "actor": one.actor,
        "action": one.action,
        "subject": one.subject,
        "result": one.result,
        "detail": one.detail,
        **({"address": one.address} if one.address else {}),
    }
