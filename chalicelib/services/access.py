"""`authorize`: the one place where a caller's rights meet a thing.

Not visible means not found, with the same words as for what never was; visible but not permitted
means not allowed.
"""

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.errors import NotAllowed, NotFound
from chalicelib.models import assets
from chalicelib.ports.context import Context
from chalicelib.services.signing import Ahead, Caller


def authorize(right: Right, bits: int, what: str) -> None:
    """Let it pass, or refuse.

    Raises:
        NotFound: the thing does not exist for this caller.
        NotAllowed: it does, but not for this act.
    """
    if not bits & Right.SEE.bit:
        raise NotFound(f"There is no such {what}.")
    if not bits & right.bit:
        raise NotAllowed(f"This needs the right “{right}”.", fields={"right": str(right)})


def library(caller: Caller, right: Right) -> None:
    """A right on the whole library. Raises `NotAllowed`."""
    if not caller.access.on_library() & right.bit:
        raise NotAllowed(f"This needs the right “{right}” on the whole library.", fields={"right": str(right)})


def asset(ctx: Context, caller: Caller, asset_id: str, right: Right, ahead: Ahead | None = None) -> Asset:
    """The asset, in any state, as the tree has it; visitors of a share only know of live ones.

    It is read, unless it was read `ahead` in this workspace.

    Raises:
        NotFound, NotAllowed: it does not exist for this caller, or not for this act.
    """
    is_read = ahead is not None and (ahead.workspace, ahead.asset_id) == (caller.workspace, asset_id)
    read = ahead.asset if ahead and is_read else assets.get(caller.workspace, AssetId(asset_id))
    if read is None:
        raise NotFound("There is no such asset.")
    found = settled(read, caller.tree)
    if caller.share is not None and found.state != "live":
        raise NotFound("There is no such asset.")
    authorize(right, caller.rights_on(found, ctx.now()), "asset")
    return found


def collection(caller: Caller, collection_id: str, right: Right, *, or_trashed: bool = False) -> Collection:
    """The living collection, or, if asked for, the trashed one. Raises `NotFound` or `NotAllowed`."""
    found = caller.tree.by_id.get(CollectionId(collection_id))
    if found is None or not (or_trashed or found.id in caller.tree.living):
        raise NotFound("There is no such collection.")
    bits = caller.rights_in_trash(found.id) if or_trashed else caller.access.on_collection(found.id)
    authorize(right, bits, "collection")
    return found
