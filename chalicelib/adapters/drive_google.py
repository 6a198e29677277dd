"""Drive on Google's own client: metadata by its discovery document, bytes by one ranged request.

Scope: `drive.readonly`, or `drive` where approved versions are written back; `drive.file` would not see what people put
into a folder later. Limits (2026-11): list 100 units, changes and get 5, a write 50, a download 200 of any length;
325,000 units a minute and user; exports 10 MB; parts of an upload in multiples of 256 KiB.
Errors are told apart by Google's `reason`, never by the status alone.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.adapters.drive_answers import Wait, change_of, file_of, list_in, refusal, text_in
from chalicelib.adapters.drive_line import TIMEOUT_S, UNITS, GoogleLine, broken_lines
from chalicelib.domain.drive import ChangePage, DriveFile, FilePage, Sent, Upload
from chalicelib.errors import NotFound, UpstreamRejected, UpstreamUnavailable

_FILE = (
    "id,name,mimeType,parents,trashed,size,md5Checksum,sha256Checksum,headRevisionId,version,modifiedTime,driveId,"
    "shortcutDetails(targetId,targetMimeType),capabilities(canDownload,canReadRevisions,canAddChildren)"
)
_ALL_DRIVES = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
_BLOCK = 1 << 20


class GoogleDrive(GoogleLine):
    """One account's Drive."""

    def account(self) -> str:
        if "service_account" in self._given:
            return str(self._given["service_account"]["client_email"])
        found = self._ask("get", lambda api: api.about().get(fields="user(emailAddress)"))
        return text_in(found, "user", "emailAddress")

    def get(self, file_id: str) -> DriveFile:
        return file_of(
            self._ask("get", lambda api: api.files().get(fileId=file_id, fields=_FILE, supportsAllDrives=True))
        )

    def children(self, folder: DriveFile, page: str | None) -> FilePage:
        of_drive = {"corpora": "drive", "driveId": folder.drive_id} if folder.drive_id else {}

        def ask(api: Any) -> Any:
            return api.files().list(
                q=f"'{folder.id}' in parents and trashed = false", pageSize=1000, pageToken=page, **of_drive,
                fields=f"nextPageToken,incompleteSearch,files({_FILE})", **_ALL_DRIVES,
            )  # fmt: skip

        found = self._ask("list", ask, has_page=page is not None)
        files = tuple(file_of(one) for one in list_in(found, "files"))
        return FilePage(files, found.get("nextPageToken"), not found.get("incompleteSearch"))

    def start_token(self, drive_id: str | None) -> str:
        found = self._ask("get", lambda api: api.changes().getStartPageToken(driveId=drive_id, supportsAllDrives=True))
        return text_in(found, "startPageToken")

    def changes(self, token: str, drive_id: str | None) -> ChangePage:
        def ask(api: Any) -> Any:
            return api.changes().list(
                pageToken=token, driveId=drive_id, pageSize=1000, includeRemoved=True, restrictToMyDrive=False,
                fields=f"nextPageToken,newStartPageToken,changes(fileId,removed,changeType,file({_FILE}))",
                **_ALL_DRIVES,
            )  # fmt: skip

        found = self._ask("changes", ask, has_page=True)
        news = tuple(change for one in list_in(found, "changes") if (change := change_of(one)) is not None)
        if not found.get("nextPageToken") and not found.get("newStartPageToken"):
            raise UpstreamUnavailable("Drive's answer was cut off.")
        return ChangePage(news, found.get("nextPageToken"), found.get("newStartPageToken"))

    def read(self, file: DriveFile, start: int, length: int) -> Iterator[bytes]:
        pins = file.revision is not None and file.can_read_revisions
        if pins:
            try:
                yield from self._read(f"/{file.id}/revisions/{file.revision}?alt=media", start, length)
                return
            except (NotFound, UpstreamRejected):
                if start:  # what was kept is of that revision, and nothing else may follow it
                    raise
        yield from self._read(f"/{file.id}?alt=media&supportsAllDrives=true", start, length)

    def _read(self, place: str, start: int, length: int) -> Iterator[bytes]:
        headers = {"Range": f"bytes={start}-{start + length - 1}"} if length else {}
        url = f"{self._url}/drive/v3/files{place}"
        self._units += UNITS["download"]
        with broken_lines(), self._session().get(url, headers=headers, stream=True, timeout=TIMEOUT_S) as reply:
            if reply.status_code == 416:  # behind the end
                return
            if reply.status_code >= 400:
                raise refusal(reply.status_code, reply.content)
            if start and reply.status_code != 206:
                raise UpstreamUnavailable("Drive did not go on where the file was left.")
            yield from reply.iter_content(_BLOCK)

    def export(self, file_id: str) -> bytes:
        return bytes(
            self._ask("download", lambda api: api.files().export_media(fileId=file_id, mimeType="application/pdf"))
        )

    def new_id(self) -> str:
        found = self._ask("get", lambda api: api.files().generateIds(count=1, space="drive", type="files"))
        return text_in({"id": next(iter(list_in(found, "ids")), None)}, "id")

    def marked(self, folder_id: str, name: str, value: str) -> list[DriveFile]:
        wanted = value.replace("\\", "\\\\").replace("'", "\\'")

        def ask(api: Any) -> Any:
            return api.files().list(
                q=f"'{folder_id}' in parents and appProperties has {{ key='{name}' and value='{wanted}' }} "
                "and trashed = false",
                pageSize=100, fields=f"files({_FILE},appProperties)", **_ALL_DRIVES,
            )  # fmt: skip

        return [file_of(one) for one in list_in(self._ask("list", ask), "files")]

    def begin_upload(self, upload: Upload) -> str:
        is_new = upload.folder_id is not None
        place = "" if is_new else f"/{upload.file_id}"
        body: dict[str, Any] = {"appProperties": dict(upload.properties), "mimeType": upload.mime}
        body |= {"name": upload.name} if upload.name is not None else {}
        body |= {"id": upload.file_id, "parents": [upload.folder_id]} if is_new else {}
        headers = {"X-Upload-Content-Type": upload.mime, "X-Upload-Content-Length": str(upload.size_bytes)}
        asked = {"uploadType": "resumable", "supportsAllDrives": "true", "fields": _FILE}
        url = f"{self._url}/upload/drive/v3/files{place}"

        def once() -> str:
            reply = self._talk("POST" if is_new else "PATCH", url, params=asked, json=body, headers=headers)
            address = str(reply.headers.get("Location", ""))
            if not address.startswith(f"{self._url}/"):
                raise Wait("Drive gave no address for the upload.")
            return address

        return self._patiently("write", once)

    def send(self, address: str, start: int, body: bytes, size_bytes: int) -> Sent:
        try:
            return self._send(address, start, body, size_bytes)
        except Wait:  # how much of it arrived is unknown: ask
            return self._patiently("get", lambda: self._send(address, start, b"", size_bytes))

    def _send(self, address: str, start: int, body: bytes, size_bytes: int) -> Sent:
        span = f"{start}-{start + len(body) - 1}" if body else "*"
        reply = self._talk("PUT", address, data=body, headers={"Content-Range": f"bytes {span}/{size_bytes}"})
        if reply.status_code == 308:
            arrived = str(reply.headers.get("Range", ""))
            return Sent(int(arrived.rpartition("-")[2]) + 1 if arrived else 0)
        try:
            return Sent(size_bytes, file_of(reply.json()))
        except (ValueError, KeyError) as problem:
            raise Wait("Drive's answer to the last part cannot be read.") from problem
