"""Which asset first held these exact bytes. Bytes are never shared; this only names the first holder."""

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
