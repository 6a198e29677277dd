"""Shares: one row a link, with its counters."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.shares import Share
from chalicelib.models import base

_share = TypeAdapter(Share)


class ByWorkspace(GlobalSecondaryIndex["ShareRecord"]):
    """Shares of one workspace, by age."""

    class Meta:
        index_name = "by_workspace"
        projection = AllProjection()

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ShareRecord(base.Record):
    """One link. `share` is all that people set; the rest is counted on its own."""

    class Meta:
        noun = "shares"

    id = UnicodeAttribute(hash_key=True)
    workspace = UnicodeAttribute()
    revision = NumberAttribute()
    share = JSONAttribute()
    opens = NumberAttribute(null=True)
    downloads = NumberAttribute(null=True)
    opened_at = UnicodeAttribute(null=True)
    downloaded_at = UnicodeAttribute(null=True)
    by_workspace = ByWorkspace()


@dataclass(frozen=True)
class Stats:
    """How often a link was opened, and how many files left by it."""

    opens: int
    downloads: int
    opened_at: datetime | None
    downloaded_at: datetime | None


@base.cross_workspace("a link's token names its workspace only once the link is found")
def find(share_id: str) -> Share | None:
    """The share with this id, over or not, strongly consistent."""
    row = base.read(ShareRecord, share_id)
    return None if row is None else _share.validate_python(row.share)


def stats(share_id: str) -> Stats:
    """Its counters, strongly consistent; zeros when it is gone."""
    row = base.read(ShareRecord, share_id)
    if row is None:
        return Stats(0, 0, None, None)
    opened, left = row.opened_at, row.downloaded_at
    return Stats(
        int(row.opens or 0), int(row.downloads or 0),
        base.moment(opened) if opened else None, base.moment(left) if left else None,
    )  # fmt: skip


def every(workspace: WorkspaceId, *, limit: int, start: Any) -> base.Page[Share]:
    """Shares of a workspace, newest first; up to a second old."""
    results = ShareRecord.by_workspace.query(workspace, limit=limit, last_evaluated_key=start, scan_index_forward=False)
    found = [_share.validate_python(row.share) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)


def add(share: Share) -> base.Write:
    """Create it; refused with label `share` when the id is taken."""
    row = ShareRecord(share.id, workspace=share.workspace, revision=share.revision, share=_dump(share))

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=ShareRecord.id.does_not_exist())

    return base.Write("share", apply)


def change(old: Share, new: Share) -> tuple[Share, base.Write]:
    """Turn it from `old`, as it was read, into `new`, which is returned as it will be.

    Refused with label `share` if it is not `old` any more.
    """
    new = replace(new, revision=old.revision + 1)
    actions: list[Any] = [ShareRecord.share.set(_dump(new)), ShareRecord.revision.set(new.revision)]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(ShareRecord(old.id), actions=actions, condition=ShareRecord.revision == old.revision)

    return new, base.Write("share", apply)


def opened(share: Share, now: datetime) -> base.Write:
    """Count an opening; refused with label `share` if it was changed."""
    actions: list[Any] = [ShareRecord.opens.add(1), ShareRecord.opened_at.set(base.stamp(now))]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(ShareRecord(share.id), actions=actions, condition=ShareRecord.revision == share.revision)

    return base.Write("share", apply)


def downloaded(share: Share, now: datetime, files: int = 1) -> base.Write:
    """Count files that leave; refused with label `share` when the link is gone."""
    actions: list[Any] = [ShareRecord.downloads.add(files), ShareRecord.downloaded_at.set(base.stamp(now))]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(ShareRecord(share.id), actions=actions, condition=ShareRecord.id.exists())

    return base.Write("share", apply)


def _dump(share: Share) -> Any:
    return _share.dump_python(share, mode="json")
