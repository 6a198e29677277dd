"""Assets whose date has come: what may be used from now on, or no more, is told like any other change.

Who may see an asset is decided by the dates themselves at each request; what this adds is an entry in the feed of
changes and in the search index's work, so that whoever is looking sees it without asking. The date that comes next lies
in the asset's row: whatever runs late or dies is found by the next run, and what was told is not told again.
"""

from datetime import timedelta

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import assets, base
from chalicelib.models.assets import Turn
from chalicelib.ports.context import Context
from chalicelib.services import shop_schedule, trails

_BATCH, _AT_ONCE = 500, 100
_RUN = timedelta(seconds=40)


def turn(ctx: Context) -> int:
    """Tell of assets whose date has come, at most a batch; how many. Safe to run in several places at once."""
    began, told = ctx.now(), dict[WorkspaceId, int]()
    found = assets.turning(began, _BATCH)
    for workspace in dict.fromkeys(one.workspace for one in found):
        theirs = [one for one in found if one.workspace == workspace]
        for start in range(0, len(theirs), _AT_ONCE):
            if ctx.now() - began > _RUN:
                break
            told[workspace] = told.get(workspace, 0) + _turn(ctx, workspace, theirs[start : start + _AT_ONCE])
        if told.get(workspace):
            shop_schedule.library_changed(ctx, workspace)
            trails.wake_index(ctx, workspace)
    return sum(told.values())


def _turn(ctx: Context, workspace: WorkspaceId, turns: list[Turn]) -> int:
    known = {one.id: one for one in assets.get_many(workspace, [one.asset_id for one in turns])}
    done = 0
    for one in turns:
        asset = known.get(one.asset_id)
        if asset is None:
            continue
        _, told = trails.announcement(
            ctx, workspace, "asset.turned", f"asset:{asset.id}", asset.collection_ids, is_for_index_only=True
        )
        try:
            base.transact([assets.turned(one, asset, ctx.now()), told])
        except base.ConditionFailed:
            continue
        done += 1
    return done
