"""Which assets lie in which collection: putting them in and taking them out."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain import review
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.ids import ROOT
from chalicelib.errors import Conflict
from chalicelib.models import base, collections, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import access, assets, requirements
from chalicelib.services.signing import Caller

MOST_COLLECTIONS = 40
"""Of one asset: each is a row in the transactions of its changes."""


def put(ctx: Context, caller: Caller, asset: Asset, collection_id: str) -> tuple[Asset, str]:
    """Put the asset into the collection too; the same again changes nothing.

    An asset that is in the trash with its collections comes back by this.

    Raises:
        NotFound, NotAllowed, Conflict: as `put_in`.
        Stale: somebody changed it at the same moment.
    """
    new, also = put_in(caller, asset, collection_id)
    if new is asset:
        return asset, ""
    return assets.change(ctx, caller, asset, new, "asset.put_into", also, collection_id=new.collection_ids[-1])


def put_in(caller: Caller, asset: Asset, collection_id: str) -> tuple[Asset, list[base.Write]]:
    """The asset in the collection too, or itself when it lies there, and what must still hold when that is written.

    Raises:
        NotFound, NotAllowed: the collection is not there for this caller, or not to upload to.
        Conflict: it lies in 40 collections already, lacks a field that this one requires, or nothing of it is approved
            and a rule sends approved ones here.
    """
    home = access.collection(caller, collection_id, Right.UPLOAD)
    if home.id in asset.collection_ids:
        return asset, []
    if len(asset.collection_ids) >= MOST_COLLECTIONS:
        raise Conflict(f"This asset is in {MOST_COLLECTIONS} collections already.", code="too_many_collections")
    if asset.approved is None and review.takes_approved_only(caller.tree, home.id):
        raise Conflict("Only approved assets go into this collection. Have it approved first.", code="not_approved")
    requirements.check_put(caller, asset, home.id)
    new = settled(replace(asset, collection_ids=(*asset.collection_ids, home.id)), caller.tree)
    return new, [] if home.id == ROOT else [collections.still_live(caller.workspace, home.id)]


def remove(ctx: Context, caller: Caller, asset: Asset, collection_id: str) -> tuple[Asset, str]:
    """Take the asset out of the collection; taking out what is not in it changes nothing.

    Raises:
        NotFound, Conflict: as `taken_out`.
        Stale: somebody changed it, or the collections, at the same moment.
    """
    new, also = taken_out(caller, asset, collection_id)
    if new is asset:
        return asset, ""
    return assets.change(ctx, caller, asset, new, "asset.taken_out", also, collection_id=collection_id)


def taken_out(caller: Caller, asset: Asset, collection_id: str) -> tuple[Asset, list[base.Write]]:
    """The asset out of the collection, or itself when it is not there, and what must still hold when that is written.

    Raises:
        NotFound: the collection is not there for this caller.
        Conflict: it is the only living collection the asset is in.
    """
    home = access.collection(caller, collection_id, Right.SEE)
    if home.id not in asset.collection_ids:
        return asset, []
    left = tuple(one for one in asset.collection_ids if one != home.id)
    if not any(one in caller.tree.living for one in left):
        raise Conflict("An asset is always in some collection. Put it into another one first.", code="last_collection")
    return replace(asset, collection_ids=left), [workspaces.still_at(caller.workspace, caller.epoch)]


def moved(caller: Caller, asset: Asset, into: Iterable[str], out_of: Iterable[str]) -> tuple[Asset, list[base.Write]]:
    """The asset in and out of several collections, and what must still hold when that is written. Raises as each."""
    also: list[base.Write] = []
    still: list[base.Write] = []
    for place in into:
        asset, guards = put_in(caller, asset, place)
        also += guards
    for place in out_of:
        asset, guards = taken_out(caller, asset, place)
        still = guards or still
    return asset, [*also, *still]
