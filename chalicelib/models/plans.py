"""Plans of connections: what is to be done in a store, from being computed to being rolled back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.plans import Plan
from chalicelib.models import base


class ByConnection(GlobalSecondaryIndex["PlanRecord"]):
    """Plans of one connection, by age."""

    class Meta:
        index_name = "by_connection"
        projection = AllProjection()

    connection_place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class PlanRecord(base.Record):
    """One plan."""

    class Meta:
        noun = "plans"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    connection_place = UnicodeAttribute()
    connection_id = UnicodeAttribute()
    state = UnicodeAttribute()
    by = UnicodeAttribute()
    created_at = UnicodeAttribute()
    q = UnicodeAttribute(null=True)
    is_auto = NumberAttribute(default=0)
    counts = JSONAttribute()
    cost_points = NumberAttribute(default=0)
    minutes = NumberAttribute(default=0)
    because = UnicodeAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    except_line_ids = JSONAttribute()
    job_id = UnicodeAttribute(null=True)
    revision = NumberAttribute()
    by_connection = ByConnection()


def get(workspace: WorkspaceId, plan_id: str) -> Plan | None:
    """One plan, strongly consistent."""
    row = base.read(PlanRecord, workspace, plan_id)
    return None if row is None else _value(row)


def page(workspace: WorkspaceId, connection_id: str, *, limit: int, start: Any) -> base.Page[Plan]:
    """Plans of a connection, newest first; up to a second old."""
    results = PlanRecord.by_connection.query(
        base.place(workspace, connection_id), limit=limit, last_evaluated_key=start, scan_index_forward=False
    )
    return base.Page([_value(row) for row in base.rows(results)], results.last_evaluated_key)


def of(workspace: WorkspaceId, connection_id: str) -> Iterator[Plan]:
    """All plans of a connection, newest first, page by page; up to a second old."""
    results = PlanRecord.by_connection.query(base.place(workspace, connection_id), scan_index_forward=False)
    return (_value(row) for row in base.rows(results))


def add(workspace: WorkspaceId, plan: Plan) -> base.Write:
    """Make it; refused with label `plan` when the id is taken."""
    return base.save_as_read("plan", _row(workspace, plan), None)


def change(workspace: WorkspaceId, old: Plan, new: Plan) -> base.Write:
    """Turn `old`, as it was read, into `new`; refused with label `plan` when it is not `old` any more."""
    return base.save_as_read("plan", _row(workspace, replace(new, revision=old.revision + 1)), old.revision)


def remove(workspace: WorkspaceId, plan: Plan) -> base.Write:
    """Forget it, as it was read; refused with label `plan` when it is not so any more."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(PlanRecord(workspace, plan.id), condition=PlanRecord.revision == plan.revision)

    return base.Write("plan", apply)


def _row(workspace: WorkspaceId, plan: Plan) -> PlanRecord:
    return PlanRecord(
        workspace,
        plan.id,
        connection_place=base.place(workspace, plan.connection_id),
        connection_id=plan.connection_id,
        state=plan.state,
        by=plan.by,
        created_at=base.stamp(plan.created_at),
        q=plan.q,
        is_auto=int(plan.is_auto),
        counts=dict(plan.counts),
        cost_points=plan.cost_points,
        minutes=plan.minutes,
        because=plan.because,
        approved_by=plan.approved_by,
        except_line_ids=list(plan.except_line_ids),
        job_id=plan.job_id,
        revision=plan.revision,
    )


def _value(row: PlanRecord) -> Plan:
    return Plan(
        id=row.id,
        connection_id=row.connection_id,
        state=row.state,  # type: ignore[arg-type]
        by=row.by,
        created_at=base.moment(row.created_at),
        q=row.q,
        is_auto=bool(row.is_auto),
        counts={name: int(number) for name, number in (row.counts or {}).items()},
        cost_points=int(row.cost_points or 0),
        minutes=int(row.minutes or 0),
        because=row.because,
        approved_by=row.approved_by,
        except_line_ids=tuple(row.except_line_ids or ()),
        job_id=row.job_id,
        revision=int(row.revision),
    )
