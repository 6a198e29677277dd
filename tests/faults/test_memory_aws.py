"""The in-memory AWS answers as the emulators do: the same product on either leaves the same rows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.models import base
from chalicelib.models.ingest import IngestRecord
from chalicelib.models.outbox import OutboxRecord
from infra.local.stack import Stack
from tests.faults.memory_aws import running

Column = IngestRecord


@pytest.fixture
def on_both(stack: Stack) -> Callable[[Callable[[str], Any]], None]:
    """Runs something on the emulator and in memory, in a fresh workspace, and compares what it gives."""

    def compare(act: Callable[[str], Any]) -> None:
        workspace = wiring.context().new_id()
        emulated = act(workspace)
        with running():
            remembered = act(workspace)
        assert remembered == emulated

    return compare


def row(workspace: str, name: str = "a", **more: Any) -> IngestRecord:
    texts = ("key", "state", "state_place", "state_at", "file_name", "source", "arrived_at")
    return IngestRecord(workspace, name, **{**dict.fromkeys(texts, "x"), "state_place": workspace, **more})


def told(act: Callable[[], Any]) -> Any:
    """What came of it: an answer, or the code of the refusal."""
    try:
        found = act()
    except base.PynamoDBException as problem:
        reasons = getattr(problem, "cancellation_reasons", ())
        return [problem.cause_response_code, [one.code if one else None for one in reasons]]
    if isinstance(found, dict):
        found = {name: value for name, value in found.items() if name not in ("ConsumedCapacity", "ResponseMetadata")}
    return json.loads(json.dumps(found, default=str, sort_keys=True))


def content(workspace: str, name: str = "a") -> Any:
    return told(lambda: IngestRecord.get(workspace, name, consistent_read=True).to_simple_dict())


CONDITIONS = [
    Column.id.does_not_exist(),
    Column.id.exists(),
    Column.id.does_not_exist() | (Column.state == "x"),
    (Column.state == "x") & (Column.due_at < 5),
    (Column.state == "x") & (Column.due_at <= 7),
    Column.owner == "nobody",
    Column.owner.does_not_exist() & Column.work.does_not_exist(),
    ~(Column.state == "x"),
    Column.due_at.between(6, 8),
    Column.key.startswith("x") & Column.key.contains("x"),
]


def test_conditions_hold_alike(on_both: Callable[[Callable[[str], Any]], None]) -> None:
    def act(workspace: str) -> Any:
        found = []
        for number, condition in enumerate(CONDITIONS):
            one, other = row(workspace, f"{number}-absent"), row(workspace, f"{number}-there", due_at=7)
            other.save()
            for each in (one, other):
                found.append(told(lambda: each.update(actions=[Column.version.set(1)], condition=condition)))  # noqa: B023 called at once
                found.append(content(workspace, each.id))
        return found

    on_both(act)


def test_updates_change_alike(on_both: Callable[[Callable[[str], Any]], None]) -> None:
    def act(workspace: str) -> Any:
        one = row(workspace, attempts=1)
        one.save()
        actions = [
            Column.attempts.add(2),
            Column.asset_id.set(Column.asset_id | "first"),
            Column.owner.set("me"),
            Column.reason.remove(),
            Column.arrived_at.set(Column.arrived_at | "later"),
        ]
        one.update(actions=actions)
        given_back = told(one.to_simple_dict)
        one.update(actions=[Column.asset_id.set(Column.asset_id | "second"), Column.owner.remove()])
        return [given_back, content(workspace)]

    on_both(act)


def test_a_transaction_is_all_or_nothing_and_names_what_failed(
    on_both: Callable[[Callable[[str], Any]], None],
) -> None:
    def act(workspace: str) -> Any:
        row(workspace).save()

        def both(name: str) -> None:
            with TransactWrite(connection=base._connection()) as transaction:
                transaction.save(row(workspace, name), condition=Column.id.does_not_exist())
                transaction.update(row(workspace, "a"), actions=[Column.attempts.add(1)])
                transaction.condition_check(IngestRecord, workspace, f"{name}-absent", condition=~Column.id.exists())

        outcomes = [told(lambda: both("b")), told(lambda: both("b"))]
        return [outcomes, content(workspace), content(workspace, "b")]

    on_both(act)


def test_a_refused_transaction_names_the_writes_that_failed_whatever_their_kind_and_order(
    on_both: Callable[[Callable[[str], Any]], None],
) -> None:
    def act(workspace: str) -> Any:
        row(workspace, "there").save()
        one = Column.version.set(1)
        free, taken = Column.id.does_not_exist(), Column.id.exists()
        writes = [
            base.Write("update", lambda t: t.update(row(workspace, "a"), actions=[one], condition=taken)),
            base.Write("put", lambda t: t.save(row(workspace, "b"), condition=free)),
            base.Write("taken put", lambda t: t.save(row(workspace, "there"), condition=free)),
            base.Write("check", lambda t: t.condition_check(IngestRecord, workspace, "c", condition=taken)),
            base.Write("delete", lambda t: t.delete(row(workspace, "d"), condition=free)),
        ]
        with pytest.raises(base.ConditionFailed) as refusal:
            base.transact(writes)
        assert sorted(refusal.value.labels) == ["check", "taken put", "update"]

    on_both(act)


def test_sparse_indexes_give_alike(on_both: Callable[[Callable[[str], Any]], None]) -> None:
    def act(workspace: str) -> Any:
        for name, due in (("a", 3), ("b", 1), ("c", 2), ("d", 9)):
            row(workspace, name, work=workspace, due_at=due).save()
        row(workspace, "e").save()
        index = IngestRecord.work_index
        return [
            [one.id for one in index.query(workspace, Column.due_at < 5)],
            [one.id for one in index.query(workspace, scan_index_forward=False)],
            [one.id for one in IngestRecord.query(workspace, filter_condition=Column.work == workspace)],
            sorted(one.id for one in IngestRecord.batch_get([(workspace, "a"), (workspace, "z"), (workspace, "e")])),
            [one.id for one in OutboxRecord.query(workspace)],
        ]

    on_both(act)
