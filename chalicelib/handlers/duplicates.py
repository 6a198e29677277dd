"""Pictures that look alike: what is similar to one, and the inbox of near duplicates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from chalicelib.domain import prints
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Restriction
from chalicelib.domain.duplicates import Pair
from chalicelib.errors import Conflict
from chalicelib.handlers import alike_shapes as shapes, answers, schemas
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.services import duplicates, similar
from chalicelib.services.duplicates import Told

api = Api(__name__)


class SimilarQuery(schemas.Closed):
    """How many."""

    limit: int = Field(20, ge=1, le=100)


class DuplicatesQuery(schemas.PageQuery):
    """Which pairs."""

    state: Literal["open", "decided"] = "open"


class DecisionIn(schemas.Closed):
    """What becomes of a pair."""

    decision: Literal["ignore", "merge", "keep_both"]


@api.get("/v1/assets/{asset_id}/similar", needs=Needs("asset", Right.VIEW), query=SimilarQuery, gives=shapes.Similar)
def list_similar(call: Call) -> dict[str, Any]:
    """Live assets that look like this one, nearest first: what was cut, recoloured or saved again and, where a model
    has looked at the pictures, the same kind of thing."""
    found = similar.similar(call.ctx, call.caller, call.resource, call.read_query(SimilarQuery).limit)
    return {"items": [{**answers.slim_asset(call, one.asset), "distance": round(one.distance, 3)} for one in found]}


@api.get("/v1/duplicates", needs=KNOWN, query=DuplicatesQuery, gives=shapes.Duplicates)
def list_duplicates(call: Call) -> dict[str, Any]:
    """Pairs of live assets that look like the same picture and that nobody has decided yet, newest first; with
    `state=decided` all that were decided, lately decided first, whatever became of the two."""
    query = call.read_query(DuplicatesQuery)
    page = schemas.page_of(
        call, "duplicates", query,
        lambda start: duplicates.listed(call.ctx, call.caller, query.state, limit=query.limit, start=start),
    )  # fmt: skip
    return {"items": _pairs(call, page.items), "next": page.next}


@api.post(
    "/v1/duplicates/{duplicate_id}", needs=KNOWN, takes=DecisionIn, gives=shapes.Decided, indexed=True,
    refuses=(Conflict,),
)  # fmt: skip
def decide_duplicate(call: Call) -> dict[str, Any]:
    """Ignore a pair, keep both, or merge: the older asset gets the metadata and collections of both, the other goes to
    the trash with its versions. To undo a merge, restore that one, PATCH `before` on the kept one and take it out of
    `put_into`."""
    told = duplicates.find(call.ctx, call.caller, call.path["duplicate_id"])
    decision = call.read_body(DecisionIn).decision
    merged = duplicates.decide(call.ctx, call.caller, told, decision)
    answer: dict[str, Any] = {"id": told.pair.id, "decision": decision}
    if merged is not None:
        call.wrote(merged.token)
        answer |= {
            "kept": merged.kept.id,
            "trashed": merged.trashed.id,
            "before": {name: _written(value) for name, value in merged.before.items()},
            "put_into": list(merged.put_into),
        }
    return answer


@api.post("/v1/duplicates/{duplicate_id}/reopen", needs=KNOWN, gives=shapes.Duplicate, refuses=(Conflict,))
def reopen_duplicate(call: Call) -> dict[str, Any]:
    """Take a decision back: the pair waits again. Both must be live; what a merge has done is undone separately."""
    pair_id = call.path["duplicate_id"]
    duplicates.reopen(call.ctx, call.caller, duplicates.find(call.ctx, call.caller, pair_id))
    return _pairs(call, [duplicates.find(call.ctx, call.caller, pair_id)])[0]


def _pairs(call: Call, found: Sequence[Told]) -> list[dict[str, Any]]:
    names = duplicates.deciders(call.caller, found)
    return [
        {
            "id": told.pair.id,
            "distance": _distance(told.bits),
            "found_at": schemas.when(told.pair.found_at),
            "decided": _verdict(told.pair, names),
            "assets": [answers.slim_asset(call, one) for one in told.assets],
        }
        for told in found
    ]


def _verdict(pair: Pair, names: Mapping[str, str]) -> dict[str, Any] | None:
    if pair.decision is None or pair.by is None:
        return None
    return {
        "decision": pair.decision, "by": pair.by, "by_name": names.get(pair.by), "at": schemas.when(pair.decided_at),
    }  # fmt: skip


def _written(value: Any) -> Any:
    """A field as PATCH takes it."""
    if isinstance(value, Restriction):
        return {"reason": value.reason, "from": schemas.when(value.from_), "until": schemas.when(value.until)}
    if isinstance(value, datetime):
        return schemas.when(value)
    return list(value) if isinstance(value, tuple) else value


def _distance(bits: int) -> float:
    return round(bits / prints.BITS, 3)
