"""Downloads of many files."""

from typing import Any

from pydantic import Field

from chalicelib import errors
from chalicelib.handlers import schemas, shapes
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.handlers.selection_shapes import SelectionIn
from chalicelib.services import bundles, presets

api = Api(__name__)


class DownloadIn(schemas.Closed):
    """Which assets, and as what; without `preset` or `original` as in a download of one."""

    selection: SelectionIn
    preset: str | None = Field(None, max_length=80, description="A preset's id or channel.")
    original: bool | None = None


@api.post(
    "/v1/downloads", needs=KNOWN, for_shares=True, takes=DownloadIn, gives=shapes.StartedOnMany, status=202,
)  # fmt: skip
def download_many(call: Call) -> dict[str, Any]:
    """Make one ZIP of what may leave; the job's result has its address, its errors what does not come along."""
    bundles.check_may_download(call.caller)
    asked = call.read_body(DownloadIn)
    if asked.preset is not None and asked.original:
        raise errors.InvalidInput("Either the original or a preset.", fields={"preset": "does not go with original"})
    preset = presets.named(call.caller.workspace, asked.preset) if asked.preset is not None else None
    job_id, count = bundles.start(call.ctx, call.caller, asked.selection.value, asked.original, preset, call.seed)
    return {"job_id": job_id, "count": count}
