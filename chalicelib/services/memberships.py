"""Which assets lie in which collection, and how many of them a caller may see."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from chalicelib.domain import review
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, has_own_rules, settled
from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.errors import Conflict
from chalicelib.models import assets as rows, collection_items, collections, workspaces
from chalicelib.ports import Context
from chalicelib.services import access, assets
from chalicelib.services.signing import Caller

MOST_COLLECTIONS = 40
"""Of one asset: each is a row in the transactions of its changes."""
_COUNTED_AT_ONCE = 16


def put(ctx: Context, caller: Caller, asset: Asset, collection_id: str) -> tuple[Asset, str]:
    """Put the asset into the collection too; the same again changes nothing.

    An asset that is in the trash with its collections comes back by this.

    Raises:
        NotFound, NotAllowed: the collection is not there for this caller, or not to upload to.
        Conflict: it lies in 40 collections already, or nothing of it is approved and a rule sends approved ones here.
        Stale: somebody changed it at the same moment.
    """
    home = access.collection(caller, collection_id, Right.UPLOAD)
    if home.id in asset.collection_ids:
        return asset, ""
    if len(asset.collection_ids) >= MOST_COLLECTIONS:
        raise Conflict(f"This asset is in {MOST_COLLECTIONS} collections already.", code="too_many_collections")
    if asset.approved is None and review.takes_approved_only(caller.tree, home.id):
        raise Conflict("Only approved assets go into this collection. Have it approved first.", code="not_approved")
    new = settled(replace(asset, collection_ids=(*asset.collection_ids, home.id)), caller.tree)
    also = [] if home.id == ROOT else [collections.still_live(caller.workspace, home.id)]
    return assets.change(ctx, caller, asset, new, "asset.put_into", also, collection_id=home.id)


def remove(ctx: Context, caller: Caller, asset: Asset, collection_id: str) -> tuple[Asset, str]:
    """Take the asset out of the collection; taking out what is not in it changes nothing.

    Raises:
        NotFound: the collection is not there for this caller.
        Conflict: it is the only living collection the asset is in.
        Stale: somebody changed it, or the collections, at the same moment.
    """
    home = access.collection(caller, collection_id, Right.SEE)
    if home.id not in asset.collection_ids:
        return asset, ""
    left = tuple(one for one in asset.collection_ids if one != home.id)
    if not any(one in caller.tree.living for one in left):
        raise Conflict("An asset is always in some collection. Put it into another one first.", code="last_collection")
    new = replace(asset, collection_ids=left)
    still = [workspaces.still_at(caller.workspace, caller.epoch)]
    return assets.change(ctx, caller, asset, new, "asset.taken_out", still, collection_id=home.id)


def counts(ctx: Context, caller: Caller, places: Sequence[Collection]) -> dict[CollectionId, int]:
    """How many live assets of its own each of these collections has that the caller may see; up to a second old.

    One or two counting queries a collection, 16 at a time; rows are read only for assets whose collection alone does
    not decide (dates, restriction, several collections, grants of their own).
    """
    if not places:
        return {}
    apart = rows.get_many(caller.workspace, sorted(caller.access.own_assets))
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
    judged = rows.get_many(caller.workspace, collection_items.with_own_rules(caller.workspace, place))
    return max(0, total) + sum(_is_seen(ctx, caller, one) for one in judged)


def _is_plain(asset: Asset, place: CollectionId) -> bool:
    return asset.state == "live" and asset.collection_ids == (place,) and not has_own_rules(asset)


def _is_seen(ctx: Context, caller: Caller, asset: Asset) -> bool:
    return bool(caller.access.on_asset(asset.resource, ctx.now()) & Right.SEE.bit)
