"""Jobs: long work with its progress, in rows, so that any run may die. Those not over are in the `work` index."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base

KEPT = timedelta(days=90)
State = Literal["queued", "running", "done", "failed", "cancelled"]
_WORK = "jobs"


class Work(GlobalSecondaryIndex["JobRecord"]):
    """Jobs that are not over, by when they are due."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class JobRecord(base.Record):
    """One job."""

    class Meta:
        noun = "jobs"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    by = UnicodeAttribute()
    state = UnicodeAttribute()
    done = NumberAttribute(default=0)
    total = NumberAttribute(null=True)
    request = JSONAttribute()
    cursor = JSONAttribute(null=True)
    errors = JSONAttribute(default=list)
    result = JSONAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    attempts = NumberAttribute(default=0)
    created_at = UnicodeAttribute()
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    delete_after = NumberAttribute(null=True)
    work_index = Work()


@dataclass(frozen=True)
class Job:
    """Long work on behalf of `by`; `cursor` is where the next run goes on, `total` None while unknown.

    `attempts` counts runs since the last progress; `owner` is the run that has the lease.
    """

    id: str
    kind: str
    by: str
    state: State
    created_at: datetime
    done: int = 0
    total: int | None = None
    request: dict[str, Any] = field(default_factory=dict)
    cursor: Any = None
    errors: tuple[dict[str, str], ...] = ()
    result: dict[str, Any] | None = None
    owner: str | None = None
    attempts: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ("done", "failed", "cancelled")


def get(workspace: WorkspaceId, job_id: str) -> Job | None:
    """The job, strongly consistent."""
    row = base.read(JobRecord, workspace, job_id)
    return None if row is None else _value(row)


def page(
    workspace: WorkspaceId, state: State | None, by: str | None, *, limit: int, start: Any
) -> base.Page[Job]:  # fmt: skip
    """Jobs, in one state and of one principal where these are given, newest first; at most `limit`."""
    narrowed = None if state is None else JobRecord.state == state
    if by is not None:
        narrowed = JobRecord.by == by if narrowed is None else narrowed & (JobRecord.by == by)
    results = JobRecord.query(
        workspace, filter_condition=narrowed, limit=limit, last_evaluated_key=start, scan_index_forward=False
    )
    return base.Page([_value(row) for row in base.rows(results)], results.last_evaluated_key)


def add(workspace: WorkspaceId, job: Job) -> base.Write:
    """Queue it; refused with label `job` when the id is taken."""
    row = JobRecord(
        workspace,
        job.id,
        kind=job.kind,
        by=job.by,
        state=job.state,
        total=job.total,
        request=job.request,
        created_at=base.stamp(job.created_at),
        work=_WORK,
        due_at=base.epoch_s(job.created_at),
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=JobRecord.id.does_not_exist())

    return base.Write("job", apply)


def claim(workspace: WorkspaceId, job_id: str, *, owner: str, now: datetime, lease_s: int) -> Job | None:
    """Own the job for `lease_s` seconds and count the attempt; None when it is over or somebody else's now."""
    row = JobRecord(workspace, job_id)
    actions: list[Any] = [
        JobRecord.owner.set(owner),
        JobRecord.state.set("running"),
        JobRecord.due_at.set(base.epoch_s(now) + lease_s),
        JobRecord.attempts.add(1),
    ]
    is_free = JobRecord.work.exists() & (JobRecord.due_at <= base.epoch_s(now))
    try:
        base.write(lambda: row.update(actions=actions, condition=is_free), "job")
    except base.ConditionFailed:
        return None
    return get(workspace, job_id)


def advance(workspace: WorkspaceId, old: Job, new: Job, *, due_at: datetime, is_progress: bool) -> base.Write:
    """Keep progress, cursor and errors of `new`; refused with label `job` when `old`'s owner has lost the job.

    `due_at` is when another run may take it over; after progress the attempts are counted anew.
    """
    actions: list[Any] = [
        *_progress(new),
        JobRecord.due_at.set(base.epoch_s(due_at)),
        JobRecord.attempts.set(0 if is_progress else old.attempts),
    ]
    return _fenced(workspace, old, actions)


def let_go(workspace: WorkspaceId, old: Job, new: Job, *, due_at: datetime) -> base.Write:
    """Keep progress and give the job up until `due_at` or `make_due`; refused with label `job` like `advance`."""
    actions: list[Any] = [*_progress(new), JobRecord.due_at.set(base.epoch_s(due_at)), JobRecord.attempts.set(0)]
    return _fenced(workspace, old, [*actions, JobRecord.owner.remove()])


def make_due(workspace: WorkspaceId, job_id: str, now: datetime) -> bool:
    """Let a job that was given up be due now; False when a run has it, it is over, or gone."""
    row = JobRecord(workspace, job_id)
    is_free = JobRecord.work.exists() & JobRecord.owner.does_not_exist()
    try:
        base.write(lambda: row.update(actions=[JobRecord.due_at.set(base.epoch_s(now))], condition=is_free), "job")
    except base.ConditionFailed:
        return False
    return True


def finish(workspace: WorkspaceId, old: Job, new: Job, *, now: datetime) -> base.Write:
    """End the job as done or failed; refused with label `job` when `old`'s owner has lost it."""
    return _fenced(workspace, old, [*_progress(new), JobRecord.state.set(new.state), *_over(now)])


def cancel(workspace: WorkspaceId, job_id: str, *, now: datetime) -> base.Write:
    """Stop a job that is not over; refused with label `job` when it is. Its runner notices at its next progress."""

    def apply(transaction: TransactWrite) -> None:
        actions = [JobRecord.state.set("cancelled"), *_over(now)]
        transaction.update(JobRecord(workspace, job_id), actions=actions, condition=JobRecord.work.exists())

    return base.Write("job", apply)


@base.cross_workspace("one schedule takes up the unfinished jobs of every workspace")
def due(now: datetime, limit: int) -> list[tuple[WorkspaceId, str, datetime]]:
    """Workspace and id of jobs that are not over and due, with the moment since when, oldest first."""
    results = JobRecord.work_index.query(_WORK, JobRecord.due_at <= base.epoch_s(now), limit=limit)
    return [(WorkspaceId(row.workspace), row.id, base.of_epoch(row.due_at)) for row in base.rows(results)]


def _progress(new: Job) -> list[Any]:
    return [
        JobRecord.done.set(new.done),
        JobRecord.total.set(new.total) if new.total is not None else JobRecord.total.remove(),
        JobRecord.cursor.set(new.cursor) if new.cursor is not None else JobRecord.cursor.remove(),
        JobRecord.errors.set(list(new.errors)),
        JobRecord.result.set(new.result) if new.result is not None else JobRecord.result.remove(),
    ]


def _over(now: datetime) -> list[Any]:
    return [
        JobRecord.work.remove(),
        JobRecord.due_at.remove(),
        JobRecord.delete_after.set(base.epoch_s(now + KEPT)),
    ]


def _fenced(workspace: WorkspaceId, old: Job, actions: list[Any]) -> base.Write:
    def apply(transaction: TransactWrite) -> None:
        is_ours = (JobRecord.owner == old.owner) & JobRecord.work.exists()
        transaction.update(JobRecord(workspace, old.id), actions=actions, condition=is_ours)

    return base.Write("job", apply)


def _value(row: JobRecord) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        by=row.by,
        state=row.state,  # type: ignore[arg-type]
        created_at=base.moment(row.created_at),
        done=int(row.done or 0),
        total=int(row.total) if row.total is not None else None,
        request=dict(row.request or {}),
        cursor=row.cursor,
        errors=tuple(row.errors or ()),
        result=row.result,
        owner=row.owner,
        attempts=int(row.attempts or 0),
    )
