"""The outbox: what a commit must still tell onward. Rows leave the `work` index once told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base

KEPT = timedelta(hours=24)
_WORK = "outbox"


class Work(GlobalSecondaryIndex["OutboxRecord"]):
    """Rows not told yet, by when they are due."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class OutboxRecord(base.Record):
    """One announcement."""

    class Meta:
        noun = "outbox"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    at = UnicodeAttribute()
    owner = UnicodeAttribute(null=True)
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    delete_after = NumberAttribute(null=True)
    work_index = Work()


@dataclass(frozen=True)
class Message:
    """Something changed: `kind` says what, `subject` which (`asset:<id>`); `id` is also the caller's token."""

    workspace: WorkspaceId
    id: str
    kind: str
    subject: str
    at: datetime
    owner: str | None = None


def add(message: Message) -> base.Write:
    """Announce it, in the transaction of the change itself."""
    row = OutboxRecord(
        message.workspace,
        message.id,
        kind=message.kind,
        subject=message.subject,
        at=base.stamp(message.at),
        work=_WORK,
        due_at=base.epoch_s(message.at),
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=OutboxRecord.id.does_not_exist())

    return base.Write("outbox", apply)


@base.cross_workspace("one sweep tells on what every workspace has committed")
def due(now: datetime, limit: int) -> Iterator[Message]:
    """Messages that nobody has told yet and nobody is telling now, oldest first."""
    results = OutboxRecord.work_index.query(_WORK, OutboxRecord.due_at <= base.epoch_s(now), limit=limit)
    for row in base.rows(results):
        yield _value(row)


def lease(message: Message, *, owner: str, now: datetime, lease_s: int) -> bool:
    """Own the message for `lease_s` seconds; False when it is told, or somebody else is telling it."""
    row = OutboxRecord(message.workspace, message.id)
    actions: list[Any] = [OutboxRecord.owner.set(owner), OutboxRecord.due_at.set(base.epoch_s(now) + lease_s)]
    is_free = OutboxRecord.work.exists() & (OutboxRecord.due_at <= base.epoch_s(now))
    try:
        base.write(lambda: row.update(actions=actions, condition=is_free), "outbox")
    except base.ConditionFailed:
        return False
    return True


def told(message: Message, *, owner: str, now: datetime) -> None:
    """Mark it told; a no-op when our lease ran out and another has it."""
    row = OutboxRecord(message.workspace, message.id)
    actions: list[Any] = [
        OutboxRecord.work.remove(),
        OutboxRecord.due_at.remove(),
        OutboxRecord.delete_after.set(base.epoch_s(now + KEPT)),
    ]
    try:
        base.write(lambda: row.update(actions=actions, condition=OutboxRecord.owner == owner), "outbox")
    except base.ConditionFailed:
        return


def give_back(message: Message, *, owner: str, now: datetime) -> None:
    """Let the message be due again at once: there is more to do; a no-op when our lease ran out."""
    row = OutboxRecord(message.workspace, message.id)
    actions: list[Any] = [OutboxRecord.due_at.set(base.epoch_s(now))]
    try:
        base.write(lambda: row.update(actions=actions, condition=OutboxRecord.owner == owner), "outbox")
    except base.ConditionFailed:
        return


def get(workspace: WorkspaceId, message_id: str) -> Message | None:
    """One message, told or not, strongly consistent."""
    row = base.read(OutboxRecord, workspace, message_id)
    return None if row is None else _value(row)


def is_told(workspace: WorkspaceId, message_id: str) -> bool:
    """Whether everything downstream knows of it."""
    row = base.read(OutboxRecord, workspace, message_id)
    return row is None or row.work is None


def _value(row: OutboxRecord) -> Message:
    return Message(WorkspaceId(row.workspace), row.id, row.kind, row.subject, base.moment(row.at), row.owner)
