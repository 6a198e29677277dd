"""Notices: what somebody is told, each once, for half a year."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import AssetId, WorkspaceId, first_id
from chalicelib.models import base

KEPT = timedelta(days=180)


class NoticeRecord(base.Record):
    """One notice to one member."""

    class Meta:
        noun = "notices"

    person_place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    asset_id = UnicodeAttribute()
    version = NumberAttribute(null=True)
    by = UnicodeAttribute(null=True)
    text = UnicodeAttribute()
    link = UnicodeAttribute()
    read = BooleanAttribute(default=False)
    mailed_at = UnicodeAttribute(null=True)
    delete_after = NumberAttribute()


@dataclass(frozen=True)
class Notice:
    """What `member_id` is told. `link` leads into the web app, below its address; `id` sorts by time."""

    id: str
    member_id: str
    at: datetime
    kind: str
    subject: str
    asset_id: AssetId
    version: int | None
    by: str | None
    text: str
    link: str
    read: bool = False


def ensure(workspace: WorkspaceId, one: Notice, *, beside: base.Write) -> None:
    """Tell it once, and write what is beside it: a notice with this id that is there stays as it is, read or not."""
    columns = {name: value for name, value in vars(one).items() if name not in ("id", "member_id", "at")}
    row = NoticeRecord(
        base.place(workspace, one.member_id),
        one.id,
        at=base.stamp(one.at),
        delete_after=base.epoch_s(one.at + KEPT),
        **columns,
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=NoticeRecord.id.does_not_exist())

    try:
        base.transact([base.Write("notice", apply), beside])
    except base.ConditionFailed:
        return


def page(workspace: WorkspaceId, member_id: str, *, limit: int, start: Any = None) -> base.Page[Notice]:
    """A member's notices, newest first, strongly consistent."""
    results = NoticeRecord.query(
        base.place(workspace, member_id),
        consistent_read=True,
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start,
    )
    found = [replace(_value(row), member_id=member_id) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)


def to_mail(workspace: WorkspaceId, member_id: str, since: datetime, limit: int) -> list[Notice]:
    """A member's notices since then that were neither read nor mailed, oldest first, strongly consistent."""
    results = NoticeRecord.query(
        base.place(workspace, member_id),
        NoticeRecord.id > first_id(since),
        filter_condition=NoticeRecord.mailed_at.does_not_exist() & (NoticeRecord.read == False),  # noqa: E712
        consistent_read=True,
        limit=limit,
    )
    return [replace(_value(row), member_id=member_id) for row in base.rows(results)]


def mailed(workspace: WorkspaceId, one: Notice, now: datetime) -> base.Write:
    """Mark that it was mailed, or that it is not to be."""

    def apply(transaction: TransactWrite) -> None:
        row = NoticeRecord(base.place(workspace, one.member_id), one.id)
        transaction.update(row, actions=[NoticeRecord.mailed_at.set(base.stamp(now))])

    return base.Write("notice", apply)


def mark_read(workspace: WorkspaceId, member_id: str, notice_id: str) -> None:
    """Remember that it was read; one that is not there is not made."""
    row = NoticeRecord(base.place(workspace, member_id), notice_id)
    try:
        base.write(
            lambda: row.update(actions=[NoticeRecord.read.set(True)], condition=NoticeRecord.id.exists()), "notice"
        )
    except base.ConditionFailed:
        return


def _value(row: NoticeRecord) -> Notice:
    return Notice(
        row.id,
        "",
        base.moment(row.at),
        row.kind,
        row.subject,
        AssetId(row.asset_id),
        None if row.version is None else int(row.version),
        row.by,
        row.text,
        row.link,
        bool(row.read),
    )
