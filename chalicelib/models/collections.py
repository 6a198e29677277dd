"""Collections: the rows of the tree."""

import dataclasses
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.collections import Collection, Policy, Tree
from chalicelib.domain.ids import CollectionId, WorkspaceId
from chalicelib.models import base

_policy = TypeAdapter(Policy)


class CollectionRecord(base.Record):
    """One collection."""

    class Meta:
        noun = "collections"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    name = UnicodeAttribute()
    parent_id = UnicodeAttribute()
    state = UnicodeAttribute()
    trash_id = UnicodeAttribute(null=True)
    policy = JSONAttribute()
    created_at = UnicodeAttribute()


def tree(workspace: WorkspaceId) -> Tree:
    """All collections of the workspace with the root, strongly consistent."""
    found = CollectionRecord.query(workspace, consistent_read=True)
    return Tree.of(_value(row) for row in base.rows(found))


def get(workspace: WorkspaceId, collection_id: CollectionId) -> Collection | None:
    """One collection, strongly consistent; the root has no row."""
    row = base.read(CollectionRecord, workspace, collection_id)
    return None if row is None else _value(row)


def add(workspace: WorkspaceId, one: Collection) -> base.Write:
    """Create it; refused with label `collection` when the id is taken."""
    row = CollectionRecord(
        workspace,
        one.id,
        revision=one.revision,
        name=one.name,
        parent_id=one.parent_id,
        state=one.state,
        policy=_dump(one.policy),
        created_at=base.stamp(one.created_at) if one.created_at else None,
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=CollectionRecord.id.does_not_exist())

    return base.Write("collection", apply)


def change(workspace: WorkspaceId, old: Collection, **changes: Any) -> base.Write:
    """Change fields of the collection as it was read; refused with label `collection` if it is not that any more."""
    new = dataclasses.replace(old, **changes)
    actions: list[Any] = [CollectionRecord.revision.set(old.revision + 1)]
    if "name" in changes:
        actions.append(CollectionRecord.name.set(new.name))
    if "parent_id" in changes:
        actions.append(CollectionRecord.parent_id.set(str(new.parent_id)))
    if "policy" in changes:
        actions.append(CollectionRecord.policy.set(_dump(new.policy)))
    if "state" in changes:
        actions.append(CollectionRecord.state.set(new.state))
        trash = CollectionRecord.trash_id
        actions.append(trash.set(new.trash_id) if new.trash_id else trash.remove())

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            CollectionRecord(workspace, old.id),
            actions=actions,
            condition=CollectionRecord.revision == old.revision,
        )

    return base.Write("collection", apply)


def still_live(workspace: WorkspaceId, collection_id: CollectionId) -> base.Write:
    """Make a transaction fail with label `parent` when this collection is not live."""

    def apply(transaction: TransactWrite) -> None:
        transaction.condition_check(
            CollectionRecord, workspace, collection_id, condition=CollectionRecord.state == "live"
        )

    return base.Write("parent", apply)


def _dump(policy: Policy) -> Any:
    return _policy.dump_python(policy, mode="json")


def _value(row: CollectionRecord) -> Collection:
    return Collection(
        id=CollectionId(row.id),
        name=row.name,
        parent_id=CollectionId(row.parent_id),
        revision=int(row.revision),
        created_at=base.moment(row.created_at),
        state="trashed" if row.state == "trashed" else "live",
        trash_id=row.trash_id,
        policy=_policy.validate_python(row.policy),
    )
