"""What only a real Google account can tell of Drive, asked of it and compared with how the stand-in behaves.

python -m conformance.drive --credentials key.json --folder ID [--url https://www.googleapis.com]

`key.json` is a service account's key file, or `{"refresh_token", "client_id", "client_secret"}` with the scope `drive`.
The folder must take files of that account: for a service account it lies in a shared drive. Everything happens in a
new folder in there, which is put into Drive's trash at the end; nothing else is touched. Ends with 1 when something
differs.

It cannot tell: how long an upload's address lives (a week, it is said), what exceeding the daily quotas looks like,
how long the trash and older revisions are kept, and whether a mere viewer may read revisions.
"""

import argparse
import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.domain.drive import FOLDER, DriveFile, Upload
from chalicelib.errors import Conflict, Gone, NotFound, PackshotError

STEP = 256 * 1024
PATIENCE_S = 120.0
ALL = {"supportsAllDrives": True}


@dataclass(frozen=True)
class Answer:
    """What was seen, and whether the stand-in does the same."""

    question: str
    seen: str
    is_same: bool


@dataclass
class Account:
    """The account under test, and the folder in which everything happens."""

    drive: GoogleDrive
    folder: DriveFile
    pause_s: float

    @property
    def api(self) -> Any:
        return self.drive._api()

    def update(self, file_id: str, **asked: Any) -> None:
        self.api.files().update(fileId=file_id, **ALL, **asked).execute()

    def make_folder(self, name: str) -> str:
        body = {"name": name, "mimeType": FOLDER, "parents": [self.folder.id]}
        return str(self.api.files().create(body=body, **ALL).execute()["id"])

    def upload(self, body: bytes, file_id: str, folder_id: str | None) -> DriveFile:
        made = Upload(file_id, "image/jpeg", len(body), {"packshot_asset": file_id}, folder_id, "a.jpg")
        sent = self.drive.send(self.drive.begin_upload(made), 0, body, len(body))
        if sent.file is None:
            raise AssertionError("a whole upload made no file")
        return sent.file

    def news(self, token: str, wanted: set[str]) -> tuple[set[str], float]:
        """Which of these the feed reports within the patience, and after how many seconds the last came."""
        begun, seen, last = time.monotonic(), set[str](), 0.0
        while seen < wanted and time.monotonic() - begun < self.pause_s:
            at: str | None = token
            while at is not None:
                page = self.drive.changes(at, self.folder.drive_id)
                fresh = {one.file_id for one in page.changes} & wanted
                last = time.monotonic() - begun if fresh - seen else last
                seen |= fresh
                at = page.next
            if seen < wanted:
                time.sleep(min(2.0, self.pause_s / 10))
        return seen, last


def ids(account: Account) -> Iterator[Answer]:
    """Whether an id that is known before makes one file, ever."""
    file_id = account.drive.new_id()
    made = account.upload(b"one", file_id, account.folder.id)
    yield Answer("a file has the id that was made before it", made.id, made.id == file_id)
    try:
        account.drive.begin_upload(Upload(file_id, "image/jpeg", 3, {}, account.folder.id, "a.jpg"))
        when = "not before the last byte"
    except Conflict:
        when = "when the upload begins"
    yield Answer("when a used id is refused", when, True)
    try:
        account.upload(b"two", file_id, account.folder.id)
        yield Answer("a used id is refused", "it was taken", False)
    except Conflict:
        yield Answer("a used id is refused", "409", True)
    digest = hashlib.sha256(b"one").hexdigest()
    yield Answer("sha256Checksum is there at once", str(made.sha256), made.sha256 == digest)


def uploads(account: Account) -> Iterator[Answer]:
    """Whether an upload says how far it is, and is over when it is done."""
    body, file_id = b"x" * (STEP + 5), account.drive.new_id()
    address = account.drive.begin_upload(Upload(file_id, "image/jpeg", len(body), {}, account.folder.id, "b.jpg"))
    begun = account.drive.send(address, 0, b"", len(body)).next
    some = account.drive.send(address, 0, body[:STEP], len(body)).next
    asked = account.drive.send(address, 0, b"", len(body)).next
    yield Answer("an upload says how far it is", f"{begun}, {some}, {asked}", (begun, some, asked) == (0, STEP, STEP))
    account.drive.send(address, STEP, body[STEP:], len(body))
    try:
        again = account.drive.send(address, 0, b"", len(body))
        yield Answer("an upload that is done is over", f"answers {'the file' if again.file else again.next}", False)
    except Gone:
        yield Answer("an upload that is done is over", "404 or 410", True)


def revisions(account: Account) -> Iterator[Answer]:
    """Whether bytes can be pinned to a revision and asked for from the middle."""
    first = account.upload(b"0123456789", account.drive.new_id(), account.folder.id)
    second = account.upload(b"abcdefghij", first.id, None)
    yield Answer("other bytes are another head revision", "", first.revision != second.revision)
    yield Answer("this account may read revisions", str(second.can_read_revisions), second.can_read_revisions)
    try:
        part = b"".join(account.drive.read(first, 3, 4))
    except PackshotError as problem:
        part = problem.message.encode()
    yield Answer("a revision is read from the middle", part.decode("utf-8", "replace"), part == b"3456")


def marks(account: Account) -> Iterator[Answer]:
    """Whether our properties are found at once, and copies carry them."""
    file_id = account.drive.new_id()
    account.upload(b"marked", file_id, account.folder.id)
    begun, found = time.monotonic(), 0
    while not found and time.monotonic() - begun < account.pause_s:
        found = len(account.drive.marked(account.folder.id, "packshot_asset", file_id))
        if not found:
            time.sleep(min(1.0, account.pause_s / 10))
    yield Answer("a property is found by search", f"after {time.monotonic() - begun:.1f} s", found == 1)
    account.api.files().copy(fileId=file_id, body={}, **ALL).execute()
    time.sleep(min(5.0, account.pause_s / 10))
    copies = len(account.drive.marked(account.folder.id, "packshot_asset", file_id))
    yield Answer("a copy carries the properties", f"{copies} files", copies == 2)


def feed(account: Account) -> Iterator[Answer]:
    """What the feed reports, how late, and whether it names what lies in a folder that was trashed."""
    token = account.drive.start_token(account.folder.drive_id)
    folder_id, file_id = account.make_folder("Below"), account.drive.new_id()
    account.upload(b"in", file_id, folder_id)
    seen, after_s = account.news(token, {folder_id, file_id})
    yield Answer("the feed reports a new file and folder", f"after {after_s:.1f} s", seen == {folder_id, file_id})
    token = account.drive.start_token(account.folder.drive_id)
    account.update(folder_id, body={"trashed": True})
    seen, _ = account.news(token, {folder_id})
    time.sleep(min(10.0, account.pause_s / 10))
    also, _ = account.news(token, {file_id}) if seen else (set[str](), 0.0)
    yield Answer("a trashed folder is reported", "", bool(seen))
    yield Answer("what lies in it is reported too (we do not rely on it)", str(bool(also)), True)
    try:
        yield Answer("what lies in a trashed folder is trashed", "", account.drive.get(file_id).trashed)
    except NotFound:
        yield Answer("what lies in a trashed folder is trashed", "it is not found", False)


QUESTIONS: tuple[Callable[[Account], Iterator[Answer]], ...] = (ids, uploads, revisions, marks, feed)


def answers(drive: GoogleDrive, folder_id: str, pause_s: float = PATIENCE_S) -> Iterator[Answer]:
    """Ask everything, in a new folder that goes into the trash in the end."""
    account = Account(drive, drive.get(folder_id), pause_s)
    account.folder = drive.get(account.make_folder(f"Packshot conformance {secrets.token_hex(4)}"))
    try:
        for question in QUESTIONS:
            try:
                yield from question(account)
            except PackshotError as problem:
                yield Answer(str(question.__doc__), f"{problem.code}: {problem.message}", False)
    finally:
        account.update(account.folder.id, body={"trashed": True})
        drive.close()


def main() -> int:
    """Print every answer; 1 when one differs."""
    words = argparse.ArgumentParser()
    words.add_argument("--credentials", type=Path, required=True)
    words.add_argument("--folder", required=True)
    words.add_argument("--url", default="https://www.googleapis.com")
    wanted = words.parse_args()
    given = json.loads(wanted.credentials.read_text())
    credentials = {"service_account": given} if given.get("type") == "service_account" else given
    differs = 0
    for one in answers(
        GoogleDrive(wanted.url, credentials, writes=True, spread=lambda: secrets.randbelow(1000) / 1000), wanted.folder
    ):
        print(
            f"{'same   ' if one.is_same else 'DIFFERS'} {one.question}{': ' if one.seen else ''}{one.seen}", flush=True
        )
        differs += not one.is_same
    return int(differs > 0)


if __name__ == "__main__":
    sys.exit(main())
