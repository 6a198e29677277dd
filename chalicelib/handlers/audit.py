"""The audit trail: who did what to what, and with which result."""

from typing import Any

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.handlers import people_shapes as shapes, schemas
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.services import auditing
from chalicelib.services.auditing import Entry, Filter

api = Api(__name__)
_OF_DETAIL = ("batch_id", "before", "after")


class AuditQuery(schemas.PageQuery):
    """Which entries."""

    subject: str | None = Field(None, min_length=1, max_length=200)
    actor: str | None = Field(None, min_length=1, max_length=200)
    action: str | None = Field(None, min_length=1, max_length=80)
    from_: schemas.Moment | None = Field(None, alias="from")
    to: schemas.Moment | None = None


@api.get("/v1/audit", needs=Needs("library", Right.MANAGE), query=AuditQuery, gives=shapes.AuditEntries)
def list_audit(call: Call) -> dict[str, Any]:
    """Entries, newest first, of `from` until before `to`; a page may be short and still have a next."""
    query = call.read_query(AuditQuery)
    wanted = Filter(query.subject, query.actor, query.action, query.from_, query.to)
    page = schemas.page_of(call, "audit", query, lambda start: auditing.page(
        call.ctx, call.caller, wanted, limit=query.limit, start=start))  # fmt: skip
    return {"items": [_out(one) for one in page.items], "next": page.next}


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
        **known,
        "detail": detail,
    }
