"""Long work, one mechanism: queue it, run it in leased slices, show its progress, stop it.

A job's work is a plain function `work(run)`. It calls `run.advance` after each step that may be
kept: progress, the cursor to go on from, and rows of its own in the same transaction. A run that
dies is taken up by another one at the last cursor; so a step must be harmless to repeat.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NoReturn

from chalicelib import metrics, observe
from chalicelib.domain.access import Right
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import Conflict, Gone, NotAllowed, NotFound, PackshotError, TooLarge
from chalicelib.models import base, jobs
from chalicelib.models.jobs import Job as Job
from chalicelib.ports.context import Context
from chalicelib.services import overdue, trails
from chalicelib.services.signing import Caller

MOST_ERRORS = 500
"""Errors kept a job; its result says how many there were."""
_AT_ONCE = 1_000
"""Hints of one sweep: a hundred calls of the queue."""
_FINAL = (NotAllowed, Gone, TooLarge)
"""What another try would only meet again."""


class Stopped(Exception):
    """The job was cancelled, or another run has it: leave it alone."""


class Paused(Exception):
    """This run's time is up; progress is kept and another run goes on."""


@dataclass
class Run:
    """One run of a job, in the hands of its work."""

    ctx: Context
    workspace: WorkspaceId
    job: Job
    until: datetime

    def advance(
        self,
        done: int,
        *,
        total: int | None = None,
        cursor: Any = None,
        errors: Sequence[Mapping[str, str]] = (),
        writes: Sequence[base.Write] = (),
    ) -> None:
        """Keep what is done so far, together with `writes`, and hold the job for another lease.

        `errors` are new ones: `{subject, code, detail}`.

        Raises:
            Stopped: the job is not ours any more; nothing was written.
            Paused: written, and this run's time is up.
        """
        now = self.ctx.now()
        is_late = now >= self.until
        new = replace(
            self.job,
            done=done,
            total=self.job.total if total is None else total,
            cursor=cursor,
            errors=(*self.job.errors, *map(dict, errors))[:MOST_ERRORS],
        )
        due_at = now if is_late else now + timedelta(seconds=self.ctx.settings.lease_s)
        is_progress = new.done > self.job.done or new.cursor != self.job.cursor
        try:
            base.transact(
                [*writes, jobs.advance(self.workspace, self.job, new, due_at=due_at, is_progress=is_progress)]
            )
        except base.ConditionFailed as lost:
            if "job" in lost.labels:
                raise Stopped from lost
            raise
        self.job = new
        if is_late:
            raise Paused

    def wait(self, seconds: int, *, cursor: Any) -> NoReturn:
        """Let the job go for so long, while something outside works; what is done stays as it is.

        Raises:
            Stopped: the job is not ours any more; nothing was written.
            Paused: else, always. Another run takes it up then, or up to a minute later; or at once after `wake`.
        """
        due_at = self.ctx.now() + timedelta(seconds=seconds)
        new = replace(self.job, cursor=cursor)
        try:
            base.transact([jobs.let_go(self.workspace, self.job, new, due_at=due_at)])
        except base.ConditionFailed as lost:
            raise Stopped from lost
        raise Paused


Work = Callable[[Run], Mapping[str, Any] | None]
"""The work of one kind of job; what it returns is the job's result."""


def start(
    ctx: Context,
    workspace: WorkspaceId,
    by: str,
    kind: str,
    request: Mapping[str, Any],
    *,
    total: int | None = None,
    job_id: str | None = None,
) -> str:
    """Queue a job; its id. It runs even if the hint to its queue is lost. A `job_id` that was used starts nothing."""
    job_id, writes = queued(ctx, workspace, by, kind, request, total=total, job_id=job_id)
    try:
        base.transact(writes)
    except base.ConditionFailed:
        return job_id
    hint(ctx, workspace, job_id)
    return job_id


def queued(
    ctx: Context,
    workspace: WorkspaceId,
    by: str,
    kind: str,
    request: Mapping[str, Any],
    *,
    total: int | None = None,
    job_id: str | None = None,
) -> tuple[str, list[base.Write]]:
    """A job's id and the writes that queue it, for a transaction with other things; `hint` comes after."""
    job = Job(job_id or ctx.new_id(), kind, by, "queued", ctx.now(), total=total, request=dict(request))
    told = trails.entry(ctx, workspace, by, "job.started", f"job:{job.id}", kind=kind)
    return job.id, [jobs.add(workspace, job), told]


def run(ctx: Context, works: Mapping[str, Work], workspace: WorkspaceId, job_id: str) -> None:
    """Work on a job until it is over or this run's time is; a no-op while another run has it."""
    owner = f"{ctx.settings.boot_id}:{ctx.new_id()}"
    job = jobs.claim(workspace, job_id, owner=owner, now=ctx.now(), lease_s=ctx.settings.lease_s)
    if job is None or job.owner != owner:
        return
    until = ctx.now() + timedelta(seconds=ctx.settings.job_run_s)
    this = Run(ctx, workspace, job, until)
    with observe.about(job_id=job_id, kind=job.kind):
        try:
            if job.attempts > ctx.settings.tries:
                raise Conflict("This work stopped several times at the same place.", code="stuck")
            result = works[job.kind](this)
        except (Stopped, Paused):
            return
        except PackshotError as problem:
            _trouble(this, problem.code, problem.message, is_final=isinstance(problem, _FINAL))
        except Exception as problem:
            observe.trouble("job run failed", problem=problem, counted=metrics.told({"WorkFailures": 1}))
            _trouble(this, "internal", "Something went wrong on our side.")
        else:
            _end(this, replace(this.job, state="done", cursor=None, result=dict(result or {})))


def sweep(ctx: Context) -> int:
    """Hint at every job that is due: never begun, paused, or its run died; how many."""
    found = jobs.due(ctx.now(), _AT_ONCE)
    ctx.queue.send_many("jobs", [(_hint(workspace, job_id), workspace) for workspace, job_id, _ in found])
    overdue.tell(ctx, "jobs", [due_at for *_, due_at in found])
    return len(found)


def load(caller: Caller, job_id: str) -> Job:
    """A job the caller started, or any for those who manage the library. Raises `NotFound`."""
    job = jobs.get(caller.workspace, job_id)
    if job is None or not _may_see(caller, job):
        raise NotFound("There is no such job.")
    return job


def listed(
    caller: Caller, state: jobs.State | None, *, is_own: bool = False, limit: int, start: Any
) -> base.Page[Job]:  # fmt: skip
    """Jobs the caller may see, or with `is_own` began, newest first; a page may be short and still have a next."""
    page = jobs.page(caller.workspace, state, caller.principal.label if is_own else None, limit=limit, start=start)
    return base.Page([one for one in page.items if _may_see(caller, one)], page.next)


def cancel(ctx: Context, caller: Caller, job: Job) -> Job:
    """Stop the job; what it has done stays done. Raises `Conflict` when it is over."""
    told = trails.entry(ctx, caller.workspace, caller.principal.label, "job.cancelled", f"job:{job.id}")
    try:
        base.transact([jobs.cancel(caller.workspace, job.id, now=ctx.now()), told])
    except base.ConditionFailed as lost:
        raise Conflict("This job is over.", code="job_over") from lost
    return load(caller, job.id)


def _may_see(caller: Caller, job: Job) -> bool:
    return job.by == caller.principal.label or bool(caller.access.on_library() & Right.MANAGE.bit)


def hint(ctx: Context, workspace: WorkspaceId, job_id: str) -> None:
    ctx.queue.send("jobs", _hint(workspace, job_id), group=workspace)


def _hint(workspace: WorkspaceId, job_id: str) -> Mapping[str, str]:
    return {"workspace": workspace, "id": job_id}


def wake(ctx: Context, workspace: WorkspaceId, job_id: str) -> None:
    """What a job waits for is there: it goes on now. A no-op for one that does not wait."""
    if jobs.make_due(workspace, job_id, ctx.now()):
        hint(ctx, workspace, job_id)


def _trouble(run: Run, code: str, detail: str, *, is_final: bool = False) -> None:
    """Leave the job to its next try at the lease's end, or fail it when it has had its tries or none would help."""
    if run.job.attempts < run.ctx.settings.tries and not is_final:
        return
    failed = {"subject": f"job:{run.job.id}", "code": code, "detail": detail}
    _end(run, replace(run.job, state="failed", errors=(*run.job.errors, failed)))


def _end(run: Run, new: Job) -> None:
    told = trails.entry(run.ctx, run.workspace, f"job:{new.id}", f"job.{new.state}", f"job:{new.id}", kind=new.kind)
    try:
        base.transact([jobs.finish(run.workspace, run.job, new, now=run.ctx.now()), told])
    except base.ConditionFailed:
        observe.note("job was stopped meanwhile")
        return
    took_s = int((run.ctx.now() - new.created_at).total_seconds())
    counted = metrics.told({"WorkFailures": 1}) if new.state == "failed" else None
    observe.note("work ended", state=new.state, took_s=took_s, done=new.done, errors=len(new.errors), counted=counted)
