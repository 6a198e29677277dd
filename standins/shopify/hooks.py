"""Webhooks: what happened is written down, signed and posted; neither order nor arrival is promised."""

import base64
import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.request
import uuid
from typing import Any
from urllib.parse import urlsplit

from chalicelib.adapters.shopify_operations import VERSION
from standins.shopify.contract import Call, answers
from standins.shopify.pages import connection, number_of
from standins.shopify.store import Record, Store
from standins.shopify.world import World

MOST_RETRIES = 8
RETRY_S = (60, 300, 600, 900, 1800, 2700, 3600, 4440)
PATIENCE_S = 5
_HERE = ("127.0.0.1", "localhost")


@answers("Mutation", "webhookSubscriptionCreate")
def create(call: Call, _source: Any, topic: str, webhookSubscription: dict[str, Any]) -> Record:
    """Follow a topic."""
    uri = webhookSubscription.get("uri") or webhookSubscription.get("callbackUrl") or ""
    at = urlsplit(uri)
    if not (
        at.scheme == "https" or uri.startswith("arn:aws:events:") or (at.scheme == "http" and at.hostname in _HERE)
    ):
        return _refused("Address is invalid")
    if any(one["topic"] == topic and one["uri"] == uri for one in call.store.tables["hook"].values()):
        return _refused("Address for this topic has already been taken")
    hook = {"__typename": "WebhookSubscription", "id": call.store.gid("WebhookSubscription"), "topic": topic,
            "uri": uri, "_fields": webhookSubscription.get("includeFields")}  # fmt: skip
    return {"webhookSubscription": call.store.put("hook", hook), "userErrors": []}


@answers("QueryRoot", "webhookSubscriptions")
def listed(call: Call, _source: Any, **asked: Any) -> Record:
    """What is followed, to one address if one is named."""
    found = [one for one in call.store.tables["hook"].values() if asked.get("uri") in (None, one["uri"])]
    return connection(found, asked, call.is_bulk)


@answers("Mutation", "webhookSubscriptionDelete")
def delete(call: Call, _source: Any, id: str) -> Record:
    """Follow no longer."""
    if id not in call.store.tables["hook"]:
        gone = {"field": ["id"], "message": "Webhook subscription does not exist"}
        return {"deletedWebhookSubscriptionId": None, "userErrors": [gone]}
    call.store.drop("hook", id)
    return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def _refused(message: str) -> Record:
    told = {"field": ["webhookSubscription", "uri"], "message": message}
    return {"webhookSubscription": None, "userErrors": [told]}


def product_changed(store: Store, product: Record, topic: str = "PRODUCTS_UPDATE") -> None:
    """Tell those who follow a topic of products."""
    product["_updated_at"] = store.clock.stamp()
    told: dict[str, Any] = {"id": number_of(product["id"])}
    if topic != "PRODUCTS_DELETE":
        variants = [{"id": number_of(one), "admin_graphql_api_id": one, "sku": store.variants[one]["sku"],
                     "title": store.variants[one]["title"]}
                    for one in product["_variants"]]  # fmt: skip
        told |= {
            "admin_graphql_api_id": product["id"], "title": product["title"], "handle": product["handle"],
            "status": product["status"].lower(), "updated_at": product["_updated_at"], "variants": variants,
        }  # fmt: skip
    emit(store, topic, told)


def emit(store: Store, topic: str, told: dict[str, Any]) -> None:
    """Write down a delivery to each who follows this topic."""
    event = str(uuid.uuid4())
    for hook in store.tables["hook"].values():
        if hook["topic"] == topic:
            body = {name: each for name, each in told.items() if not hook["_fields"] or name in hook["_fields"]}
            store.put("event", {
                "id": str(uuid.uuid4()), "event": event, "topic": topic, "hook": hook["id"], "tries": 0,
                "body": json.dumps(body), "at": store.clock.stamp(), "next_s": store.clock.seconds(),
            })  # fmt: skip


def deliver(world: World, store: Store, asked: dict[str, Any] | None = None) -> list[Record]:
    """Post what waits; what came of each. `reverse`, `twice` and `bad_signature` disturb it."""
    how = asked or {}
    with store.lock:
        now = store.clock.seconds()
        waiting = [one for one in store.tables["event"].values() if one["next_s"] <= now]
    results = []
    for one in reversed(waiting) if how.get("reverse") else waiting:
        hook = store.tables["hook"].get(one["hook"])
        status = 410
        for _ in range((2 if how.get("twice") else 1) if hook else 0):
            assert hook is not None
            status = _post(hook["uri"], _headers(world, store, one, bool(how.get("bad_signature"))), one["body"])
        with store.at_once():
            _done(store, one, 200 <= status < 300 or hook is None)
        results.append({"topic": one["topic"], "event": one["event"], "status": status})
    return results


def _done(store: Store, one: Record, is_taken: bool) -> None:
    if is_taken:
        store.drop("event", one["id"])
    elif one["tries"] >= MOST_RETRIES:
        store.drop("event", one["id"])
        store.drop("hook", one["hook"])
    else:
        one["next_s"] = store.clock.seconds() + RETRY_S[one["tries"]]
        one["tries"] += 1
        store.put("event", one)


def signature(secret: str, body: bytes) -> str:
    """What a receiver compares."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _headers(world: World, store: Store, one: Record, is_bad: bool) -> dict[str, str]:
    secret = world.accounts.app["client_secret"] + ("x" if is_bad else "")
    topic, _, verb = one["topic"].partition("_") if one["topic"].startswith("APP_") else one["topic"].rpartition("_")
    return {
        "Content-Type": "application/json", "X-Shopify-Topic": f"{topic.lower()}/{verb.lower()}",
        "X-Shopify-Shop-Domain": store.domain, "X-Shopify-Hmac-Sha256": signature(secret, one["body"].encode()),
        "X-Shopify-Webhook-Id": one["id"], "X-Shopify-Event-Id": one["event"], "X-Shopify-API-Version": VERSION,
        "X-Shopify-Triggered-At": one["at"],
    }  # fmt: skip


def _post(uri: str, headers: dict[str, str], body: str) -> int:
    if not uri.startswith("http"):
        return 202
    if urlsplit(uri).hostname not in _HERE:  # the stand-in does not leave this machine
        return 503
    try:
        asked = urllib.request.Request(uri, body.encode(), headers)
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except (OSError, http.client.HTTPException):
        return 503
