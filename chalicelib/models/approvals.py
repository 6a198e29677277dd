"""Requests for approval; a sparse index has the open ones of a workspace, which are the approvers' queue, another those
whose approvers are to be reminded."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from chalicelib.domain.approvals import Item, Request
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base

_REMINDERS = "approvals"
_items = TypeAdapter(tuple[Item, ...])


class OpenOnes(GlobalSecondaryIndex["ApprovalRecord"]):
    """Requests with an open item, by workspace and age."""

    class Meta:
        index_name = "open"
        projection = AllProjection()

    open_in = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class Reminders(GlobalSecondaryIndex["ApprovalRecord"]):
    """Open requests with a date, by when their approvers are to be reminded."""

    class Meta:
        index_name = "reminders"
        projection = KeysOnlyProjection()

    reminders = UnicodeAttribute(hash_key=True)
    remind_at = NumberAttribute(range_key=True)


class ApprovalRecord(base.Record):
    """One request."""

    class Meta:
        noun = "approvals"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    by = UnicodeAttribute(null=True)
    items = JSONAttribute()
    approver_ids = JSONAttribute()
    rule = JSONAttribute()
    due_at = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    at = UnicodeAttribute()
    open_in = UnicodeAttribute(null=True)
    reminders = UnicodeAttribute(null=True)
    remind_at = NumberAttribute(null=True)
    open_ones = OpenOnes()
    reminders_index = Reminders()


def get(workspace: WorkspaceId, request_id: str) -> Request | None:
    """One request, strongly consistent."""
    row = base.read(ApprovalRecord, workspace, request_id)
    return None if row is None else _value(row)


def page(workspace: WorkspaceId, *, only_open: bool, limit: int, start: Any = None) -> base.Page[Request]:
    """Requests, newest first; the open ones are up to a second old."""
    source = ApprovalRecord.open_ones if only_open else ApprovalRecord
    results = source.query(workspace, scan_index_forward=False, limit=limit, last_evaluated_key=start)
    found = [_value(row) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)


def about(workspace: WorkspaceId, asset_id: AssetId) -> Iterator[Request]:
    """Open requests in which this asset is asked about; up to a second old."""
    for row in base.rows(ApprovalRecord.open_ones.query(workspace)):
        found = _value(row)
        if found.item(asset_id) is not None:
            yield found


def add(workspace: WorkspaceId, one: Request) -> base.Write:
    """Create it; refused with label `approval` when the id is taken."""
    row = ApprovalRecord(
        workspace,
        one.id,
        revision=1,
        by=one.by,
        items=_items.dump_python(one.items, mode="json"),
        approver_ids=list(one.approver_ids),
        rule=one.rule,
        due_at=base.stamp(one.due_at) if one.due_at else None,
        note=one.note,
        at=base.stamp(one.at),
        open_in=workspace,
    )
    row.remind_at = _remind_at(one, one.at)
    row.reminders = None if row.remind_at is None else _REMINDERS

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=ApprovalRecord.id.does_not_exist())

    return base.Write("approval", apply)


def change(workspace: WorkspaceId, old: Request, new: Request) -> base.Write:
    """Give it `new`'s items; refused with label `approval` if it is not `old`, as it was read, any more."""
    actions: list[Any] = [
        ApprovalRecord.revision.set(old.revision + 1),
        ApprovalRecord.items.set(_items.dump_python(new.items, mode="json")),
    ]
    if new.state != "open":
        actions += [ApprovalRecord.open_in.remove(), *_reminded(None)]

    def apply(transaction: TransactWrite) -> None:
        is_old = ApprovalRecord.revision == old.revision
        transaction.update(ApprovalRecord(workspace, old.id), actions=actions, condition=is_old)

    return base.Write("approval", apply)


@base.cross_workspace("one schedule reminds the approvers of every workspace")
def to_remind(now: datetime, limit: int) -> list[tuple[WorkspaceId, str, int]]:
    """Workspace, id and date, in seconds since 1970, of requests whose reminder is due, longest due first."""
    results = ApprovalRecord.reminders_index.query(
        _REMINDERS, ApprovalRecord.remind_at <= base.epoch_s(now), limit=limit
    )
    return [(WorkspaceId(row.workspace), row.id, int(row.remind_at)) for row in base.rows(results)]


def reminded(workspace: WorkspaceId, request: Request, was: int, now: datetime) -> None:
    """Note that the reminder of that date was given, and the next one; a no-op when it was noted."""
    row, actions = ApprovalRecord(workspace, request.id), _reminded(_remind_at(request, now))
    try:
        base.write(lambda: row.update(actions=actions, condition=ApprovalRecord.remind_at == was), "approval")
    except base.ConditionFailed:
        return


def _remind_at(request: Request, after: datetime) -> int | None:
    at = request.next_reminder(after)
    return None if at is None else math.ceil(at.timestamp())


def _reminded(at: int | None) -> list[Any]:
    if at is None:
        return [ApprovalRecord.reminders.remove(), ApprovalRecord.remind_at.remove()]
    return [ApprovalRecord.reminders.set(_REMINDERS), ApprovalRecord.remind_at.set(at)]


def _value(row: ApprovalRecord) -> Request:
    return Request(
        row.id,
        row.by,
        _items.validate_python(row.items),
        tuple(row.approver_ids),
        row.rule,
        base.moment(row.due_at) if row.due_at else None,
        row.note,
        base.moment(row.at),
        int(row.revision),
    )
