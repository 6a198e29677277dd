"""What was learnt of a workspace's own words: one row a workspace."""

import base64
from dataclasses import asdict

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.learning import Head, Word
from chalicelib.models import base


class LearntRecord(base.Record):
    """The newest head of one workspace, small enough for a row: a hundred words are 26 kB."""

    class Meta:
        noun = "learnt"

    workspace = UnicodeAttribute(hash_key=True)
    version = UnicodeAttribute()
    fitted_at = UnicodeAttribute()
    generation = NumberAttribute()
    maker = UnicodeAttribute()
    examples = NumberAttribute()
    words = JSONAttribute()
    scale = NumberAttribute()
    weights = UnicodeAttribute(null=True)


def get(workspace: WorkspaceId) -> Head | None:
    """The head, strongly consistent."""
    row = base.read(LearntRecord, workspace)
    if row is None:
        return None
    return Head(
        version=row.version,
        fitted_at=base.moment(row.fitted_at),
        generation=int(row.generation),
        maker=bytes.fromhex(row.maker),
        examples=int(row.examples),
        words=tuple(Word(**one) for one in row.words),
        scale=float(row.scale),
        weights=base64.b64decode(row.weights or ""),
    )


def put(workspace: WorkspaceId, head: Head) -> None:
    """Keep this one in place of the one before; the same again changes nothing."""
    row = LearntRecord(
        workspace,
        version=head.version,
        fitted_at=base.stamp(head.fitted_at),
        generation=head.generation,
        maker=head.maker.hex(),
        examples=head.examples,
        words=[asdict(one) for one in head.words],
        scale=head.scale,
        weights=base64.b64encode(head.weights).decode() or None,
    )
    base.transact([base.Write("learnt", lambda transaction: transaction.save(row))])


def drop(workspace: WorkspaceId) -> None:
    """Forget it; forgetting what is not there is no error."""
    LearntRecord(workspace).delete()
