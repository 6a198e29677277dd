"""Uploads begun by a browser or a program: who, where to, and which inbox key the bytes will have."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import AssetId, CollectionId, VersionId, WorkspaceId
from chalicelib.models import base


class UploadRecord(base.Record):
    """One upload."""

    class Meta:
        noun = "uploads"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    by = UnicodeAttribute()
    member_id = UnicodeAttribute(null=True)
    file_name = UnicodeAttribute()
    size_bytes = NumberAttribute()
    part_size_bytes = NumberAttribute()
    parts_id = UnicodeAttribute(null=True)
    sha256 = UnicodeAttribute(null=True)
    content_type = UnicodeAttribute(null=True)
    collection_id = UnicodeAttribute(null=True)
    folders = JSONAttribute(null=True)
    asset_id = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    fields = JSONAttribute()
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    ingest_id = UnicodeAttribute(null=True)
    purpose = UnicodeAttribute(null=True)
    delete_after = NumberAttribute()


@dataclass(frozen=True)
class Upload:
    """`parts_id` None: one PUT of the whole. `folders` are names below `collection_id`, made when it arrives.
    `purpose` None: a file of the library; `sheet`: one to be read in.

    `member_id` is the person behind `by`, which may be a key.
    """

    id: str
    by: str
    file_name: str
    size_bytes: int
    part_size_bytes: int
    created_at: datetime
    expires_at: datetime
    parts_id: str | None = None
    sha256: str | None = None
    content_type: str | None = None
    collection_id: CollectionId | None = None
    folders: tuple[str, ...] = ()
    asset_id: AssetId | None = None
    note: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    ingest_id: VersionId | None = None
    member_id: str | None = None
    purpose: str | None = None


def get(workspace: WorkspaceId, upload_id: str) -> Upload | None:
    """The upload, strongly consistent, over or not."""
    row = base.read(UploadRecord, workspace, upload_id)
    return (
        None
        if row is None
        else Upload(
            id=row.id,
            by=row.by,
            file_name=row.file_name,
            size_bytes=int(row.size_bytes),
            part_size_bytes=int(row.part_size_bytes),
            created_at=base.moment(row.created_at),
            expires_at=base.moment(row.expires_at),
            parts_id=row.parts_id,
            sha256=row.sha256,
            content_type=row.content_type,
            collection_id=CollectionId(row.collection_id) if row.collection_id else None,
            folders=tuple(row.folders or ()),
            asset_id=AssetId(row.asset_id) if row.asset_id else None,
            note=row.note,
            fields=dict(row.fields or {}),
            ingest_id=VersionId(row.ingest_id) if row.ingest_id else None,
            member_id=row.member_id,
            purpose=row.purpose,
        )
    )


def add(workspace: WorkspaceId, upload: Upload, keep_until: datetime) -> base.Write:
    """Create it; refused with label `upload` when the id is taken. The row outlives its last event."""
    row = UploadRecord(
        workspace,
        upload.id,
        by=upload.by,
        member_id=upload.member_id,
        file_name=upload.file_name,
        size_bytes=upload.size_bytes,
        part_size_bytes=upload.part_size_bytes,
        parts_id=upload.parts_id,
        sha256=upload.sha256,
        content_type=upload.content_type,
        collection_id=upload.collection_id,
        folders=list(upload.folders),
        asset_id=upload.asset_id,
        note=upload.note,
        fields=upload.fields,
        created_at=base.stamp(upload.created_at),
        expires_at=base.stamp(upload.expires_at),
        purpose=upload.purpose,
        delete_after=base.epoch_s(keep_until),
    )
    return base.save_as_read("upload", row, None)


def complete(workspace: WorkspaceId, upload_id: str, ingest_id: VersionId) -> base.Write:
    """Remember the arrival that the upload became; refused with label `upload` when one is remembered."""

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            UploadRecord(workspace, upload_id),
            actions=[UploadRecord.ingest_id.set(ingest_id)],
            condition=UploadRecord.id.exists() & UploadRecord.ingest_id.does_not_exist(),
        )

    return base.Write("upload", apply)
