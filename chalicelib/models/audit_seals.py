"""Seals of the audit trail: a row an hour that has entries, and a head that says how far the trail is sealed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.chain import START
from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base

_HEAD = "head"
_WORK = "audit"
_HOUR = "%Y%m%d%H"


class Work(GlobalSecondaryIndex["AuditSealRecord"]):
    """Heads by when their next hour can be sealed."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class AuditSealRecord(base.Record):
    """One sealed hour (`id` is `YYYYMMDDHH`), or the head (`id` is `head`)."""

    class Meta:
        noun = "audit_seals"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    before = UnicodeAttribute()
    after = UnicodeAttribute()
    entries = NumberAttribute()
    sealed_until = UnicodeAttribute(null=True)
    begun_at = UnicodeAttribute(null=True)
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    work_index = Work()


@dataclass(frozen=True)
class Head:
    """Everything from `begun_at` to before `sealed_until`, full hours, is sealed; `seal` is the last one."""

    workspace: WorkspaceId
    sealed_until: datetime
    seal: str
    begun_at: datetime


@dataclass(frozen=True)
class Hour:
    """One sealed hour."""

    begins: datetime
    before: str
    after: str
    entries: int


def begin(workspace: WorkspaceId, since: datetime, due_in: timedelta) -> base.Write:
    """Begin a trail with the hour of this moment; refused with label `head` when it has begun."""
    hour = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    row = _head(Head(workspace, hour, START, hour), hour + timedelta(hours=1) + due_in)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=AuditSealRecord.id.does_not_exist())

    return base.Write("head", apply)


def head(workspace: WorkspaceId) -> Head | None:
    """How far the trail is sealed, strongly consistent; None when it has not begun."""
    row = base.read(AuditSealRecord, workspace, _HEAD)
    if row is None:
        return None
    return Head(workspace, base.moment(str(row.sealed_until)), row.after, base.moment(str(row.begun_at)))


def advance(old: Head, until: datetime, hour: Hour | None, due_at: datetime) -> tuple[Head, list[base.Write]]:
    """The next head, and the writes that make it so; refused with label `head` when another run was faster."""
    new = replace(old, sealed_until=until, seal=hour.after if hour else old.seal)
    is_ours = AuditSealRecord.sealed_until == base.stamp(old.sealed_until)

    def move(transaction: TransactWrite) -> None:
        transaction.save(_head(new, due_at), condition=is_ours)

    writes = [base.Write("head", move)]
    if hour is not None:
        row = AuditSealRecord(
            old.workspace, f"{hour.begins:{_HOUR}}", before=hour.before, after=hour.after, entries=hour.entries
        )
        writes.append(base.Write("hour", lambda transaction: transaction.save(row)))
    return new, writes


def hours(workspace: WorkspaceId, begin: datetime, end: datetime) -> list[Hour]:
    """Sealed hours from `begin` to before `end`, oldest first, strongly consistent."""
    span = AuditSealRecord.id.between(f"{begin:{_HOUR}}", f"{end - timedelta(microseconds=1):{_HOUR}}")
    return [
        Hour(datetime.strptime(row.id, _HOUR).replace(tzinfo=UTC), row.before, row.after, int(row.entries))
        for row in base.rows(AuditSealRecord.query(workspace, span, consistent_read=True))
    ]


@base.cross_workspace("one schedule seals the trail of every workspace")
def due(now: datetime, limit: int) -> list[WorkspaceId]:
    """Workspaces with an hour that can be sealed, the longest due first; up to a second old."""
    results = AuditSealRecord.work_index.query(_WORK, AuditSealRecord.due_at <= base.epoch_s(now), limit=limit)
    return [WorkspaceId(row.workspace) for row in base.rows(results)]


@base.cross_workspace("an operator checks every workspace; each has a head from its founding on")
def workspaces() -> Iterator[WorkspaceId]:
    """Every workspace, those with the oldest unsealed hour first; up to a second old."""
    for row in base.rows(AuditSealRecord.work_index.query(_WORK)):
        yield WorkspaceId(row.workspace)


def _head(one: Head, due_at: datetime) -> AuditSealRecord:
    more: dict[str, Any] = {"work": _WORK, "due_at": base.epoch_s(due_at)}
    return AuditSealRecord(
        one.workspace,
        _HEAD,
        before="",
        after=one.seal,
        entries=0,
        sealed_until=base.stamp(one.sealed_until),
        begun_at=base.stamp(one.begun_at),
        **more,
    )
