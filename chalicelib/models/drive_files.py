"""The index of a Drive connection: every followed file and folder, by Drive's id, and what is still to do about it."""

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.domain.drive import DriveFile, Entry
from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base

_FILE = TypeAdapter(DriveFile)


class Work(GlobalSecondaryIndex["DriveFileRecord"]):
    """Entries about which something is to do, in the order in which it is done."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work_place = UnicodeAttribute(hash_key=True)
    work = UnicodeAttribute(range_key=True)


class Inside(GlobalSecondaryIndex["DriveFileRecord"]):
    """What lies in a followed folder."""

    class Meta:
        index_name = "inside"
        projection = AllProjection()

    home_place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class DriveFileRecord(base.Record):
    """One file or folder."""

    class Meta:
        noun = "drive_files"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    file = JSONAttribute()
    home = UnicodeAttribute(null=True)
    home_place = UnicodeAttribute(null=True)
    is_root = NumberAttribute(default=0)
    state = UnicodeAttribute()
    because = UnicodeAttribute(null=True)
    work_place = UnicodeAttribute(null=True)
    work = UnicodeAttribute(null=True)
    copied = UnicodeAttribute(null=True)
    collection_id = UnicodeAttribute(null=True)
    synced = JSONAttribute()
    copying = JSONAttribute(null=True)
    page = UnicodeAttribute(null=True)
    tries = NumberAttribute(default=0)
    revision = NumberAttribute()
    work_index = Work()
    inside_index = Inside()


def get(workspace: WorkspaceId, connection_id: str, file_id: str) -> Entry | None:
    """One entry, strongly consistent."""
    row = base.read(DriveFileRecord, base.place(workspace, connection_id), file_id)
    return None if row is None else _value(row)


def get_many(workspace: WorkspaceId, connection_id: str, file_ids: Sequence[str]) -> dict[str, Entry]:
    """Those of the entries that exist, by id, strongly consistent."""
    place = base.place(workspace, connection_id)
    return {row.id: _value(row) for row in base.read_many(DriveFileRecord, [(place, one) for one in file_ids])}


def to_do(workspace: WorkspaceId, connection_id: str, stage: str, *, limit: int, after: str = "") -> list[Entry]:
    """Entries at this stage, at most `limit`, by id; up to a second old."""
    place = base.place(workspace, connection_id)
    condition = (
        DriveFileRecord.work.between(f"{stage}#{after}\x01", f"{stage}#~")
        if after
        else DriveFileRecord.work.startswith(f"{stage}#")
    )
    return [_value(row) for row in base.rows(DriveFileRecord.work_index.query(place, condition, limit=limit))]


def inside(workspace: WorkspaceId, connection_id: str, folder_id: str) -> Iterator[Entry]:
    """What lies in a followed folder, page by page; up to a second old."""
    place = base.place(workspace, connection_id, folder_id)
    for row in base.rows(DriveFileRecord.inside_index.query(place)):
        yield _value(row)


def put(workspace: WorkspaceId, connection_id: str, old: Entry | None, new: Entry) -> base.Write:
    """Write an entry; refused with label `entry` when it is not `old`, as it was read, any more."""
    place = base.place(workspace, connection_id)
    row = DriveFileRecord(
        place,
        new.id,
        file=_FILE.dump_python(new.file, mode="json"),
        home=new.home,
        home_place=base.place(place, new.home) if new.home else None,
        is_root=int(new.is_root),
        state=new.state,
        because=new.because,
        work_place=place if new.todo else None,
        work=f"{new.todo}#{new.id}" if new.todo else None,
        copied=new.copied,
        collection_id=new.collection_id,
        synced=dict(new.synced),
        copying=dict(new.copying) if new.copying else None,
        page=new.page,
        tries=new.tries,
        revision=(old.revision if old else 0) + 1,
    )
    return base.save_as_read("entry", row, old.revision if old else None)


def _value(row: DriveFileRecord) -> Entry:
    return Entry(
        id=row.id,
        file=_FILE.validate_python(row.file),
        home=row.home,
        is_root=bool(row.is_root),
        state=row.state,  # type: ignore[arg-type]
        because=row.because,
        todo=(row.work or "").partition("#")[0],  # type: ignore[arg-type]
        copied=row.copied,
        collection_id=row.collection_id,
        synced=dict(row.synced or {}),
        copying=row.copying,
        page=row.page,
        tries=int(row.tries or 0),
        revision=int(row.revision),
    )
