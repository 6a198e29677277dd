"""Pointer rows that make siblings unique: two collections of one parent never fold to the same name."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain import names
from chalicelib.domain.ids import CollectionId, WorkspaceId
from chalicelib.models import base


class CollectionNameRecord(base.Record):
    """A taken name; `id` is `<parent>#<hash of the folded name>`."""

    class Meta:
        noun = "collection_names"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    collection_id = UnicodeAttribute()


def find(workspace: WorkspaceId, parent_id: CollectionId, name: str) -> CollectionId | None:
    """The live child that has this name, strongly consistent."""
    row = base.read(CollectionNameRecord, workspace, names.sibling_key(parent_id, name))
    return None if row is None else CollectionId(row.collection_id)


def take(workspace: WorkspaceId, parent_id: CollectionId, name: str, collection_id: CollectionId) -> base.Write:
    """Take the name; refused with label `name` when another sibling has it."""
    return take_key(workspace, names.sibling_key(parent_id, name), collection_id)


def take_key(workspace: WorkspaceId, key: str, collection_id: CollectionId) -> base.Write:
    """Take a name by its key (`names.sibling_key`); refused with label `name` when another sibling has it."""
    row = CollectionNameRecord(workspace, key, collection_id=collection_id)

    def apply(transaction: TransactWrite) -> None:
        is_free = CollectionNameRecord.id.does_not_exist() | (CollectionNameRecord.collection_id == collection_id)
        transaction.save(row, condition=is_free)

    return base.Write("name", apply)


def release(workspace: WorkspaceId, parent_id: CollectionId, name: str, collection_id: CollectionId) -> base.Write:
    """Give the name up; a name that another has by now is left alone (refused with label `name`)."""

    def apply(transaction: TransactWrite) -> None:
        is_ours = CollectionNameRecord.id.does_not_exist() | (CollectionNameRecord.collection_id == collection_id)
        transaction.delete(CollectionNameRecord(workspace, names.sibling_key(parent_id, name)), condition=is_ours)

    return base.Write("name", apply)


def every(workspace: WorkspaceId) -> Iterator[tuple[str, CollectionId]]:
    """Every taken name (`names.sibling_key`) with the collection that has it, strongly consistent."""
    for row in base.rows(CollectionNameRecord.query(workspace, consistent_read=True)):
        yield row.id, CollectionId(row.collection_id)


def drop(workspace: WorkspaceId, key: str, collection_id: CollectionId) -> base.Write:
    """Give up a name by its key; refused with label `name` when another collection has it."""

    def apply(transaction: TransactWrite) -> None:
        is_ours = CollectionNameRecord.collection_id == collection_id
        transaction.delete(CollectionNameRecord(workspace, key), condition=is_ours)

    return base.Write("name", apply)
