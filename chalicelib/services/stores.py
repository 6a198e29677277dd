"""One connected store, opened with its credentials; the token it lends is kept with them for the next one."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from chalicelib.domain.connections import Connection
from chalicelib.errors import UpstreamUnavailable
from chalicelib.models import base
from chalicelib.ports.context import Context
from chalicelib.ports.shop import Shop
from chalicelib.services import connections


@contextmanager
def opened(ctx: Context, one: Connection, credentials: connections.Credentials | None = None) -> Iterator[Shop]:
    """The store of a connection. Raises `UpstreamRejected` (needs_reconnect) when its credentials are gone."""
    known = connections.credentials_of(ctx, one) if credentials is None else credentials
    store = ctx.shop(one.settings["shop"], known)
    try:
        yield store
    finally:
        store.close()
        if store.lent and credentials is None:
            with suppress(base.ConditionFailed, UpstreamUnavailable):
                base.transact([connections.keep_credentials(ctx, one, {**known, "lent": dict(store.lent)})])
