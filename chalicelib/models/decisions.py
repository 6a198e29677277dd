"""What people decided of an asset in a store, so that nobody is asked twice."""

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.plans import Decision
from chalicelib.models import base

_DECISION = TypeAdapter(Decision)


class DecisionRecord(base.Record):
    """One asset of a connection."""

    class Meta:
        noun = "decisions"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kept = JSONAttribute()


def every(workspace: WorkspaceId, connection_id: str) -> dict[str, Decision]:
    """All decisions of a connection, by asset, strongly consistent."""
    results = DecisionRecord.query(base.place(workspace, connection_id), consistent_read=True)
    return {row.id: _DECISION.validate_python(row.kept) for row in base.rows(results)}


def some(workspace: WorkspaceId, connection_id: str, asset_ids: Sequence[str]) -> dict[str, Decision]:
    """Those of the decisions that exist, by asset, strongly consistent."""
    place = base.place(workspace, connection_id)
    rows = base.read_many(DecisionRecord, [(place, one) for one in asset_ids])
    return {row.id: _DECISION.validate_python(row.kept) for row in rows}


def put(workspace: WorkspaceId, connection_id: str, asset_id: str, decision: Decision) -> base.Write:
    """Remember a decision, in place of an earlier one."""
    row = DecisionRecord(
        base.place(workspace, connection_id), asset_id, kept=_DECISION.dump_python(decision, mode="json")
    )
    return base.Write("decision", lambda transaction: transaction.save(row))


def forgets(workspace: WorkspaceId, connection_id: str) -> Iterator[base.Write]:
    """The deletion of every decision of a connection."""
    place = base.place(workspace, connection_id)
    for row in base.rows(DecisionRecord.query(place, consistent_read=True)):
        yield _drop(place, row.id)


def _drop(place: str, asset_id: str) -> base.Write:
    return base.Write("decision", lambda transaction: transaction.delete(DecisionRecord(place, asset_id)))
