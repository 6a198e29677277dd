"""Grants: one row says what a role or a member is allowed and denied on a collection, an asset, or everywhere."""

from collections.abc import Sequence

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.access import Grant, Right, mask, rights_of
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.models import base


class GrantRecord(base.Record):
    """One grant; `id` is `<role|member>#<who>#<library|collection|asset>#<target>`."""

    class Meta:
        noun = "grants"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    collection_id = UnicodeAttribute(null=True)
    asset_id = UnicodeAttribute(null=True)
    allow = JSONAttribute()
    deny = JSONAttribute()


def of(workspace: WorkspaceId, holder: str) -> list[Grant]:
    """Grants of one holder (`role#<id>` or `member#<id>`), strongly consistent."""
    found = GrantRecord.query(workspace, GrantRecord.id.startswith(f"{holder}#"), consistent_read=True)
    return [_value(row) for row in base.rows(found)]


def of_all(workspace: WorkspaceId, holders: Sequence[str]) -> tuple[Grant, ...]:
    """Grants of several holders together."""
    return tuple(grant for holder in holders for grant in of(workspace, holder))


def every(workspace: WorkspaceId) -> dict[str, tuple[Grant, ...]]:
    """All grants of the workspace by holder, strongly consistent."""
    found: dict[str, tuple[Grant, ...]] = {}
    for row in base.rows(GrantRecord.query(workspace, consistent_read=True)):
        holder = row.id.rsplit("#", 2)[0]
        found[holder] = (*found.get(holder, ()), _value(row))
    return found


def put(workspace: WorkspaceId, holder: str, grant: Grant) -> base.Write:
    """Set what a holder has on this target; the last write counts."""
    row = GrantRecord(
        workspace,
        _place(holder, grant),
        collection_id=grant.collection_id,
        asset_id=grant.asset_id,
        allow=[str(right) for right in rights_of(grant.allow)],
        deny=[str(right) for right in rights_of(grant.deny)],
    )
    return base.Write("grant", lambda transaction: _save(transaction, row))


def remove(workspace: WorkspaceId, holder: str, grant: Grant) -> base.Write:
    """Take away what a holder has on this grant's target; taking away nothing is not an error."""
    row = GrantRecord(workspace, _place(holder, grant))
    return base.Write("grant", lambda transaction: transaction.delete(row))


def _place(holder: str, grant: Grant) -> str:
    kind = "asset" if grant.asset_id else "collection" if grant.collection_id else "library"
    return f"{holder}#{kind}#{grant.asset_id or grant.collection_id or 'all'}"


def _save(transaction: TransactWrite, row: GrantRecord) -> None:
    transaction.save(row)


def _value(row: GrantRecord) -> Grant:
    return Grant(
        collection_id=CollectionId(row.collection_id) if row.collection_id else None,
        asset_id=AssetId(row.asset_id) if row.asset_id else None,
        allow=mask(Right(name) for name in row.allow),
        deny=mask(Right(name) for name in row.deny),
    )
