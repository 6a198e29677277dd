"""One run over a Drive's index: what its steps share.

The index says how Drive is; everything that is still to do about it is in it too, so that no step is ever lost.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from chalicelib.domain.connections import Connection
from chalicelib.domain.drive import DriveFile, Entry, Stage
from chalicelib.errors import NotFound, UpstreamRejected
from chalicelib.models import base, drive_files
from chalicelib.ports.drive import Drive
from chalicelib.services.connection_runs import Run

TRIES = 3
"""Of a step whose rows somebody else changes meanwhile."""
BATCH = 40
"""Entries that are read, and written, at once."""


@dataclass
class Following:
    """A run, and the Drive it asks."""

    run: Run
    drive: Drive

    @property
    def one(self) -> Connection:
        """The connection as this run keeps it."""
        return self.run.connection

    @property
    def memory(self) -> dict[str, Any]:
        """What the connection remembers between runs; a copy."""
        return dict(self.one.memory)

    def there(self, file_id: str) -> DriveFile | None:
        """The file as Drive has it; None when it is not there for us."""
        try:
            return self.drive.get(file_id)
        except NotFound:
            return None

    def inside(self, entry: Entry) -> Iterator[Entry]:
        """Entries that lie in this folder, in any state."""
        return drive_files.inside(self.one.workspace, self.one.id, entry.id)

    def work(self, stage: Stage) -> Iterator[Entry]:
        """Entries at this stage, each at most once, read again before it is worked on: the index of them may lag, and
        the work on one may change another."""
        for listed in self.listed(stage):
            for one in listed:
                fresh = drive_files.get(self.one.workspace, self.one.id, one.id)
                if fresh is not None and fresh.todo == stage:
                    yield fresh

    def batches(
        self, stage: Stage, ready: Callable[[list[Entry]], list[Entry]] = lambda listed: listed
    ) -> Iterator[list[Entry]]:
        """As `work`, many at once, for work on an entry that changes no other. `ready` leaves out what must wait."""
        for listed in self.listed(stage):
            wanted = [one.id for one in ready(listed)]
            fresh = drive_files.get_many(self.one.workspace, self.one.id, wanted) if wanted else {}
            yield [fresh[one] for one in wanted if one in fresh and fresh[one].todo == stage]

    def listed(self, stage: Stage) -> Iterator[list[Entry]]:
        """Entries at this stage as their index has them, by id."""
        after = ""
        while True:
            found = drive_files.to_do(self.one.workspace, self.one.id, stage, limit=BATCH, after=after)
            yield found
            if len(found) < BATCH:
                return
            after = found[-1].id

    def all_work(self, stage: Stage) -> Iterator[Entry]:
        """As `work`, with what the work itself adds; what could not be done is left to the next run."""
        done: set[str] = set()
        while fresh := [one for one in self.work(stage) if one.id not in done]:
            for one in fresh:
                done.add(one.id)
                yield one

    def answer(self, question: str) -> str | None:
        """What people decided about this question, if they did."""
        told = self.memory.get("decision") or {}
        return str(told["answer"]) if told.get("question") == question else None

    def write(self, old: Entry | None, new: Entry, **kept: Any) -> Entry:
        """Keep an entry, with what else is kept in the same transaction; the entry as it lies there now."""
        self.run.keep(writes=[drive_files.put(self.one.workspace, self.one.id, old, new)], **kept)
        return replace(new, revision=(old.revision if old else 0) + 1)

    def change(self, entries: Iterable[Entry], change: Callable[[Entry], Entry | None]) -> None:
        """Keep what `change` makes of each entry, many in one transaction; read again where one is not as it was read.

        Raises `UpstreamRejected` when they keep changing.
        """
        left = iter(entries)
        while batch := {one.id: one for one in islice(left, BATCH)}:
            self._change(batch, change)

    def _change(self, batch: Mapping[str, Entry], change: Callable[[Entry], Entry | None]) -> None:
        for _ in range(TRIES):
            changed = [(old, new) for old in batch.values() if (new := change(old)) is not None and new != old]
            try:
                if changed:
                    puts = [drive_files.put(self.one.workspace, self.one.id, old, new) for old, new in changed]
                    self.run.keep(writes=puts)
                return
            except base.ConditionFailed:
                batch = drive_files.get_many(self.one.workspace, self.one.id, list(batch))
        raise UpstreamRejected("The index of this Drive changes too often at the moment.")
