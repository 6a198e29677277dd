"""What all tables share: names bound at start, keys that begin with the workspace, transactions.

pynamodb stays inside `models/`: functions here take and return domain values, and a `Write` is
a closed envelope that only `transact` opens.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Self, TypeVar

from pydantic import TypeAdapter, ValidationError
from pynamodb.attributes import JSONAttribute
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import (
    DeleteError,
    GetError,
    PutError,
    PynamoDBException,
    QueryError,
    TransactWriteError,
    UpdateError,
)
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.domain.pages import Page as Page
from chalicelib.errors import Conflict, UpstreamUnavailable
from chalicelib.models.connection import Connection
from chalicelib.settings import Settings

T = TypeVar("T")
U = TypeVar("U")
M = TypeVar("M", bound=Model)
MAX_WRITES = 100
_CONFLICT_TRIES = 8
_CONDITION = "ConditionalCheckFailed"
_CROSS_WORKSPACE: dict[str, str] = {}


@dataclass(frozen=True)
class Write:
    """One row's part in a transaction. `label` names it when its condition fails."""

    label: str
    apply: Callable[[TransactWrite], None]


class ConditionFailed(Conflict):
    """A transaction was refused as a whole; `labels` names the writes whose conditions failed."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__("Somebody else changed this at the same moment. Try again.", code="lost_race")
        self.labels = tuple(labels)


def bind(settings: Settings) -> None:
    """Give every table its name, also those whose modules are imported later. Opens no connection."""
    global _bound
    _bound = settings
    _shared.clear()
    for model in tables():
        _name(model, settings)


def _name(model: type[Model], settings: Settings) -> None:
    model.Meta.table_name = settings.table(model.Meta.noun)  # type: ignore[attr-defined]
    model._connection = None


def tables() -> list[type[Model]]:
    """Every table's record class, by module name."""
    return sorted(
        (one for one in Record.__subclasses__()),
        key=lambda one: one.Meta.noun,  # type: ignore[attr-defined]
    )


_bound: Settings | None = None
_shared: list[Connection] = []
"""One client for all tables and transactions: making one costs 100 ms of CPU, and it may be used by many threads."""


def _connection() -> Connection:
    if not _shared:
        _shared.append(Connection())
    return _shared[0]


class Record(Model):
    """What every record class derives from, so that `bind` finds it, however late its module is imported.

    `Meta.noun` is its module's name.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if _bound is not None:
            _name(cls, _bound)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        table, shared = super()._get_connection(), _connection()
        if table.connection is not shared:
            with suppress(ValueError):  # another thread has added it
                shared.add_meta_table(table.get_meta_table())
            table.connection = shared
        return table

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """A row as DynamoDB gave it, in one pass: no record of ours has a discriminator or is made of others."""
        row = cls(_user_instantiated=False)
        for name, attribute in cls.get_attributes().items():
            given = data.get(attribute.attr_name)
            if given and "NULL" not in given:
                row.attribute_values[name] = attribute.deserialize(attribute.get_value(given))
        return row


class ShapedAttribute(JSONAttribute):
    """JSON that is read straight into values of one shape; written as any JSON."""

    def __init__(self, adapter: TypeAdapter[Any], **given: Any) -> None:
        super().__init__(**given)
        self._adapter = adapter

    def deserialize(self, value: str) -> Any:
        """The value; what only Python's own reader takes, such as half a surrogate pair, is read by that."""
        try:
            return self._adapter.validate_json(value)
        except ValidationError:
            return self._adapter.validate_python(json.loads(value, strict=False))


def cross_workspace(reason: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Mark a question that is asked before, or across, workspaces; `docs/tables.md` lists them all."""

    def mark(function: Callable[..., T]) -> Callable[..., T]:
        _CROSS_WORKSPACE[f"{function.__module__.rpartition('.')[2]}.{function.__name__}"] = reason
        return function

    return mark


def cross_workspace_reads() -> Mapping[str, str]:
    """The declared questions across workspaces: `module.function` to reason."""
    return dict(_CROSS_WORKSPACE)


def place(*parts: str) -> str:
    """A composite key, workspace first. Parts are ids or hashes, so `#` never occurs in them."""
    return "#".join(parts)


def save_as_read(label: str, row: Model, revision: int | None) -> Write:
    """Write a row whole; refused with this label unless it is at this revision, as it was read. None: not there yet."""
    record: Any = type(row)

    def apply(transaction: TransactWrite) -> None:
        as_read = record.id.does_not_exist() if revision is None else record.revision == revision
        transaction.save(row, condition=as_read)

    return Write(label, apply)


def transact(writes: Sequence[Write], token: str | None = None) -> None:
    """Apply all writes or none. Conflicts with other transactions are tried again, up to 8 times.

    `token` (at most 36 signs) makes a repeat within ten minutes a no-op in AWS; never rely on it
    alone: each write carries its own condition.

    Raises:
        ConditionFailed: a condition did not hold; nothing was written.
        UpstreamUnavailable: DynamoDB did not answer; whether it was written is unknown.
    """
    for attempt in range(_CONFLICT_TRIES):
        labels: list[str] = []
        try:
            with TransactWrite(connection=_connection(), client_request_token=token) as transaction:
                labels = _applied(writes, transaction)
            return
        except TransactWriteError as problem:
            codes = [reason.code if reason else "None" for reason in problem.cancellation_reasons]
            failed = [label for label, code in zip(labels, codes, strict=False) if code == _CONDITION]
            if failed:
                raise ConditionFailed(failed) from problem
            if "TransactionConflict" not in codes or attempt == _CONFLICT_TRIES - 1:
                raise unavailable(problem) from problem
        except PynamoDBException as problem:
            raise unavailable(problem) from problem
        time.sleep(0.01 * 2**attempt)


def _applied(writes: Sequence[Write], transaction: TransactWrite) -> list[str]:
    """Add the writes; their labels in the order in which pynamodb sends them, which is by kind and not as added."""
    kinds = (
        transaction._condition_check_items,
        transaction._delete_items,
        transaction._put_items,
        transaction._update_items,
    )
    sent: list[list[str]] = [[] for _ in kinds]
    for write in writes:
        write.apply(transaction)
        for items, labels in zip(kinds, sent, strict=True):
            labels += [write.label] * (len(items) - len(labels))
    return [label for labels in sent for label in labels]


def unavailable(problem: PynamoDBException) -> UpstreamUnavailable:
    """The error for a DynamoDB that does not answer."""
    return UpstreamUnavailable(f"The database did not answer ({type(problem).__name__}). Try again.")


def read(record: type[M], hash_key: str, range_key: Any = None) -> M | None:
    """One row by its keys, strongly consistent, or None."""
    try:
        return record.get(hash_key, range_key, consistent_read=True)
    except record.DoesNotExist:
        return None
    except GetError as problem:
        raise unavailable(problem) from problem


@dataclass(frozen=True)
class Wanted(Generic[T]):
    """One row by its keys, and what is made of it."""

    record: type[Record]
    hash_key: str
    range_key: str | None
    value: Callable[[Any], T]

    def read(self) -> T | None:
        """The value, strongly consistent, or None."""
        row = read(self.record, self.hash_key, self.range_key)
        return None if row is None else self.value(row)


def read_both(first: Wanted[T], second: Wanted[U]) -> tuple[T | None, U | None]:
    """A row of one table and a row of another in one call, each strongly consistent, or None."""
    connection = _connection()
    tables: list[str] = []
    asked: dict[str, Any] = {}
    for one in (first, second):
        tables.append(one.record._get_connection().table_name)
        keys = connection.get_identifier_map(tables[-1], one.hash_key, one.range_key)
        asked[tables[-1]] = {"Keys": [keys["Key"]], "ConsistentRead": True}
    try:
        found = connection.read_tables(asked)
    except GetError as problem:
        raise unavailable(problem) from problem
    return _of_batch(found, tables[0], first), _of_batch(found, tables[1], second)


def _of_batch(found: Mapping[str, Any], table: str, wanted: Wanted[T]) -> T | None:
    """What a batch found in a table; asked for once more where the table was too busy to answer."""
    if table in found.get("UnprocessedKeys", ()):
        return wanted.read()
    rows = found["Responses"].get(table, ())
    return wanted.value(wanted.record.from_raw_data(rows[0])) if rows else None


def read_many(record: type[M], keys: Sequence[tuple[Any, Any]]) -> Iterator[M]:
    """Those of the rows that exist, in any order, strongly consistent."""
    try:
        yield from record.batch_get(list(dict.fromkeys(keys)), consistent_read=True)
    except PynamoDBException as problem:
        raise unavailable(problem) from problem


def write(action: Callable[[], object], label: str) -> None:
    """Run one conditional write.

    Raises:
        ConditionFailed: with this label.
    """
    try:
        action()
    except (PutError, UpdateError, DeleteError) as problem:
        response = getattr(problem.cause, "response", None) or {}  # a timeout has one that is None
        if response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
            raise ConditionFailed([label]) from problem
        raise unavailable(problem) from problem


def rows(results: Iterator[M]) -> Iterator[M]:
    """The rows of a query; a DynamoDB that stops answering becomes our own error."""
    try:
        yield from results
    except QueryError as problem:
        raise unavailable(problem) from problem


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The moment in a stamp."""
    return datetime.fromisoformat(text)


def of_epoch(seconds: float | None) -> datetime:
    """The inverse of `epoch_s`."""
    return datetime.fromtimestamp(seconds or 0, UTC)


def epoch_s(when: datetime) -> int:
    """Whole seconds since 1970, as TTL attributes want them."""
    return int(when.timestamp())
