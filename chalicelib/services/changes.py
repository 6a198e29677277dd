"""The change feed: what appeared, changed or went since a place in it, for what the caller may see.

Messages commit out of the order of their ids, and one is told only once the search index holds it, so that looking
again shows it. A place therefore says up to which second everything was told, and for each second after that, which
messages of it were: a digest of their ids. A second whose digest has changed is told again as a whole.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal

from chalicelib.domain.access import Resource, Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, CollectionId, first_id, id_milliseconds
from chalicelib.models import assets, outbox
from chalicelib.models.outbox import Message
from chalicelib.ports.context import Context
from chalicelib.services.signing import Caller

OVERLAP_S = 60
"""Messages older than this have certainly committed."""
_MOST_SECONDS = 300
"""Seconds after a place's begin that are looked at: what bounds the length of a place."""
_MOST = 500
"""Messages in one answer, or those of one second where it has more."""

Place = tuple[int, dict[int, str]]
"""Everything before this second since 1970 was told; of some seconds from there on, the digest of what was told."""


@dataclass(frozen=True)
class Change:
    """An asset or a collection to be read again, or to be forgotten."""

    kind: str
    id: str
    change: Literal["upserted", "gone"]


def since(ctx: Context, caller: Caller, place: Any) -> tuple[list[Change], Any]:
    """Changes after a place, and the next place, as JSON; no place is the end of the feed.

    A change may be told twice and is told within one answer once.
    """
    now_s = int(ctx.now().timestamp())
    begin, told = _opened(place) if place else (now_s - OVERLAP_S, {})
    fresh: list[Message] = []
    is_complete = True
    following = begin
    for second, messages in _by_second(caller, begin):
        following = second if is_complete else following
        if second >= following + _MOST_SECONDS or len(fresh) >= _MOST:
            break
        ready = [one for one in messages if _is_ready(one)]
        digest = _digest(ready)
        if told.get(second) != digest:
            told[second] = digest
            fresh += ready
        is_complete = is_complete and len(ready) == len(messages)
    else:
        following = now_s if is_complete else following
    following = max(begin, min(following, now_s - OVERLAP_S))
    kept = {str(second - following): digest for second, digest in told.items() if second >= following}
    return _changes(ctx, caller, fresh) if place else [], [following, kept]


def _opened(place: Any) -> Place:
    begin, told = int(place[0]), dict(place[1])
    return begin, {begin + int(after): str(digest) for after, digest in told.items()}


def _by_second(caller: Caller, begin: int) -> Iterator[tuple[int, list[Message]]]:
    messages = outbox.after(caller.workspace, first_id(datetime.fromtimestamp(begin, UTC)), _MOST)
    for second, each in groupby(messages, key=lambda one: id_milliseconds(one.id) // 1000):
        yield second, list(each)


def _is_ready(message: Message) -> bool:
    return message.asset_id is None or message.generation is not None


def _digest(messages: Iterable[Message]) -> str:
    return hashlib.blake2s("".join(one.id for one in messages).encode(), digest_size=5).hexdigest()


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
