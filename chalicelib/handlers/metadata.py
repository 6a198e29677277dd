"""Sheets of SKU, position, shot type and alt text: read in, tried first, and written out."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib import errors
from chalicelib.handlers import metadata_shapes, schemas, shapes
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.services import sheet_export, sheets

api = Api(__name__)


class ImportIn(schemas.Closed):
    """A sheet whose bytes were uploaded, by its upload; it need not be completed."""

    upload_id: schemas.Id
    dry_run: bool = False


class ExportIn(schemas.Closed):
    """Of which assets; everything if nothing is said."""

    q: Annotated[str, StringConstraints(max_length=2_000)] = ""


class RowQuery(schemas.PageQuery):
    """Which rows."""

    state: Literal["change", "changed", "same", "refused"] | None = Field(None, description="Those in this state only.")


@api.post(
    "/v1/metadata/import", needs=KNOWN, takes=ImportIn, gives=metadata_shapes.ImportStarted, status=202,
    refuses=(errors.NotFound,),
)  # fmt: skip
def import_metadata(call: Call) -> dict[str, Any]:
    """Read a sheet row by row and change the assets that it names; with `dry_run`, only say what would come of it.

    The job can be undone until its `undo_until`; what came of each row is at `…/import/{job_id}/rows`.
    """
    asked = call.read_body(ImportIn)
    job_id, count = sheets.start(call.ctx, call.caller, asked.upload_id, dry_run=asked.dry_run, seed=call.seed)
    return {"job_id": job_id, "rows": count}


@api.get("/v1/metadata/import/{job_id}/rows", needs=KNOWN, query=RowQuery, gives=metadata_shapes.Rows)
def list_import_rows(call: Call) -> dict[str, Any]:
    """What came, or would come, of each row that has been read so far."""
    query = call.read_query(RowQuery)
    job_id = call.path["job_id"]
    page = schemas.page_of(
        call, f"rows of {job_id} {query.state}", query,
        lambda start: sheets.rows(call.ctx, call.caller, job_id, query.state, limit=query.limit, start=start),
    )  # fmt: skip
    return {"items": [asdict(one) for one in page.items], "next": page.next}


@api.post("/v1/metadata/export", needs=KNOWN, takes=ExportIn, gives=shapes.StartedOnMany, status=202)
def export_metadata(call: Call) -> dict[str, Any]:
    """Write a sheet of what a search finds; the job's result has its address. It can be read in again."""
    job_id, count = sheet_export.start(call.ctx, call.caller, call.read_body(ExportIn).q, call.seed)
    return {"job_id": job_id, "count": count}
