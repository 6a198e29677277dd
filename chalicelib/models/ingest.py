"""Arrivals in the table: how each is made known and found. Who works on one and how it ended: `claims.py`.

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


WORK = "ingest"
"""The one value of `work`: whatever is in that index is found by it."""


def get(workspace: WorkspaceId, arrival_id: VersionId) -> Arrival | None:
    """The arrival, strongly consistent."""
    row = base.read(IngestRecord, workspace, arrival_id)
    return None if row is None else value(row)


def get_many(keys: Sequence[tuple[WorkspaceId, VersionId]]) -> dict[VersionId, Arrival]:
    """Those of the arrivals that are known, by id, strongly consistent; a hundred cost one call."""
    return {VersionId(row.id): value(row) for row in base.read_many(IngestRecord, keys)}


def note(hint: Hint, *, file_name: str, source: str, now: datetime, upload_id: str | None = None) -> None:
    """Make the arrival known as pending, so that it can be asked for; a row that is there stays as it is."""
    row = _fresh(hint, "pending", file_name=file_name, source=source, now=now)
    row.upload_id, row.work, row.due_at = upload_id, WORK, base.epoch_s(now + PATIENCE)
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


def page(workspace: WorkspaceId, state: State | None, *, limit: int, start: Any = None) -> base.Page[Arrival]:
    """Arrivals, newest first, in one state or in all; up to a second old."""
    if state:
        results = IngestRecord.by_state.query(
            base.place(workspace, state), scan_index_forward=False, limit=limit, last_evaluated_key=start
        )
    else:
        results = IngestRecord.by_time.query(workspace, scan_index_forward=False, limit=limit, last_evaluated_key=start)
    found = [value(row) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)


def every(workspace: WorkspaceId) -> Iterator[Arrival]:
    """All arrivals of a workspace that are still known, by id, strongly consistent."""
    for row in base.rows(IngestRecord.query(workspace, consistent_read=True)):
        yield value(row)


def left_alone(workspace: WorkspaceId, since: datetime) -> Iterator[Arrival]:
    """Arrivals of a workspace that have been due since before this moment, strongly consistent."""
    found = IngestRecord.query(
        workspace, filter_condition=IngestRecord.due_at < base.epoch_s(since), consistent_read=True
    )
    for row in base.rows(found):
        yield value(row)


@base.cross_workspace("one sweep looks after the unfinished arrivals of every workspace")
def overdue(before: datetime, limit: int) -> Iterator[Arrival]:
    """Arrivals that were due before a moment: leases that ran out, tries that nobody took up."""
    results = IngestRecord.work_index.query(WORK, IngestRecord.due_at < base.epoch_s(before), limit=limit)
    for row in base.rows(results):
        yield value(row)


@base.cross_workspace("a start on one machine voids the claims of the runs before it")
def owned() -> Iterator[Arrival]:
    """Every arrival that somebody owns right now."""
    for row in base.rows(IngestRecord.work_index.query(WORK)):
        if row.owner:
            yield value(row)


def value(row: IngestRecord) -> Arrival:
    """The row as the domain has it."""
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
