"""Comments of an asset, by age."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.comments import Comment
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base

_comment = TypeAdapter(Comment)


class CommentRecord(base.Record):
    """One comment of one asset."""

    class Meta:
        noun = "comments"

    asset_place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    comment = JSONAttribute()


def get(workspace: WorkspaceId, asset_id: AssetId, comment_id: str) -> Comment | None:
    """One comment, strongly consistent, deleted or not."""
    row = base.read(CommentRecord, base.place(workspace, asset_id), comment_id)
    return None if row is None else _comment.validate_python(row.comment)


def get_many(workspace: WorkspaceId, asset_id: AssetId, ids: Sequence[str]) -> dict[str, Comment]:
    """Those of the comments that exist, by id, strongly consistent."""
    place = base.place(workspace, asset_id)
    found = base.read_many(CommentRecord, [(place, one) for one in ids]) if ids else ()
    return {row.id: _comment.validate_python(row.comment) for row in found}


def page(workspace: WorkspaceId, asset_id: AssetId, *, limit: int, start: Any = None) -> base.Page[Comment]:
    """Comments of an asset, oldest first, strongly consistent."""
    results = CommentRecord.query(
        base.place(workspace, asset_id), consistent_read=True, limit=limit, last_evaluated_key=start
    )
    found = [_comment.validate_python(row.comment) for row in base.rows(results)]
    return base.Page(found, results.last_evaluated_key)


def add(workspace: WorkspaceId, one: Comment) -> base.Write:
    """Create it; refused with label `comment` when the id is taken."""
    row = CommentRecord(base.place(workspace, one.asset_id), one.id, revision=1, comment=_dump(one))

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=CommentRecord.id.does_not_exist())

    return base.Write("comment", apply)


def change(workspace: WorkspaceId, old: Comment, new: Comment) -> base.Write:
    """Turn `old`, as it was read, into `new`; refused with label `comment` if it is not that any more."""
    actions: list[Any] = [
        CommentRecord.revision.set(old.revision + 1),
        CommentRecord.comment.set(_dump(new)),
    ]

    def apply(transaction: TransactWrite) -> None:
        row = CommentRecord(base.place(workspace, old.asset_id), old.id)
        transaction.update(row, actions=actions, condition=CommentRecord.revision == old.revision)

    return base.Write("comment", apply)


def _dump(one: Comment) -> Any:
    return _comment.dump_python(one, mode="json")
