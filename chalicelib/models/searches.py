"""Saved searches: a name for a query with its order, of one member or shared with the workspace."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.saved import SavedSearch
from chalicelib.models import base


class SearchRecord(base.Record):
    """One saved search."""

    class Meta:
        noun = "searches"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    by = UnicodeAttribute()
    name = UnicodeAttribute()
    q = UnicodeAttribute()
    sort = UnicodeAttribute(null=True)
    shared = BooleanAttribute()
    created_at = UnicodeAttribute()


def every(workspace: WorkspaceId) -> list[SavedSearch]:
    """All saved searches of the workspace, oldest first, strongly consistent."""
    return [_value(row) for row in base.rows(SearchRecord.query(workspace, consistent_read=True))]


def get(workspace: WorkspaceId, search_id: str) -> SavedSearch | None:
    """One saved search, strongly consistent."""
    row = base.read(SearchRecord, workspace, search_id)
    return None if row is None else _value(row)


def add(workspace: WorkspaceId, one: SavedSearch) -> base.Write:
    """Save it; refused with label `search` when the id is taken."""
    row = SearchRecord(workspace, one.id, created_at=base.stamp(one.created_at), **_columns(one))

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=SearchRecord.id.does_not_exist())

    return base.Write("search", apply)


def change(workspace: WorkspaceId, old: SavedSearch, new: SavedSearch) -> base.Write:
    """Turn `old`, as it was read, into `new`; refused with label `search` if it is not that any more."""
    columns = {**_columns(new), "revision": old.revision + 1}
    actions: list[Any] = [
        getattr(SearchRecord, name).remove() if value is None else getattr(SearchRecord, name).set(value)
        for name, value in columns.items()
    ]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            SearchRecord(workspace, old.id), actions=actions, condition=SearchRecord.revision == old.revision
        )

    return base.Write("search", apply)


def remove(workspace: WorkspaceId, search_id: str) -> base.Write:
    """Delete it; deleting what is gone is not an error."""
    return base.Write("search", lambda transaction: transaction.delete(SearchRecord(workspace, search_id)))


def _columns(one: SavedSearch) -> dict[str, Any]:
    return {
        "revision": one.revision, "by": one.by, "name": one.name, "q": one.q, "sort": one.sort, "shared": one.shared,
    }  # fmt: skip


def _value(row: SearchRecord) -> SavedSearch:
    return SavedSearch(
        row.id, row.by, row.name, row.q, row.sort, bool(row.shared), int(row.revision), base.moment(row.created_at)
    )
