"""Connections: pages of records with the vendor's limits and cursors."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

from standins.shopify.store import Record

MOST_FIRST = 250


def number_of(gid: str) -> int:
    """The number at the end of an id."""
    tail = gid.rpartition("/")[2]
    return int(tail) if tail.isdigit() else 0


def connection(records: Sequence[Record], asked: dict[str, Any], is_bulk: bool) -> Record:
    """One page of these records, in their order. Raises `GraphQLError` for a page nobody may ask for."""
    first, last = asked.get("first"), asked.get("last")
    if is_bulk:
        return _told(records, has_next=False)
    if first is None and last is None:
        raise bad("you must provide one of first or last")
    if first is not None and last is not None:
        raise bad("providing both first and last is not supported")
    most = first if first is not None else last
    if not 0 <= int(most or 0) <= MOST_FIRST:
        raise bad(f"{'first' if first is not None else 'last'} must be between 0 and {MOST_FIRST}")
    ordered = list(reversed(records)) if asked.get("reverse") else list(records)
    start = _after(ordered, asked["after"]) if asked.get("after") else 0
    end = _after(ordered, asked["before"]) - 1 if asked.get("before") else len(ordered)
    ordered = ordered[start:end]
    if first is None:
        return _told(ordered[len(ordered) - int(most or 0) :] if most else [], has_next=False)
    return _told(ordered[:first], has_next=len(ordered) > first)


def bad(message: str, code: str = "BAD_REQUEST") -> GraphQLError:
    """An error that stands at the top of the answer."""
    return GraphQLError(message, extensions={"code": code})


def cursor(one: Record) -> str:
    """What stands for the place of a record."""
    told = {"last_id": number_of(one["id"]), "last_value": one["id"]}
    return base64.b64encode(json.dumps(told).encode()).decode()


def _after(ordered: Sequence[Record], text: str) -> int:
    try:
        wanted = json.loads(base64.b64decode(text, validate=True))["last_id"]
    except (binascii.Error, ValueError, KeyError, TypeError) as problem:
        raise bad(f"Invalid cursor for current pagination sort: {text}") from problem
    numbers = [number_of(one["id"]) for one in ordered]
    if wanted in numbers:
        return numbers.index(wanted) + 1
    return next((at for at, number in enumerate(numbers) if number > wanted), len(numbers))


def _told(records: Sequence[Record], *, has_next: bool) -> Record:
    page = {"hasNextPage": has_next, "endCursor": cursor(records[-1]) if records else None}
    return {"nodes": list(records), "edges": [{"node": one} for one in records], "pageInfo": page}
