"""Source pointers: this path of the drop is that asset, and its newest write was then."""

from collections.abc import Iterator, Sequence

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

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
    return None if row is None else _value(row)


def every(workspace: WorkspaceId) -> Iterator[KnownSource]:
    """Every source path of the workspace, by id, strongly consistent."""
    for row in base.rows(SourceRecord.query(workspace, consistent_read=True)):
        yield _value(row)


def find_many(workspace: WorkspaceId, source: str, paths: Sequence[str]) -> dict[str, KnownSource]:
    """Those of the paths that have a pointer, with it, strongly consistent."""
    rows = base.read_many(SourceRecord, [(workspace, key(source, one)) for one in paths])
    return {row.path: _value(row) for row in rows}


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
    return base.save_as_read("source", row, old.revision if old else None)


def key(source: str, path: str) -> str:
    """The id of a source path's pointer."""
    return f"{source}#{short_hash(path)}"


def _value(row: SourceRecord) -> KnownSource:
    modified, sequencer, version_id = row.order
    return KnownSource(row.id, AssetId(row.asset_id), (modified, sequencer, version_id), row.sha256, int(row.revision))
