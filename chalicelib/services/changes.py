"""The change feed: what appeared, changed or went since a place in it, for what the caller may see.

The place is where every older message has been told, with the ids told beyond it: messages commit out of the order
of their ids, and one is told only once the search index holds it, so that looking again shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from chalicelib.domain.access import Resource, Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.models import assets, outbox
from chalicelib.models.outbox import Message
from chalicelib.ports import Context
from chalicelib.services.signing import Caller

OVERLAP = timedelta(seconds=60)
"""Older messages than this before a place have certainly committed."""
_MOST = 500


@dataclass(frozen=True)
class Change:
    """An asset or a collection to be read again, or to be forgotten."""

    kind: str
    id: str
    change: Literal["upserted", "gone"]


def since(ctx: Context, caller: Caller, place: Any) -> tuple[list[Change], Any]:
    """Changes after a place, and the next place; no place is the end of the feed. A change may be told twice."""
    if place is None:
        return [], [outbox.first_id(ctx.now()), []]
    low, told = str(place[0]), set(place[1])
    fresh = [one for one in outbox.after(caller.workspace, outbox.earlier(low, OVERLAP), _MOST) if one.id not in told]
    ready = [one for one in fresh if one.asset_id is None or one.generation is not None]
    waiting = [one.id for one in fresh if one.asset_id is not None and one.generation is None]
    told |= {one.id for one in ready}
    end = max([low, *(one.id for one in ready)])
    low = min([end, *waiting])
    kept = sorted(one for one in told if one >= outbox.earlier(low, OVERLAP))
    return _changes(ctx, caller, ready), [low, kept[-_MOST * 2 :]]


def _changes(ctx: Context, caller: Caller, messages: Iterable[Message]) -> list[Change]:
    last = {one.subject: one for one in messages}
    ids = [one.asset_id for one in last.values() if one.asset_id is not None]
    rows = {one.id: one for start in range(0, len(ids), 100)
            for one in assets.get_many(caller.workspace, ids[start : start + 100])}  # fmt: skip
    found = (_change(ctx, caller, one, rows.get(one.asset_id) if one.asset_id else None) for one in last.values())
    return [one for one in found if one is not None]


def _change(ctx: Context, caller: Caller, message: Message, row: Asset | None) -> Change | None:
    kind, _, identifier = message.subject.partition(":")
    if kind == "collection":
        return _collection(caller, CollectionId(identifier))
    if kind != "asset":
        return None
    can, now = caller.access.on_asset, ctx.now()
    if row is not None and row.state != "trashed" and can(row.resource, now) & Right.VIEW.bit:
        return Change(kind, identifier, "upserted")
    before = Resource(AssetId(identifier), message.before or (row.collection_ids if row else ()))
    return Change(kind, identifier, "gone") if can(before, now) & Right.VIEW.bit else None


def _collection(caller: Caller, collection_id: CollectionId) -> Change | None:
    """A collection in the trash is gone for whoever sees what it stood in."""
    tree, can = caller.tree, caller.access.on_collection
    if tree.is_live(collection_id):
        return Change("collection", collection_id, "upserted") if can(collection_id) & Right.SEE.bit else None
    above = tree.by_id.get(collection_id)
    while above is not None and not tree.is_live(above.id):
        above = tree.by_id.get(above.parent_id) if above.parent_id else None
    return Change("collection", collection_id, "gone") if above and can(above.id) & Right.SEE.bit else None
