"""Audit: who did what to what, append-only, a partition a day."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Literal

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId, first_id
from chalicelib.models import base


class BySubject(GlobalSecondaryIndex["AuditRecord"]):
    """What happened to one thing."""

    class Meta:
        index_name = "by_subject"
        projection = AllProjection()

    subject_place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class AuditRecord(base.Record):
    """One entry."""

    class Meta:
        noun = "audit"

    day = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    subject_place = UnicodeAttribute()
    subject = UnicodeAttribute()
    actor = UnicodeAttribute()
    action = UnicodeAttribute()
    result = UnicodeAttribute()
    at = UnicodeAttribute()
    detail = JSONAttribute(null=True)
    address = UnicodeAttribute(null=True)
    by_subject = BySubject()


@dataclass(frozen=True)
class Entry:
    """One act. `subject` is `kind:id`; `detail` holds before, after and the like."""

    id: str
    at: datetime
    actor: str
    action: str
    subject: str
    result: Literal["ok", "refused", "failed"] = "ok"
    detail: dict[str, Any] | None = None
    address: str | None = None
    """Where in the network it was asked for; None of what Packshot or a job did."""


def add(workspace: WorkspaceId, entry: Entry) -> base.Write:
    """Append it; refused with label `audit` when the id is taken, so an entry is never replaced."""
    row = _row(workspace, entry)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=AuditRecord.id.does_not_exist())

    return base.Write("audit", apply)


def of(workspace: WorkspaceId, subject: str, limit: int = 200) -> list[Entry]:
    """Entries about one subject, oldest first; up to a second old."""
    found = AuditRecord.by_subject.query(base.place(workspace, subject), limit=limit)
    return [_value(row) for row in base.rows(found)]


def day(workspace: WorkspaceId, when: datetime) -> list[Entry]:
    """All entries of the UTC day of this moment, oldest first, strongly consistent."""
    found = AuditRecord.query(base.place(workspace, f"{when:%Y%m%d}"), consistent_read=True)
    return [_value(row) for row in base.rows(found)]


def between(workspace: WorkspaceId, begin: datetime, end: datetime, limit: int | None = None) -> list[Entry]:
    """Entries whose ids were made from `begin` to before `end`, at most a day, oldest first, strongly consistent.

    An id is made a moment before the entry's time, so at midnight an entry may lie in the next day's partition.
    """
    span = AuditRecord.id.between(first_id(begin), first_id(end))
    found: list[Entry] = []
    for when in dict.fromkeys(f"{one:%Y%m%d}" for one in (begin, end)):
        left = None if limit is None else limit - len(found)
        rows = AuditRecord.query(base.place(workspace, when), span, consistent_read=True, limit=left)
        found += [_value(row) for row in base.rows(rows)]
    return found[:limit]


@dataclass(frozen=True)
class Asked:
    """What entries must be like; None asks nothing. `from_` is included, `to` is not."""

    actor: str | None = None
    action: str | None = None
    from_: datetime | None = None
    to: datetime | None = None

    @property
    def condition(self) -> Condition | None:
        """The same for the table."""
        parts: list[Condition] = []
        if self.actor is not None:
            parts.append(AuditRecord.actor == self.actor)
        if self.action is not None:
            parts.append(AuditRecord.action == self.action)
        if self.from_ is not None:
            parts.append(AuditRecord.at >= base.stamp(self.from_))
        if self.to is not None:
            parts.append(AuditRecord.at < base.stamp(self.to))
        return reduce(lambda one, other: one & other, parts) if parts else None


Place = Any
"""Where a page ended, as JSON; None at the end."""


def page_of_subject(
    workspace: WorkspaceId, subject: str, asked: Asked, *, limit: int, start: Place
) -> tuple[list[Entry], Place]:
    """Entries about one subject, newest first; up to a second old."""
    where = base.place(workspace, subject)
    return _page(AuditRecord.by_subject.query(
        where, filter_condition=asked.condition, scan_index_forward=False, limit=limit, last_evaluated_key=start,
    ))  # fmt: skip


def page_of_day(
    workspace: WorkspaceId, when: datetime, asked: Asked, *, limit: int, start: Place
) -> tuple[list[Entry], Place]:
    """Entries of a UTC day, newest first, strongly consistent."""
    return _page(AuditRecord.query(
        base.place(workspace, f"{when:%Y%m%d}"), filter_condition=asked.condition, scan_index_forward=False,
        limit=limit, last_evaluated_key=start, consistent_read=True,
    ))  # fmt: skip


def _page(found: Any) -> tuple[list[Entry], Place]:
    entries = [_value(row) for row in base.rows(found)]
    return entries, found.last_evaluated_key


def _row(workspace: WorkspaceId, entry: Entry) -> AuditRecord:
    return AuditRecord(
        base.place(workspace, f"{entry.at:%Y%m%d}"),
        entry.id,
        subject_place=base.place(workspace, entry.subject),
        subject=entry.subject,
        actor=entry.actor,
        action=entry.action,
        result=entry.result,
        at=base.stamp(entry.at),
        detail=entry.detail,
        address=entry.address,
    )


def _value(row: AuditRecord) -> Entry:
    return Entry(
        row.id, base.moment(row.at), row.actor, row.action, row.subject,
        row.result, row.detail,  # type: ignore[arg-type]
        row.address,
    )  # fmt: skip
