"""Bulk reads: a query is carried out whole, and each record of a connection becomes a line that names its parent."""

import json
from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, Visitor, visit

from standins.shopify import contract
from standins.shopify.contract import Call, answers
from standins.shopify.store import Record, Store

MOST_RUNNING = 5
MOST_CONNECTIONS, MOST_DEPTH = 5, 2
RESULT_LIFE_S = 7 * 86_400
_RUNNING = ("CREATED", "RUNNING")


@answers("Mutation", "bulkOperationRunQuery")
def run(call: Call, _source: Any, query: str, **_asked: Any) -> Record:
    """Begin one; it is over after a while."""
    wrong = _wrong(query)
    if wrong:
        return _refused("INVALID", wrong)
    running = sum(one["status"] in _RUNNING for one in call.store.tables["bulk"].values())
    if running >= MOST_RUNNING:
        return _refused("LIMIT_REACHED", f"At most {MOST_RUNNING} bulk operations run at a time.")
    due = call.store.clock.seconds() + float(call.store.setting("bulk_s"))
    one = {
        "__typename": "BulkOperation", "id": call.store.gid("BulkOperation"), "status": "CREATED", "errorCode": None,
        "objectCount": "0", "rootObjectCount": "0", "fileSize": None, "_query": query, "_rows": None, "_whole": True,
        "_who": call.who, "_due": due, "_until": None,
    }  # fmt: skip
    return {"bulkOperation": call.store.put("bulk", one), "userErrors": []}


def finish(store: Store, one: Record) -> None:
    """Its time has come: the lines are written."""
    call = Call(store, "", one["_who"], is_bulk=True)
    result = contract.execute(call, one["_query"], {}, None)
    lines = [json.dumps(each, ensure_ascii=False) for each in _lines(result.data or {}, None)]
    body = "".join(f"{each}\n" for each in lines).encode()
    is_whole = not result.errors
    one |= {
        "status": "COMPLETED" if is_whole else "FAILED", "errorCode": None if is_whole else "INTERNAL_SERVER_ERROR",
        "objectCount": str(len(lines)), "rootObjectCount": str(sum("__parentId" not in each for each in lines)),
        "fileSize": str(len(body)), "_whole": is_whole, "_due": None,
        "_rows": store.keep_bytes(body) if lines else None, "_until": store.clock.seconds() + RESULT_LIFE_S,
    }  # fmt: skip
    if any("Access denied" in each.message for each in result.errors or ()):
        one["errorCode"] = "ACCESS_DENIED"
    store.put("bulk", one)


def fail(store: Store, one: Record, code: str) -> None:
    """It ends early, with the first half of its lines; `CANCELED` is a state of its own."""
    finish(store, one)
    rows = store.bytes_of(one["_rows"]).splitlines(keepends=True) if one["_rows"] else []
    half = b"".join(rows[: len(rows) // 2])
    one |= {"_whole": False, "_rows": store.keep_bytes(half) if half else None}
    one |= {"objectCount": str(len(rows) // 2), "rootObjectCount": str(len(rows) // 2), "fileSize": str(len(half))}
    one |= {"status": "CANCELED"} if code == "CANCELED" else {"status": "FAILED", "errorCode": code}
    store.put("bulk", one)


def rows(store: Store, number: str) -> bytes | None:
    """The lines of a result; None if there are none, or no longer."""
    one = store.tables["bulk"].get(f"gid://shopify/BulkOperation/{number}")
    if one is None or not one["_rows"] or one["_until"] <= store.clock.seconds():
        return None
    return store.bytes_of(one["_rows"])


def _lines(value: Any, parent: str | None) -> Iterator[Record]:
    """Depth first: a record before those that hang on it."""
    for below in value.values():
        nodes = _nodes(below)
        if nodes is None:
            if isinstance(below, dict):
                yield from _lines(below, parent)
            continue
        for node in nodes:
            plain = {key: each for key, each in node.items() if _nodes(each) is None}
            yield {**plain, "__parentId": parent} if parent else plain
            inner = {key: each for key, each in node.items() if _nodes(each) is not None}
            yield from _lines(inner, node.get("id"))


def _nodes(value: Any) -> list[Record] | None:
    if isinstance(value, dict) and set(value) <= {"edges", "nodes", "pageInfo"} and {"edges", "nodes"} & set(value):
        return [one["node"] for one in value["edges"]] if "edges" in value else list(value["nodes"])
    return None


class _Shape(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.connections = self.depth = self.most_depth = 0

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if _is_connection(node):
            self.connections += 1
            self.depth += 1
            self.most_depth = max(self.most_depth, self.depth)

    def leave_field(self, node: FieldNode, *_: Any) -> None:
        self.depth -= _is_connection(node)


def _is_connection(node: FieldNode) -> bool:
    below = node.selection_set.selections if node.selection_set else ()
    return any(isinstance(one, FieldNode) and one.name.value in ("edges", "nodes") for one in below)


def _wrong(query: str) -> str | None:
    read = contract.read(query)
    operation = read.operation(None)
    if read.errors or operation is None or operation.operation.value != "query":
        return read.errors[0].message if read.errors else "Only one query may be run."
    shape = _Shape()
    visit(operation, shape)
    return _wrong_shape(shape, operation)


def _wrong_shape(shape: _Shape, operation: OperationDefinitionNode) -> str | None:
    if not shape.connections:
        return "Bulk queries must contain at least one connection."
    if shape.connections > MOST_CONNECTIONS:
        return f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
    if shape.most_depth > MOST_DEPTH:
        return f"Bulk queries cannot contain connections with a nesting depth greater than {MOST_DEPTH}."
    tops = [one.name.value for one in operation.selection_set.selections if isinstance(one, FieldNode)]
    return "The node and nodes fields cannot be used in a bulk query." if "nodes" in tops else None


def _refused(code: str, message: str) -> Record:
    return {"bulkOperation": None, "userErrors": [{"field": ["query"], "message": message, "code": code}]}
