"""What a store posts when something happens there: asked for by each run, and received.

Nothing of it is believed but that somebody with the app's secret says a product changed: it is noted, and read in the
store by the next run. So what is lost, late, twice or out of order does no harm.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.connections import Connection, Line
from chalicelib.domain.shop import is_known
from chalicelib.errors import NotFound, PackshotError, UpstreamRejected
from chalicelib.models import catalogue, connections as rows, shop_news
from chalicelib.models.shop_news import News
from chalicelib.ports.context import Context
from chalicelib.ports.shop import Shop
from chalicelib.services import connections
from chalicelib.services.connection_runs import RECONNECT, Run
from chalicelib.services.shop_catalogue import is_reading

TOPICS = (
    "PRODUCTS_CREATE", "PRODUCTS_UPDATE", "PRODUCTS_DELETE", "BULK_OPERATIONS_FINISH", "APP_UNINSTALLED",
    "APP_SCOPES_UPDATE",
)  # fmt: skip
_OF_PRODUCTS = ("products/create", "products/update", "products/delete")
_READ_OUT = "bulk_operations/finish"
_OF_APP = ("app/uninstalled", "app/scopes_update")
_PRODUCT = re.compile(r"gid://shopify/Product/\d{1,20}")
_UNSURE = timedelta(minutes=5)
"""How far a store's clock may be before ours."""


def address(ctx: Context, connection_id: str) -> str:
    """Where a store posts to."""
    return f"{ctx.settings.url}/v1/hooks/shopify/{connection_id}"


def follow(this: Run, store: Shop) -> None:
    """Have the store post what happens. Where it cannot, the run's log says so once, and the store is asked instead."""
    why_not = _why_not(this)
    if not why_not:
        try:
            store.follow(address(this.ctx, this.connection.id), TOPICS)
        except UpstreamRejected as problem:
            if problem.code == RECONNECT:
                raise
            why_not = problem.message
    memory = this.connection.memory
    if why_not != memory.get("silent_because", ""):
        line = Line(this.ctx.now(), f"The store does not post what changes, so it is asked every 15 minutes. {why_not}")
        this.keep(memory={**memory, "silent_because": why_not}, log=[line] if why_not else [])


def _why_not(this: Run) -> str:
    settings = this.ctx.settings
    if not connections.credentials_of(this.ctx, this.connection).get("client_secret"):
        return "Only with a client ID and secret can it be known that a message comes from the store."
    if settings.shopify_url.startswith("https:") and not settings.url.startswith("https:"):
        return "Packshot runs where the store cannot reach it over https."
    return ""


def take(ctx: Context, connection_id: str, headers: Mapping[str, str], raw: bytes) -> None:
    """Take what a store posts.

    Raises:
        NotFound: there is no such connection to a store, or it is not its store's signature: which, is not told.
    """
    one = rows.with_id(connection_id)
    if one is None or not _is_from_store(ctx, one, headers, raw):
        raise NotFound("There is no such connection.")
    topic = headers.get("x-shopify-topic", "")
    if topic in _OF_PRODUCTS:
        if _note(ctx, one, topic, headers, raw):
            _wake(ctx, one)
    elif (topic in _OF_APP or (topic == _READ_OUT and is_reading(one))) and _wake(ctx, one):
        ctx.queue.send("connections", {"workspace": one.workspace, "id": one.id}, group=one.workspace)


def _is_from_store(ctx: Context, one: Connection, headers: Mapping[str, str], raw: bytes) -> bool:
    if one.kind != "shopify" or headers.get("x-shopify-shop-domain", "").lower() != one.settings["shop"]:
        return False
    try:
        secret = str(connections.credentials_of(ctx, one).get("client_secret") or "")
    except PackshotError:
        return False
    wanted = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest())
    given = headers.get("x-shopify-hmac-sha256", "").encode("utf-8", "replace")
    return bool(secret) and hmac.compare_digest(wanted, given)


def _note(ctx: Context, one: Connection, topic: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """Keep that a product is to be read; False when there is nothing new in it."""
    told: Any = json.loads(raw or b"{}")
    if not isinstance(told, dict):
        return False
    product_id = str(told.get("admin_graphql_api_id") or f"gid://shopify/Product/{told.get('id')}")
    if not _PRODUCT.fullmatch(product_id):
        return False
    if topic != "products/delete":
        known = catalogue.of_products(one.workspace, one.id, [product_id])
        if is_known(told, known):
            return False
    now = ctx.now()
    at = min(_moment(headers.get("x-shopify-triggered-at", "")) or now, now + _UNSURE)
    event = (headers.get("x-shopify-event-id") or headers.get("x-shopify-webhook-id") or "")[:100]
    return shop_news.note(one.workspace, one.id, News(product_id, at, event or "-", now))


def _wake(ctx: Context, one: Connection) -> bool:
    """Let the connection be due now, unless it is, a run has it, or it waits for a person."""
    now = ctx.now()
    return one.due_at is not None and one.owner is None and one.due_at > now and rows.make_due(one, now)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
