"""Assets follow their collections: into the trash when none of theirs lives, and back.

Run again at any time it goes on where it stands, because it compares and does not remember: an asset that is as
the tree wants it is not touched. Each step is refused when the tree changed since it was judged by, so a
restore that overtakes a deletion never leaves an asset in the trash.
"""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.collections import Tree
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.models import assets as rows, base, collection_items, collections, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import assets

_BATCH = 100
_ACTIONS = {"trashed": "asset.trashed", "live": "asset.restored", "archived": "asset.restored"}
_BY = "system:collections"


def settle(ctx: Context, workspace: WorkspaceId, collection_id: CollectionId, until: datetime) -> bool:
    """Bring the assets of a collection and of all below it into the state the tree wants.

    False when the time was over, or the tree changed, before all were done: call it again.
    """
    current = workspaces.get(workspace)
    tree = collections.tree(workspace)
    if current is None or collection_id not in tree.by_id:
        return True
    for asset in _unsettled(workspace, tree, collection_id):
        if ctx.now() >= until:
            return False
        new = settled(asset, tree)
        if new is asset:
            continue
        still = [workspaces.still_at(workspace, current.epoch)]
        try:
            assets.commit(ctx, workspace, asset, new, _BY, _ACTIONS[new.state], still, trash_id=new.trash_id)
        except base.ConditionFailed:
            return False
    return True


def _unsettled(workspace: WorkspaceId, tree: Tree, collection_id: CollectionId) -> Iterator[Asset]:
    for one in tree.subtree(collection_id):
        batch: list[AssetId] = []
        for asset_id in collection_items.unsettled(workspace, one.id, is_dead=one.id not in tree.living):
            batch.append(asset_id)
            if len(batch) == _BATCH:
                yield from rows.get_many(workspace, batch)
                batch = []
        yield from rows.get_many(workspace, batch)
