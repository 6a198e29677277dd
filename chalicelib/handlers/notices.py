"""Notices: what the caller is told, and what of it was read."""

from typing import Any

from pydantic import Field

from chalicelib.handlers import review_shapes as shapes, schemas
from chalicelib.handlers.events import Jobs
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.ports.context import Context
from chalicelib.services import mailings, notices

api = Api(__name__)
jobs = Jobs(__name__)


class ReadIn(schemas.Closed):
    """Which were read."""

    ids: list[schemas.Id] = Field(max_length=200)


class NoticeSettings(schemas.Closed):
    """How the caller is told."""

    mail: bool = Field(description="Whether notices that wait are also sent by mail.")


@jobs.every("rate(1 minute)")
def send_mails(ctx: Context) -> None:
    """Mail the notices that have waited long enough, one mail a member."""
    mailings.send_due(ctx)


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


@api.get("/v1/notices/settings", needs=KNOWN, gives=shapes.NoticeSettings)
def get_notice_settings(call: Call) -> dict[str, bool]:
    """Whether the caller is told by mail too."""
    return {"mail": mailings.wants_mail(call.caller)}


@api.patch("/v1/notices/settings", needs=KNOWN, takes=NoticeSettings, gives=shapes.NoticeSettings)
def change_notice_settings(call: Call) -> dict[str, bool]:
    """Switch mails about notices off or on; what was told while they were off is not mailed later."""
    on = call.read_body(NoticeSettings).mail
    mailings.switch(call.ctx, call.caller, on=on)
    return {"mail": on}
