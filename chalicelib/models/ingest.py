"""Arrivals in the table: the claim with its lease, and how each one ended.

`work` is a sparse index: a row is in it only while there is something to do.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.arrivals import Arrival, Hint, Refusal, State
from chalicelib.domain.ids import AssetId, VersionId, WorkspaceId
from chalicelib.models import base

PATIENCE = timedelta(minutes=5)
"""A pending arrival whose message was sent is left to it this long before the sweep sends another."""
KEPT = timedelta(days=45)
"""Done rows outlive the dead-letter queue and its redrive, so that late repeats are still known."""


class ByState(GlobalSecondaryIndex["IngestRecord"]):
    """Arrivals of a workspace in one state."""

    class Meta:
        index_name = "by_state"
        projection = AllProjection()

    state_place = UnicodeAttribute(hash_key=True)
    state_at = UnicodeAttribute(range_key=True)


class ByTime(GlobalSecondaryIndex["IngestRecord"]):
    """Arrivals of a workspace by time."""

    class Meta:
        index_name = "by_time"
        projection = AllProjection()

    workspace = UnicodeAttribute(hash_key=True)
    arrived_at = UnicodeAttribute(range_key=True)


class Work(GlobalSecondaryIndex["IngestRecord"]):
    """Arrivals that somebody owns or that wait to be tried again, by when they are due."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class IngestRecord(base.Record):
    """One arrival."""

    class Meta:
        noun = "ingest"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    key = UnicodeAttribute()
    object_version = UnicodeAttribute(null=True)
    sequencer = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    state_place = UnicodeAttribute()
    state_at = UnicodeAttribute()
    file_name = UnicodeAttribute()
    source = UnicodeAttribute()
    arrived_at = UnicodeAttribute()
    attempts = NumberAttribute(default=0)
    owner = UnicodeAttribute(null=True)
    asset_id = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    reason_code = UnicodeAttribute(null=True)
    token = UnicodeAttribute(null=True)
    upload_id = UnicodeAttribute(null=True)
    size_bytes = NumberAttribute(null=True)
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    delete_after = NumberAttribute(null=True)
    by_state = ByState()
    by_time = ByTime()
    work_index = Work()


_WORK = "ingest"


def get(workspace: WorkspaceId, arrival_id: VersionId) -> Arrival | None:
    """The arrival, strongly consistent."""
    row = base.read(IngestRecord, workspace, arrival_id)
    return None if row is None else _value(row)


def get_many(keys: Sequence[tuple[WorkspaceId, VersionId]]) -> dict[VersionId, Arrival]:
    """Those of the arrivals that are known, by id, strongly consistent; a hundred cost one call."""
    return {VersionId(row.id): _value(row) for row in base.read_many(IngestRecord, keys)}


def note(hint: Hint, *, file_name: str, source: str, now: datetime, upload_id: str | None = None) -> None:
    """Make the arrival known as pending, so that it can be asked for; a row that is there stays as it is."""
    row = _fresh(hint, "pending", file_name=file_name, source=source, now=now)
    row.upload_id, row.work, row.due_at = upload_id, _WORK, base.epoch_s(now + PATIENCE)
    try:
        base.write(lambda: row.save(condition=IngestRecord.id.does_not_exist()), "arrival")
    except base.ConditionFailed:
        return


def refused(hint: Hint, refusal: Refusal, *, file_name: str, source: str, now: datetime) -> base.Write:
    """An arrival that is known only as quarantined; refused with label `arrival` when it is known already."""
    row = _fresh(hint, "quarantined", file_name=file_name, source=source, now=now)
    row.reason, row.reason_code = refusal.reason, refusal.code

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=IngestRecord.id.does_not_exist())

    return base.Write("arrival", apply)


def _fresh(hint: Hint, state: State, *, file_name: str, source: str, now: datetime) -> IngestRecord:
    at = base.stamp(now)
    return IngestRecord(
        hint.workspace,
        hint.id,
        key=hint.key,
        object_version=hint.object_version,
        sequencer=hint.sequencer,
        state=state,
        state_place=base.place(hint.workspace, state),
        state_at=at,
        file_name=file_name,
        source=source,
        arrived_at=at,
    )


def claim(
    hint: Hint, *, owner: str, file_name: str, source: str, upload_id: str | None, fresh_asset_id: AssetId,
    now: datetime, lease_s: int,
) -> Arrival | None:  # fmt: skip
    """Own the arrival for `lease_s` seconds; None when somebody else does, or when it has ended.

    The first claim mints the asset id; every later one finds it. Claiming counts as a try.
    """
    at, until = base.stamp(now), base.epoch_s(now) + lease_s
    row = IngestRecord(hint.workspace, hint.id)
    column = IngestRecord
    actions: list[Any] = [
        column.key.set(hint.key),
        column.state.set("processing"),
        column.state_place.set(base.place(hint.workspace, "processing")),
        column.state_at.set(at),
        column.file_name.set(file_name),
        column.source.set(source),
        column.owner.set(owner),
        column.work.set(_WORK),
        column.due_at.set(until),
        column.attempts.add(1),
        column.arrived_at.set(column.arrived_at | at),
        column.asset_id.set(column.asset_id | fresh_asset_id),
        column.reason.remove(),
        column.reason_code.remove(),
    ]
    if hint.object_version:
        actions.append(column.object_version.set(hint.object_version))
    if hint.sequencer:
        actions.append(column.sequencer.set(hint.sequencer))
    if upload_id:
        actions.append(column.upload_id.set(upload_id))
    is_free = column.id.does_not_exist() | (column.state == "pending")
    is_over = (column.state == "processing") & (column.due_at < base.epoch_s(now))
    try:
        base.write(lambda: row.update(actions=actions, condition=is_free | is_over), "arrival")
    except base.ConditionFailed:  # perhaps by our own write, when its answer was lost and it was sent again
        known = get(hint.workspace, hint.id)
        return known if known is not None and known.owner == owner else None
    return _value(row)


def renew(arrival: Arrival, *, now: datetime, lease_s: int) -> None:
    """Own it for `lease_s` more seconds. Raises `ConditionFailed` when somebody else owns it now."""
    row = IngestRecord(arrival.workspace, arrival.id)
    actions: list[Any] = [IngestRecord.due_at.set(base.epoch_s(now) + lease_s)]
    base.write(lambda: row.update(actions=actions, condition=_is_mine(arrival)), "arrival")


def give_back(arrival: Arrival, *, now: datetime, counts: bool = True) -> None:
    """Stop owning it, so that it can be tried again at once; a no-op when somebody else owns it now."""
    row = IngestRecord(arrival.workspace, arrival.id)
    actions: list[Any] = _state_actions(arrival.workspace, "pending", now)
    actions += [IngestRecord.due_at.set(base.epoch_s(now)), IngestRecord.owner.remove()]
    if not counts:
        actions.append(IngestRecord.attempts.add(-1))
    try:
        base.write(lambda: row.update(actions=actions, condition=_is_mine(arrival)), "arrival")
    except base.ConditionFailed:
        return


def postpone(arrival: Arrival, *, now: datetime) -> None:
    """Leave a pending arrival to the message that was just sent; a no-op when somebody works on it."""
    row = IngestRecord(arrival.workspace, arrival.id)
    actions: list[Any] = [IngestRecord.due_at.set(base.epoch_s(now + PATIENCE))]
    try:
        base.write(lambda: row.update(actions=actions, condition=IngestRecord.state == "pending"), "arrival")
    except base.ConditionFailed:
        return


def finish(
    arrival: Arrival, *, version: int, asset_id: AssetId, token: str, size_bytes: int, now: datetime
) -> base.Write:
    """Done, in the commit's transaction; refused with label `arrival` when the claim is not ours any more."""
    actions: list[Any] = [
        *_state_actions(arrival.workspace, "done", now),
        IngestRecord.asset_id.set(asset_id),
        IngestRecord.version.set(version),
        IngestRecord.token.set(token),
        IngestRecord.size_bytes.set(size_bytes),
        IngestRecord.delete_after.set(base.epoch_s(now + KEPT)),
        *_ended(),
    ]
    return _change(arrival, actions, _is_mine(arrival))


def quarantine(arrival: Arrival, refusal: Refusal, *, now: datetime) -> base.Write:
    """Set it aside with a reason; refused with label `arrival` when the claim is not ours any more."""
    actions: list[Any] = [
        *_state_actions(arrival.workspace, "quarantined", now),
        IngestRecord.reason.set(refusal.reason),
        IngestRecord.reason_code.set(refusal.code),
        *_ended(),
    ]
    return _change(arrival, actions, _is_mine(arrival))


def retry(arrival: Arrival, *, now: datetime) -> base.Write:
    """Take a quarantined arrival up again with fresh tries; refused with label `arrival` when it is not quarantined."""
    actions: list[Any] = [
        *_state_actions(arrival.workspace, "pending", now),
        IngestRecord.attempts.set(0),
        IngestRecord.work.set(_WORK),
        IngestRecord.due_at.set(base.epoch_s(now)),
        IngestRecord.reason.remove(),
        IngestRecord.reason_code.remove(),
    ]
    return _change(arrival, actions, IngestRecord.state == "quarantined")


def page(workspace: WorkspaceId, state: State | None, *, limit: int, start: Any = None) -> base.Page[Arrival]:
    """Arrivals, newest first, in one state or in all; up to a second old."""
    if state:
        results = IngestRecord.by_state.query(
            base.place(workspace, state), scan_index_forward=False, limit=limit, last_evaluated_key=start
        )
    else:
        results = IngestRecord.by_time.query(workspace, scan_index_forward=False, limit=limit, last_evaluated_key=start)
    found = [_value(row) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)


def every(workspace: WorkspaceId) -> Iterator[Arrival]:
    """All arrivals of a workspace that are still known, by id, strongly consistent."""
    for row in base.rows(IngestRecord.query(workspace, consistent_read=True)):
        yield _value(row)


def left_alone(workspace: WorkspaceId, since: datetime) -> Iterator[Arrival]:
    """Arrivals of a workspace that have been due since before this moment, strongly consistent."""
    found = IngestRecord.query(
        workspace, filter_condition=IngestRecord.due_at < base.epoch_s(since), consistent_read=True
    )
    for row in base.rows(found):
        yield _value(row)


@base.cross_workspace("one sweep looks after the unfinished arrivals of every workspace")
def overdue(before: datetime, limit: int) -> Iterator[Arrival]:
    """Arrivals that were due before a moment: leases that ran out, tries that nobody took up."""
    results = IngestRecord.work_index.query(_WORK, IngestRecord.due_at < base.epoch_s(before), limit=limit)
    for row in base.rows(results):
        yield _value(row)


@base.cross_workspace("a start on one machine voids the claims of the runs before it")
def owned() -> Iterator[Arrival]:
    """Every arrival that somebody owns right now."""
    for row in base.rows(IngestRecord.work_index.query(_WORK)):
        if row.owner:
            yield _value(row)


def _change(arrival: Arrival, actions: list[Any], condition: Any) -> base.Write:
    row = IngestRecord(arrival.workspace, arrival.id)
    return base.Write("arrival", lambda transaction: transaction.update(row, actions=actions, condition=condition))


def _ended() -> list[Any]:
    return [IngestRecord.owner.remove(), IngestRecord.work.remove(), IngestRecord.due_at.remove()]


def _is_mine(arrival: Arrival) -> Any:
    return (IngestRecord.state == "processing") & (IngestRecord.owner == arrival.owner)


def _state_actions(workspace: WorkspaceId, state: State, now: datetime) -> list[Any]:
    return [
        IngestRecord.state.set(state),
        IngestRecord.state_place.set(base.place(workspace, state)),
        IngestRecord.state_at.set(base.stamp(now)),
    ]


def _value(row: IngestRecord) -> Arrival:
    return Arrival(
        workspace=WorkspaceId(row.workspace),
        id=VersionId(row.id),
        key=row.key,
        object_version=row.object_version,
        sequencer=row.sequencer,
        state=row.state,  # type: ignore[arg-type]
        file_name=row.file_name,
        source=row.source,
        arrived_at=base.moment(row.arrived_at),
        attempts=int(row.attempts or 0),
        owner=row.owner,
        asset_id=AssetId(row.asset_id) if row.asset_id else None,
        version=int(row.version) if row.version is not None else None,
        reason=row.reason,
        reason_code=row.reason_code,
        token=row.token,
        upload_id=row.upload_id,
        size_bytes=int(row.size_bytes) if row.size_bytes is not None else None,
        state_at=base.moment(row.state_at),
    )
