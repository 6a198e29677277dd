"""Which assets lie in which collection: putting them in and taking them out."""

from dataclasses import replace

from chalicelib.domain import review
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.ids import ROOT
from chalicelib.errors import Conflict
from chalicelib.models import collections, workspaces
from chalicelib.ports import Context
from chalicelib.services import access, assets
from chalicelib.services.signing import Caller

MOST_COLLECTIONS = 40
"""Of one asset: each is a row in the transactions of its changes."""


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
