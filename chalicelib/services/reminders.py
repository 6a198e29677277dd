"""Reminders of requests with a date: a day before it is due, and when it is overdue, each approver is told once.

A notice has an id of request, kind and approver: a run that died and is made good by the next tells nobody twice.
"""

from datetime import UTC

from chalicelib.domain.access import Right
from chalicelib.domain.approvals import DAY_BEFORE, Item, Request
from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import approvals, assets
from chalicelib.ports.context import Context
from chalicelib.services import audience, notices
from chalicelib.services.audience import Audience

_BATCH = 100


def remind(ctx: Context) -> int:
    """Remind of the requests that are due for it, at most a batch; how many.

    After a pause only what is true now is told: not that something will be due that is overdue.
    """
    known: dict[WorkspaceId, Audience] = {}
    found = approvals.to_remind(ctx.now(), _BATCH)
    for workspace, request_id, at in found:
        request = approvals.get(workspace, request_id)
        if request is None:
            continue
        if request.state == "open":
            if workspace not in known:
                known[workspace] = audience.of(ctx, workspace)
            _remind(ctx, known[workspace], request)
        approvals.reminded(workspace, request, at, ctx.now())
    return len(found)


def _remind(ctx: Context, here: Audience, request: Request) -> None:
    due = request.due_at
    if due is None:
        return
    is_over = ctx.now() >= due
    items = [one for one in request.items if one.state == "open"]
    known = {one.id: one for one in assets.get_many(here.workspace, [one.asset_id for one in items])}
    when = f"{due.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    for member_id in request.approver_ids:
        theirs = [(known[one.asset_id], one) for one in items if _waits(here, member_id, known.get(one.asset_id), one)]
        if not theirs:
            continue
        asset, item = theirs[0]
        more = f" and {len(theirs) - 1} more" if len(theirs) > 1 else ""
        what = f"Your decision on “{asset.fields.name}”{more}"
        notices.tell(
            here, [member_id], asset, item.version, kind="approval.overdue" if is_over else "approval.due",
            origin=request.id, at=due if is_over else due - DAY_BEFORE, by=None,
            text=f"{what} is overdue since {when}." if is_over else f"{what} is due by {when}.",
            subject=f"approval:{request.id}",
        )  # fmt: skip


def _waits(here: Audience, member_id: str, asset: Asset | None, item: Item) -> bool:
    if asset is None or settled(asset, here.tree).state != "live":
        return False
    has_decided = any(one.by == member_id for one in item.decisions)
    return not has_decided and here.may(member_id, asset, Right.VIEW)
