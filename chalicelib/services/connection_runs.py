"""Runs of connections: who is due, one run at a time, its progress and its end.

A kind's work is a plain function `run(run)`. It calls `run.keep` after each step that may be kept: what the connection
remembers, numbers, log lines, and rows of its own, all in one transaction fenced on the lease. A run that dies or runs
out of time is taken up from there by the next one; so a step must be harmless to repeat. Quiet runs leave no row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib import observe
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
from chalicelib.ports import Context
from chalicelib.services import jobs
from chalicelib.services.jobs import Paused, Stopped

RUN = "connection_run"
"""The kind of job that a run by hand is."""
RECONNECT: Any = "needs_reconnect"
"""The code of an error that only new credentials mend."""
_BATCH = 100
_MOST_LINES = 200


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
        self.connection, self.report = new, report


@dataclass(frozen=True)
class Kind:
    """What a kind of connection can do. `check` and `run` raise `UpstreamRejected` with the code `needs_reconnect`
    when only new credentials help; `run` raises `Ask` to let people decide. `left` hears of a deleted connection."""

    check: Callable[[Context, Connection], None]
    run: Callable[[Run], None]
    left: Callable[[Context, Connection], None]


Kinds = Mapping[str, Kind]


def start_due(ctx: Context) -> int:
    """Send a hint for each connection that is due, each on its own, so that a slow one delays no other; how many."""
    found = rows.due(ctx.now(), _BATCH)
    ctx.queue.send_many("connections", [({"workspace": one, "id": each}, str(one)) for one, each in found])
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
    this = Run(ctx, one, report, until, is_told=known is not None or not by.startswith("system:"))
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


def _succeed(run: Run) -> None:
    ctx, one, now = run.ctx, run.connection, run.ctx.now()
    changed_at = now if run.has_changed or run.report.counts else one.last_change_at or one.created_at
    longest = int(one.settings.get("every_minutes") or LONGEST_MINUTES)
    new = replace(one, state="ok", because=None, failures=0, last_run_at=now, last_change_at=changed_at)
    report = replace(run.report, state="done", ended_at=now, because=None)
    _let_go(run, new, report, ctx.now() + interval(now, changed_at, longest))


def _ask(run: Run, question: Question) -> None:
    now = run.ctx.now()
    new = replace(run.connection, state="needs_decision", because=question.text, question=question, last_run_at=now)
    _let_go(run, new, replace(run.report, state="failed", ended_at=now, because=question.text), None)


def _fail(run: Run, code: str, message: str) -> None:
    one, now = run.connection, run.ctx.now()
    observe.note("connection run ended", code=code)
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
