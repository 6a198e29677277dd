"""The not-yet-indexed set: assets whose access was narrowed by a change that not every reader of the index has yet.

A row is written in the transaction of the narrowing change, so no query that begins after it can miss it. Queries
leave the asset out until a generation of the index holds the change; from then on they ask for that generation at
least. A minute later every reader has it, and the row goes.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.models import base

_LINGERS = timedelta(seconds=60)


class UnindexedRecord(base.Record):
    """One narrowed asset; `token` is the outbox row of its latest narrowing, `generation` holds it."""

    class Meta:
        noun = "unindexed"

    workspace = UnicodeAttribute(hash_key=True)
    asset_id = UnicodeAttribute(range_key=True)
    token = UnicodeAttribute()
    generation = NumberAttribute(null=True)
    held_at = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Narrowed:
    """The latest narrowing of an asset; `generation` None: no index holds it yet."""

    token: str
    generation: int | None = None
    held_at: datetime | None = None


def add(workspace: WorkspaceId, asset_id: AssetId, token: str) -> base.Write:
    """Leave the asset out of search until the index holds the outbox row `token`; a later narrowing takes over."""
    row = UnindexedRecord(workspace, asset_id, token=token)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row)

    return base.Write("unindexed", apply)


def every(workspace: WorkspaceId) -> Mapping[AssetId, Narrowed]:
    """The whole set, strongly consistent."""
    return {
        AssetId(row.asset_id): Narrowed(
            row.token,
            None if row.generation is None else int(row.generation),
            base.moment(row.held_at) if row.held_at else None,
        )
        for row in base.rows(UnindexedRecord.query(workspace, consistent_read=True))
    }


def held(workspace: WorkspaceId, tokens: frozenset[str], *, generation: int, now: datetime) -> None:
    """This generation holds the narrowings with these tokens; those held for a minute go. Safe to repeat."""
    for asset_id, one in every(workspace).items():
        row = UnindexedRecord(workspace, asset_id)
        is_latest = UnindexedRecord.token == one.token
        if one.generation is None and one.token in tokens:
            actions = [UnindexedRecord.generation.set(generation), UnindexedRecord.held_at.set(base.stamp(now))]
            _unless_narrowed_again(lambda row=row, actions=actions, is_latest=is_latest: row.update(  # type: ignore[misc]
                actions=actions, condition=is_latest))  # fmt: skip
        elif one.held_at is not None and now - one.held_at > _LINGERS:
            _unless_narrowed_again(lambda row=row, is_latest=is_latest: row.delete(condition=is_latest))  # type: ignore[misc]


def _unless_narrowed_again(action: Callable[[], object]) -> None:
    with suppress(base.ConditionFailed):
        base.write(action, "unindexed")
