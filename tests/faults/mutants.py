"""The protocol with one safeguard taken out at a time. Each must be caught, or it would protect nothing.

A safeguard that is a condition is taken out of the call itself, on its way to the tables. Two are not in the list as
they are not alone: the names of collections and the bindings of folders guard each other, and an asset id minted at
each commit instead of at the claim changes nothing, since no key is made of it before the commit.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from chalicelib.domain import arrivals as rules
from chalicelib.domain.ids import VersionId
from chalicelib.models import base, usage
from chalicelib.services import arrivals, commits, ingest
from tests.faults.memory_tables import Tables


@dataclass(frozen=True)
class Mutant:
    """`without` takes the safeguard out; the two schedules may be off as well. The seed `caught` is tried first."""

    name: str
    without: Callable[[], AbstractContextManager[Any]] = nullcontext
    caught: int = 0
    reconciles: bool = True
    sweeps: bool = True


@contextmanager
def _unconditional(noun: str, fits: Callable[[Mapping[str, Any]], bool]) -> Iterator[None]:
    """Drop the conditions of the writes to this table that fit."""
    genuine = Tables._holds

    def holds(tables: Tables, asked: Mapping[str, Any], key: Mapping[str, Any]) -> bool:
        is_it = asked["TableName"].endswith(f"-{noun}") and fits(asked)
        return True if is_it else genuine(tables, asked, key)

    with mock.patch.object(Tables, "_holds", holds):
        yield


def _is_claim(asked: Mapping[str, Any]) -> bool:
    return " ADD " in f" {asked.get('UpdateExpression', '')}"


def _is_finish(asked: Mapping[str, Any]) -> bool:
    return "token" in asked.get("ExpressionAttributeNames", {}).values()


def _patched(owner: Any, name: str, make: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: mock.patch.object(owner, name, make(getattr(owner, name)))


def _delete_first(genuine: Any) -> Any:
    def commit(ctx: Any, arrival: Any, *rest: Any) -> None:
        ctx.store.delete("inbox", arrival.key, arrival.object_version)
        genuine(ctx, arrival, *rest)

    return commit


def _always_newest(genuine: Any) -> Any:
    def decide(*known: Any, **asked: Any) -> Any:
        return replace(genuine(*known, **asked), is_newest=True, moves_source=True)

    return decide


def _count_at_once(genuine: Any) -> Any:
    def add(workspace: Any, act_id: str, at: Any, meter: str, quantity: int) -> Any:
        _count_at_once.calls += 1  # type: ignore[attr-defined]
        other = f"{act_id}-{_count_at_once.calls}"  # type: ignore[attr-defined]
        base.transact([genuine(workspace, other, at, meter, quantity)])
        return base.Write("nothing", lambda _transaction: None)

    return add


_count_at_once.calls = 0  # type: ignore[attr-defined]


def _fresh_each_time(_genuine: Any) -> Any:
    def hint_of(ctx: Any, key: str, version: str | None, sequencer: str | None = None) -> Any:
        return rules.Hint(rules.workspace_of(key), VersionId(ctx.new_id()), key, version, sequencer)

    return hint_of


def _no_done_check(genuine: Any) -> Any:
    def get(*keys: Any) -> Any:
        known = genuine(*keys)
        return None if known is not None and known.state == "done" else known

    return get


@contextmanager
def _done_is_nothing() -> Iterator[None]:
    with _patched(ingest.rows, "get", _no_done_check)(), _unconditional("ingest", _is_claim):
        yield


@contextmanager
def _folders_unguarded() -> Iterator[None]:
    with (
        _unconditional("collection-names", lambda _: True),
        _unconditional("source-folders", lambda _: True),
    ):
        yield


MUTANTS = (
    Mutant("the claim has no condition", lambda: _unconditional("ingest", _is_claim), caught=137),
    Mutant("the commit is not fenced on the claim", lambda: _unconditional("ingest", _is_finish), caught=83),
    Mutant("a done arrival is not known", _done_is_nothing),
    Mutant("the inbox is emptied before the commit", _patched(commits, "commit", _delete_first), caught=9),
    Mutant(
        "the inbox is not emptied when the arrival is done", _patched(ingest.rows, "get", _no_done_check), caught=61
    ),
    Mutant("the id does not follow from the object version", _patched(arrivals, "hint_of", _fresh_each_time)),
    Mutant("whatever is committed last is newest", _patched(rules, "decide", _always_newest)),
    Mutant("usage is counted beside the transaction", _patched(usage, "add", _count_at_once), caught=1),
    Mutant("the source pointer has no condition", lambda: _unconditional("sources", lambda _: True), caught=1),
    Mutant("the first holder has no condition", lambda: _unconditional("blobs", lambda _: True), caught=49),
    Mutant("folders and their names have no condition", _folders_unguarded, caught=24),
    Mutant("nobody reconciles the inbox", reconciles=False),
    Mutant("nobody sweeps the arrivals", sweeps=False, caught=9),
)
