"""Duplicates: pairs of assets that look alike, each once; sparse indexes have the open ones, newest first, and the
decided ones, lately decided first.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.duplicates import Decision, Pair, State
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base


class OpenOnes(GlobalSecondaryIndex["DuplicateRecord"]):
    """Pairs nobody has decided, by workspace and age."""

    class Meta:
        index_name = "open"
        projection = AllProjection()

    open_in = UnicodeAttribute(hash_key=True)
    found_at = UnicodeAttribute(range_key=True)


class DecidedOnes(GlobalSecondaryIndex["DuplicateRecord"]):
    """Pairs that were decided, by workspace and when."""

    class Meta:
        index_name = "decided"
        projection = AllProjection()

    decided_in = UnicodeAttribute(hash_key=True)
    decided_at = UnicodeAttribute(range_key=True)


class DuplicateRecord(base.Record):
    """One pair."""

    class Meta:
        noun = "duplicates"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    first = UnicodeAttribute()
    second = UnicodeAttribute()
    found_at = UnicodeAttribute()
    decision = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    decided_at = UnicodeAttribute(null=True)
    open_in = UnicodeAttribute(null=True)
    decided_in = UnicodeAttribute(null=True)
    open_ones = OpenOnes()
    decided_ones = DecidedOnes()


def get(workspace: WorkspaceId, pair_id: str) -> Pair | None:
    """One pair, strongly consistent."""
    row = base.read(DuplicateRecord, workspace, pair_id)
    return None if row is None else _value(row)


def page(workspace: WorkspaceId, state: State = "open", *, limit: int, start: Any = None) -> base.Page[Pair]:
    """Open pairs, newest first, or decided ones, lately decided first; up to a second old."""
    asked = DuplicateRecord.open_ones if state == "open" else DuplicateRecord.decided_ones
    results = asked.query(workspace, scan_index_forward=False, limit=limit, last_evaluated_key=start)
    found = [_value(row) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)


def note(workspace: WorkspaceId, pair: Pair) -> None:
    """Keep an open pair, unless these two are known already, whatever was decided."""
    row = DuplicateRecord(
        workspace,
        pair.id,
        first=pair.first,
        second=pair.second,
        found_at=base.stamp(pair.found_at),
        open_in=workspace,
    )
    with suppress(base.ConditionFailed):
        base.write(lambda: row.save(condition=DuplicateRecord.id.does_not_exist()), "duplicate")


def decide(workspace: WorkspaceId, pair_id: str, decision: Decision, by: str, now: datetime) -> base.Write:
    """Write the decision; refused with label `duplicate` when somebody has decided already."""
    actions: list[Any] = [
        DuplicateRecord.decision.set(decision),
        DuplicateRecord.by.set(by),
        DuplicateRecord.decided_at.set(base.stamp(now)),
        DuplicateRecord.open_in.remove(),
        DuplicateRecord.decided_in.set(workspace),
    ]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            DuplicateRecord(workspace, pair_id), actions=actions, condition=DuplicateRecord.open_in == workspace
        )

    return base.Write("duplicate", apply)


def reopen(workspace: WorkspaceId, pair: Pair) -> base.Write:
    """Take the decision back: the pair waits again; refused with label `duplicate` when it is another by now."""
    actions: list[Any] = [
        DuplicateRecord.open_in.set(workspace),
        DuplicateRecord.decision.remove(),
        DuplicateRecord.by.remove(),
        DuplicateRecord.decided_at.remove(),
        DuplicateRecord.decided_in.remove(),
    ]
    decided_at = base.stamp(pair.decided_at) if pair.decided_at else None
    is_same = (DuplicateRecord.decision == pair.decision) & (DuplicateRecord.decided_at == decided_at)

    def apply(transaction: TransactWrite) -> None:
        transaction.update(DuplicateRecord(workspace, pair.id), actions=actions, condition=is_same)

    return base.Write("duplicate", apply)


def _value(row: DuplicateRecord) -> Pair:
    return Pair(
        AssetId(row.first),
        AssetId(row.second),
        base.moment(row.found_at),
        row.decision,  # type: ignore[arg-type]
        row.by,
        base.moment(row.decided_at) if row.decided_at else None,
    )
