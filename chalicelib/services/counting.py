"""How many assets a collection has that a caller may see.

The search index counts all of the collections of a list at once; what it may not hold yet is left out of that and
judged by its rows. While there is no index, or more waits for it than is worth reading, each collection is counted in
the table.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, has_own_rules, settled
from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import CollectionId
from chalicelib.domain.queries import All, Ask, FacetAsk, Term
from chalicelib.domain.reach import Sight
from chalicelib.errors import UpstreamUnavailable
from chalicelib.models import assets, collection_items, outbox
from chalicelib.ports.context import Context
from chalicelib.services import indexing, search
from chalicelib.services.signing import Caller

_MOST_WAITING = 300
_COUNTED_AT_ONCE = 16


def counts(ctx: Context, caller: Caller, places: Sequence[Collection]) -> dict[CollectionId, int]:
    """How many live assets of its own each of these collections has that the caller may see; up to a second old."""
    if not places:
        return {}
    found = _by_index(ctx, caller, places)
    return _by_table(ctx, caller, places) if found is None else found


def _by_index(ctx: Context, caller: Caller, places: Sequence[Collection]) -> dict[CollectionId, int] | None:
    """Counted by the index in one question; None when it cannot tell."""
    lately = outbox.lately(caller.workspace, ctx.now(), _MOST_WAITING)
    if lately is None:
        return None
    ids = tuple(one.id for one in places)
    can = caller.access
    sight = Sight(can.reach(Right.SEE), can.reach(Right.EDIT), int(ctx.now().timestamp()), lately.waiting)
    facet = FacetAsk(All((search.live(caller), Term("collection", ids))), only=frozenset(ids), limit=len(ids))
    try:
        with indexing.rebuilt_if_damaged(ctx, caller.workspace):
            found = ctx.search.find(
                caller.workspace,
                Ask(facet.query, sight, limit=1, at_least=lately.generation, facets={"collection": facet}),
            )
    except UpstreamUnavailable:
        return None
    if found.generation == 0:
        return None
    numbers = {CollectionId(value): count for value, count in found.facets["collection"]}
    for one in _live(caller, assets.get_many(caller.workspace, sorted(lately.waiting))):
        if _is_seen(ctx, caller, one):
            numbers |= {place: numbers.get(place, 0) + 1 for place in one.collection_ids}
    return {one: numbers.get(one, 0) for one in ids}


def _live(caller: Caller, found: Iterable[Asset]) -> Iterable[Asset]:
    return (one for one in (settled(each, caller.tree) for each in found) if one.state == "live")


def _by_table(ctx: Context, caller: Caller, places: Sequence[Collection]) -> dict[CollectionId, int]:
    """One or two counting queries a collection, 16 at a time; rows are read only for assets whose collection alone
    does not decide (dates, restriction, several collections, grants of their own)."""
    apart = assets.get_many(caller.workspace, sorted(caller.access.own_assets))
    if len(places) == 1:
        return {places[0].id: _count(ctx, caller, places[0].id, apart)}
    with ThreadPoolExecutor(min(_COUNTED_AT_ONCE, len(places))) as pool:
        found = pool.map(lambda one: _count(ctx, caller, one.id, apart), places)
        return dict(zip([one.id for one in places], found, strict=True))


def _count(ctx: Context, caller: Caller, place: CollectionId, apart: Sequence[Asset]) -> int:
    bits = caller.access.on_collection(place)
    if not bits & Right.SEE.bit:
        return 0
    if bits & Right.EDIT.bit and not caller.access.has_denies:
        return collection_items.count(caller.workspace, place)
    total = collection_items.count(caller.workspace, place, plain_only=True)
    total -= sum(_is_plain(one, place) and not _is_seen(ctx, caller, one) for one in apart)
    judged = assets.get_many(caller.workspace, collection_items.with_own_rules(caller.workspace, place))
    return max(0, total) + sum(_is_seen(ctx, caller, one) for one in judged)


def _is_plain(asset: Asset, place: CollectionId) -> bool:
    return asset.state == "live" and asset.collection_ids == (place,) and not has_own_rules(asset)


def _is_seen(ctx: Context, caller: Caller, asset: Asset) -> bool:
    return bool(caller.access.on_asset(asset.resource, ctx.now()) & Right.SEE.bit)
