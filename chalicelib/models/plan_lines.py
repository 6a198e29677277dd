"""Lines of plans: one an asset and product, by plan."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.plans import Line
from chalicelib.models import base

_LINE = TypeAdapter(Line)


class PlanLineRecord(base.Record):
    """One line; `list` beside it, so that a list can be read alone."""

    class Meta:
        noun = "plan_lines"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    list = UnicodeAttribute()
    kept = JSONAttribute()


def every(workspace: WorkspaceId, plan_id: str) -> Iterator[Line]:
    """All lines of a plan, by id, page by page, strongly consistent."""
    results = PlanLineRecord.query(base.place(workspace, plan_id), consistent_read=True)
    return (_value(row) for row in base.rows(results))


def of_asset(workspace: WorkspaceId, plan_id: str, asset_id: str) -> list[Line]:
    """The lines of one asset, strongly consistent."""
    results = PlanLineRecord.query(
        base.place(workspace, plan_id), PlanLineRecord.id.startswith(asset_id), consistent_read=True
    )
    return [_value(row) for row in base.rows(results)]


def get(workspace: WorkspaceId, plan_id: str, line_id: str) -> Line | None:
    """One line, strongly consistent."""
    row = base.read(PlanLineRecord, base.place(workspace, plan_id), line_id)
    return None if row is None else _value(row)


def get_many(workspace: WorkspaceId, plan_id: str, line_ids: Sequence[str]) -> dict[str, Line]:
    """Those of the lines that exist, by id, strongly consistent."""
    place = base.place(workspace, plan_id)
    return {row.id: _value(row) for row in base.read_many(PlanLineRecord, [(place, one) for one in line_ids])}


def page(workspace: WorkspaceId, plan_id: str, name: str | None, *, limit: int, start: Any) -> base.Page[Line]:
    """Lines by id, or those of one list; strongly consistent."""
    narrowed = None if name is None else PlanLineRecord.list == name
    results = PlanLineRecord.query(
        base.place(workspace, plan_id), filter_condition=narrowed, limit=limit, last_evaluated_key=start,
        consistent_read=True,
    )  # fmt: skip
    return base.Page([_value(row) for row in base.rows(results)], results.last_evaluated_key)


def put(workspace: WorkspaceId, plan_id: str, line: Line) -> base.Write:
    """Write a line, in place of what was there. Only the job that has the plan, or who decides on it, writes."""
    row = PlanLineRecord(
        base.place(workspace, plan_id), line.id, list=line.list, kept=_LINE.dump_python(line, mode="json")
    )
    return base.Write("line", lambda transaction: transaction.save(row))


def drop(workspace: WorkspaceId, plan_id: str, line_id: str) -> base.Write:
    """Forget a line; one that is not there is no error."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(PlanLineRecord(base.place(workspace, plan_id), line_id))

    return base.Write("line", apply)


def _value(row: PlanLineRecord) -> Line:
    return _LINE.validate_python(row.kept)
