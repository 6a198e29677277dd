"""What Google's answers about a Drive mean: files as values, and refusals told apart by their reason, never by status.

The reasons are those of 2026-11.
"""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.drive import DriveChange, DriveFile
from chalicelib.errors import Conflict, NotFound, PackshotError, UpstreamRejected, UpstreamUnavailable

RECONNECT = "needs_reconnect"
_WAITS = frozenset({"userRateLimitExceeded", "rateLimitExceeded", "backendError", "internalError"})


class Wait(UpstreamUnavailable):
    """Google asks for patience: try again after `after_s`, or after a growing random while."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


def refusal(status: int, body: bytes, retry_after: str | None = None) -> PackshotError:
    """What an error of Google means for us."""
    try:
        told = json.loads(body)["error"]
        reason, message = str(told["errors"][0]["reason"]), str(told["message"])
    except (ValueError, KeyError, TypeError, IndexError):
        reason, message = "", f"status {status}"
    if reason in _WAITS or status == 429 or status >= 500:
        after_s = float(retry_after) if retry_after and retry_after.isdigit() else None
        return Wait(f"Drive asks for patience ({reason or status}).", after_s)
    if status == 401:
        return UpstreamRejected("Google does not accept these credentials any more.", code=RECONNECT)
    if status == 409:
        return Conflict("Drive has had a file of this id before.", code="id_used")
    if status == 404:
        return NotFound("Drive does not show this file to us: it is deleted or not shared.")
    return UpstreamRejected(f"Drive refused this: {message} ({reason}).", code=reason or "upstream_rejected")


def unsigned(problem: Any) -> PackshotError:
    """What a sign-in that failed means: Google is away, or only new credentials, or a set clock, help."""
    if getattr(problem, "retryable", False):
        return Wait("Google's sign-in does not answer.")
    told = str(problem)
    if "JWT" in told and "timeframe" in told:
        words = "Google refuses the sign-in because of a wrong clock here. Set the clock, then check again."
    else:
        words = "Google does not accept these credentials any more: they were revoked or have expired. Enter new ones."
    return UpstreamRejected(words, code=RECONNECT)


def list_in(found: Any, name: str) -> list[Any]:
    """A list in an answer that may be of any shape."""
    told = found.get(name, []) if isinstance(found, dict) else None
    if not isinstance(told, list):
        raise _unreadable()
    return told


def text_in(found: Any, *names: str) -> str:
    """A text in an answer that may be of any shape."""
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, str):
        raise _unreadable()
    return found


def file_of(told: Any) -> DriveFile:
    """A file in an answer that may be of any shape. Raises `UpstreamUnavailable` when it is none."""
    try:
        return _file(told)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise _unreadable() from problem


def change_of(told: Any) -> DriveChange | None:
    """An entry of the feed that may be of any shape; None when it is about no file."""
    if isinstance(told, dict) and (told.get("changeType", "file") != "file" or not told.get("fileId")):
        return None
    file_id = text_in(told, "fileId")
    return DriveChange(file_id, None if told.get("removed") or "file" not in told else file_of(told["file"]))


def _unreadable() -> UpstreamUnavailable:
    return UpstreamUnavailable("Drive's answer is not what was asked for.")


def _file(told: Mapping[str, Any]) -> DriveFile:
    can, points = told.get("capabilities") or {}, told.get("shortcutDetails") or {}
    file = DriveFile(
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
        can_add=can.get("canAddChildren", True),
        properties=dict(told.get("appProperties") or {}),
    )
    texts = (file.id, file.name, file.mime, file.modified_at, *file.parents)
    maybe = (file.md5, file.sha256, file.revision, file.drive_id, file.target_id, file.target_mime)
    if not all(isinstance(one, str) for one in (*texts, *(one for one in maybe if one is not None))) or not file.id:
        raise ValueError("a text is none")
    return file
