"""Destinations: which asset and which collection an arrival belongs to, and what is known of it beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.arrivals import Arrival, Place, Refusal
from chalicelib.domain.assets import Source
from chalicelib.domain.ids import ROOT, AssetId, CollectionId, WorkspaceId
from chalicelib.models import drive_files, uploads
from chalicelib.models.uploads import Upload
from chalicelib.ports.context import Context
from chalicelib.services import drive_folders, folders

_UNKNOWN = Refusal("reserved", "Nobody began this upload. Use the upload button or the drop folder.")
_DAMAGED = Refusal("damaged", "The bytes that arrived are not those that were sent. Upload the file again.")


@dataclass(frozen=True)
class Destination:
    """`given` are fields as texts, from metadata and tags; `fields` those an upload brought, checked when it began.

    `asset_id` names the asset of which this is to be a version.
    """

    source: str
    path: str
    file_name: str
    collection_id: CollectionId
    shown: Source | None = None
    """What the asset says of where it comes from."""
    asset_id: AssetId | None = None
    by: str | None = None
    member_id: str | None = None
    note: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)


def announced(arrival: Arrival, place: Place) -> Upload | Refusal | None:
    """The upload that announced this arrival; None for a dropped file, which nobody announces."""
    if place.upload_id is None:
        return None
    return uploads.get(arrival.workspace, place.upload_id) or _UNKNOWN


def check(upload: Upload | None, *, size_bytes: int, sha256: str | None = None) -> Refusal | None:
    """Refuse bytes that are not what the upload announced; what it did not announce is not checked."""
    if upload is None:
        return None
    is_same = upload.size_bytes == size_bytes and (not sha256 or upload.sha256 in (None, sha256))
    return None if is_same else _DAMAGED


def find(ctx: Context, arrival: Arrival, place: Place, upload: Upload | None, given: Mapping[str, str]) -> Destination:
    """Where it belongs; its folders become collections on the way. Safe to repeat.

    Raises:
        Conflict: a folder changed hands too often meanwhile; try again.
    """
    workspace = arrival.workspace
    if place.drive is not None:
        return _of_drive(ctx, workspace, place.drive, given)
    if upload is None:
        home = folders.collection_for(ctx, workspace, "drop", place.folders)
        return Destination("drop", place.path, place.file_name, home, Source("drop", place.path), given=given)
    if upload.folders:
        home = folders.collection_for(ctx, workspace, "upload", upload.folders)
    else:
        home = folders.live_or_root(workspace, upload.collection_id or ROOT)
    return Destination(
        "upload", upload.id, upload.file_name, home, None, upload.asset_id, upload.by, upload.member_id, upload.note,
        given, upload.fields,
    )  # fmt: skip


def _of_drive(ctx: Context, workspace: WorkspaceId, drive: tuple[str, str], given: Mapping[str, str]) -> Destination:
    """What Drive calls the file now and where it lies there now; a connection that is gone leaves it in the root."""
    connection_id, file_id = drive
    path = f"{connection_id}/{file_id}"
    entry = drive_files.get(workspace, connection_id, file_id)
    if entry is None:
        return Destination(
            "drive", path, file_id, ROOT, Source("drive", file_id, connection_id, "detached"), given=given
        )
    home, folder = drive_folders.collection_of(ctx, workspace, connection_id, entry)
    name = entry.file.file_name
    shown = Source("drive", f"{folder}/{name}" if folder else name, connection_id, entry.state, entry.because)
    return Destination("drive", path, name, home, shown, given=given)
