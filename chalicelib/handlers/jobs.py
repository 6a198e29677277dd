"""Jobs: what long work there is, the queue that runs it, and the routes that show and stop it."""

from collections.abc import Mapping
from typing import Any, Literal

from chalicelib.domain.ids import WorkspaceId
from chalicelib.handlers import connections, schemas, shapes
from chalicelib.handlers.events import Body, Jobs
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.ports import Context
from chalicelib.services import audit_export, connection_runs, egress, indexing, jobs as services, naming

api = Api(__name__)
jobs = Jobs(__name__)
WORKS: Mapping[str, services.Work] = {
    audit_export.EXPORT: audit_export.work,
    connection_runs.RUN: connection_runs.work(connections.KINDS),
    indexing.REBUILD: indexing.work,
    naming.READ_NAMES: naming.work,
}
"""Every kind of long work and the function that does it."""


class JobQuery(schemas.PageQuery):
    """Which jobs."""

    state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None


@jobs.on_queue("jobs", batch=1)
def run_job(ctx: Context, body: Body) -> None:
    """A job is due: work on it."""
    services.run(ctx, WORKS, WorkspaceId(body["workspace"]), body["id"])


@jobs.every("rate(1 minute)")
def sweep_jobs(ctx: Context) -> None:
    """Take up jobs that no hint reached, that paused, or whose run died."""
    services.sweep(ctx)


@api.get("/v1/jobs", needs=KNOWN, query=JobQuery, gives=shapes.Jobs)
def list_jobs(call: Call) -> dict[str, Any]:
    """The caller's jobs, newest first, or everybody's for those who manage the library."""
    query = call.read_query(JobQuery)
    page = schemas.page_of(call, "jobs", query, lambda start: services.listed(
        call.caller, query.state, limit=query.limit, start=start))  # fmt: skip
    return {"items": [_out(call, one) for one in page.items], "next": page.next}


@api.get("/v1/jobs/{job_id}", needs=KNOWN, gives=shapes.Job)
def get_job(call: Call) -> dict[str, Any]:
    """One job with its progress."""
    return _out(call, services.load(call.caller, call.path["job_id"]))


@api.post("/v1/jobs/{job_id}/cancel", needs=KNOWN, gives=shapes.Job)
def cancel_job(call: Call) -> dict[str, Any]:
    """Stop a job; what it has done stays done."""
    return _out(call, services.cancel(call.ctx, call.caller, services.load(call.caller, call.path["job_id"])))


def _out(call: Call, job: Any) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "by": job.by,
        "created_at": schemas.when(job.created_at),
        "done": job.done,
        "total": job.total,
        "errors": list(job.errors),
        "result": _result(call, job.result),
        "undo_until": None,
    }


def _result(call: Call, result: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A file that the job has made is shown by an address, made anew for this caller."""
    if result is None or "file" not in result:
        return None if result is None else dict(result)
    kept = {name: value for name, value in result.items() if name != "file"}
    url = egress.export_url(call.ctx, call.caller, result["file"])
    return {**kept, "file_name": result["file"]["file_name"], "url": url}
