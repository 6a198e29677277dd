"""Pointer rows that make siblings unique: two collections of one parent never fold to the same name."""

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
    row = CollectionNameRecord(workspace, names.sibling_key(parent_id, name), collection_id=collection_id)

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
