"""DynamoDB as far as the product uses it, in memory: keys, conditions, updates, indexes, transactions.

Single-threaded by nature; whoever runs several workers lets one run at a time. It is compared with the
emulator, call by call, in test_memory_aws.py.
"""

import copy
import itertools
import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
Filed = tuple[Any, Any, tuple[str, ...]]
_TOKEN = re.compile(r"\s*(<=|>=|<>|[()=<>,+-]|[#:\w.\[\]]+)")
_HASH = re.compile(r"\(*(#\w+) = (:\w+)")
_RANGE = re.compile(r"BETWEEN (?P<low>:\w+) AND (?P<high>:\w+)|begins_with \(#\w+, (?P<prefix>:\w+)\)")
_LAST_SIGN = "\U0010ffff"


class Tables:
    """All tables; `schema` gives key names by table and by `table/index`, hash key first."""

    def __init__(self, schema: Mapping[str, tuple[str, ...]]) -> None:
        self._schema = dict(schema)
        self.rows: dict[str, dict[tuple[str, ...], Item]] = {name: {} for name in schema if "/" not in name}
        self._filed: dict[str, list[Filed]] = {name: [] for name in schema}
        """The places of the rows of each table and of each index, in its order."""

    def call(self, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one API call as botocore would, or raise its ClientError."""
        answer = getattr(self, f"_{name}", None)
        if answer is None:
            raise NotImplementedError(name)
        return dict(answer(asked))

    def _place(self, table: str, item: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(str(next(iter(item[key].values()))) for key in self._schema[table])

    def _GetItem(self, asked: Mapping[str, Any]) -> Item:
        found = self.rows[asked["TableName"]].get(self._place(asked["TableName"], asked["Key"]))
        return {"Item": copy.deepcopy(found)} if found else {}

    def _BatchGetItem(self, asked: Mapping[str, Any]) -> Item:
        found: Item = {}
        for table, wanted in asked["RequestItems"].items():
            rows = [self.rows[table].get(self._place(table, key)) for key in wanted["Keys"]]
            found[table] = [copy.deepcopy(row) for row in rows if row]
        return {"Responses": found, "UnprocessedKeys": {}}

    def _PutItem(self, asked: Mapping[str, Any]) -> Item:
        self._checked("PutItem", asked, asked["Item"])
        self._put(asked)
        return {}

    def _UpdateItem(self, asked: Mapping[str, Any]) -> Item:
        self._checked("UpdateItem", asked, asked["Key"])
        return {"Attributes": copy.deepcopy(self._update(asked))}

    def _DeleteItem(self, asked: Mapping[str, Any]) -> Item:
        self._checked("DeleteItem", asked, asked["Key"])
        self._delete(asked)
        return {}

    def _TransactWriteItems(self, asked: Mapping[str, Any]) -> Item:
        parts = [next(iter(one.items())) for one in asked["TransactItems"]]
        held = [self._holds(one, one.get("Item") or one["Key"]) for _, one in parts]
        if not all(held):
            reasons = [{"Code": "None" if one else "ConditionalCheckFailed"} for one in held]
            raise refused("TransactWriteItems", "TransactionCanceledException", CancellationReasons=reasons)
        places = [(one["TableName"], self._place(one["TableName"], one.get("Item") or one["Key"])) for _, one in parts]
        assert len(set(places)) == len(places), "a transaction may name an item only once"
        for kind, one in parts:
            {"Put": self._put, "Update": self._update, "Delete": self._delete, "ConditionCheck": lambda _: None}[kind](
                one
            )
        return {}

    def _Query(self, asked: Mapping[str, Any]) -> Item:
        table, index = asked["TableName"], asked.get("IndexName")
        keys = self._schema[f"{table}/{index}" if index else table]
        holds = _condition(asked["KeyConditionExpression"], asked)
        wanted = _condition(asked["FilterExpression"], asked) if asked.get("FilterExpression") else lambda _: True
        assert "ExclusiveStartKey" not in asked, "pages are not kept here"
        places = self._near(f"{table}/{index}" if index else table, keys[0], asked)
        rows = (row for place in places if (row := self.rows[table].get(place)) and holds(row) and wanted(row))
        kept = [copy.deepcopy(row) for row in itertools.islice(rows, asked.get("Limit"))]
        return {"Items": kept, "Count": len(kept), "ScannedCount": len(kept)}

    def _near(self, name: str, key: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
        """The places under the hash key that is asked for, in order, from where the range begins to where it ends."""
        text, values, order = asked["KeyConditionExpression"], asked["ExpressionAttributeValues"], self._filed[name]
        asks, span = _HASH.search(text), _RANGE.search(text)
        assert asks, text
        assert asked["ExpressionAttributeNames"][asks[1]] == key, text
        wanted = _plain(values[asks[2]])
        low, high = (wanted,), (wanted + _LAST_SIGN,)
        if span and span["prefix"]:
            prefix = _plain(values[span["prefix"]])
            low, high = (wanted, prefix), (wanted, prefix + _LAST_SIGN)
        elif span:
            low, high = (wanted, _plain(values[span["low"]])), (wanted, _plain(values[span["high"]]), (_LAST_SIGN,))
        begin, end = bisect_left(order, low), bisect_left(order, high)
        where = range(begin, end) if asked.get("ScanIndexForward", True) else range(end - 1, begin - 1, -1)
        return (order[at][2] for at in where)

    def _file(self, table: str, place: tuple[str, ...], before: Item | None, after: Item | None) -> None:
        """Put the row where its table and their indexes have it now."""
        for name, keys in self._schema.items():
            if name.partition("/")[0] != table:
                continue
            old, new = (
                (_plain(row[keys[0]]), _plain(row[keys[-1]]), place)
                if row and all(key in row for key in keys)
                else None
                for row in (before, after)
            )
            if old == new:
                continue
            if old is not None and (at := bisect_left(self._filed[name], old)) < len(self._filed[name]):
                assert self._filed[name].pop(at) == old
            if new is not None:
                insort(self._filed[name], new)

    def _holds(self, asked: Mapping[str, Any], key: Mapping[str, Any]) -> bool:
        if not asked.get("ConditionExpression"):
            return True
        row = self.rows[asked["TableName"]].get(self._place(asked["TableName"], key), {})
        return _condition(asked["ConditionExpression"], asked)(row)

    def _checked(self, name: str, asked: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        if not self._holds(asked, key):
            raise refused(name, "ConditionalCheckFailedException")

    def _put(self, asked: Mapping[str, Any]) -> None:
        table, place, row = asked["TableName"], self._place(asked["TableName"], asked["Item"]), asked["Item"]
        self._file(table, place, self.rows[table].get(place), row)
        self.rows[table][place] = copy.deepcopy(row)

    def _delete(self, asked: Mapping[str, Any]) -> None:
        table, place = asked["TableName"], self._place(asked["TableName"], asked["Key"])
        self._file(table, place, self.rows[table].pop(place, None), None)

    def _update(self, asked: Mapping[str, Any]) -> Item:
        table, place = asked["TableName"], self._place(asked["TableName"], asked["Key"])
        known = dict(self.rows[table].get(place, {}))
        row = self.rows[table].setdefault(place, copy.deepcopy(dict(asked["Key"])))
        before = dict(row)
        names, values = asked.get("ExpressionAttributeNames", {}), asked.get("ExpressionAttributeValues", {})
        clauses = re.split(r"\b(SET|REMOVE|ADD)\b", asked["UpdateExpression"])[1:]
        for verb, body in zip(clauses[::2], clauses[1::2], strict=True):
            for part in re.split(r",\s*(?=#)(?![^(]*\))", body):
                _apply(row, before, verb, part.strip(), names, values)
        self._file(table, place, known, row)
        return row


def _apply(row: Item, before: Item, verb: str, part: str, names: Mapping[str, str], values: Mapping[str, Any]) -> None:
    if verb == "REMOVE":
        row.pop(names[part], None)
    elif verb == "ADD":
        name, value = part.split()
        number = int(before.get(names[name], {"N": "0"})["N"]) + int(values[value]["N"])
        row[names[name]] = {"N": str(number)}
    else:
        name, _, value = (one.strip() for one in part.partition("="))
        default = re.fullmatch(r"if_not_exists\s*\((#\w+), (:\w+)\)", value)
        if default:
            row[names[name]] = before.get(names[default[1]], values[default[2]])
        elif "+" in value:
            left, right = (one.strip() for one in value.split("+"))
            total = sum(int((before[names[one]] if one in names else values[one])["N"]) for one in (left, right))
            row[names[name]] = {"N": str(total)}
        else:
            row[names[name]] = values[value]


def refused(operation: str, code: str, **extra: Any) -> ClientError:
    """The error of a refusal, as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": code}, **extra}, operation)  # type: ignore[arg-type]


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    return float(content) if kind == "N" else content


def _condition(text: str, asked: Mapping[str, Any]) -> Callable[[Item], bool]:
    return _Reader(text, asked.get("ExpressionAttributeNames", {}), asked.get("ExpressionAttributeValues", {})).whole()


class _Reader:
    """Recursive descent over `OR`, `AND`, `NOT`, comparisons, `BETWEEN` and functions."""

    def __init__(self, text: str, names: Mapping[str, str], values: Mapping[str, Any]) -> None:
        self._tokens, self._names, self._values, self._at = _TOKEN.findall(text), names, values, 0

    def whole(self) -> Callable[[Item], bool]:
        read = self._either()
        assert self._at == len(self._tokens), self._tokens[self._at :]
        return read

    def _next(self) -> str:
        self._at += 1
        return str(self._tokens[self._at - 1])

    def _is(self, *words: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] in words:
            self._at += 1
            return True
        return False

    def _either(self) -> Callable[[Item], bool]:
        parts = [self._all()]
        while self._is("OR"):
            parts.append(self._all())
        return lambda row: any(part(row) for part in parts)

    def _all(self) -> Callable[[Item], bool]:
        parts = [self._one()]
        while self._is("AND"):
            parts.append(self._one())
        return lambda row: all(part(row) for part in parts)

    def _one(self) -> Callable[[Item], bool]:
        if self._is("NOT"):
            inner = self._one()
            return lambda row: not inner(row)
        if self._is("("):
            inner = self._either()
            assert self._is(")")
            return inner
        if self._tokens[self._at] in ("attribute_exists", "attribute_not_exists", "begins_with", "contains"):
            return self._function()
        left, sign = self._operand(), self._next()
        if sign == "BETWEEN":
            low, _, high = self._operand(), self._next(), self._operand()
            return lambda row: _compare(left(row), low(row), ">=") and _compare(left(row), high(row), "<=")
        right = self._operand()
        return lambda row: _compare(left(row), right(row), sign)

    def _function(self) -> Callable[[Item], bool]:
        name = self._next()
        assert self._is("(")
        first = self._operand()
        second = self._operand() if self._is(",") else None
        assert self._is(")")
        if name.startswith("attribute"):
            return lambda row: (first(row) is not None) == (name == "attribute_exists")
        assert second is not None
        if name == "begins_with":
            return lambda row: first(row) is not None and _plain(first(row)).startswith(_plain(second(row)))
        return lambda row: first(row) is not None and _plain(second(row)) in _plain(first(row))

    def _operand(self) -> Callable[[Item], Any]:
        word = self._next()
        if word.startswith(":"):
            value = self._values[word]
            return lambda _: value
        name = self._names.get(word, word)
        return lambda row: row.get(name)


def _compare(left: Any, right: Any, sign: str) -> bool:
    if left is None or right is None or left.keys() != right.keys():
        return sign == "<>" and left != right
    a, b = _plain(left), _plain(right)
    return bool({"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign])
