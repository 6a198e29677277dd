"""Which assets lie in which collection: one row a membership, listed by age or by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain import names
from chalicelib.domain.assets import Asset, has_own_rules
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.models import base

_MOST_SEEN = 1_000


class ByName(GlobalSecondaryIndex["CollectionItemRecord"]):
    """Memberships of a collection in order of the folded name."""

    class Meta:
        index_name = "by_name"
        projection = AllProjection()

    place = UnicodeAttribute(hash_key=True)
    name_key = UnicodeAttribute(range_key=True)


class CollectionItemRecord(base.Record):
    """One asset in one collection. Rows of trashed assets stay: restoring needs them."""

    class Meta:
        noun = "collection_items"

    place = UnicodeAttribute(hash_key=True)
    asset_id = UnicodeAttribute(range_key=True)
    name_key = UnicodeAttribute()
    state = UnicodeAttribute()
    own_rules = BooleanAttribute(null=True)
    by_name = ByName()


@dataclass(frozen=True, slots=True)
class Membership:
    """What a collection keeps of an asset that lies in it."""

    name_key: str
    state: str
    own_rules: bool


def of(asset: Asset) -> Membership:
    """What each of its collections is to keep of this asset."""
    return Membership(names.sort_key(asset.fields.name, asset.id), asset.state, has_own_rules(asset))


Sort = Literal["name", "-name", "uploaded", "-uploaded"]


def put(workspace: WorkspaceId, collection_id: CollectionId, asset: Asset) -> base.Write:
    """Put the asset in, or refresh what is kept of it there."""
    kept = of(asset)
    row = CollectionItemRecord(
        base.place(workspace, collection_id),
        asset.id,
        name_key=kept.name_key,
        state=kept.state,
        own_rules=kept.own_rules or None,
    )
    return base.Write("item", lambda transaction: _save(transaction, row))


def remove(workspace: WorkspaceId, collection_id: CollectionId, asset_id: AssetId) -> base.Write:
    """Take the asset out; taking out what is not in is not an error."""
    row = CollectionItemRecord(base.place(workspace, collection_id), asset_id)
    return base.Write("item", lambda transaction: transaction.delete(row))


def page(
    workspace: WorkspaceId,
    collection_id: CollectionId,
    *,
    sort: Sort,
    limit: int,
    start: Any = None,
    name: str = "",
    state: str = "live",
) -> base.Page[AssetId]:
    """Ids of a collection's own assets in this state whose name contains `name`, in the order asked for.

    A thousand rows are looked at; a page may be short, even empty, with a `next` to go on from.
    """
    # DynamoDB filters an index by anything but its own keys, and the name is one: names are compared here.
    source = CollectionItemRecord.by_name if sort.lstrip("-") == "name" else CollectionItemRecord
    results = source.query(
        base.place(workspace, collection_id),
        filter_condition=CollectionItemRecord.state == state,
        scan_index_forward=not sort.startswith("-"),
        last_evaluated_key=start,
        page_size=200 if name else limit,
    )
    found: list[AssetId] = []
    part = names.fold(name)
    for seen, row in enumerate(base.rows(results), 1):
        if part in row.name_key.rpartition("\x1f")[0]:
            found.append(AssetId(row.asset_id))
        if len(found) == limit or seen == _MOST_SEEN:
            break
    return base.Page(found, results.last_evaluated_key)


def every(workspace: WorkspaceId, collection_id: CollectionId) -> list[AssetId]:
    """All assets of a collection, in any state, strongly consistent."""
    found = CollectionItemRecord.query(base.place(workspace, collection_id), consistent_read=True)
    return [AssetId(row.asset_id) for row in base.rows(found)]


def memberships(workspace: WorkspaceId, collection_id: CollectionId) -> Iterator[tuple[AssetId, Membership]]:
    """What a collection keeps of each of its assets, in any state, strongly consistent."""
    for row in base.rows(CollectionItemRecord.query(base.place(workspace, collection_id), consistent_read=True)):
        yield AssetId(row.asset_id), Membership(row.name_key, row.state, bool(row.own_rules))


def unsettled(workspace: WorkspaceId, collection_id: CollectionId, *, is_dead: bool) -> Iterator[AssetId]:
    """Assets whose stored state may not follow their collection yet, strongly consistent.

    In a dead collection those not trashed, in a living one those trashed (by themselves too).
    """
    trashed = CollectionItemRecord.state == "trashed"
    found = CollectionItemRecord.query(
        base.place(workspace, collection_id), consistent_read=True, filter_condition=~trashed if is_dead else trashed
    )
    for row in base.rows(found):
        yield AssetId(row.asset_id)


def count(workspace: WorkspaceId, collection_id: CollectionId, *, plain_only: bool = False) -> int:
    """How many live assets a collection has of its own, counted inside DynamoDB; up to a second old.

    `plain_only` leaves out those that must be judged one by one (`with_own_rules`).
    """
    wanted = CollectionItemRecord.state == "live"
    if plain_only:
        wanted = wanted & CollectionItemRecord.own_rules.does_not_exist()
    return CollectionItemRecord.count(base.place(workspace, collection_id), filter_condition=wanted)


def with_own_rules(workspace: WorkspaceId, collection_id: CollectionId) -> list[AssetId]:
    """Live assets of a collection that also lie elsewhere, or have dates or a restriction; up to a second old."""
    wanted = (CollectionItemRecord.state == "live") & CollectionItemRecord.own_rules.exists()
    found = CollectionItemRecord.query(base.place(workspace, collection_id), filter_condition=wanted)
    return [AssetId(row.asset_id) for row in base.rows(found)]


def _save(transaction: TransactWrite, row: CollectionItemRecord) -> None:
    transaction.save(row)
