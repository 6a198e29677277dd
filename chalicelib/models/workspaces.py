"""Workspaces: the tenant's own row, with the epoch that every change of rights raises."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class WorkspaceRecord(base.Record):
    """One tenant."""

    class Meta:
        noun = "workspaces"

    workspace = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    epoch = NumberAttribute(default=1)
    tree_epoch = NumberAttribute(null=True)
    self_approval = BooleanAttribute(default=False)
    required_shots = JSONAttribute(default=list)
    naming = JSONAttribute(null=True)
    created_at = UnicodeAttribute()


@dataclass(frozen=True)
class Workspace:
    """A tenant. `epoch` changes with anything that rights depend on, `tree_epoch` with the collections only."""

    id: WorkspaceId
    name: str
    epoch: int
    self_approval: bool
    created_at: datetime
    required_shots: tuple[str, ...] = ()
    """Shot types that every product needs, in order."""
    tree_epoch: int = 0
    naming: tuple[dict[str, Any], ...] | None = None
    """Rules by which names are read; None: those every workspace begins with."""


def get(workspace: WorkspaceId) -> Workspace | None:
    """The workspace, strongly consistent: one read unit, on every request."""
    return wanted(workspace).read()


def wanted(workspace: WorkspaceId) -> base.Wanted[Workspace]:
    """The workspace, to be read together with a row of another table."""
    return base.Wanted(WorkspaceRecord, workspace, None, _value)


def _value(row: WorkspaceRecord) -> Workspace:
    return Workspace(
        WorkspaceId(row.workspace),
        row.name,
        int(row.epoch),
        row.self_approval,
        base.moment(row.created_at),
        tuple(row.required_shots or ()),
        int(row.tree_epoch or 0),
        None if row.naming is None else tuple(row.naming),
    )


def add(workspace: WorkspaceId, name: str, self_approval: bool, now: datetime) -> base.Write:
    """Create the workspace; refused with label `workspace` when it is there."""
    row = WorkspaceRecord(workspace, name=name, self_approval=self_approval, created_at=base.stamp(now))

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=WorkspaceRecord.workspace.does_not_exist())

    return base.Write("workspace", apply)


def change(old: Workspace, new: Workspace) -> base.Write:
    """Give it these values, and void what is cached; refused with label `workspace` when the epoch is not `old`'s."""
    actions: list[Any] = [
        WorkspaceRecord.epoch.add(1),
        WorkspaceRecord.name.set(new.name),
        WorkspaceRecord.self_approval.set(new.self_approval),
        WorkspaceRecord.required_shots.set(list(new.required_shots)),
    ]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(WorkspaceRecord(old.id), actions=actions, condition=_is_at(old.epoch))

    return base.Write("workspace", apply)


def set_naming(workspace: WorkspaceId, rules: list[dict[str, Any]]) -> base.Write:
    """Give it these rules for names; refused with label `workspace` when it is unknown."""

    def apply(transaction: TransactWrite) -> None:
        actions: list[Any] = [WorkspaceRecord.naming.set(rules)]
        transaction.update(WorkspaceRecord(workspace), actions=actions, condition=WorkspaceRecord.workspace.exists())

    return base.Write("workspace", apply)


def raise_epoch(workspace: WorkspaceId, seen: int | None = None, *, tree: bool = True) -> base.Write:
    """Void everything cached about rights in this workspace; refused with label `workspace` when it is unknown.

    `tree=False` keeps the tree, for changes that touch no collection: reading ten thousand of them takes a while.

    With `seen` also refused when anything that rights depend on, the tree included, changed since that epoch.
    """
    actions: list[Any] = [WorkspaceRecord.epoch.add(1), *([WorkspaceRecord.tree_epoch.add(1)] if tree else [])]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(WorkspaceRecord(workspace), actions=actions, condition=_is_at(seen))

    return base.Write("workspace", apply)


def still_at(workspace: WorkspaceId, epoch: int) -> base.Write:
    """Make a transaction fail with label `workspace` when anything that rights depend on changed since this epoch."""

    def apply(transaction: TransactWrite) -> None:
        transaction.condition_check(WorkspaceRecord, workspace, condition=_is_at(epoch))

    return base.Write("workspace", apply)


def _is_at(epoch: int | None) -> Condition:
    return WorkspaceRecord.workspace.exists() if epoch is None else WorkspaceRecord.epoch == epoch
