"""Versions: immutable, numbered in the order they were committed; only what is seen in a picture may be added later."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.assets import Version
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base

_version = TypeAdapter(Version)


class VersionRecord(base.Record):
    """One version of one asset."""

    class Meta:
        noun = "versions"

    asset_place = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    id = UnicodeAttribute()
    version = JSONAttribute()


def add(workspace: WorkspaceId, asset_id: AssetId, version: Version) -> base.Write:
    """Create it; refused with label `version` when the number is taken."""
    row = VersionRecord(
        base.place(workspace, asset_id),
        version.number,
        id=version.id,
        version=_version.dump_python(version, mode="json"),
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=VersionRecord.number.does_not_exist())

    return base.Write("version", apply)


def tell(workspace: WorkspaceId, asset_id: AssetId, version: Version, facts: Mapping[str, Any]) -> base.Write:
    """Add facts that were seen in its picture later; refused with label `version` when the row is gone."""
    told = _version.dump_python(dataclasses.replace(version, facts={**version.facts, **facts}), mode="json")
    row = VersionRecord(base.place(workspace, asset_id), version.number)

    def apply(transaction: TransactWrite) -> None:
        transaction.update(row, actions=[VersionRecord.version.set(told)], condition=VersionRecord.id == version.id)

    return base.Write("version", apply)


def get(workspace: WorkspaceId, asset_id: AssetId, number: int) -> Version | None:
    """One version by number, strongly consistent."""
    row = base.read(VersionRecord, base.place(workspace, asset_id), number)
    return None if row is None else _version.validate_python(row.version)


def every(workspace: WorkspaceId, asset_id: AssetId) -> Iterator[Version]:
    """All versions of an asset, least number first, strongly consistent."""
    for row in base.rows(VersionRecord.query(base.place(workspace, asset_id), consistent_read=True)):
        yield _version.validate_python(row.version)


def page(workspace: WorkspaceId, asset_id: AssetId, *, limit: int, start: Any = None) -> base.Page[Version]:
    """Versions of an asset, greatest number first."""
    results = VersionRecord.query(
        base.place(workspace, asset_id),
        consistent_read=True,
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start,
    )
    found = [_version.validate_python(row.version) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)
