"""Runs of connections: what each did, kept for 90 days. A run that found nothing to do leaves no row."""

from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.connections import Connection, Line, RunReport
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.pages import Page
from chalicelib.models import base

KEPT = timedelta(days=90)
_LOG = TypeAdapter(tuple[Line, ...])


class ConnectionRunRecord(base.Record):
    """One run."""

    class Meta:
        noun = "connection_runs"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    state = UnicodeAttribute()
    by = UnicodeAttribute()
    started_at = UnicodeAttribute()
    ended_at = UnicodeAttribute(null=True)
    done = NumberAttribute(default=0)
    total = NumberAttribute(null=True)
    because = UnicodeAttribute(null=True)
    counts = JSONAttribute()
    log = JSONAttribute()
    delete_after = NumberAttribute()


def put(one: Connection, report: RunReport) -> base.Write:
    """Write how far the run is."""
    row = ConnectionRunRecord(
        base.place(one.workspace, one.id),
        report.id,
        state=report.state,
        by=report.by,
        started_at=base.stamp(report.started_at),
        ended_at=base.stamp(report.ended_at) if report.ended_at else None,
        done=report.done,
        total=report.total,
        because=report.because,
        counts=dict(report.counts),
        log=_LOG.dump_python(report.log, mode="json"),
        delete_after=base.epoch_s(report.started_at + KEPT),
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row)

    return base.Write("run", apply)


def get(workspace: WorkspaceId, connection_id: str, run_id: str) -> RunReport | None:
    """One run, strongly consistent."""
    row = base.read(ConnectionRunRecord, base.place(workspace, connection_id), run_id)
    return None if row is None else _value(row)


def page(workspace: WorkspaceId, connection_id: str, *, limit: int, start: Any) -> Page[RunReport]:
    """Runs, newest first."""
    results = ConnectionRunRecord.query(
        base.place(workspace, connection_id), limit=limit, last_evaluated_key=start, scan_index_forward=False
    )
    return Page([_value(row) for row in base.rows(results)], results.last_evaluated_key)


def _value(row: ConnectionRunRecord) -> RunReport:
    return RunReport(
        id=row.id,
        state=row.state,  # type: ignore[arg-type]
        by=row.by,
        started_at=base.moment(row.started_at),
        ended_at=base.moment(row.ended_at) if row.ended_at else None,
        done=int(row.done or 0),
        total=int(row.total) if row.total is not None else None,
        because=row.because,
        counts=dict(row.counts or {}),
        log=_LOG.validate_python(row.log or ()),
    )
