"""One GraphQL request: who asks, what goes wrong, the answer, and the line in the journal."""

import json
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode

from standins.shopify import bulk, contract, control, cost, faults, files, hooks, merchant, products, reads, uploads
from standins.shopify.contract import Call
from standins.shopify.settling import settle
from standins.shopify.store import Record, Store
from standins.shopify.world import World

PARTS = (bulk, files, hooks, merchant, products, reads, uploads)  # importing them is what makes their answers known
_NO_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"


@dataclass(frozen=True)
class Reply:
    """What goes back. `fault` is what happens on the way."""

    status: int
    body: Any
    fault: Record | None = None


def answer(world: World, store: Store, base: str, token: str, asked: Any) -> Reply:
    """Carry out a request on a shop."""
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        return Reply(400, {"errors": {"query": "Required parameter missing or invalid"}})
    if not isinstance(asked.get("variables") or {}, dict) or not isinstance(asked.get("operationName") or "", str):
        return Reply(400, {"errors": {"variables": "Required parameter missing or invalid"}})
    text, variables, name = asked["query"], asked.get("variables") or {}, asked.get("operationName")
    operation = contract.read(text).operation(name)
    chosen = operation.selection_set.selections if operation else ()
    fields = [one.name.value for one in chosen if isinstance(one, FieldNode)]
    called = operation.name.value if operation and operation.name else ",".join(fields)
    entry = world.note({
        "at": world.clock.stamp(), "shop": store.domain, "operation": called, "fields": fields, "variables": variables,
        "kind": operation.operation.value if operation else "unknown", "status": 200, "codes": [],
        "who": None, "cost": None, "fault": None, "violations": [],
    })  # fmt: skip
    fault = faults.hit(world, store.domain, {called, *fields})
    if fault and fault["kind"] == "before":
        before(world, store, fault)
    with store.at_once():
        settle(store)
        reply = _answered(world, store, base, token, (text, variables, name), entry, fault)
    entry["status"], entry["codes"] = reply.status, _codes(reply.body)
    entry["fault"] = fault["kind"] if fault else None
    return reply


def _answered(
    world: World, store: Store, base: str, token: str, asked: tuple[str, dict[str, Any], str | None], entry: Record,
    fault: Record | None,
) -> Reply:  # fmt: skip
    who = world.accounts.who(store, token)
    if who is None:
        return Reply(401, {"errors": _NO_TOKEN})
    entry["who"] = who
    if store.setting("answers") != 200:
        return Reply(int(store.setting("answers")), {"errors": "Unavailable Shop"})
    kind = fault["kind"] if fault else None
    if kind == "throttle":
        bucket = cost.Bucket(store)
        bucket.charge(bucket.available())
        return Reply(200, contract.throttled(store, 10))
    if kind == "internal":
        down = {"message": "Internal error. Looks like something went wrong on our end.",
                "extensions": {"code": "INTERNAL_SERVER_ERROR"}}  # fmt: skip
        return Reply(200, {"errors": [down]})
    if kind in faults.BEFORE:
        return Reply(int((fault or {}).get("status", 502)), None, fault)
    call = Call(store, base, who)
    now = store.tables
    if fault and kind == "stale_read" and entry["kind"] == "query":
        store.tables = {**now, **{one: fault["_seen"][one] for one in ("product", "variant", "file", "job")}}
    try:
        told = contract.carry_out(call, *asked)
    finally:
        store.tables = now
    entry["cost"] = told.get("extensions", {}).get("cost", {}).get("actualQueryCost")
    if who == "app" and call.breaches:
        world.breach(entry, call.breaches)
    return Reply(200, json.loads(json.dumps(told)), fault)


def before(world: World, store: Store, fault: Record) -> None:
    """What a fault has the merchant do, before the request is carried out."""
    for one in fault.get("do", ()):
        control.act(world, one["what"], {"shop": store.domain, **one})


def _codes(body: Any) -> list[str]:
    if not isinstance(body, dict):
        return []
    found = [one["extensions"]["code"] for one in body["errors"]] if isinstance(body.get("errors"), list) else []
    for value in (body.get("data") or {}).values():
        if isinstance(value, dict):
            found += [str(one.get("code")) for key in ("userErrors", "mediaUserErrors") for one in value.get(key) or ()]
    return found
