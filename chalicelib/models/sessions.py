"""Sessions: signed-in browsers, kept by the hash of their token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class ByMember(GlobalSecondaryIndex["SessionRecord"]):
    """Sessions of one member."""

    class Meta:
        index_name = "by_member"
        projection = AllProjection()

    member_place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class SessionRecord(base.Record):
    """One signed-in browser."""

    class Meta:
        noun = "sessions"

    id = UnicodeAttribute(hash_key=True)
    workspace = UnicodeAttribute()
    member_id = UnicodeAttribute()
    member_place = UnicodeAttribute()
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    begun_at = UnicodeAttribute(null=True)
    former_id = UnicodeAttribute(null=True)
    followed = BooleanAttribute(null=True)
    delete_after = NumberAttribute()
    by_member = ByMember()


@dataclass(frozen=True)
class Session:
    """A signed-in browser; `id` is the hash of its token, so it cannot be used to sign in.

    A session in use gets a new token now and then: another row, with `former_id` and the first one's `begun_at`.
    """

    id: str
    workspace: WorkspaceId
    member_id: str
    created_at: datetime
    expires_at: datetime
    begun_at: datetime
    former_id: str = ""
    is_followed: bool = False
    """Another token has taken over; this one is near its end."""


@base.cross_workspace("a session names its workspace only once it is found")
def find(session_id: str) -> Session | None:
    """The session with this id, over or not."""
    row = base.read(SessionRecord, session_id)
    return None if row is None else _value(row)


def of_member(workspace: WorkspaceId, member_id: str) -> list[Session]:
    """A member's sessions, over or not; up to a second old."""
    return [_value(row) for row in base.rows(SessionRecord.by_member.query(base.place(workspace, member_id)))]


def add(session: Session) -> base.Write:
    """Create it; refused with label `session` when the id is taken."""
    row = SessionRecord(
        session.id,
        workspace=session.workspace,
        member_id=session.member_id,
        member_place=base.place(session.workspace, session.member_id),
        created_at=base.stamp(session.created_at),
        expires_at=base.stamp(session.expires_at),
        begun_at=base.stamp(session.begun_at),
        former_id=session.former_id or None,
        delete_after=base.epoch_s(session.expires_at),
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=SessionRecord.id.does_not_exist())

    return base.Write("session", apply)


def follow(session_id: str, until: datetime) -> base.Write:
    """Let another token take over: this one counts until then; refused with label `followed` when it is gone or over
    to another one already."""
    actions: list[Any] = [SessionRecord.followed.set(True), SessionRecord.expires_at.set(base.stamp(until))]

    def apply(transaction: TransactWrite) -> None:
        is_last = SessionRecord.id.exists() & SessionRecord.followed.does_not_exist()
        transaction.update(SessionRecord(session_id), actions=actions, condition=is_last)

    return base.Write("followed", apply)


def remove(session_id: str) -> base.Write:
    """End it; ending what is over is not an error."""
    return base.Write("session", lambda transaction: transaction.delete(SessionRecord(session_id)))


def _value(row: SessionRecord) -> Session:
    return Session(
        row.id,
        WorkspaceId(row.workspace),
        row.member_id,
        base.moment(row.created_at),
        base.moment(row.expires_at),
        base.moment(row.begun_at or row.created_at),
        row.former_id or "",
        bool(row.followed),
    )
