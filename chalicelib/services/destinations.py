"""Destinations: which asset and which collection an arrival belongs to, and what is known of it beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.arrivals import Arrival, Place, Refusal
from chalicelib.domain.ids import ROOT, AssetId, CollectionId
from chalicelib.models import uploads
from chalicelib.models.uploads import Upload
from chalicelib.ports import Context
from chalicelib.services import folders

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
    if upload is None:
        home = folders.collection_for(ctx, workspace, "drop", place.folders)
        return Destination("drop", place.path, place.file_name, home, given=given)
    if upload.folders:
        home = folders.collection_for(ctx, workspace, "upload", upload.folders)
    else:
        home = folders.live_or_root(workspace, upload.collection_id or ROOT)
    return Destination(
        "upload", upload.id, upload.file_name, home, upload.asset_id, upload.by, upload.member_id, upload.note, given,
        upload.fields,
    )  # fmt: skip
