"""Jobs: what long work there is, the queue that runs it, and the routes that show and stop it."""

from collections.abc import Mapping
from typing import Any, Literal

from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import NotAllowed, NotFound
from chalicelib.handlers import connections, schemas, shapes
from chalicelib.handlers.bulk import read_change
from chalicelib.handlers.events import Body, Jobs
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.ports.context import Context
from chalicelib.services import (
    audit_export,
    bulk,
    bulk_work,
    bundles,
    connection_runs,
    egress,
    exports,
    indexing,
    jobs as services,
    learning,
    naming,
    plans,
    relooking,
    sheet_export,
    sheets,
    shop_planning,
    shop_pushing,
    shop_rollback,
    undoing,
)

api = Api(__name__)
jobs = Jobs(__name__)
WORKS: Mapping[str, services.Work] = {
    audit_export.EXPORT: audit_export.work,
    bulk.BULK: bulk_work.work(read_change),
    undoing.UNDO: undoing.work,
    sheets.IMPORT: sheets.work,
    sheet_export.EXPORT: sheet_export.work,
    bundles.DOWNLOAD: bundles.work,
    indexing.REBUILD: indexing.work,
    naming.READ_NAMES: naming.work,
    relooking.LOOK: relooking.look,
    relooking.FORGET: relooking.forget,
    relooking.LEARN: learning.learn,
    connection_runs.RUN: connection_runs.work(connections.KINDS),
    shop_planning.PLAN: shop_planning.work(connection_runs.refresh(connections.KINDS)),
    plans.APPROVE: plans.mark_excepted,
    shop_planning.APPLY: shop_pushing.work,
    shop_planning.ROLL_BACK: shop_rollback.work,
    connection_runs.FORGET: connection_runs.forget(connections.KINDS),
}
"""Every kind of long work and the function that does it."""


class JobQuery(schemas.PageQuery):
    """Which jobs."""

    state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None
    by: Literal["me"] | None = None


@jobs.on_queue("jobs", batch=1)
def run_job(ctx: Context, body: Body) -> None:
    """A job is due: work on it."""
    services.run(ctx, WORKS, WorkspaceId(body["workspace"]), body["id"])


@jobs.every("rate(1 minute)")
def sweep_jobs(ctx: Context) -> None:
    """Take up jobs that no hint reached, that paused, or whose run died."""
    services.sweep(ctx)


@jobs.every("rate(1 day)")
def learn_words(ctx: Context) -> None:
    """Learn every shop's own words anew where anything has changed."""
    learning.refit_all(ctx)


@api.get("/v1/jobs", needs=KNOWN, query=JobQuery, gives=shapes.Jobs)
def list_jobs(call: Call) -> dict[str, Any]:
    """The caller's jobs, newest first, or everybody's for those who manage the library unless it is `by=me`.

    The address of a ZIP is told of one job at a time: ask for that job.
    """
    query = call.read_query(JobQuery)
    page = schemas.page_of(call, "jobs", query, lambda start: services.listed(
        call.caller, query.state, is_own=query.by == "me", limit=query.limit, start=start))  # fmt: skip
    return {"items": [_out(call, one, is_listed=True) for one in page.items], "next": page.next}


@api.get("/v1/jobs/{job_id}", needs=KNOWN, for_shares=True, gives=shapes.Job)
def get_job(call: Call) -> dict[str, Any]:
    """One job with its progress."""
    return _out(call, services.load(call.caller, call.path["job_id"]))


@api.post("/v1/jobs/{job_id}/cancel", needs=KNOWN, gives=shapes.Job)
def cancel_job(call: Call) -> dict[str, Any]:
    """Stop a job; what it has done stays done."""
    return _out(call, services.cancel(call.ctx, call.caller, services.load(call.caller, call.path["job_id"])))


@api.post("/v1/jobs/{job_id}/undo", needs=KNOWN, gives=shapes.Started, status=202)
def undo_job(call: Call) -> dict[str, str]:
    """Take a change of many assets back, as a job of its own: what others have changed since stays."""
    job = services.load(call.caller, call.path["job_id"])
    return {"job_id": undoing.start(call.ctx, call.caller, job)}


def _out(call: Call, job: services.Job, *, is_listed: bool = False) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "by": job.by,
        "created_at": schemas.when(job.created_at),
        "done": job.done,
        "total": job.total,
        "errors": list(job.errors),
        "result": _result(call, job, is_listed=is_listed),
        "change": sorted(job.request["change"]) if job.kind == bulk.BULK else None,
        "undo_until": schemas.when(undoing.until(job)),
    }


def _result(call: Call, job: services.Job, *, is_listed: bool) -> dict[str, Any] | None:
    """A file that the job has made is shown by an address, made anew for this caller; what an undo needs is not."""
    if job.result is None:
        return None
    kept = {name: value for name, value in job.result.items() if name not in ("file", "undo")}
    if "file" not in job.result:
        return kept
    file = job.result["file"]
    return {**kept, "file_name": file["file_name"], **_address(call, job, file, is_listed=is_listed)}


def _address(call: Call, job: services.Job, file: Mapping[str, str], *, is_listed: bool) -> dict[str, Any]:
    if is_listed and job.kind in (bundles.DOWNLOAD, sheet_export.EXPORT):
        return {"url": None}
    if job.kind == sheet_export.EXPORT:
        return {"url": sheet_export.url(call.ctx, call.caller, file)}
    if job.kind != bundles.DOWNLOAD:
        return {"url": exports.url(call.ctx, call.caller, file)}
    try:
        url = exports.bundle_url(call.ctx, call.caller, job.id, file, bundles.preset_of(job))
    except (NotAllowed, NotFound) as problem:
        return {"url": None, "because": {"code": problem.code, "detail": problem.message}}
    return {"url": url, "expires_at": schemas.when(call.ctx.now() + egress.ORIGINALS_LIVE)}
