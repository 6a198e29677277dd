"""Arrivals: what came into the inbox, where it belongs, and what is to be done with it. Pure rules."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import Literal
from urllib.parse import unquote

from chalicelib.domain.assets import Asset, WriteOrder
from chalicelib.domain.ids import AssetId, VersionId, WorkspaceId, is_id

RESERVED = "_"
"""How the names of folders of our own begin, right below a workspace."""
UPLOADS_FOLDER = f"{RESERVED}uploads"
DRIVE_FOLDER = f"{RESERVED}drive"
OUTSIDE = WorkspaceId("outside-any-workspace")
"""Where arrivals are listed that lie under no workspace's prefix."""

State = Literal["pending", "processing", "done", "quarantined"]


@dataclass(frozen=True)
class Place:
    """What a key in the inbox means."""

    workspace: WorkspaceId
    path: str
    folders: tuple[str, ...]
    file_name: str
    upload_id: str | None = None
    drive: tuple[str, str] | None = None
    """The connection and the file of Google Drive that it was fetched from."""


@dataclass(frozen=True)
class Refusal:
    """Why a file is quarantined, in words of a shop person, and the stable code of that reason."""

    code: str
    reason: str


@dataclass(frozen=True)
class Hint:
    """A message about one object version. Only a hint: the inbox and the tables hold the facts."""

    workspace: WorkspaceId
    id: VersionId
    key: str
    object_version: str | None
    sequencer: str | None = None


@dataclass(frozen=True)
class Arrival:
    """The row of one object version: who works on it, how it ended, and why."""

    workspace: WorkspaceId
    id: VersionId
    key: str
    object_version: str | None
    sequencer: str | None
    state: State
    file_name: str
    source: str
    arrived_at: datetime
    attempts: int = 0
    owner: str | None = None
    asset_id: AssetId | None = None
    version: int | None = None
    reason: str | None = None
    reason_code: str | None = None
    token: str | None = None
    upload_id: str | None = None
    size_bytes: int | None = None
    state_at: datetime | None = None
    """Since when it is in this state."""

    @property
    def hint(self) -> Hint:
        """The message that makes somebody look at this row again."""
        return Hint(self.workspace, self.id, self.key, self.object_version, self.sequencer)


@dataclass(frozen=True)
class KnownSource:
    """The pointer row of a source path: its asset and its newest write."""

    id: str
    asset_id: AssetId
    order: WriteOrder
    sha256: str
    revision: int


@dataclass(frozen=True)
class Decision:
    """What a file turns out to be.

    `new_asset` and `new_version` add a version; `same_bytes` adds none. `is_newest`: the version is the asset's
    newest write; `moves_source`: it is the newest write of its source, to which people may have added by other ways.
    """

    kind: Literal["new_asset", "new_version", "same_bytes"]
    asset_id: AssetId
    number: int
    is_newest: bool
    moves_source: bool
    duplicate_of: AssetId | None = None


def read_key(key: str) -> Place | Refusal:
    """Take an inbox key apart: `<workspace>/<folder>/…/<file>`, `<workspace>/_uploads/<upload id>`, or
    `<workspace>/_drive/<connection>/<file id>`.

    Total: every text gives a place or a refusal. Empty parts, `.` and `..` are dropped, so
    no key reaches outside its workspace; an upload's key, or Drive's, is taken only as it was made.
    """
    head, slash, rest = key.partition("/")
    if not slash or not is_id(head):
        return Refusal("outside", "This file lies outside any workspace. Put it below <workspace>/ and try again.")
    workspace = WorkspaceId(head)
    parts = [part for part in rest.split("/") if part not in ("", ".", "..")]
    if not parts or rest.endswith("/"):
        return Refusal("folder", "This is a folder marker, not a file. Put files into the folder instead.")
    if rest == f"{UPLOADS_FOLDER}/{parts[-1]}":
        return Place(workspace, rest, (), parts[1], upload_id=parts[1])
    if len(parts) == 3 and rest == f"{DRIVE_FOLDER}/{parts[1]}/{parts[2]}":
        return Place(workspace, f"{parts[1]}/{parts[2]}", (), parts[2], drive=(parts[1], parts[2]))
    if parts[0].startswith(RESERVED):
        return Refusal(
            "reserved",
            f"Folders that begin with _ are Packshot's own. Rename the folder “{parts[0]}” and drop it again.",
        )
    name = unicodedata.normalize("NFC", parts[-1]) if parts[-1].strip() else "file"
    return Place(workspace, unicodedata.normalize("NFC", "/".join(parts)), tuple(parts[:-1]), name)


def source_of(place: Place | Refusal) -> str:
    """What brought it: `upload`, `drive`, or the `drop`."""
    if isinstance(place, Refusal):
        return "drop"
    return "upload" if place.upload_id else "drive" if place.drive else "drop"


def workspace_of(key: str) -> WorkspaceId:
    """The workspace a key belongs to, or `OUTSIDE`."""
    head, slash, _rest = key.partition("/")
    return WorkspaceId(head) if slash and is_id(head) else OUTSIDE


def name_of(key: str) -> str:
    """The last part of a key, as people know the file; never empty."""
    return key.rstrip("/").rpartition("/")[2] or key or "(no name)"


def check_size(size_bytes: int, limit_bytes: int) -> Refusal | None:
    """Refuse empty files and files over the stage's limit."""
    if size_bytes == 0:
        return Refusal("empty", "The file is empty (0 bytes). Export or copy it again, then drop it once more.")
    if size_bytes > limit_bytes:
        return Refusal(
            "too_large",
            f"The file has {size_bytes / 1e6:,.0f} MB; the limit is {limit_bytes / 1e6:,.0f} MB. Save a smaller one.",
        )
    return None


def decide(
    source: KnownSource | None,
    asset: Asset | None,
    *,
    fresh_id: AssetId,
    order: WriteOrder,
    sha256: str,
    holder: AssetId | None,
) -> Decision:
    """Decide what the bytes are, from what is known of their source and of the bytes themselves.

    `asset` is the asset the source points at (or the upload names). A trashed one counts as none, so its path
    starts a new asset; but a write older than the source's newest belongs to the asset's past and stays there.
    `holder` is the first asset that held the same bytes.
    """
    is_late = source is not None and order < source.order
    if asset is None or (asset.state == "trashed" and not is_late):
        return Decision("new_asset", fresh_id, 1, True, True, holder if holder != fresh_id else None)
    if sha256 == (source.sha256 if source is not None else asset.newest.sha256):
        return Decision("same_bytes", asset.id, asset.newest.number, False, not is_late)
    is_newest = not is_late and order > asset.newest.order  # the source may have seen a newer write of the same bytes
    return Decision("new_version", asset.id, asset.versions + 1, is_newest, not is_late)


def metadata_fields(metadata: dict[str, str], tags: dict[str, str]) -> dict[str, str]:
    """`x-amz-meta-*` and object tags as one map of field name to text; tags win.

    S3 lower-cases names, SDKs percent-encode values that are not ASCII and S3 itself gives such metadata as encoded
    words (RFC 2047); all of it is undone here.
    """
    found = {name: _decoded(value) for name, value in metadata.items()} | tags
    return {name.lower().replace("-", "_"): unquote(value) for name, value in found.items()}


def _decoded(value: str) -> str:
    if not value.startswith("=?"):
        return value
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, MessageError):
        return value
