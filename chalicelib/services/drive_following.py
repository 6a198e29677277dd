"""One run over a Drive's index: what its steps share.

The index says how Drive is; everything that is still to do about it is in it too, so that no step is ever lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.connections import Connection
from chalicelib.domain.drive import Entry, Stage
from chalicelib.models import drive_files
from chalicelib.ports import Drive
from chalicelib.services.connection_runs import Run

TRIES = 3
"""Of a step whose rows somebody else changes meanwhile."""
_BATCH = 40


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

    def inside(self, entry: Entry) -> Iterator[Entry]:
        """Entries that lie in this folder, in any state."""
        return drive_files.inside(self.one.workspace, self.one.id, entry.id)

    def work(self, stage: Stage) -> Iterator[Entry]:
        """Entries at this stage, each at most once, read again before it is worked on: the index of them may lag."""
        after = ""
        while True:
            listed = drive_files.to_do(self.one.workspace, self.one.id, stage, limit=_BATCH, after=after)
            for one in listed:
                fresh = drive_files.get(self.one.workspace, self.one.id, one.id)
                if fresh is not None and fresh.todo == stage:
                    yield fresh
            if len(listed) < _BATCH:
                return
            after = listed[-1].id

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
