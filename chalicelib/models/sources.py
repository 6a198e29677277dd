"""Source pointers: this path of the drop is that asset, and its newest write was then."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.arrivals import KnownSource
from chalicelib.domain.ids import AssetId, WorkspaceId, short_hash
from chalicelib.models import base


class SourceRecord(base.Record):
    """One source path; `id` is `<source>#<hash of the path>`."""

    class Meta:
        noun = "sources"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    path = UnicodeAttribute()
    asset_id = UnicodeAttribute()
    order = JSONAttribute()
    sha256 = UnicodeAttribute()
    revision = NumberAttribute()


def find(workspace: WorkspaceId, source: str, path: str) -> KnownSource | None:
    """What is known of a source path (exact, case counts), strongly consistent."""
    row = base.read(SourceRecord, workspace, key(source, path))
    if row is None:
        return None
    modified, sequencer, version_id = row.order
    return KnownSource(row.id, AssetId(row.asset_id), (modified, sequencer, version_id), row.sha256, int(row.revision))


def point(workspace: WorkspaceId, source: str, path: str, new: KnownSource, old: KnownSource | None) -> base.Write:
    """Point the path at an asset; refused with label `source` when it is not as it was read any more."""
    row = SourceRecord(
        workspace,
        key(source, path),
        path=path,
        asset_id=new.asset_id,
        order=list(new.order),
        sha256=new.sha256,
        revision=new.revision,
    )

    def apply(transaction: TransactWrite) -> None:
        as_read = SourceRecord.id.does_not_exist() if old is None else SourceRecord.revision == old.revision
        transaction.save(row, condition=as_read)

    return base.Write("source", apply)


def key(source: str, path: str) -> str:
    """The id of a source path's pointer."""
    return f"{source}#{short_hash(path)}"
