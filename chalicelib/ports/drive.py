"""Google Drive as one account sees it."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from chalicelib.domain.drive import ChangePage, DriveFile, FilePage, Sent, Upload


class Drive(Protocol):
    """One Google Drive as one account sees it. What it may not see does not exist: `NotFound`.

    Every method may raise `UpstreamUnavailable` (away, or asked too often: waiting did not help), and
    `UpstreamRejected` with Google's own reason as its code, or `needs_reconnect` when only new credentials help.
    """

    @property
    def units(self) -> int:
        """Quota units used so far."""

    def account(self) -> str:
        """The address it acts for, which folders are shared with."""

    def get(self, file_id: str) -> DriveFile:
        """One file or folder; for a shared drive's id its top folder. Raises `NotFound`."""

    def children(self, folder: DriveFile, page: str | None) -> FilePage:
        """What lies in a folder and not in the trash. Raises `Gone` when the page is not known any more."""

    def start_token(self, drive_id: str | None) -> str:
        """Where the feed stands now, of a shared drive or of the account."""

    def changes(self, token: str, drive_id: str | None) -> ChangePage:
        """News since the token, one entry a file. Raises `Gone` when the token is not known any more."""

    def read(self, file: DriveFile, start: int, length: int) -> Iterator[bytes]:
        """The file's bytes from there on, at most `length`, in blocks; where possible those of its revision, pinned.

        A block may be the last one before the end: the line may break at any time (`UpstreamUnavailable`).
        """

    def export(self, file_id: str) -> bytes:
        """A Google document as PDF, at most 10 MB. Raises `NotFound`."""

    def new_id(self) -> str:
        """An id for a file that is to be made: known before the file is, and good for one file."""

    def marked(self, folder_id: str, name: str, value: str) -> list[DriveFile]:
        """Files in this folder, not in the trash, that carry this property of ours; with all such properties.

        A copy that somebody made of a file carries what the file did. Raises `NotFound`.
        """

    def begin_upload(self, upload: Upload) -> str:
        """Begin to put bytes into a file; a secret address that takes them for about a week. Nothing changes yet.

        Raises:
            NotFound: the folder, or the file, is not there.
            Conflict: the id was used for a file before; not every Drive says so before the last byte.
        """

    def send(self, address: str, start: int, body: bytes, size_bytes: int) -> Sent:
        """Send bytes from there on, of `size_bytes` in all; all but the last in multiples of 256 KiB.

        With an empty `body` it only asks how far the upload is. Raises `Gone` when the address is over, else as
        `begin_upload`.
        """

    def close(self) -> None:
        """Let its lines go; may be called more than once."""


class OpensDrive(Protocol):
    """From credentials to their Drive."""

    def __call__(self, credentials: Mapping[str, Any], *, writes: bool = False) -> Drive:
        """The Drive of these credentials; the right to write is asked for only where it `writes`."""
