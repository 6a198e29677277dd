"""One asset's file in Drive: found, adopted or made, and its bytes brought there once.

Its id is known, and written down, before the file is made. Before anything is sent the file is looked at, so that a
reply that was lost sends nothing twice. A later version replaces the bytes of the same file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.assets import Version
from chalicelib.domain.connections import Line
from chalicelib.domain.drive import DriveFile, Sent, Upload, merged_name
from chalicelib.domain.drive_saves import MARK, Save, is_own, properties
from chalicelib.errors import Gone, UpstreamUnavailable
from chalicelib.models import base, drive_saves as rows
from chalicelib.services import drive_saves, egress
from chalicelib.services.drive_following import Following
from chalicelib.services.egress import Outgoing

CHUNK_BYTES = 8 * 1024**2
_SESSIONS = 3
"""Uploads begun for one version in one run: an address may be over."""


def target(this: Following, row: Save, folder_id: str) -> tuple[Save, DriveFile | None]:
    """The row with the id of the file to write, and the file itself if it is there."""
    if row.file_id is not None and row.folder_id == folder_id:
        found = this.there(row.file_id)
        if found is not None and not found.trashed:
            return row, found
        if found is None and row.version_id is None:
            return row, None
    adopted = [one for one in this.drive.marked(folder_id, MARK, row.asset_id) if is_own(one, row.asset_id)]
    found = min(adopted, key=lambda one: one.id, default=None)
    file_id = found.id if found else this.drive.new_id()
    new = Save(row.asset_id, True, folder_id, file_id, revision=row.revision)
    claimed = drive_saves.claim_id(this.one.workspace, file_id, row.asset_id)
    return keep(this, row, new, writes=[claimed], may_pause=False), found


def put(this: Following, row: Save, file: DriveFile | None, out: Outgoing, version: Version) -> tuple[Save, DriveFile]:
    """Bring these bytes into the file, from where an earlier run left off; nothing is sent when they are there."""
    if file is not None and file.sha256 == version.sha256:
        return row, file
    if file is not None and row.sha256 and file.sha256 not in (None, row.sha256):
        text = f"“{file.name}” was edited in Drive since it was saved. The approved version replaces that; what was "
        text += "edited stays among the file’s versions in Drive for 30 days."
        this.run.keep(log=[Line(this.run.ctx.now(), text, file.id, is_trouble=True)], may_pause=False)
    for _ in range(_SESSIONS):
        row, address, begun = _address(this, row, file, out, version.id)
        try:
            return row, _sent(this, address, out, begun)
        except Gone:  # over, perhaps because all of it arrived and the reply was lost
            row = keep(this, row, replace(row, upload=None), may_pause=False)
            file = this.there(str(row.file_id))
            if file is not None and file.sha256 == version.sha256:
                return row, file
    raise UpstreamUnavailable("Drive gave the upload up several times.")


def _address(
    this: Following, row: Save, file: DriveFile | None, out: Outgoing, version_id: str
) -> tuple[Save, str, bool]:
    """Where to send the bytes, kept sealed, and whether an earlier run has begun with it."""
    about = f"{this.one.workspace}\n{this.one.id}\n{row.asset_id}"
    if row.upload is not None and row.upload["version_id"] == version_id:
        return row, this.run.ctx.cipher.open(about, row.upload["address"]), True
    name = out.file_name if file is None else merged_name(row.name, out.file_name, file.name)
    upload = Upload(
        str(row.file_id), out.mime, out.size_bytes, properties(row.asset_id, str(row.file_id), out.version),
        folder_id=row.folder_id if file is None else None,
        name=name if file is None or name != file.name else None,
    )  # fmt: skip
    address = this.drive.begin_upload(upload)
    sealed = {"version_id": version_id, "address": this.run.ctx.cipher.seal(about, address)}
    return keep(this, row, replace(row, upload=sealed), may_pause=False), address, False


def _sent(this: Following, address: str, out: Outgoing, has_begun: bool) -> DriveFile:
    at = this.drive.send(address, 0, b"", out.size_bytes) if has_begun else Sent(0)
    while at.file is None:
        chunk = egress.read(this.run.ctx, out, at.next, CHUNK_BYTES)
        at = this.drive.send(address, at.next, chunk, out.size_bytes)
        if at.file is None:
            this.run.keep()
    return at.file


def keep(
    this: Following, old: Save, new: Save, *, writes: Sequence[base.Write] = (), may_pause: bool = True,
    counts: Mapping[str, int] | None = None, log: Sequence[Line] = (),
) -> Save:  # fmt: skip
    """Keep the row, with what else is kept in the same transaction; the row as it lies there now."""
    put = rows.put(this.one.workspace, this.one.id, old, new)
    this.run.keep(writes=[put, *writes], counts=counts, log=log, may_pause=may_pause)
    return replace(new, revision=old.revision + 1)
