"""Roles: named bundles of grants. The grants themselves are rows of `grants`."""

from dataclasses import dataclass

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class RoleRecord(base.Record):
    """One role."""

    class Meta:
        noun = "roles"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    key = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Role:
    """A role; `key` names a ready-made one."""

    id: str
    name: str
    key: str | None = None


def every(workspace: WorkspaceId) -> list[Role]:
    """All roles, strongly consistent, in order of their ids."""
    found = RoleRecord.query(workspace, consistent_read=True)
    return [Role(row.id, row.name, row.key) for row in base.rows(found)]


def get(workspace: WorkspaceId, role_id: str) -> Role | None:
    """The role, strongly consistent."""
    row = base.read(RoleRecord, workspace, role_id)
    return None if row is None else Role(row.id, row.name, row.key)


def rename(workspace: WorkspaceId, role_id: str, name: str) -> base.Write:
    """Give it another name; refused with label `role` when it is gone."""

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            RoleRecord(workspace, role_id), actions=[RoleRecord.name.set(name)], condition=RoleRecord.id.exists()
        )

    return base.Write("role", apply)


def remove(workspace: WorkspaceId, role_id: str) -> base.Write:
    """Delete it; refused with label `role` when it is gone. Its grants are rows of their own."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(RoleRecord(workspace, role_id), condition=RoleRecord.id.exists())

    return base.Write("role", apply)


def add(workspace: WorkspaceId, role: Role) -> base.Write:
    """Create the role; refused with label `role` when the id is taken."""
    row = RoleRecord(workspace, role.id, name=role.name, key=role.key)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=RoleRecord.id.does_not_exist())

    return base.Write("role", apply)
