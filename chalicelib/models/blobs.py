"""Which asset first held these exact bytes. Bytes are never shared; this only names the first holder."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base


class BlobRecord(base.Record):
    """One set of bytes."""

    class Meta:
        noun = "blobs"

    workspace = UnicodeAttribute(hash_key=True)
    sha256 = UnicodeAttribute(range_key=True)
    asset_id = UnicodeAttribute()


def first_holder(workspace: WorkspaceId, sha256: str) -> AssetId | None:
    """The asset that held these bytes first, strongly consistent."""
    row = base.read(BlobRecord, workspace, sha256)
    return None if row is None else AssetId(row.asset_id)


def claim_first(workspace: WorkspaceId, sha256: str, asset_id: AssetId) -> base.Write:
    """Become the first holder; refused with label `blob` when another asset is."""
    row = BlobRecord(workspace, sha256, asset_id=asset_id)

    def apply(transaction: TransactWrite) -> None:
        is_free = BlobRecord.sha256.does_not_exist() | (BlobRecord.asset_id == asset_id)
        transaction.save(row, condition=is_free)

    return base.Write("blob", apply)


def every(workspace: WorkspaceId) -> Iterator[tuple[str, AssetId]]:
    """Every set of bytes with its first holder, by hash, strongly consistent."""
    for row in base.rows(BlobRecord.query(workspace, consistent_read=True)):
        yield row.sha256, AssetId(row.asset_id)


def pass_on(workspace: WorkspaceId, sha256: str, asset_id: AssetId, *, instead_of: AssetId | None) -> base.Write:
    """Name another first holder; refused with label `blob` when it is not the one that was read any more."""
    row = BlobRecord(workspace, sha256, asset_id=asset_id)

    def apply(transaction: TransactWrite) -> None:
        as_read = BlobRecord.sha256.does_not_exist() if instead_of is None else BlobRecord.asset_id == instead_of
        transaction.save(row, condition=as_read)

    return base.Write("blob", apply)
