"""Uploads: begin, more addresses, what has arrived, complete."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib import errors
from chalicelib.domain.assets import Fields
from chalicelib.handlers import answers, schemas, upload_shapes as shapes
from chalicelib.handlers.asset_fields import AssetPatch
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.services import egress, next_versions, uploads
from chalicelib.services.next_versions import File, Likely
from chalicelib.services.uploads import FIRST_PARTS, UploadRequest

api = Api(__name__)
PartNumber = Annotated[int, Field(ge=1, le=10_000)]


class UploadIn(schemas.Closed):
    """What is to be uploaded, and where to."""

    file_name: str = Field(min_length=1, max_length=255)
    size_bytes: int = Field(ge=0, le=2**53)
    content_type: str | None = Field(None, max_length=200, pattern=r"^[\x20-\x7e]+$")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    collection_id: str | None = Field(None, max_length=40)
    collection_path: str | None = Field(None, max_length=2000)
    asset_id: str | None = Field(None, max_length=40)
    note: str | None = Field(None, max_length=2000)
    fields: AssetPatch | None = None
    purpose: Literal["sheet"] | None = Field(None, description="A sheet to read in, which becomes no asset.")


class FileIn(schemas.Closed):
    """A file that is to be uploaded."""

    file_name: str = Field(min_length=1, max_length=255)
    collection_path: str = Field("", max_length=2000)


class TrialIn(schemas.Closed):
    """Files that are to be uploaded, and where to those go that have no path."""

    files: list[FileIn] = Field(max_length=100)
    collection_id: str | None = Field(None, max_length=40)


class PartsIn(schemas.Closed):
    """Numbers of parts."""

    numbers: list[PartNumber] = Field(min_length=1, max_length=200)


class PartIn(schemas.Closed):
    """A part as the store acknowledged it."""

    number: PartNumber
    etag: str | None = Field(None, max_length=200)


class CompleteIn(schemas.Closed):
    """The parts, if the caller kept account of them: each must be what has arrived."""

    parts: list[PartIn] | None = Field(None, max_length=10_000)


@api.post(
    "/v1/uploads",
    needs=KNOWN,
    for_shares=True,
    takes=UploadIn,
    gives=shapes.BegunUpload,
    status=201,
    refuses=(errors.NotFound,),
)
def begin_upload(call: Call) -> dict[str, Any]:
    """Begin an upload; the first addresses come at once."""
    asked = call.read_body(UploadIn)
    fields = asked.fields.values(Fields(name="")) if asked.fields else {}
    upload = uploads.begin(call.ctx, call.caller, UploadRequest(**asked.model_dump(exclude={"fields"}), fields=fields))
    numbers = list(range(1, min(uploads.part_count(upload), FIRST_PARTS) + 1))
    return {
        "id": upload.id,
        "part_size_bytes": upload.part_size_bytes,
        "parts": _parts(call, upload, numbers),
        "expires_at": schemas.when(upload.expires_at),
    }


@api.post("/v1/uploads/try", needs=KNOWN, takes=TrialIn, gives=shapes.TriedUploads, refuses=(errors.NotFound,))
def try_uploads(call: Call) -> dict[str, Any]:
    """Which assets these files could be new versions of; nothing is changed."""
    asked = call.read_body(TrialIn)
    files = [File(one.file_name, one.collection_path) for one in asked.files]
    found = next_versions.likely(call.ctx, call.caller, files, asked.collection_id)
    return {
        "items": [
            {"file_name": file.name, "likely": one and _likely(call, one)}
            for file, one in zip(files, found, strict=True)
        ]
    }


@api.post("/v1/uploads/{upload_id}/parts", needs=KNOWN, for_shares=True, takes=PartsIn, gives=shapes.Parts)
def sign_parts(call: Call) -> dict[str, Any]:
    """Addresses for more parts."""
    upload = uploads.load(call.caller, call.path["upload_id"])
    return {"parts": _parts(call, upload, call.read_body(PartsIn).numbers)}


@api.get("/v1/uploads/{upload_id}", needs=KNOWN, for_shares=True, gives=shapes.Upload)
def get_upload(call: Call) -> dict[str, Any]:
    """What has arrived."""
    upload = uploads.load(call.caller, call.path["upload_id"])
    return {
        "id": upload.id,
        "file_name": upload.file_name,
        "part_size_bytes": upload.part_size_bytes,
        "arrived": uploads.arrived(call.ctx, call.caller, upload),
        "ingest_id": upload.ingest_id,
        "expires_at": schemas.when(upload.expires_at),
    }


@api.post(
    "/v1/uploads/{upload_id}/complete",
    needs=KNOWN,
    for_shares=True,
    takes=CompleteIn,
    gives=shapes.CompletedUpload,
    status=202,
)
def complete_upload(call: Call) -> dict[str, Any]:
    """Say that all bytes are there."""
    upload = uploads.load(call.caller, call.path["upload_id"])
    parts = call.read_body(CompleteIn).parts
    told = None if parts is None else {one.number: one.etag for one in parts}
    return {"ingest_id": uploads.complete(call.ctx, call.caller, upload, told)}


def _likely(call: Call, one: Likely) -> dict[str, Any]:
    version = egress.shown(call.caller, one.asset, call.caller.rights_on(one.asset, call.ctx.now()))
    return {
        "asset": answers.slim_asset(call, one.asset),
        "size_bytes": version.size_bytes if version else None,
        "sha256": version.sha256 if version else None,
        "because": one.by,
        "is_sure": one.is_sure,
    }


def _parts(call: Call, upload: Any, numbers: list[int]) -> list[dict[str, Any]]:
    signed = uploads.addresses(call.ctx, call.caller, upload, numbers)
    return [{"number": number, "url": one.url, "headers": dict(one.headers)} for number, one in signed.items()]
