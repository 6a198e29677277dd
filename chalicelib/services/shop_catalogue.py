"""The whole catalogue of a store: read out by the store in the background, and compared with the mirror row by row.

Only differences are written, so a run that dies half-way loses nothing and the next one goes on by comparing again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from chalicelib.domain.connections import Connection, Line
from chalicelib.domain.shop import BulkState, Variant
from chalicelib.errors import PackshotError, UpstreamRejected, UpstreamUnavailable
from chalicelib.models import base, catalogue
from chalicelib.models.catalogue import Mirror
from chalicelib.ports.shop import Shop
from chalicelib.services.connection_runs import RECONNECT, Run

EVERY = timedelta(hours=6)
_LOOK_AFTER = timedelta(seconds=20)
_WAIT_FOR_A_PLACE = timedelta(minutes=2)
_WRITES = 90
"""Writes of one transaction beside the run's own."""
_READING = "reading"


def read_whole(this: Run, store: Shop) -> bool:
    """Go on with a whole reading, or begin one if it is time; True when this run ended one.

    Raises:
        Paused: the store works at it.
    """
    asked = this.connection.memory.get(_READING)
    if asked is None:
        if is_due(this):
            begin(this, store)
        return False
    try:
        state = store.bulk(asked["id"])
        if state.state == "running":
            this.wait(this.ctx.now() + _LOOK_AFTER, memory=this.connection.memory)
        if state.state == "failed":
            raise UpstreamUnavailable(f"The store broke off reading out its catalogue ({state.because}).")
        _take_in(this, store, state, asked)
    except PackshotError as problem:
        if problem.code != RECONNECT:
            this.keep(memory=_without_reading(this), may_pause=False)
        raise
    return True


def is_reading(one: Connection) -> bool:
    """Whether the store reads out its catalogue for us."""
    return _READING in one.memory


def is_due(this: Run) -> bool:
    """Whether the mirror is to be compared with the whole store: never done, long ago, or a person asks."""
    one = this.connection
    is_asked = not this.report.by.startswith("system:") and one.memory.get("read_in") != this.report.id
    known = catalogue.mirror(one.workspace, one.id)
    return is_asked or known is None or known.read_at <= this.ctx.now() - EVERY


def begin(this: Run, store: Shop) -> None:
    """Have the store read out its catalogue.

    Raises:
        Paused: always; the run is taken up while the store works, or when it has a place for another reading.
    """
    now, memory = this.ctx.now(), this.connection.memory
    newest = store.newest_change()
    try:
        bulk_id = store.begin_catalogue()
    except UpstreamRejected as problem:
        if problem.code not in ("LIMIT_REACHED", "OPERATION_IN_PROGRESS"):
            raise
        this.wait(now + _WAIT_FOR_A_PLACE, memory=memory)
    reading = {"id": bulk_id, "begun_at": base.stamp(now), "newest": base.stamp(newest) if newest else None}
    memory = {**memory, _READING: reading, "read_in": this.report.id}
    is_silent = this.report.by.startswith("system:") and catalogue.mirror(this.connection.workspace, this.connection.id)
    told = () if is_silent else (Line(now, "The store reads out its catalogue."),)
    this.wait(now + _LOOK_AFTER, memory=memory, log=told)


def _take_in(this: Run, store: Shop, state: BulkState, asked: Mapping[str, Any]) -> None:
    workspace, connection_id = this.connection.workspace, this.connection.id
    known = {one.id: one for one in _held(this, catalogue.every(workspace, connection_id))}
    arrived, counts = 0, Counter[str]()
    writes: list[base.Write] = []

    def keep() -> None:
        this.keep(done=arrived, total=state.rows, counts=counts, writes=writes)
        writes.clear()
        counts.clear()

    for variant in _held(this, store.catalogue(state.url)) if state.url else ():
        arrived += 1
        old = known.pop(variant.id, None)
        if old != variant:
            counts["added" if old is None else "changed"] += 1
            writes.append(catalogue.put(workspace, connection_id, variant))
        if len(writes) >= _WRITES:
            keep()
    if arrived != state.rows:
        raise UpstreamUnavailable(f"The store read out {state.rows} variants, and {arrived} arrived.")
    for gone in known:
        counts["gone"] += 1
        writes.append(catalogue.drop(workspace, connection_id, gone))
        if len(writes) >= _WRITES:
            keep()
    whole = Mirror(base.moment(asked["begun_at"]), arrived)
    writes.append(catalogue.put_mirror(workspace, connection_id, whole))
    memory = {**_without_reading(this), "whole_at": asked["newest"], "changed_at": asked["newest"], "seen": {}}
    this.next_at = this.ctx.now()
    this.keep(memory=memory, done=arrived, total=state.rows, counts=counts, writes=writes, may_pause=False)


def _held(this: Run, variants: Iterator[Variant]) -> Iterator[Variant]:
    """These, while the connection stays ours."""
    for one in variants:
        this.hold()
        yield one


def _without_reading(this: Run) -> dict[str, Any]:
    return {name: value for name, value in this.connection.memory.items() if name != _READING}
