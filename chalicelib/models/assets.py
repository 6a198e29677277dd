"""Assets: one row each, with its newest and its approved version in short."""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from chalicelib.domain.assets import Approval, Asset, Fields, Source, Version, next_turn
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.errors import NotFound
from chalicelib.models import base

_TURNS = "assets"
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
    "seen": TypeAdapter(dict[str, dict[str, Any]]),
    "rejected_tags": TypeAdapter(tuple[str, ...]),
}


class Turns(GlobalSecondaryIndex["AssetRecord"]):
    """Assets with dates before them, by the next of these."""

    class Meta:
        index_name = "turns"
        projection = KeysOnlyProjection()

    turns = UnicodeAttribute(hash_key=True)
    turn_at = NumberAttribute(range_key=True)


class AssetRecord(base.Record):
    """One asset. Structured columns are JSON; each is changed on its own."""

    class Meta:
        noun = "assets"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    fields = base.ShapedAttribute(_ADAPTERS["fields"])
    collection_ids = base.ShapedAttribute(_ADAPTERS["collection_ids"])
    sources = base.ShapedAttribute(_ADAPTERS["sources"])
    newest = base.ShapedAttribute(_ADAPTERS["newest"])
    approved = base.ShapedAttribute(_ADAPTERS["approved"], null=True)
    versions = NumberAttribute()
    state = UnicodeAttribute()
    archived_because = UnicodeAttribute(null=True)
    trash_id = UnicodeAttribute(null=True)
    duplicate_of = UnicodeAttribute(null=True)
    touched = base.ShapedAttribute(_ADAPTERS["touched"])
    keyword_sources = base.ShapedAttribute(_ADAPTERS["keyword_sources"])
    approvals = base.ShapedAttribute(_ADAPTERS["approvals"], default=dict)
    standing = base.ShapedAttribute(_ADAPTERS["standing"], null=True)
    seen = base.ShapedAttribute(_ADAPTERS["seen"], default=dict)
    rejected_tags = base.ShapedAttribute(_ADAPTERS["rejected_tags"], default=tuple)
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    turns = UnicodeAttribute(null=True)
    turn_at = NumberAttribute(null=True)
    turns_index = Turns()


@dataclasses.dataclass(frozen=True)
class Turn:
    """An asset whose next date, `at` seconds since 1970, has come."""

    workspace: WorkspaceId
    asset_id: AssetId
    at: int


def get(workspace: WorkspaceId, asset_id: AssetId) -> Asset:
    """The asset, strongly consistent, whatever its state. Raises `NotFound`."""
    found = wanted(workspace, asset_id).read()
    if found is None:
        raise NotFound("There is no such asset.")
    return found


def wanted(workspace: WorkspaceId, asset_id: AssetId) -> base.Wanted[Asset]:
    """The asset, to be read together with a row of another table."""
    return base.Wanted(AssetRecord, workspace, asset_id, _value)


def get_many(workspace: WorkspaceId, asset_ids: Sequence[AssetId]) -> list[Asset]:
    """Those of the assets that exist, in the order asked for, strongly consistent."""
    keys = [(workspace, asset_id) for asset_id in asset_ids]
    found = {row.id: _value(row) for row in base.read_many(AssetRecord, keys)}
    return [found[asset_id] for asset_id in asset_ids if asset_id in found]


def after(workspace: WorkspaceId, asset_id: str, limit: int) -> list[Asset]:
    """At most `limit` assets whose ids come after this one, whatever their state, strongly consistent; by id."""
    condition = AssetRecord.id > asset_id if asset_id else None
    return [
        _value(row) for row in base.rows(AssetRecord.query(workspace, condition, consistent_read=True, limit=limit))
    ]


def every(workspace: WorkspaceId, after: AssetId | None = None) -> Iterator[Asset]:
    """All assets of the workspace, whatever their state, page by page, strongly consistent; by id, from `after` on."""
    further = AssetRecord.id > after if after else None
    for row in base.rows(AssetRecord.query(workspace, further, consistent_read=True)):
        yield _value(row)


def add(workspace: WorkspaceId, asset: Asset) -> base.Write:
    """Create it; refused with label `asset` when the id is taken."""
    row = AssetRecord(workspace, asset.id, **{name: _dump(name, value) for name, value in _columns(asset).items()})
    row.turn_at = _turn_at(asset, asset.updated_at)
    row.turns = None if row.turn_at is None else _TURNS

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
    at = _turn_at(new, new.updated_at)
    if at is not None or _turn_at(old, old.created_at) is not None:
        actions += _turned(at)

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            AssetRecord(workspace, old.id), actions=actions, condition=AssetRecord.revision == old.revision
        )

    return base.Write("asset", apply)


def see(
    workspace: WorkspaceId,
    asset: Asset,
    seen: Mapping[str, Mapping[str, Any]],
    facts: tuple[Version, Mapping[str, Any]] | None = None,
) -> base.Write:
    """Write what a model saw, and facts that are added to one version; refused with label `asset` when the asset is
    not as it was read any more.

    Its revision stays: nobody's edit collides with what a machine sees.
    """
    actions: list[Any] = [AssetRecord.seen.set(_dump("seen", seen))]
    version, more = facts or (None, {})
    for name in ("newest", "approved", "standing") if more else ():
        held: Version | None = getattr(asset, name)
        if held is not None and version is not None and held.id == version.id:
            told = dataclasses.replace(held, facts={**held.facts, **more})
            actions.append(getattr(AssetRecord, name).set(_dump(name, told)))

    def apply(transaction: TransactWrite) -> None:
        known = AssetRecord.seen == _dump("seen", asset.seen)
        is_same = (AssetRecord.revision == asset.revision) & (AssetRecord.seen.does_not_exist() | known)
        transaction.update(AssetRecord(workspace, asset.id), actions=actions, condition=is_same)

    return base.Write("asset", apply)


@base.cross_workspace("one schedule tells of every workspace's assets whose date has come")
def turning(now: datetime, limit: int) -> list[Turn]:
    """Assets whose next date has come, longest past first; up to a second old."""
    results = AssetRecord.turns_index.query(_TURNS, AssetRecord.turn_at <= base.epoch_s(now), limit=limit)
    return [Turn(WorkspaceId(row.workspace), AssetId(row.id), int(row.turn_at)) for row in base.rows(results)]


def turned(turn: Turn, asset: Asset, now: datetime) -> base.Write:
    """Note that this date was told of, and the next one; refused with label `asset` when it was, or the asset changed.

    Its revision stays: nobody's edit collides with a clock.
    """
    actions = _turned(_turn_at(asset, now))

    def apply(transaction: TransactWrite) -> None:
        is_same = (AssetRecord.revision == asset.revision) & (AssetRecord.turn_at == turn.at)
        transaction.update(AssetRecord(turn.workspace, turn.asset_id), actions=actions, condition=is_same)

    return base.Write("asset", apply)


def unchanged(workspace: WorkspaceId, asset: Asset) -> base.Write:
    """Make a transaction fail with label `asset` when the asset is not as it was read any more."""

    def apply(transaction: TransactWrite) -> None:
        is_same = AssetRecord.revision == asset.revision
        transaction.condition_check(AssetRecord, workspace, asset.id, condition=is_same)

    return base.Write("asset", apply)


def _turn_at(asset: Asset, after: datetime) -> int | None:
    """The next date, up to the whole second at which it has certainly come."""
    at = next_turn(asset.fields, after)
    return None if at is None else math.ceil(at.timestamp())


def _turned(at: int | None) -> list[Any]:
    if at is None:
        return [AssetRecord.turns.remove(), AssetRecord.turn_at.remove()]
    return [AssetRecord.turns.set(_TURNS), AssetRecord.turn_at.set(at)]


def _columns(asset: Asset) -> dict[str, Any]:
    return {one.name: getattr(asset, one.name) for one in dataclasses.fields(asset) if one.name != "id"}


def _dump(name: str, value: Any) -> Any:
    if name in ("created_at", "updated_at"):
        return base.stamp(value)
    adapter = _ADAPTERS.get(name)
    return adapter.dump_python(value, mode="json") if adapter and value is not None else value


def _value(row: AssetRecord) -> Asset:
    structured = {name: getattr(row, name) for name in _ADAPTERS}
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
