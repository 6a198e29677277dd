"""Notices: what the caller is told, and what of it was read."""

from typing import Any

from pydantic import Field

from chalicelib.handlers import review_shapes as shapes, schemas
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.services import notices

api = Api(__name__)


class ReadIn(schemas.Closed):
    """Which were read."""

    ids: list[schemas.Id] = Field(max_length=200)


@api.get("/v1/notices", needs=KNOWN, query=schemas.PageQuery, gives=shapes.Notices)
def list_notices(call: Call) -> dict[str, Any]:
    """The caller's notices, newest first, for half a year."""
    query = call.read_query(schemas.PageQuery)
    page = schemas.page_of(call, "notices", query, lambda start: notices.listed(
        call.ctx, call.caller, limit=query.limit, start=start))  # fmt: skip
    items = [
        {
            "id": one.id,
            "at": schemas.when(one.at),
            "kind": one.kind,
            "subject": one.subject,
            "version": one.version,
            "by": one.by,
            "text": one.text,
            "link": f"{call.ctx.settings.url}/{one.link}",
            "read": one.read,
        }
        for one in page.items
    ]
    return {"items": items, "next": page.next}


@api.post("/v1/notices/read", needs=KNOWN, takes=ReadIn, gives=None)
def read_notices(call: Call) -> None:
    """Mark notices as read; ids that are not the caller's are passed over."""
    notices.mark_read(call.caller, call.read_body(ReadIn).ids)
