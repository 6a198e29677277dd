"""Jobs: long work with its progress, in rows, so that any run of it may die."""

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


class Work(GlobalSecondaryIndex["JobRecord"]):
    """Jobs not over yet, by when they are due."""

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
    created_at = UnicodeAttribute()
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    delete_after = NumberAttribute(null=True)
    work_index = Work()


@dataclass(frozen=True)
class Job:
    """Long work on behalf of `by`; `cursor` is where the next run goes on, `total` None while unknown."""

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


def get(workspace: WorkspaceId, job_id: str) -> Job | None:
    """The job, strongly consistent."""
    row = base.read(JobRecord, workspace, job_id)
    return None if row is None else _value(row)


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
        work="jobs",
        due_at=base.epoch_s(job.created_at),
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=JobRecord.id.does_not_exist())

    return base.Write("job", apply)


def progress(
    workspace: WorkspaceId,
    old: Job,
    *,
    done: int,
    state: State,
    cursor: Any,
    errors: tuple[dict[str, str], ...],
    now: datetime,
) -> base.Write:
    """Move the job on, with the effects of the step; refused with label `job` when another run did it already.

    The number done only rises, so a repeated step is refused by it.
    """
    actions: list[Any] = [
        JobRecord.done.set(done),
        JobRecord.state.set(state),
        JobRecord.cursor.set(cursor) if cursor is not None else JobRecord.cursor.remove(),
        JobRecord.errors.set(list(errors)),
    ]
    if state in ("done", "failed", "cancelled"):
        actions += [JobRecord.work.remove(), JobRecord.due_at.remove()]
        actions.append(JobRecord.delete_after.set(base.epoch_s(now + KEPT)))

    def apply(transaction: TransactWrite) -> None:
        is_ours = (JobRecord.done == old.done) & (JobRecord.state == old.state)
        transaction.update(JobRecord(workspace, old.id), actions=actions, condition=is_ours)

    return base.Write("job", apply)


@base.cross_workspace("one schedule takes up the unfinished jobs of every workspace")
def due(now: datetime, limit: int) -> list[tuple[WorkspaceId, Job]]:
    """Jobs that are not over and due, oldest first."""
    results = JobRecord.work_index.query("jobs", JobRecord.due_at <= base.epoch_s(now), limit=limit)
    return [(WorkspaceId(row.workspace), _value(row)) for row in base.rows(results)]


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
    )
