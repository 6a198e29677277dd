"""Assets: one row each, with its newest and its approved version in short."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.assets import Approval, Asset, Fields, Source, Version
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.errors import NotFound
from chalicelib.models import base

_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "fields": TypeAdapter(Fields),
    "collection_ids": TypeAdapter(tuple[CollectionId, ...]),
    "sources": TypeAdapter(tuple[Source, ...]),
    "newest": TypeAdapter(Version),
    "approved": TypeAdapter(Version | None),
    "touched": TypeAdapter(frozenset[str]),
    "keyword_sources": TypeAdapter(dict[str, str]),
    "approvals": TypeAdapter(dict[int, Approval]),
    "standing": TypeAdapter(Version | None),
}


class AssetRecord(base.Record):
    """One asset. Structured columns are JSON; each is changed on its own."""

    class Meta:
        noun = "assets"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    fields = JSONAttribute()
    collection_ids = JSONAttribute()
    sources = JSONAttribute()
    newest = JSONAttribute()
    approved = JSONAttribute(null=True)
    versions = NumberAttribute()
    state = UnicodeAttribute()
    archived_because = UnicodeAttribute(null=True)
    trash_id = UnicodeAttribute(null=True)
    duplicate_of = UnicodeAttribute(null=True)
    touched = JSONAttribute()
    keyword_sources = JSONAttribute()
    approvals = JSONAttribute(default=dict)
    standing = JSONAttribute(null=True)
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()


def get(workspace: WorkspaceId, asset_id: AssetId) -> Asset:
    """The asset, strongly consistent, whatever its state. Raises `NotFound`."""
    row = base.read(AssetRecord, workspace, asset_id)
    if row is None:
        raise NotFound("There is no such asset.")
    return _value(row)


def get_many(workspace: WorkspaceId, asset_ids: Sequence[AssetId]) -> list[Asset]:
    """Those of the assets that exist, in the order asked for, strongly consistent."""
    keys = [(workspace, asset_id) for asset_id in dict.fromkeys(asset_ids)]
    found = {row.id: _value(row) for row in AssetRecord.batch_get(keys, consistent_read=True)} if keys else {}
    return [found[asset_id] for asset_id in asset_ids if asset_id in found]


def every(workspace: WorkspaceId) -> Iterator[Asset]:
    """All assets of the workspace, whatever their state, page by page, strongly consistent; by id."""
    for row in base.rows(AssetRecord.query(workspace, consistent_read=True)):
        yield _value(row)


def add(workspace: WorkspaceId, asset: Asset) -> base.Write:
    """Create it; refused with label `asset` when the id is taken."""
    row = AssetRecord(workspace, asset.id, **{name: _dump(name, value) for name, value in _columns(asset).items()})

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=AssetRecord.id.does_not_exist())

    return base.Write("asset", apply)


def change(workspace: WorkspaceId, old: Asset, new: Asset) -> base.Write:
    """Turn the asset from `old`, as it was read, into `new`; refused with label `asset` if it is not `old` any more.

    Only columns that differ are written; the revision rises by one.
    """
    before, after = _columns(old), _columns(new)
    actions: list[Any] = [AssetRecord.revision.set(old.revision + 1)]
    for name in after:
        if name in ("revision", "created_at") or before[name] == after[name]:
            continue
        column = getattr(AssetRecord, name)
        actions.append(column.remove() if after[name] is None else column.set(_dump(name, after[name])))

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            AssetRecord(workspace, old.id), actions=actions, condition=AssetRecord.revision == old.revision
        )

    return base.Write("asset", apply)


def unchanged(workspace: WorkspaceId, asset: Asset) -> base.Write:
    """Make a transaction fail with label `asset` when the asset is not as it was read any more."""

    def apply(transaction: TransactWrite) -> None:
        is_same = AssetRecord.revision == asset.revision
        transaction.condition_check(AssetRecord, workspace, asset.id, condition=is_same)

    return base.Write("asset", apply)


def _columns(asset: Asset) -> dict[str, Any]:
    return {one.name: getattr(asset, one.name) for one in dataclasses.fields(asset) if one.name != "id"}


def _dump(name: str, value: Any) -> Any:
    if name in ("created_at", "updated_at"):
        return base.stamp(value)
    adapter = _ADAPTERS.get(name)
    return adapter.dump_python(value, mode="json") if adapter and value is not None else value


def _value(row: AssetRecord) -> Asset:
    structured = {name: adapter.validate_python(getattr(row, name)) for name, adapter in _ADAPTERS.items()}
    return Asset(
        id=AssetId(row.id),
        revision=int(row.revision),
        versions=int(row.versions),
        state=row.state,  # type: ignore[arg-type]
        archived_because=row.archived_because,
        trash_id=row.trash_id,
        duplicate_of=AssetId(row.duplicate_of) if row.duplicate_of else None,
        created_at=base.moment(row.created_at),
        updated_at=base.moment(row.updated_at),
        **structured,
    )
