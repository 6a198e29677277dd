"""Connections to outside systems. Those that are to be looked at without being asked are in the `work` index."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from chalicelib.domain.connections import Connection, Question
from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base

_WORK = "connections"


class Work(GlobalSecondaryIndex["ConnectionRecord"]):
    """Connections by when they are due."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class Ids(GlobalSecondaryIndex["ConnectionRecord"]):
    """Connections by their own ids."""

    class Meta:
        index_name = "ids"
        projection = KeysOnlyProjection()

    id = UnicodeAttribute(hash_key=True)


class ConnectionRecord(base.Record):
    """One connection, without its credentials. `seen_revision` of people's edits is `revision`."""

    class Meta:
        noun = "connections"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    name = UnicodeAttribute()
    settings = JSONAttribute()
    secret_id = UnicodeAttribute()
    revision = NumberAttribute()
    created_at = UnicodeAttribute()
    by = UnicodeAttribute()
    state = UnicodeAttribute()
    because = UnicodeAttribute(null=True)
    question = JSONAttribute(null=True)
    memory = JSONAttribute()
    last_run_at = UnicodeAttribute(null=True)
    last_change_at = UnicodeAttribute(null=True)
    failures = NumberAttribute(default=0)
    owner = UnicodeAttribute(null=True)
    run_id = UnicodeAttribute(null=True)
    member_id = UnicodeAttribute(null=True)
    key_id = UnicodeAttribute(null=True)
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    work_index = Work()
    ids_index = Ids()


def every(workspace: WorkspaceId) -> list[Connection]:
    """All connections of the workspace, oldest first, strongly consistent."""
    return [_value(row) for row in base.rows(ConnectionRecord.query(workspace, consistent_read=True))]


def get(workspace: WorkspaceId, connection_id: str) -> Connection | None:
    """One connection, strongly consistent."""
    row = base.read(ConnectionRecord, workspace, connection_id)
    return None if row is None else _value(row)


@base.cross_workspace("one schedule wakes the due connections of every workspace")
def due(now: datetime, limit: int) -> list[tuple[WorkspaceId, str, datetime]]:
    """Workspace and id of connections that are due, with the moment since when, longest due first."""
    results = ConnectionRecord.work_index.query(_WORK, ConnectionRecord.due_at <= base.epoch_s(now), limit=limit)
    return [(WorkspaceId(row.workspace), row.id, base.of_epoch(row.due_at)) for row in base.rows(results)]


@base.cross_workspace("the address that an outside system posts to names a connection and no workspace")
def with_id(connection_id: str) -> Connection | None:
    """The connection with this id, whosesoever; one that was made a second ago may be missing."""
    for row in base.rows(ConnectionRecord.ids_index.query(connection_id)):
        return get(WorkspaceId(row.workspace), connection_id)
    return None


def add(one: Connection) -> base.Write:
    """Make it; refused with label `connection` when the id is taken."""
    row = ConnectionRecord(one.workspace, one.id, **_columns(one))

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=ConnectionRecord.id.does_not_exist())

    return base.Write("connection", apply)


def edit(old: Connection, new: Connection) -> base.Write:
    """What people change: the columns in which the two differ; refused with label `connection` when another edit came
    between. A run that goes on keeps its lease."""
    return _update(old, new, ConnectionRecord.revision == old.revision)


def claim(
    workspace: WorkspaceId, connection_id: str, *, owner: str, run_id: str, now: datetime, lease_s: int
) -> Connection | None:
    """Own it for `lease_s` seconds, for a new run or the one that is not over; None when it is not due or is gone."""
    row = ConnectionRecord(workspace, connection_id)
    actions: list[Any] = [
        ConnectionRecord.owner.set(owner),
        ConnectionRecord.due_at.set(base.epoch_s(now) + lease_s),
        ConnectionRecord.run_id.set(ConnectionRecord.run_id | run_id),
    ]
    is_free = ConnectionRecord.work.exists() & (ConnectionRecord.due_at <= base.epoch_s(now))
    try:
        base.write(lambda: row.update(actions=actions, condition=is_free), "connection")
    except base.ConditionFailed:
        return None
    return get(workspace, connection_id)


def keep(old: Connection, new: Connection, *, due_at: datetime | None) -> base.Write:
    """What a run changes; refused with label `lease` when `old`'s owner has lost it, or it is gone.

    `due_at` is when another run may take it over, or the next one is due.
    """
    return _update(old, new, ConnectionRecord.owner == old.owner, due_at=due_at, label="lease")


def remove(one: Connection) -> base.Write:
    """Delete it; refused with label `connection` when it is gone."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(ConnectionRecord(one.workspace, one.id), condition=ConnectionRecord.id.exists())

    return base.Write("connection", apply)


def make_due(one: Connection, now: datetime) -> bool:
    """Let it be due now unless a run has it; False when one has, or it is gone."""
    row = ConnectionRecord(one.workspace, one.id)
    actions: list[Any] = [ConnectionRecord.work.set(_WORK), ConnectionRecord.due_at.set(base.epoch_s(now))]
    is_free = ConnectionRecord.id.exists() & ConnectionRecord.owner.does_not_exist()
    try:
        base.write(lambda: row.update(actions=actions, condition=is_free), "connection")
    except base.ConditionFailed:
        return False
    return True


def _update(
    old: Connection, new: Connection, condition: Any, *, due_at: datetime | None = None, label: str = "connection"
) -> base.Write:
    before, after = _columns(old), _columns(new)
    if label == "lease":
        after |= {"work": _WORK if due_at else None, "due_at": base.epoch_s(due_at) if due_at else None}
        before |= {"work": "unknown", "due_at": "unknown"}
    changed = {name: value for name, value in after.items() if before[name] != value} or {"revision": new.revision}
    actions: list[Any] = [
        getattr(ConnectionRecord, name).remove() if value is None else getattr(ConnectionRecord, name).set(value)
        for name, value in changed.items()
    ]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(ConnectionRecord(old.workspace, old.id), actions=actions, condition=condition)

    return base.Write(label, apply)


def _columns(one: Connection) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "name": one.name,
        "settings": dict(one.settings),
        "secret_id": one.secret_id,
        "revision": one.revision,
        "created_at": base.stamp(one.created_at),
        "by": one.by,
        "state": one.state,
        "because": one.because,
        "question": asdict(one.question) if one.question else None,
        "memory": dict(one.memory),
        "last_run_at": base.stamp(one.last_run_at) if one.last_run_at else None,
        "last_change_at": base.stamp(one.last_change_at) if one.last_change_at else None,
        "failures": one.failures,
        "owner": one.owner,
        "run_id": one.run_id,
        "member_id": one.member_id,
        "key_id": one.key_id,
        "work": _WORK if one.due_at else None,
        "due_at": base.epoch_s(one.due_at) if one.due_at else None,
    }


def _value(row: ConnectionRecord) -> Connection:
    asked: Mapping[str, Any] | None = row.question
    return Connection(
        workspace=WorkspaceId(row.workspace),
        id=row.id,
        kind=row.kind,
        name=row.name,
        settings=dict(row.settings),
        secret_id=row.secret_id,
        revision=int(row.revision),
        created_at=base.moment(row.created_at),
        by=row.by,
        state=row.state,  # type: ignore[arg-type]
        because=row.because,
        question=Question(asked["code"], asked["text"], tuple(asked["choices"])) if asked else None,
        memory=dict(row.memory or {}),
        last_run_at=base.moment(row.last_run_at) if row.last_run_at else None,
        last_change_at=base.moment(row.last_change_at) if row.last_change_at else None,
        failures=int(row.failures or 0),
        due_at=_EPOCH + timedelta(seconds=int(row.due_at)) if row.due_at is not None else None,
        owner=row.owner,
        run_id=row.run_id,
        member_id=row.member_id,
        key_id=row.key_id,
    )


_EPOCH = base.moment("1970-01-01T00:00:00Z")
