"""When a store is planned anew by itself: something changed there or here, a person let the connection run, or an
hour went by. The plan is a job; where nothing is to do it leaves nothing behind."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import (
    base,
    catalogue,
    connections,
    decisions,
    plan_lines,
    plan_products,
    plans,
    pushed,
)
from chalicelib.ports.context import Context
from chalicelib.services import jobs, plans as services
from chalicelib.services.connection_runs import Run

EVERY = timedelta(hours=1)
_LAST = "planned_at"


def plan_if_due(this: Run) -> None:
    """Let a plan go on that waits for the catalogue; begin one if it is time and none is on its way."""
    one, now = this.connection, this.ctx.now()
    if catalogue.mirror(one.workspace, one.id) is None:
        return
    newest = services.listed(one, limit=20, start=None).items
    for each in newest:
        if each.state == "computing" and each.job_id:
            jobs.wake(this.ctx, one.workspace, each.job_id)
    is_busy = any(each.state in ("computing", "applying", "rolling_back") or (each.is_auto and each.state == "approved")
                  for each in newest)  # fmt: skip
    if is_busy or not _is_due(this):
        return
    services.start(this.ctx, one, this.report.by, None, is_auto=True, plan_id=this.report.id)
    this.keep(memory={**one.memory, _LAST: base.stamp(now)}, may_pause=False)


def _is_due(this: Run) -> bool:
    one, kept = this.connection, this.connection.memory.get(_LAST)
    if kept is None or not this.report.by.startswith("system:") or this.report.counts:
        return True
    last = base.moment(kept)
    asked = pushed.asked_at(one.workspace, one.id)
    is_asked = asked is not None and asked >= last
    return is_asked or last <= this.ctx.now() - EVERY or bool(pushed.noticed(one.workspace, one.id))


def library_changed(ctx: Context, workspace: WorkspaceId) -> None:
    """A version was decided on: connected stores are planned anew soon."""
    for one in connections.every(workspace):
        if one.kind == "shopify":
            base.transact([pushed.ask(workspace, one.id, ctx.now())])
            if connections.make_due(one, ctx.now()):
                ctx.queue.send("connections", {"workspace": workspace, "id": one.id}, group=workspace)


def forgets(workspace: WorkspaceId, connection_id: str) -> Iterator[base.Write]:
    """The deletion of a connection's plans, of what was pushed by it and of what was decided."""
    for plan in plans.of(workspace, connection_id):
        for line in plan_lines.every(workspace, plan.id):
            yield plan_lines.drop(workspace, plan.id, line.id)
        for product in plan_products.every(workspace, plan.id):
            yield plan_products.drop(workspace, plan.id, product.id)
        yield plans.remove(workspace, plan)
    yield from pushed.forgets(workspace, connection_id)
    yield from decisions.forgets(workspace, connection_id)
