"""Uploads: bytes go from the browser straight to the inbox by signed addresses; nothing passes through the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.domain import names
from chalicelib.domain.access import Right
from chalicelib.domain.arrivals import UPLOADS_FOLDER
from chalicelib.domain.collections import MAX_DEPTH
from chalicelib.domain.ids import AssetId, CollectionId, VersionId
from chalicelib.domain.sheets import MOST_BYTES
from chalicelib.errors import Conflict, InvalidInput, NotFound, TooLarge
from chalicelib.models import base, uploads
from chalicelib.models.uploads import Upload
from chalicelib.ports.context import Context
from chalicelib.ports.objects import Bucket, SignedRequest
from chalicelib.services import access, arrivals, assets, requirements, trails
from chalicelib.services.signing import Caller

ONE_PUT_BYTES = 100 * 1024**2
PART_BYTES = 8 * 1024**2
MOST_PARTS = 10_000
FIRST_PARTS = 50
SIGNED_S = 900
LIVES = timedelta(days=2)
KEPT = timedelta(days=60)
SHEET = "sheet"


@dataclass(frozen=True)
class UploadRequest:
    """What a caller wants to upload, and where to."""

    file_name: str
    size_bytes: int
    content_type: str | None = None
    sha256: str | None = None
    collection_id: str | None = None
    collection_path: str | None = None
    asset_id: str | None = None
    note: str | None = None
    fields: dict[str, Any] | None = None
    purpose: str | None = None


def begin(ctx: Context, caller: Caller, asked: UploadRequest) -> Upload:
    """Begin an upload.

    Raises:
        TooLarge: over the stage's limit.
        InvalidInput: the fields cannot be those of an asset, or no folder can be called that.
        NotFound, NotAllowed: the collection or asset is not there for this caller, or not to upload to.
    """
    if asked.size_bytes > ctx.settings.max_object_bytes:
        limit_mb = ctx.settings.max_object_bytes / 1e6
        raise TooLarge(f"This file is larger than {limit_mb:,.0f} MB. Save a smaller one.")
    if asked.purpose == SHEET:
        if asked.size_bytes > MOST_BYTES:
            raise TooLarge(f"This sheet has more than {MOST_BYTES:,} bytes. Split it.")
    elif asked.asset_id:
        _check_version(ctx, caller, asked)
    else:
        home = access.collection(caller, asked.collection_id or "root", Right.UPLOAD)
        requirements.check_upload(caller, home.id, _folders(asked.collection_path), asked.fields or {})
    upload_id, now = ctx.new_id(), ctx.now()
    is_one = asked.size_bytes <= ONE_PUT_BYTES
    key = f"{caller.workspace}/{UPLOADS_FOLDER}/{upload_id}"
    upload = Upload(
        id=upload_id,
        by=caller.principal.label,
        member_id=caller.member_id or None,
        file_name=names.tidy(asked.file_name).rpartition("/")[2] or "file",
        size_bytes=asked.size_bytes,
        part_size_bytes=asked.size_bytes if is_one else _part_size(asked.size_bytes),
        created_at=now,
        expires_at=now + LIVES,
        parts_id=None if is_one else ctx.store.begin_parts("inbox", key),
        sha256=asked.sha256,
        content_type=asked.content_type,
        collection_id=CollectionId(asked.collection_id) if asked.collection_id else None,
        folders=_folders(asked.collection_path),
        asset_id=AssetId(asked.asset_id) if asked.asset_id else None,
        note=asked.note,
        fields=assets.kept_fields(caller, asked.fields or {}),
        purpose=asked.purpose,
    )
    told = trails.entry(ctx, caller.workspace, upload.by, "upload.begun", f"upload:{upload_id}")
    base.transact([uploads.add(caller.workspace, upload, now + KEPT), told])
    return upload


def _check_version(ctx: Context, caller: Caller, asked: UploadRequest) -> None:
    """A new version needs `upload` on its asset, fields that come with it `edit`; its place is the asset's."""
    access.asset(ctx, caller, asked.asset_id or "", Right.EDIT if asked.fields else Right.UPLOAD)
    access.asset(ctx, caller, asked.asset_id or "", Right.UPLOAD)
    if asked.collection_id or asked.collection_path:
        raise InvalidInput(
            "A new version stays where its asset is.",
            fields={"collection_id" if asked.collection_id else "collection_path": "does not go with asset_id"},
        )


def load(caller: Caller, upload_id: str) -> Upload:
    """The caller's own upload. Raises `NotFound`."""
    upload = uploads.get(caller.workspace, upload_id)
    if upload is None or upload.by != caller.principal.label:
        raise NotFound("There is no such upload.")
    return upload


def addresses(ctx: Context, caller: Caller, upload: Upload, numbers: list[int]) -> dict[int, SignedRequest]:
    """Addresses for these parts, for 15 minutes.

    Raises:
        Conflict: the upload is complete, or its two days are over.
        InvalidInput: a number that this upload does not have.
    """
    if upload.ingest_id is not None:
        raise Conflict("This upload is complete.", code="upload_complete")
    if ctx.now() >= upload.expires_at:
        raise Conflict("This upload is over. Begin a new one.", code="upload_over")
    last = part_count(upload)
    if any(not 1 <= number <= last for number in numbers):
        raise InvalidInput("There is no such part.", fields={"numbers": f"are from 1 to {last}"})
    bucket, key = place_of(caller, upload)
    if upload.parts_id is None:
        return {1: ctx.store.presign_put(bucket, key, expires_s=SIGNED_S, content_type=upload.content_type)}
    return {
        number: ctx.store.presign_part(bucket, key, upload.parts_id, number, expires_s=SIGNED_S)
        for number in dict.fromkeys(numbers)
    }


def arrived(ctx: Context, caller: Caller, upload: Upload) -> list[int]:
    """Numbers of the parts that have arrived."""
    if upload.ingest_id is not None:
        return list(range(1, part_count(upload) + 1))
    bucket, key = place_of(caller, upload)
    try:
        if upload.parts_id is None:
            ctx.store.head(bucket, key)
            return [1]
        return [part.number for part in ctx.store.arrived_parts(bucket, key, upload.parts_id)]
    except NotFound:
        return []


def complete(ctx: Context, caller: Caller, upload: Upload, told: Mapping[int, str | None] | None = None) -> VersionId:
    """Say that all bytes are there; the arrival they become. Safe to repeat.

    `told` is the caller's own account of the parts: number to etag, None for any.

    Raises:
        Conflict: bytes are missing, the upload is over, or it is a sheet.
        InvalidInput: a part that has arrived is not the one the caller tells of.
    """
    if upload.ingest_id is not None:
        return upload.ingest_id
    if upload.purpose == SHEET:
        raise Conflict("A sheet becomes no file of the library. Read it in by its upload.", code="is_sheet")
    _, key = place_of(caller, upload)
    if upload.parts_id is not None:
        _join(ctx, key, upload, told)
    try:
        head = ctx.store.head("inbox", key)
    except NotFound as missing:
        raise Conflict("The bytes have not arrived. Send them to the upload's addresses first.") from missing
    hint = arrivals.hint_of(ctx, key, head.version)
    arrivals.make_known(ctx, hint)
    entry = trails.entry(ctx, caller.workspace, upload.by, "upload.completed", f"upload:{upload.id}")
    try:
        base.transact([uploads.complete(caller.workspace, upload.id, hint.id), entry])
    except base.ConditionFailed:  # somebody completed it at the same moment
        return load(caller, upload.id).ingest_id or hint.id
    arrivals.route(ctx, [hint])
    return hint.id


def _join(ctx: Context, key: str, upload: Upload, told: Mapping[int, str | None] | None) -> None:
    try:
        parts = ctx.store.arrived_parts("inbox", key, upload.parts_id or "")
    except NotFound:
        return  # joined by an earlier try that died before it was written down
    by_number = {part.number: part.etag.strip('"') for part in parts}
    wrong = [number for number, etag in (told or {}).items()
             if number not in by_number or (etag is not None and etag.strip('"') != by_number[number])]  # fmt: skip
    if wrong:
        listed = ", ".join(str(number) for number in sorted(wrong)[:10])
        raise InvalidInput("Some parts are not what arrived. Send them again.", fields={"parts": f"differ: {listed}"})
    if sum(part.size_bytes for part in parts) != upload.size_bytes:
        raise Conflict("Parts are missing. Ask which have arrived and send the others.", code="parts_missing")
    ctx.store.finish_parts("inbox", key, upload.parts_id or "", [(part.number, part.etag) for part in parts])


def place_of(caller: Caller, upload: Upload) -> tuple[Bucket, str]:
    """Where the bytes of an upload lie until they are taken in; those of a sheet never are."""
    if upload.purpose == SHEET:
        return "exports", f"{caller.workspace}/sets/sheet-{upload.id}.csv"
    return "inbox", f"{caller.workspace}/{UPLOADS_FOLDER}/{upload.id}"


def _folders(path: str | None) -> tuple[str, ...]:
    parts = [part for part in (path or "").split("/") if part.strip()]
    if len(parts) > MAX_DEPTH:
        raise InvalidInput("This path is too deep.", fields={"collection_path": f"has more than {MAX_DEPTH} folders"})
    return tuple(names.check_collection_name(part, "collection_path") for part in parts)


def part_count(upload: Upload) -> int:
    """How many parts an upload has; the last may be shorter."""
    return 1 if upload.parts_id is None else -(-upload.size_bytes // upload.part_size_bytes)


def _part_size(size_bytes: int) -> int:
    size = PART_BYTES
    while -(-size_bytes // size) > MOST_PARTS:
        size *= 2
    return size
