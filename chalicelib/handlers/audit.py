"""The audit trail: who did what to what, and with which result."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.handlers import people_shapes as shapes, schemas, shapes as common
from chalicelib.handlers.events import Jobs
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.ports.context import Context
from chalicelib.services import audit_export, audit_seals, auditing
from chalicelib.services.audit_export import ExportRequest
from chalicelib.services.auditing import Entry, Filter

api = Api(__name__)
jobs = Jobs(__name__)
_MANAGES = Needs("library", Right.MANAGE)
_OF_DETAIL = ("batch_id", "before", "after")


class AuditQuery(schemas.PageQuery):
    """Which entries."""

    subject: str | None = Field(None, min_length=1, max_length=200)
    actor: str | None = Field(None, min_length=1, max_length=200)
    action: str | None = Field(None, min_length=1, max_length=80)
    from_: schemas.MomentAsked | None = Field(None, alias="from")
    to: schemas.MomentAsked | None = None


class SpanQuery(schemas.Closed):
    """Which hours; all without."""

    from_: schemas.MomentAsked | None = Field(None, alias="from")
    to: schemas.MomentAsked | None = None


class ExportIn(schemas.Closed):
    """Which entries, and as what."""

    format: Literal["csv", "jsonl"] = "csv"
    subject: schemas.Line | None = None
    actor: schemas.Line | None = None
    action: schemas.Line | None = None
    from_: schemas.Moment | None = Field(None, alias="from")
    to: schemas.Moment | None = None


@jobs.every("rate(1 hour)")
def seal_audit(ctx: Context) -> None:
    """Seal the hours of every audit trail that are over."""
    audit_seals.seal_due(ctx)


@api.get("/v1/audit", needs=_MANAGES, query=AuditQuery, gives=shapes.AuditEntries)
def list_audit(call: Call) -> dict[str, Any]:
    """Entries, newest first, of `from` until before `to`; a page may be short and still have a next."""
    query = call.read_query(AuditQuery)
    wanted = Filter(query.subject, query.actor, query.action, query.from_, query.to)
    page = schemas.page_of(call, "audit", query, lambda start: auditing.page(
        call.ctx, call.caller, wanted, limit=query.limit, start=start))  # fmt: skip
    return {"items": [_out(one) for one in page.items], "next": page.next}


@api.get("/v1/audit/verify", needs=_MANAGES, query=SpanQuery, gives=shapes.AuditReport)
def verify_audit(call: Call) -> dict[str, Any]:
    """Compare the trail with its seals: finds entries that were changed, taken out or put in."""
    query = call.read_query(SpanQuery)
    report = audit_seals.verify(call.ctx, call.caller.workspace, query.from_, query.to)
    return {
        "ok": not report.faults,
        "sealed_until": schemas.when(report.sealed_until),
        "checked_from": schemas.when(report.checked_from),
        "checked_until": schemas.when(report.checked_until),
        "entries": report.entries,
        "faults": [
            {"kind": one.kind, "hour": schemas.when(hour), "entry_id": one.entry_id} for hour, one in report.faults
        ],
        "next": schemas.when(report.next),
    }


@api.post("/v1/audit/export", needs=_MANAGES, takes=ExportIn, gives=common.Started, status=202)
def export_audit(call: Call) -> dict[str, str]:
    """Write entries into a file; the job's result has its address."""
    asked = call.read_body(ExportIn)
    wanted = Filter(asked.subject, asked.actor, asked.action, asked.from_, asked.to)
    return {"job_id": audit_export.start(call.ctx, call.caller, ExportRequest(wanted, asked.format), call.seed)}


def _out(one: Entry) -> dict[str, Any]:
    detail = dict(one.detail or {})
    known: dict[str, Any] = {name: detail.pop(name) for name in _OF_DETAIL if name in detail}
    return {
        "id": one.id,
        "at": schemas.when(one.at),
        "actor": one.actor,
        "action": one.action,
        "subject": one.subject,
        "result": one.result,
        "address": one.address,
        **known,
        "detail": detail,
    }
