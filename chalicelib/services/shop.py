"""A Shopify store as a kind of connection: its catalogue is mirrored here.

A run does, in this order, what there is to do, and may die at any step:

1. hooks      the store is asked to post what happens, where it is not yet.
2. catalogue  when the mirror is new, six hours old, or a person asked: a bulk read is begun; the run lets go of the
              connection while the store works, takes the rows in, and drops what was not among them.
3. news       products of which the store posted, or which it says have changed, are read and mirrored one by one.
4. plan       where something changed here or there, a person asked, or an hour went by, a plan is begun.

What a store posts is only ever a reason to read: the mirror holds nothing but what was read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain.connections import Connection
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import UpstreamRejected
from chalicelib.models import base, catalogue, shop_news as news
from chalicelib.ports.context import Context
from chalicelib.services import shop_catalogue, shop_hooks, shop_news, shop_schedule, stores
from chalicelib.services.connection_runs import Kind, Run


def check(ctx: Context, one: Connection) -> None:
    """Whether the store answers and gave its app every scope. Raises `UpstreamRejected`, in words for people."""
    with stores.opened(ctx, one) as store:
        missing = store.missing_scopes()
    if missing:
        raise UpstreamRejected(
            f"The app lacks {'this scope' if len(missing) == 1 else 'these scopes'}: {', '.join(missing)}. Add them to "
            "the app, and have the store accept them.",
            code="missing_scopes",
        )


def run(this: Run) -> None:
    """Mirror the store as far as this run's time goes."""
    with stores.opened(this.ctx, this.connection) as store:
        before = store.cost_points
        try:
            shop_hooks.follow(this, store)
            if not shop_catalogue.read_whole(this, store):
                shop_news.read(this, store)
        finally:
            this.units += store.cost_points - before
    shop_schedule.plan_if_due(this)


def left(ctx: Context, one: Connection, credentials: Mapping[str, Any] | None) -> None:
    """The store is asked to post no longer. If it cannot be asked it ends that itself, after hours of refusals."""
    if credentials is not None:
        with stores.opened(ctx, one, credentials) as store:
            store.unfollow(shop_hooks.address(ctx, one.id))


def forgets(workspace: WorkspaceId, connection_id: str) -> Iterator[base.Write]:
    """The deletion of the mirror and of what was posted."""
    yield from catalogue.forgets(workspace, connection_id)
    yield from news.forgets(workspace, connection_id)
    yield from shop_schedule.forgets(workspace, connection_id)


KIND = Kind(check, run, left, forgets, about=("shop",))
