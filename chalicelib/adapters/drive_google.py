"""Drive on Google's own client: metadata by its discovery document, bytes by one ranged request.

Scope: `drive.readonly`, or `drive` where approved versions are written back; `drive.file` would not see what people put
into a folder later. Limits (2026-11): list 100 units, changes and get 5, a download 200 whatever its length; 325,000
units a minute and user; exports 10 MB. The client is loaded when it is first used: no other function pays for it.
Errors are told apart by Google's `reason`, never by the status alone.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from chalicelib.domain.drive import ChangePage, DriveChange, DriveFile, FilePage
from chalicelib.errors import Gone, NotFound, PackshotError, UpstreamRejected, UpstreamUnavailable

_GOOGLE = "https://www.googleapis.com"
_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 an address
_READS = "https://www.googleapis.com/auth/drive.readonly"
RECONNECT = "needs_reconnect"
_FILE = (
    "id,name,mimeType,parents,trashed,size,md5Checksum,sha256Checksum,headRevisionId,version,modifiedTime,driveId,"
    "shortcutDetails(targetId,targetMimeType),capabilities(canDownload,canReadRevisions)"
)
_ALL_DRIVES = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
_WAITS = frozenset({"userRateLimitExceeded", "rateLimitExceeded", "backendError", "internalError"})
_TRIES = 5
_LONGEST_WAIT_S = 64.0
_TIMEOUT_S = 60
_BLOCK = 1 << 20
_UNITS = {"list": 100, "get": 5, "changes": 5, "download": 200}


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    import googleapiclient.discovery_cache.documents as documents

    found: dict[str, Any] = json.loads((Path(next(iter(documents.__path__))) / "drive.v3.json").read_text())
    return found


class GoogleDrive:
    """One account. Signs in at the first call; a wait between tries is `spread`, below 1, of the longest."""

    def __init__(
        self,
        url: str,
        credentials: Mapping[str, Any],
        *,
        spread: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._given = url, credentials
        self._spread, self._sleep = spread, sleep
        self._units = 0
        self._made: Any = None
        self._lines: Any = None

    @property
    def units(self) -> int:
        return self._units

    def account(self) -> str:
        if "service_account" in self._given:
            return str(self._given["service_account"]["client_email"])
        found = self._ask("get", lambda api: api.about().get(fields="user(emailAddress)"))
        return str(found["user"].get("emailAddress", ""))

    def get(self, file_id: str) -> DriveFile:
        return _file(
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
        files = tuple(_file(one) for one in _list(found, "files"))
        return FilePage(files, found.get("nextPageToken"), not found.get("incompleteSearch"))

    def start_token(self, drive_id: str | None) -> str:
        found = self._ask("get", lambda api: api.changes().getStartPageToken(driveId=drive_id, supportsAllDrives=True))
        return str(found["startPageToken"])

    def changes(self, token: str, drive_id: str | None) -> ChangePage:
        def ask(api: Any) -> Any:
            return api.changes().list(
                pageToken=token, driveId=drive_id, pageSize=1000, includeRemoved=True, restrictToMyDrive=False,
                fields=f"nextPageToken,newStartPageToken,changes(fileId,removed,changeType,file({_FILE}))",
                **_ALL_DRIVES,
            )  # fmt: skip

        found = self._ask("changes", ask, has_page=True)
        told = [one for one in _list(found, "changes") if one.get("changeType", "file") == "file" and one.get("fileId")]
        news = tuple(
            DriveChange(one["fileId"], None if one.get("removed") or "file" not in one else _file(one["file"]))
            for one in told
        )
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
        import requests
        import urllib3

        headers = {"Range": f"bytes={start}-{start + length - 1}"} if length else {}
        url = f"{self._url}/drive/v3/files{place}"
        self._units += _UNITS["download"]
        try:
            with (
                self._session() as session,
                session.get(url, headers=headers, stream=True, timeout=_TIMEOUT_S) as reply,
            ):
                if reply.status_code >= 400:
                    raise _refusal(reply.status_code, reply.content)
                if start and reply.status_code != 206:
                    raise UpstreamUnavailable("Drive did not go on where the file was left.")
                yield from reply.iter_content(_BLOCK)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise UpstreamUnavailable(f"The line to Drive broke ({type(problem).__name__}).") from problem

    def export(self, file_id: str) -> bytes:
        return bytes(
            self._ask("download", lambda api: api.files().export_media(fileId=file_id, mimeType="application/pdf"))
        )

    def close(self) -> None:
        if self._made is not None:
            self._made.close()
        if self._lines is not None:
            self._lines.close()
        self._made = self._lines = None

    def _ask(self, units: str, ask: Callable[[Any], Any], *, has_page: bool = False) -> Any:
        """One call, tried again with growing random waits while Google asks for patience."""
        for attempt in range(_TRIES):
            self._units += _UNITS[units]
            try:
                return self._once(ask, has_page)
            except _Wait as wait:
                if attempt == _TRIES - 1:
                    raise UpstreamUnavailable(wait.message) from wait
                spread = self._spread() * min(_LONGEST_WAIT_S, 2.0**attempt)
                self._sleep(min(_LONGEST_WAIT_S, wait.after_s if wait.after_s is not None else spread))
        raise AssertionError("unreachable")

    def _once(self, ask: Callable[[Any], Any], has_page: bool) -> Any:
        import google.auth.exceptions as signing
        import httplib2
        from googleapiclient.errors import HttpError

        try:
            return ask(self._api()).execute(num_retries=0)
        except HttpError as problem:
            found = _refusal(int(problem.resp.status), problem.content, problem.resp.get("retry-after"))
            if has_page and (problem.resp.status == 410 or (problem.resp.status == 400 and found.code == "invalid")):
                raise Gone("Drive does not know this place any more.") from problem
            raise found from problem
        except signing.RefreshError as problem:
            raise UpstreamRejected(_signing_words(problem), code=RECONNECT) from problem
        except (signing.MalformedError, signing.DefaultCredentialsError) as problem:
            raise UpstreamRejected("These credentials cannot be read. Enter them again.", code=RECONNECT) from problem
        except (signing.TransportError, httplib2.HttpLib2Error, OSError, json.JSONDecodeError) as problem:
            raise _Wait(f"Drive does not answer ({type(problem).__name__}).") from problem
        except (ValueError, KeyError) as problem:
            raise _Wait("Drive's answer cannot be read.") from problem

    def _credentials(self) -> Any:
        from google.oauth2 import credentials, service_account

        token_url = _TOKEN_URL if self._url == _GOOGLE else f"{self._url}/token"
        scopes = [_READS]
        if "service_account" in self._given:
            account = {**self._given["service_account"], "token_uri": token_url}
            try:
                return service_account.Credentials.from_service_account_info(account, scopes=scopes)  # type: ignore[no-untyped-call]
            except ValueError as problem:
                raise UpstreamRejected(
                    "The key of this service account cannot be read. Make a new one and enter it.", code=RECONNECT
                ) from problem
        told = {name: self._given[name] for name in ("refresh_token", "client_id", "client_secret")}
        return credentials.Credentials(None, token_uri=token_url, **told)  # type: ignore[no-untyped-call]

    def _api(self) -> Any:
        if self._made is None:
            import google_auth_httplib2
            import httplib2
            from googleapiclient.discovery import build_from_document

            document = {**_document(), "rootUrl": f"{self._url}/", "mtlsRootUrl": f"{self._url}/"}
            self._lines = httplib2.Http(timeout=_TIMEOUT_S)
            signed = google_auth_httplib2.AuthorizedHttp(self._credentials(), http=self._lines)
            self._made = build_from_document(document, http=signed)
        return self._made

    def _session(self) -> Any:
        from google.auth.transport.requests import AuthorizedSession

        return AuthorizedSession(self._credentials())  # type: ignore[no-untyped-call]


class _Wait(UpstreamUnavailable):
    """Google asks for patience: try again after `after_s`, or after a growing random while."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


def _refusal(status: int, body: bytes, retry_after: str | None = None) -> PackshotError:
    """What an error of Google means for us."""
    try:
        told = json.loads(body)["error"]
        reason, message = str(told["errors"][0]["reason"]), str(told["message"])
    except (ValueError, KeyError, TypeError, IndexError):
        reason, message = "", f"status {status}"
    if reason in _WAITS or status == 429 or status >= 500:
        after_s = float(retry_after) if retry_after and retry_after.isdigit() else None
        return _Wait(f"Drive asks for patience ({reason or status}).", after_s)
    if status == 401:
        return UpstreamRejected("Google does not accept these credentials any more.", code=RECONNECT)
    if status == 404:
        return NotFound("Drive does not show this file to us: it is deleted or not shared.")
    return UpstreamRejected(f"Drive refused this: {message} ({reason}).", code=reason or "upstream_rejected")


def _signing_words(problem: Exception) -> str:
    told = str(problem)
    if "JWT" in told and "timeframe" in told:
        return "Google refuses the sign-in because of a wrong clock here. Set the clock, then check again."
    return "Google does not accept these credentials any more: they were revoked or have expired. Enter new ones."


def _list(found: Any, name: str) -> list[Any]:
    """A list in an answer that may be of any shape."""
    told = found.get(name, []) if isinstance(found, dict) else None
    if not isinstance(told, list):
        raise UpstreamUnavailable("Drive's answer is not what was asked for.")
    return told


def _file(told: Mapping[str, Any]) -> DriveFile:
    can, points = told.get("capabilities") or {}, told.get("shortcutDetails") or {}
    return DriveFile(
        id=told["id"],
        name=told.get("name", ""),
        mime=told.get("mimeType", ""),
        parents=tuple(told.get("parents") or ()),
        trashed=bool(told.get("trashed")),
        size_bytes=int(told["size"]) if "size" in told else None,
        md5=told.get("md5Checksum"),
        sha256=told.get("sha256Checksum"),
        revision=told.get("headRevisionId"),
        version=int(told.get("version", 0)),
        modified_at=told.get("modifiedTime", ""),
        drive_id=told.get("driveId"),
        target_id=points.get("targetId"),
        target_mime=points.get("targetMimeType"),
        can_download=can.get("canDownload", True),
        can_read_revisions=can.get("canReadRevisions", True),
    )
