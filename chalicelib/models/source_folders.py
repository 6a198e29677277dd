"""Bindings of source folders: the folder `Spring/Front` of the drop is this collection, whatever it is called now."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain import names
from chalicelib.domain.ids import CollectionId, WorkspaceId
from chalicelib.models import base


class SourceFolderRecord(base.Record):
    """One bound folder; `id` is `<source>#<hash of the folded path>`."""

    class Meta:
        noun = "source_folders"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    path = UnicodeAttribute()
    collection_id = UnicodeAttribute()


def find(workspace: WorkspaceId, source: str, path: str) -> CollectionId | None:
    """The collection this folder is bound to, strongly consistent; it may be trashed by now."""
    row = base.read(SourceFolderRecord, workspace, _key(source, path))
    return None if row is None else CollectionId(row.collection_id)


def bind(
    workspace: WorkspaceId,
    source: str,
    path: str,
    collection_id: CollectionId,
    *,
    instead_of: CollectionId | None,
) -> base.Write:
    """Bind the folder; refused with label `binding` when somebody bound it meanwhile.

    `instead_of` is the collection the binding named when it was read, None if there was no binding.
    """
    row = SourceFolderRecord(workspace, _key(source, path), path=path, collection_id=collection_id)

    def apply(transaction: TransactWrite) -> None:
        as_read = (
            SourceFolderRecord.id.does_not_exist()
            if instead_of is None
            else SourceFolderRecord.collection_id == instead_of
        )
        transaction.save(row, condition=as_read)

    return base.Write("binding", apply)


def _key(source: str, path: str) -> str:
    return f"{source}#{names.fold_hash(path)}"
