"""Keeping the index with one safeguard taken out at a time. Each must be caught, or it would protect nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest import mock

from chalicelib.adapters import search_publish
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_tantivy import TantivySearch
from chalicelib.models import outbox, unindexed
from chalicelib.services import indexing

Without = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Mutant:
    """`without` takes the safeguard out; the sweep may be off as well. It is caught with the seed `caught`."""

    name: str
    without: Without = nullcontext
    caught: int = 0
    sweeps: bool = True


def _patched(owner: Any, name: str, make: Callable[[Any], Any]) -> Without:
    return lambda: mock.patch.object(owner, name, make(getattr(owner, name)))


def _value(owner: Any, name: str, value: Any) -> Without:
    return lambda: mock.patch.object(owner, name, value)


def _no_condition(_genuine: Any) -> Any:
    def swap(this: IndexObjects, key: str, body: bytes, mark: str | None) -> None:
        this.put(key, body)

    return swap


def _first_without_condition(genuine: Any) -> Any:
    def swap(this: IndexObjects, key: str, body: bytes, mark: str | None) -> None:
        if mark is None:
            this.put(key, body)
        else:
            genuine(this, key, body, mark)

    return swap


def _marked_first(genuine: Any) -> Any:
    def apply(ctx: Any, workspace: Any, messages: Any) -> Any:
        generation = ctx.search.state(workspace).generation + 1
        outbox.indexed(messages, generation=generation, now=ctx.now())
        return genuine(ctx, workspace, messages)

    return apply


def _marked_too_low(genuine: Any) -> Any:
    def indexed(messages: Any, *, generation: int, now: Any) -> None:
        genuine(messages, generation=generation - 1, now=now)

    return indexed


def _removed_stay(genuine: Any) -> Any:
    def as_they_are(*asked: Any) -> Any:
        return genuine(*asked)[0], []

    return as_they_are


def _nothing_changed(genuine: Any) -> Any:
    def build(this: Any, workspace: Any, documents: Any, changes: Any = None) -> int:
        return int(genuine(this, workspace, documents, None))

    return build


def _asked_once(genuine: Any) -> Any:
    def build(this: Any, workspace: Any, documents: Any, changes: Any) -> int:
        told = [changes]
        return int(genuine(this, workspace, documents, lambda: told.pop()() if told else ((), ())))

    return build


def _not_kept(_genuine: Any) -> Any:
    def swap(objects: IndexObjects, workspace: Any, current: Any, new: Any) -> None:
        objects.swap(search_publish.key(workspace), new.dump(), current.mark)

    return swap


def _listed_first(genuine: Any) -> Any:
    def sweep(objects: IndexObjects, workspace: Any, now: Any) -> int:
        known = {one: list(objects.listed(f"{workspace}/{one}/")) for one in ("old", "pack")}
        with mock.patch.object(objects, "listed", lambda prefix: iter(known[prefix.split("/")[1]])):
            return int(genuine(objects, workspace, now))

    return sweep


@contextmanager
def _held_after_the_mark() -> Iterator[None]:
    held, indexed, told = unindexed.held, outbox.indexed, {}

    def later(workspace: Any, tokens: Any, **at: Any) -> None:
        told[tokens] = (workspace, at)

    def mark(messages: Any, **at: Any) -> None:
        indexed(messages, **at)
        tokens = frozenset(one.id for one in messages)
        workspace, when = told[tokens]
        held(workspace, tokens, **when)

    with mock.patch.object(unindexed, "held", later), mock.patch.object(outbox, "indexed", mark):
        yield


MUTANTS = (
    Mutant("the manifest is swapped without a condition", _patched(IndexObjects, "swap", _no_condition), caught=2),
    Mutant("announcements are marked before they are applied", _patched(indexing, "_apply", _marked_first)),
    Mutant("announcements are marked with the generation before", _patched(outbox, "indexed", _marked_too_low)),
    Mutant("what is removed stays in the index", _patched(indexing, "_as_they_are", _removed_stay), caught=2),
    Mutant("nothing is kept for an hour", _value(search_publish, "KEPT", timedelta(0)), caught=3),
    Mutant("former manifests are not kept", _patched(search_publish, "swap", _not_kept)),
    Mutant(
        "a sweep takes what a dead writer put for the current one",
        _value(search_publish, "_generation", lambda _: -1),
        caught=515,
    ),
    Mutant("nobody sweeps what no hint woke", sweeps=False),
)
RARE: dict[str, tuple[Without, str, int]] = {
    "the first manifest has no condition": (
        _patched(IndexObjects, "swap", _first_without_condition), "two first writers", 3,
    ),
    "rows are read before what they are applied to": (
        _value(TantivySearch, "ground", lambda *_: None), "two writers", 3,
    ),
    "narrowings are held after the mark": (_held_after_the_mark, "a writer that dies", 10),
    "a build does not ask what changed beside it": (
        _patched(TantivySearch, "build", _nothing_changed), "a build and a writer", 5,
    ),
    "a build that lost a race does not ask again": (
        _patched(TantivySearch, "build", _asked_once), "a build and a writer", 5,
    ),
    "a build looks back no further than its start": (
        _value(indexing, "OVERLAP", timedelta(0)), "an edit and a build", 9,
    ),
    "a sweep lists before it reads what is current": (
        _patched(search_publish, "sweep", _listed_first), "a sweep and a writer", 1,
    ),
    "former manifests protect no pack": (
        _value(search_publish, "_packs_named", lambda *_: frozenset()), "a sweep and a writer", 0,
    ),
}  # fmt: skip
"""What chance seldom hits: caught where one of two sleeps, or dies, before this call of its own."""
