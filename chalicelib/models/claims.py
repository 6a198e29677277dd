"""Who works on an arrival, by a lease, and how it ended: the changes of a row of `ingest.py` after it is known."""

from datetime import datetime
from typing import Any

from chalicelib.domain.arrivals import Arrival, Hint, Refusal, State
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base
from chalicelib.models.ingest import KEPT, PATIENCE, WORK, IngestRecord, get, value


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
        column.work.set(WORK),
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
    return value(row)


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
        IngestRecord.work.set(WORK),
        IngestRecord.due_at.set(base.epoch_s(now)),
        IngestRecord.reason.remove(),
        IngestRecord.reason_code.remove(),
    ]
    return _change(arrival, actions, IngestRecord.state == "quarantined")


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
