"""Runs of connections: who is due, one run at a time, its progress and its end.

A kind's work is a plain function `run(run)`. It calls `run.keep` after each step that may be kept: what the connection
remembers, numbers, log lines, and rows of its own, all in one transaction fenced on the lease. A run that dies or runs
out of time is taken up from there by the next one; so a step must be harmless to repeat. Quiet runs leave no row, but
for the first one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NoReturn

from chalicelib import metrics, observe
from chalicelib.domain.connections import (
    LONGEST_MINUTES,
    Connection,
    Line,
    Question,
    RunReport,
    after_failure,
    interval,
    is_error,
)
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import PackshotError
from chalicelib.models import base, connection_runs, connections as rows
from chalicelib.ports.context import Context
from chalicelib.services import jobs, overdue
from chalicelib.services.jobs import Paused, Stopped

RUN = "connection_run"
"""The kind of job that a run by hand is."""
FORGET = "connection_left"
"""The kind of job that deletes what was kept of a deleted connection."""
RECONNECT: Any = "needs_reconnect"
"""The code of an error that only new credentials mend."""
_NO_CHANGES = ("units", "bytes")
_AT_ONCE = 5_000
"""Hints of one minute: five hundred calls of the queue, which a function does well within its minute."""
_MOST_LINES = 200
_WRITES = 90
"""Writes of one transaction beside the job's own."""


class Ask(Exception):
    """Nothing more may be done before people have decided."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.text)
        self.question = question


@dataclass
class Run:
    """One run of a connection, in the hands of its kind."""

    ctx: Context
    connection: Connection
    report: RunReport
    until: datetime
    is_told: bool
    has_changed: bool = False
    units: int = 0
    """Quota units of the outside system that this run used."""
    held_at: datetime = field(kw_only=True)
    """When the lease began anew."""
    next_at: datetime | None = None
    """Look again by then, where the usual pause would be longer."""

    @property
    def is_late(self) -> bool:
        """Whether this run's time is up."""
        return self.ctx.now() >= self.until

    def keep(
        self,
        *,
        memory: Mapping[str, Any] | None = None,
        done: int | None = None,
        total: int | None = None,
        counts: Mapping[str, int] | None = None,
        log: Sequence[Line] = (),
        writes: Sequence[base.Write] = (),
        may_pause: bool = True,
    ) -> None:
        """Keep what was done, together with `writes`, and hold the connection for another lease.

        `counts` are added. `memory` replaces what the connection remembers.

        Raises:
            Stopped: another run has the connection, or it is gone; nothing was written.
            Paused: written, and this run's time is up.
            base.ConditionFailed: one of `writes` was refused; nothing was written.
        """
        now = self.ctx.now()
        is_late = may_pause and now >= self.until
        added = {name: self.report.counts.get(name, 0) + number for name, number in (counts or {}).items() if number}
        self.has_changed = self.has_changed or bool(added)
        report = replace(
            self.report,
            done=self.report.done if done is None else done,
            total=self.report.total if total is None else total,
            counts={**self.report.counts, **added},
            log=(*self.report.log, *log)[:_MOST_LINES],
        )
        new = self.connection if memory is None else replace(self.connection, memory=dict(memory))
        due_at = now if is_late else now + timedelta(seconds=self.ctx.settings.lease_s)
        self._write(new, report, due_at, writes)
        if is_late:
            raise Paused

    def hold(self) -> None:
        """Hold the connection for another lease if half of one is over: while much is read and nothing is to keep.

        Raises what `keep` raises.
        """
        if self.ctx.now() >= self.held_at + timedelta(seconds=self.ctx.settings.lease_s / 2):
            self.keep()

    def wait(self, until: datetime, *, memory: Mapping[str, Any], log: Sequence[Line] = ()) -> NoReturn:
        """Let the connection go until then without ending the run, while the outside system works.

        Raises:
            Paused: always. The run is taken up then, or earlier when something makes it due.
            Stopped: another run has the connection, or it is gone; nothing was written.
        """
        report = replace(self.report, log=(*self.report.log, *log)[:_MOST_LINES])
        self._write(replace(self.connection, owner=None, memory=dict(memory)), report, until, ())
        raise Paused

    def end(self, new: Connection, report: RunReport, due_at: datetime | None) -> None:
        """Let the connection go and close the report."""
        self._write(replace(new, owner=None, run_id=None), report, due_at, ())

    def _write(self, new: Connection, report: RunReport, due_at: datetime | None, writes: Sequence[base.Write]) -> None:
        self.is_told = self.is_told or bool(report.counts or report.log or report.because)
        told = [connection_runs.put(new, report)] if self.is_told and report != self.report else []
        try:
            base.transact([*writes, *told, rows.keep(self.connection, new, due_at=due_at)])
        except base.ConditionFailed as lost:
            if "lease" in lost.labels:
                raise Stopped from lost
            raise
        self.connection, self.report, self.held_at = new, report, self.ctx.now()


@dataclass(frozen=True)
class Kind:
    """What a kind of connection can do. `check` and `run` raise `UpstreamRejected` with the code `needs_reconnect`
    when only new credentials help; `run` raises `Ask` to let people decide. `left` hears of a deleted connection, with
    its credentials if they could be opened. `forgets` deletes what the kind keeps of a connection in tables of its own,
    row by row, in a job that begins when the connection is deleted. `about` are the settings that say what it leads to:
    they cannot be changed, and no two connections of a workspace share them."""

    check: Callable[[Context, Connection], None]
    run: Callable[[Run], None]
    left: Callable[[Context, Connection, Mapping[str, Any] | None], None]
    forgets: Callable[[WorkspaceId, str], Iterator[base.Write]] | None = None
    about: tuple[str, ...] = ()


Kinds = Mapping[str, Kind]
Refresh = Callable[[Context, WorkspaceId, str], None]
"""Runs a connection as far as one run goes, unless another run has it or it waits for a person."""


def start_due(ctx: Context) -> int:
    """Send a hint for each connection that is due, each on its own, so that a slow one delays no other; how many."""
    found = rows.due(ctx.now(), _AT_ONCE)
    ctx.queue.send_many("connections", [({"workspace": one, "id": each}, str(one)) for one, each, _ in found])
    overdue.tell(ctx, "connections", [due_at for *_, due_at in found])
    return len(found)


def run(ctx: Context, kinds: Kinds, workspace: WorkspaceId, connection_id: str, *, by: str = "system:schedule") -> str:
    """Run a connection that is due, as far as this run's time goes; the run's id, empty when another run has it."""
    owner, run_id = f"{ctx.settings.boot_id}:{ctx.new_id()}", ctx.new_id()
    one = rows.claim(workspace, connection_id, owner=owner, run_id=run_id, now=ctx.now(), lease_s=ctx.settings.lease_s)
    if one is None or one.owner != owner:
        return ""
    run_id = one.run_id or run_id
    known = connection_runs.get(workspace, connection_id, run_id)
    report = known or RunReport(run_id, "running", by, ctx.now())
    until = ctx.now() + timedelta(seconds=ctx.settings.job_run_s)
    is_told = known is not None or not by.startswith("system:") or one.last_run_at is None
    this = Run(ctx, one, report, until, is_told, held_at=ctx.now())
    with observe.about(connection_id=connection_id, kind=one.kind, run=run_id):
        try:
            kinds[one.kind].run(this)
        except (Stopped, Paused):
            return run_id
        except Ask as asked:
            _ask(this, asked.question)
        except PackshotError as problem:
            _fail(this, problem.code, problem.message)
        except Exception as problem:
            observe.trouble("connection run failed", problem=problem)
            _fail(this, "internal", "Something went wrong on our side.")
        else:
            _succeed(this)
    return run_id


def work(kinds: Kinds) -> jobs.Work:
    """The work of the job that a run by hand is."""

    def do(job: jobs.Run) -> Mapping[str, Any]:
        connection_id = str(job.job.request["connection_id"])
        one = rows.get(job.workspace, connection_id)
        if one is None:
            return {"state": "gone"}
        rows.make_due(one, job.ctx.now())
        run_id = run(job.ctx, kinds, job.workspace, connection_id, by=job.job.by)
        report = connection_runs.get(job.workspace, connection_id, run_id) if run_id else None
        if report is None:
            return {"state": "running"}
        return {"run_id": run_id, "state": report.state, "because": report.because, "counts": dict(report.counts)}

    return do


def refresh(kinds: Kinds) -> Refresh:
    """How other work has a connection run first, quietly."""

    def do(ctx: Context, workspace: WorkspaceId, connection_id: str) -> None:
        one = rows.get(workspace, connection_id)
        if one is not None and one.due_at is not None and rows.make_due(one, ctx.now()):
            run(ctx, kinds, workspace, connection_id)

    return do


def forget(kinds: Kinds) -> jobs.Work:
    """The work of the job that deletes what was kept of a deleted connection."""

    def do(job: jobs.Run) -> None:
        forgets = kinds[str(job.job.request["kind"])].forgets
        left = forgets(job.workspace, str(job.job.request["connection_id"])) if forgets else iter(())
        while batch := list(islice(left, _WRITES)):
            job.advance(job.job.done + len(batch), writes=batch)

    return do


def _succeed(run: Run) -> None:
    ctx, one, now = run.ctx, run.connection, run.ctx.now()
    changed_at = now if run.has_changed or run.report.counts else one.last_change_at or one.created_at
    longest = int(one.settings.get("every_minutes") or LONGEST_MINUTES)
    new = replace(one, state="ok", because=None, failures=0, last_run_at=now, last_change_at=changed_at)
    counts = {**run.report.counts, "units": run.report.counts.get("units", 0) + run.units} if run.units else {}
    report = replace(run.report, state="done", ended_at=now, because=None)
    report = replace(report, counts=counts or report.counts) if run.is_told else report
    changes = sum(number for name, number in run.report.counts.items() if name not in _NO_CHANGES)
    if changes:
        observe.note("connection run done", **counts, counted=metrics.told({"Synced": changes}))
    due_at = ctx.now() + interval(now, changed_at, longest)
    _let_go(run, new, report, min(due_at, run.next_at or due_at))


def _ask(run: Run, question: Question) -> None:
    now = run.ctx.now()
    new = replace(run.connection, state="needs_decision", because=question.text, question=question, last_run_at=now)
    _let_go(run, new, replace(run.report, state="failed", ended_at=now, because=question.text), None)


def _fail(run: Run, code: str, message: str) -> None:
    one, now = run.connection, run.ctx.now()
    observe.note("connection run failed", code=code, counted=metrics.told({"RunFailures": 1}))
    report = replace(run.report, state="failed", ended_at=now, because=message)
    if code == RECONNECT:
        _let_go(run, replace(one, state=RECONNECT, because=message, last_run_at=now), report, None)
        return
    failures = one.failures + 1
    shown: dict[str, Any] = {"state": "error", "because": message} if is_error(failures) else {}
    new = replace(one, failures=failures, last_run_at=now, **shown)
    _let_go(run, new, report, after_failure(now, failures))


def _let_go(run: Run, new: Connection, report: RunReport, due_at: datetime | None) -> None:
    try:
        run.end(new, report, due_at)
    except Stopped:
        observe.note("connection was taken over or deleted meanwhile")
