"""The not-yet-indexed set: assets whose access was narrowed by a change that the search index does not hold yet.

A row is written in the transaction of the narrowing change, so no query that begins after it can miss it.
Queries leave these assets out; the index writer takes the row away once a generation holds the change.
"""

from collections.abc import Mapping

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base


class UnindexedRecord(base.Record):
    """One narrowed asset; `token` is the outbox row of its latest narrowing."""

    class Meta:
        noun = "unindexed"

    workspace = UnicodeAttribute(hash_key=True)
    asset_id = UnicodeAttribute(range_key=True)
    token = UnicodeAttribute()


def add(workspace: WorkspaceId, asset_id: AssetId, token: str) -> base.Write:
    """Leave the asset out of search until the index holds the outbox row `token`; a later narrowing takes over."""
    row = UnindexedRecord(workspace, asset_id, token=token)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row)

    return base.Write("unindexed", apply)


def every(workspace: WorkspaceId) -> Mapping[AssetId, str]:
    """The whole set, strongly consistent: asset to the token of its latest narrowing."""
    found = UnindexedRecord.query(workspace, consistent_read=True)
    return {AssetId(row.asset_id): row.token for row in base.rows(found)}


def remove(workspace: WorkspaceId, asset_id: AssetId, token: str) -> None:
    """The index holds this narrowing. A no-op when the asset was narrowed again meanwhile, or is not in the set."""
    row = UnindexedRecord(workspace, asset_id)
    try:
        base.write(lambda: row.delete(condition=UnindexedRecord.token == token), "unindexed")
    except base.ConditionFailed:
        return
