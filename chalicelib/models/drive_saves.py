"""Approved versions that a connection saves into Drive: one row an asset, and which of them are due."""

from collections.abc import Sequence

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.domain.drive_saves import Save
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base


class Work(GlobalSecondaryIndex["DriveSaveRecord"]):
    """Rows that are due, by asset."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work_place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class DriveSaveRecord(base.Record):
    """One asset's file in the folder that a connection saves into; `id` is the asset's."""

    class Meta:
        noun = "drive_saves"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    work_place = UnicodeAttribute(null=True)
    folder_id = UnicodeAttribute(null=True)
    file_id = UnicodeAttribute(null=True)
    version_id = UnicodeAttribute(null=True)
    number = NumberAttribute(null=True)
    sha256 = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    upload = JSONAttribute(null=True)
    because = UnicodeAttribute(null=True)
    tries = NumberAttribute(default=0)
    revision = NumberAttribute()
    work_index = Work()


def get(workspace: WorkspaceId, connection_id: str, asset_id: AssetId) -> Save | None:
    """One row, strongly consistent."""
    row = base.read(DriveSaveRecord, base.place(workspace, connection_id), asset_id)
    return None if row is None else _value(row)


def get_many(workspace: WorkspaceId, connection_id: str, asset_ids: Sequence[AssetId]) -> dict[AssetId, Save]:
    """Those of the rows that exist, by asset, strongly consistent."""
    place = base.place(workspace, connection_id)
    rows = base.read_many(DriveSaveRecord, [(place, one) for one in asset_ids])
    return {AssetId(row.id): _value(row) for row in rows}


def due(workspace: WorkspaceId, connection_id: str, *, limit: int, after: str = "") -> list[AssetId]:
    """Assets whose rows are due, at most `limit`, by id; up to a second old."""
    place = base.place(workspace, connection_id)
    condition = DriveSaveRecord.id > after if after else None
    return [AssetId(row.id) for row in base.rows(DriveSaveRecord.work_index.query(place, condition, limit=limit))]


def put(workspace: WorkspaceId, connection_id: str, old: Save | None, new: Save) -> base.Write:
    """Write a row; refused with label `save` when it is not `old`, as it was read, any more."""
    place = base.place(workspace, connection_id)
    row = DriveSaveRecord(
        place,
        new.asset_id,
        work_place=place if new.is_due else None,
        folder_id=new.folder_id,
        file_id=new.file_id,
        version_id=new.version_id,
        number=new.number,
        sha256=new.sha256,
        name=new.name,
        upload=dict(new.upload) if new.upload else None,
        because=new.because,
        tries=new.tries,
        revision=(old.revision if old else 0) + 1,
    )
    return base.save_as_read("save", row, old.revision if old else None)


def _value(row: DriveSaveRecord) -> Save:
    return Save(
        asset_id=AssetId(row.id),
        is_due=row.work_place is not None,
        folder_id=row.folder_id,
        file_id=row.file_id,
        version_id=row.version_id,
        number=int(row.number) if row.number is not None else None,
        sha256=row.sha256,
        name=row.name,
        upload=row.upload,
        because=row.because,
        tries=int(row.tries or 0),
        revision=int(row.revision),
    )
