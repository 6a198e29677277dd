"""Mailings: a row a member whose notices wait to go as one mail, or who wants none. The index `work` has those due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base

_WORK = "mailings"


class Work(GlobalSecondaryIndex["MailingRecord"]):
    """Mailings by when they are due."""

    class Meta:
        index_name = "work"
        projection = KeysOnlyProjection()

    work = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class MailingRecord(base.Record):
    """What one member is mailed. `wakes` counts the notices that ever asked for a mail."""

    class Meta:
        noun = "mailings"

    workspace = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute(range_key=True)
    is_off = BooleanAttribute(null=True)
    on_since = UnicodeAttribute(null=True)
    wakes = NumberAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    work_index = Work()


@dataclass(frozen=True)
class Mailing:
    """A member's mailing as it was claimed; `on_since` is when mails were switched on again."""

    workspace: WorkspaceId
    member_id: str
    is_off: bool = False
    on_since: datetime | None = None
    wakes: int = 0


def wants_mail(workspace: WorkspaceId, member_id: str) -> bool:
    """Whether the member is mailed, strongly consistent; so it is until they say no."""
    row = base.read(MailingRecord, workspace, member_id)
    return row is None or not row.is_off


def switch(workspace: WorkspaceId, member_id: str, *, on: bool, now: datetime) -> base.Write:
    """Let the member be mailed or not; what was told in between is mailed neither then nor later."""
    actions: list[Any] = (
        [MailingRecord.is_off.remove(), MailingRecord.on_since.set(base.stamp(now))]
        if on
        else [MailingRecord.is_off.set(True)]
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.update(MailingRecord(workspace, member_id), actions=actions)

    return base.Write("mailing", apply)


def wake(workspace: WorkspaceId, member_id: str, due_at: datetime) -> base.Write:
    """A notice wants to be mailed: the mailing is due then, unless it is due already."""
    actions: list[Any] = [
        MailingRecord.wakes.add(1),
        MailingRecord.work.set(_WORK),
        MailingRecord.due_at.set(MailingRecord.due_at | base.epoch_s(due_at)),
    ]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(MailingRecord(workspace, member_id), actions=actions)

    return base.Write("mailing", apply)


@base.cross_workspace("one schedule mails the members of every workspace")
def due(now: datetime, limit: int) -> list[tuple[WorkspaceId, str]]:
    """Workspace and member of mailings that are due, longest due first; up to a second old."""
    results = MailingRecord.work_index.query(_WORK, MailingRecord.due_at <= base.epoch_s(now), limit=limit)
    return [(WorkspaceId(row.workspace), row.member_id) for row in base.rows(results)]


def claim(workspace: WorkspaceId, member_id: str, *, owner: str, now: datetime, lease_s: int) -> Mailing | None:
    """Own the mailing for `lease_s` seconds; None when it is not due: nothing waits, or somebody else has it."""
    row = MailingRecord(workspace, member_id)
    actions: list[Any] = [MailingRecord.owner.set(owner), MailingRecord.due_at.set(base.epoch_s(now) + lease_s)]
    is_free = MailingRecord.work.exists() & (MailingRecord.due_at <= base.epoch_s(now))
    try:
        base.write(lambda: row.update(actions=actions, condition=is_free), "mailing")
    except base.ConditionFailed:
        return None
    since = base.moment(row.on_since) if row.on_since else None  # the update has read the row back
    return Mailing(workspace, member_id, bool(row.is_off), since, int(row.wakes or 0))


def done(mailing: Mailing, *, owner: str, again_at: datetime, marks: Sequence[base.Write]) -> None:
    """Write the marks of what was mailed, and be due again only then; nothing is written when the lease was lost."""
    actions: list[Any] = [MailingRecord.due_at.set(base.epoch_s(again_at))]

    def apply(transaction: TransactWrite) -> None:
        row = MailingRecord(mailing.workspace, mailing.member_id)
        transaction.update(row, actions=actions, condition=MailingRecord.owner == owner)

    try:
        base.transact([*marks, base.Write("mailing", apply)])
    except base.ConditionFailed:
        return


def rest(mailing: Mailing, *, owner: str) -> None:
    """Be due no more, for nothing waits; a notice that came since it was claimed is looked at when the lease ends."""
    row = MailingRecord(mailing.workspace, mailing.member_id)
    actions: list[Any] = [MailingRecord.work.remove(), MailingRecord.due_at.remove()]
    is_same = (MailingRecord.owner == owner) & (MailingRecord.wakes == mailing.wakes)
    try:
        base.write(lambda: row.update(actions=actions, condition=is_same), "mailing")
    except base.ConditionFailed:
        return
