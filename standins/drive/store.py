"""What the stand-in holds: files, their bytes by revision, the log of changes; all on disk, written as it happens."""

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from standins.drive.generated import Generated

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
NATIVE = "application/vnd.google-apps."
File = dict[str, Any]


class Store:
    """Files as Drive describes them, plus `_shared` (addresses that may read) and flags that begin with `_`.

    Times are those of a clock that can be moved. Every change of a file is one entry at the end of the log, and the
    log keeps only the newest entry a file.
    """

    def __init__(self, place: Path, user: str) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.user = user
        self._blobs = place / "blobs"
        self._blobs.mkdir(exist_ok=True)
        self._db = sqlite3.connect(place / "drive.sqlite", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS kept (kind TEXT, id TEXT, value TEXT, PRIMARY KEY (kind, id))")
        kept = self._db.execute("SELECT kind, id, value FROM kept").fetchall()
        by_kind: dict[str, dict[str, Any]] = {"file": {}, "change": {}, "drive": {}, "number": {}}
        for kind, identifier, value in kept:
            by_kind[kind][identifier] = json.loads(value)
        self.files: dict[str, File] = by_kind["file"]
        self.drives: dict[str, Any] = by_kind["drive"]
        self.changes: dict[str, int] = by_kind["change"]
        self._numbers: dict[str, Any] = {"change": 100, "clock_s": 0, **by_kind["number"]}
        self.children: dict[str, set[str]] = {}
        for one in self.files.values():
            self._place(one)
        if "root" not in self._numbers:
            root = self.add({"name": "My Drive", "mimeType": FOLDER, "parents": []})
            self._number("root", root["id"])

    @property
    def root(self) -> str:
        return str(self._numbers["root"])

    @property
    def token(self) -> int:
        """The token of the next change."""
        return int(self._numbers["change"])

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Write what happens meanwhile to disk in one go."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._numbers["clock_s"]))

    def advance(self, seconds: float) -> None:
        self._number("clock_s", self._numbers["clock_s"] + seconds)

    def stamp(self) -> str:
        return self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def add(self, values: File, body: bytes | Generated | None = None) -> File:
        """Make a file; `values` are as the caller gave them."""
        mime = values.get("mimeType") or "application/octet-stream"
        identifier = values.get("id") or "1" + secrets.token_urlsafe(24).replace("-", "x").replace("_", "y")
        parents = values.get("parents")
        one: File = {
            "kind": "drive#file", "id": identifier, "name": values.get("name", "Untitled"), "mimeType": mime,
            "parents": list(parents if parents is not None else [self.root]), "trashed": False,
            "explicitlyTrashed": False, "createdTime": values.get("createdTime") or self.stamp(),
            "modifiedTime": values.get("modifiedTime") or self.stamp(), "version": "0", "ownedByMe": True,
            "_shared": list(values.get("_shared", [])), "_revisions": [],
        }  # fmt: skip
        for name in ("appProperties", "description", "shortcutDetails", "properties"):
            if name in values:
                one[name] = values[name]
        drive = next((self.drive_of(each) for each in one["parents"] if self.drive_of(each)), None)
        if drive:
            one["driveId"] = drive
        if not mime.startswith(NATIVE):
            self._content(one, body or b"")
        self.files[identifier] = one
        return self.save(one)

    def content(self, one: File, body: bytes) -> None:
        """Give the file other bytes: a new head revision."""
        self._content(one, body)
        one["modifiedTime"] = self.stamp()

    def _content(self, one: File, body: bytes | Generated) -> None:
        revision: dict[str, Any] = {"id": "0B" + secrets.token_urlsafe(20), "at": self.stamp()}
        if isinstance(body, Generated):
            md5, digest = body.digests()
            revision["generated"] = body.made_of
        else:
            md5, digest = hashlib.md5(body).hexdigest(), hashlib.sha256(body).hexdigest()
            (self._blobs / digest).write_bytes(body)
        one["_revisions"] = [*one["_revisions"], {**revision, "sha256": digest}]
        one |= {
            "headRevisionId": revision["id"], "size": str(len(body)), "md5Checksum": md5,
            "sha256Checksum": digest, "originalFilename": one["name"],
            "fileExtension": one["name"].rpartition(".")[2] if "." in one["name"] else "",
        }  # fmt: skip

    def body(self, one: File, revision: str | None = None) -> bytes | Generated | None:
        """The bytes of a revision, the newest if none is named."""
        wanted = revision or one.get("headRevisionId")
        found = next((each for each in one["_revisions"] if each["id"] == wanted), None)
        if found is None:
            return None
        if "generated" in found:
            return Generated(*found["generated"])
        return (self._blobs / str(found["sha256"])).read_bytes()

    def save(self, one: File) -> File:
        """Write the file and put it at the end of the log."""
        one["version"] = str(int(one["version"]) + 1)
        self._place(one)
        self._keep("file", one["id"], one)
        self.log(one["id"])
        return one

    def log(self, file_id: str) -> None:
        self.changes[file_id] = self.token
        self._keep("change", file_id, self.token)
        self._number("change", self.token + 1)

    def delete(self, one: File) -> None:
        """Delete it with all below, past the trash."""
        for below in [self.files[each] for each in self.children.get(one["id"], ())]:
            self.delete(below)
        del self.files[one["id"]]
        for each in one["parents"]:
            self.children.get(each, set()).discard(one["id"])
        self._db.execute("DELETE FROM kept WHERE kind = 'file' AND id = ?", (one["id"],))
        self.log(one["id"])

    def add_drive(self, name: str) -> dict[str, Any]:
        top = self.add({"name": name, "mimeType": FOLDER, "parents": []})
        top["driveId"] = top["id"]
        self.save(top)
        drive = {"kind": "drive#drive", "id": top["id"], "name": name, "createdTime": self.stamp()}
        self.drives[top["id"]] = drive
        self._keep("drive", top["id"], drive)
        return drive

    def drive_of(self, file_id: str) -> str | None:
        one = self.files.get(file_id)
        return one.get("driveId") if one else None

    def above(self, one: File) -> Iterator[File]:
        """The folders above it, nearest first."""
        seen: set[str] = set()
        queue = list(one["parents"])
        while queue:
            each = self.files.get(queue.pop(0))
            if each is not None and each["id"] not in seen:
                seen.add(each["id"])
                queue += each["parents"]
                yield each

    def is_trashed(self, one: File) -> bool:
        return bool(one["explicitlyTrashed"]) or any(each["explicitlyTrashed"] for each in self.above(one))

    def sees(self, who: str, one: File) -> bool:
        """The user sees everything; others what is shared with them, itself or through a folder above."""
        return who == self.user or any(who in each["_shared"] for each in (one, *self.above(one)))

    def _place(self, one: File) -> None:
        for below in self.children.values():
            below.discard(one["id"])
        for each in one["parents"]:
            self.children.setdefault(each, set()).add(one["id"])

    def _number(self, name: str, value: Any) -> None:
        self._numbers[name] = value
        self._keep("number", name, value)

    def _keep(self, kind: str, identifier: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (kind, identifier, json.dumps(value)))
