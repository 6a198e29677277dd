"""Members: people of a workspace, inside and outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class ByEmail(GlobalSecondaryIndex["MemberRecord"]):
    """Which workspaces know this address."""

    class Meta:
        index_name = "by_email"
        projection = AllProjection()

    email = UnicodeAttribute(hash_key=True)
    workspace = UnicodeAttribute(range_key=True)


class MemberRecord(base.Record):
    """One person in one workspace."""

    class Meta:
        noun = "members"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    email = UnicodeAttribute()
    name = UnicodeAttribute()
    role_ids = JSONAttribute()
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute(null=True)
    by_email = ByEmail()


@dataclass(frozen=True)
class Member:
    """A person; `expires_at` ends an outside collaborator's access."""

    id: str
    email: str
    name: str
    role_ids: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None


def get(workspace: WorkspaceId, member_id: str) -> Member | None:
    """The member, strongly consistent."""
    row = base.read(MemberRecord, workspace, member_id)
    return None if row is None else _value(row)


def get_many(workspace: WorkspaceId, ids: Sequence[str]) -> dict[str, Member]:
    """Those of the members that exist, by id, strongly consistent."""
    found = base.read_many(MemberRecord, [(workspace, one) for one in ids]) if ids else ()
    return {row.id: _value(row) for row in found}


def every(workspace: WorkspaceId) -> list[Member]:
    """All members, also those whose time is over, strongly consistent, by id."""
    return [_value(row) for row in base.rows(MemberRecord.query(workspace, consistent_read=True))]


@base.cross_workspace("who asks for a sign-in link knows an address and no workspace")
def with_email(email: str) -> list[tuple[WorkspaceId, Member]]:
    """Members of any workspace with this folded address; up to a second old."""
    return [(WorkspaceId(row.workspace), _value(row)) for row in base.rows(MemberRecord.by_email.query(email))]


def add(workspace: WorkspaceId, member: Member) -> base.Write:
    """Create the member; refused with label `member` when the id is taken."""
    row = _row(workspace, member)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=MemberRecord.id.does_not_exist())

    return base.Write("member", apply)


def change(workspace: WorkspaceId, member: Member) -> base.Write:
    """Replace the member by this value; refused with label `member` when it is gone."""
    row = _row(workspace, member)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=MemberRecord.id.exists())

    return base.Write("member", apply)


def remove(workspace: WorkspaceId, member_id: str) -> base.Write:
    """Delete the member; refused with label `member` when it is gone."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(MemberRecord(workspace, member_id), condition=MemberRecord.id.exists())

    return base.Write("member", apply)


def _row(workspace: WorkspaceId, member: Member) -> MemberRecord:
    return MemberRecord(
        workspace,
        member.id,
        email=member.email,
        name=member.name,
        role_ids=list(member.role_ids),
        created_at=base.stamp(member.created_at),
        expires_at=base.stamp(member.expires_at) if member.expires_at else None,
    )


def _value(row: MemberRecord) -> Member:
    return Member(
        row.id,
        row.email,
        row.name,
        tuple(row.role_ids),
        base.moment(row.created_at),
        base.moment(row.expires_at) if row.expires_at else None,
    )
