"""The outside world as Packshot sees it. One conformance suite a port in `tests/contracts/`.

`Context` carries the ports, the clock and the makers of ids and secrets to every service.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from chalicelib.domain.drive import ChangePage, DriveFile, FilePage
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.domain.letters import Letter
from chalicelib.domain.permits import Permit
from chalicelib.domain.queries import Ask, Document, Found, IndexState
from chalicelib.settings import Settings

Bucket = Literal["inbox", "originals", "renditions", "audit", "exports"]
Queue = Literal["events", "ingest", "outbox", "jobs", "index", "connections"]


@dataclass(frozen=True)
class ObjectHead:
    """What a store says of one object version. `version` None: the store keeps no versions there."""

    size_bytes: int
    modified_at: datetime
    version: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class ObjectVersion:
    """One line of a listing."""

    key: str
    version: str | None
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True)
class SignedRequest:
    """An address somebody may use without credentials, with the headers they must send."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """A part of a multipart upload that has arrived; numbers begin at 1."""

    number: int
    etag: str
    size_bytes: int


class ObjectStore(Protocol):
    """Bytes by key. Keys are any text of up to 1,024 bytes; an absent object raises `NotFound`.

    Every method may raise `UpstreamUnavailable`. Writing twice the same is the same as once.
    """

    def head(self, bucket: Bucket, key: str, version: str | None = None) -> ObjectHead:
        """Describe one object version, the newest if none is named. Raises `NotFound`."""

    def tags(self, bucket: Bucket, key: str, version: str | None = None) -> dict[str, str]:
        """Tags of one object version; empty when it has none. Raises `NotFound`."""

    def copy_original(self, key: str, version: str | None, original_key: str, size_bytes: int) -> None:
        """Copy an inbox version into the originals on the server, without its metadata. Raises `NotFound`."""

    def delete(self, bucket: Bucket, key: str, version: str | None) -> None:
        """Delete one object version for good; deleting what is gone is not an error."""

    def read(self, bucket: Bucket, key: str) -> bytes:
        """All bytes of a small object. Raises `NotFound`."""

    def write(self, bucket: Bucket, key: str, body: bytes, content_type: str) -> None:
        """Put a small object there, over whatever was."""

    def versions(self, bucket: Bucket, prefix: str = "") -> Iterator[ObjectVersion]:
        """Every object version below a prefix, by key, newest first within a key; no delete markers."""

    def presign_get(self, permit: Permit) -> str:
        """An address that gives the permitted object until the permit ends. Never checks existence."""

    def presign_put(
        self, bucket: Bucket, key: str, *, expires_s: int, content_type: str | None = None
    ) -> SignedRequest:
        """An address that takes one PUT of the whole object (at most 5 GiB)."""

    def put(self, bucket: Bucket, key: str, body: bytes) -> None:
        """Put a small object whole."""

    def begin_parts(self, bucket: Bucket, key: str) -> str:
        """Begin a multipart upload; its id. Each call begins another."""

    def put_part(self, bucket: Bucket, key: str, parts_id: str, number: int, body: bytes) -> str:
        """Put one part; its etag. All but the last have at least 5 MiB. Raises `NotFound` when the upload is over."""

    def drop_parts(self, bucket: Bucket, key: str, parts_id: str) -> None:
        """Give a multipart upload up with all that arrived; one that is over is not an error."""

    def presign_part(self, bucket: Bucket, key: str, parts_id: str, number: int, *, expires_s: int) -> SignedRequest:
        """An address that takes one part; all but the last have at least 5 MiB."""

    def arrived_parts(self, bucket: Bucket, key: str, parts_id: str) -> list[Part]:
        """Parts that have arrived, by number. Raises `NotFound` when the upload is over or unknown."""

    def finish_parts(self, bucket: Bucket, key: str, parts_id: str, parts: Sequence[tuple[int, str]]) -> None:
        """Make the object of its parts, once: a repeat makes no second object, and may raise `NotFound`.

        Raises:
            NotFound: the upload is unknown.
            InvalidInput: a part is missing, of other bytes, out of order, or too small; nothing is lost.
        """


class JobQueue(Protocol):
    """Hints for jobs: at least once, in any order, perhaps never. Raises `UpstreamUnavailable`."""

    def send(self, queue: Queue, body: Mapping[str, Any], *, group: str | None = None) -> None:
        """Send one message; messages of one group do not hold up other groups."""

    def send_many(self, queue: Queue, bodies: Sequence[tuple[Mapping[str, Any], str | None]]) -> None:
        """Send messages with their groups; when it raises, some may have been sent."""


class Media(Protocol):
    """The picture function: a message in, an answer out (`media/message.schema.json`)."""

    def make(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read facts and make renditions. Same message, same answer and same bytes.

        Raises:
            UpstreamUnavailable: the function failed or timed out; nothing is known of the file.
        """


class Mail(Protocol):
    """Mail to people, from the stage's own address."""

    def send(self, letter: Letter) -> None:
        """Hand one letter over; that it is taken says nothing of whether it arrives. Sent twice it arrives twice.

        Raises:
            UpstreamUnavailable: nothing is known of it; try again.
            UpstreamRejected: this letter will never be taken.
        """


@dataclass(frozen=True)
class LentKeys:
    """S3 keys with an end."""

    access_key: str
    secret_key: str
    session_token: str
    endpoint: str
    bucket: str
    expires_at: datetime


class DropKeys(Protocol):
    """Keys for people's own S3 programs."""

    def lend(self, name: str, prefix: str, kept_back: str, expires_s: int) -> LentKeys:
        """Keys that put objects into the inbox below `prefix`, but not below `kept_back`, and do nothing else anywhere.

        `expires_s` is 900 to 3,600. `name` is what the account's log shows, 2 to 64 signs. Each call makes others.
        Raises `UpstreamUnavailable`, `InvalidInput` for a prefix that could be read as a pattern.
        """


class SearchIndex(Protocol):
    """One index a workspace: a projection of the tables that can be dropped and built again.

    Each successful `apply` or `build` makes a new generation; generations only rise. One document an asset:
    applying the same again changes nothing but the generation. Every method may raise `UpstreamUnavailable`.
    """

    @property
    def check_age_s(self) -> float:
        """How far answers may lag behind the newest generation, in seconds."""

    def find(self, workspace: WorkspaceId, ask: Ask) -> Found:
        """Answer from a generation that was the newest at most `check_age_s` ago, or from the one asked for.

        A workspace without an index answers like an empty one of generation 0. Raises `Gone` when the
        generation asked for is not held any more (they are for an hour).
        """

    def suggest(self, workspace: WorkspaceId, field: str, prefix: str, ask: Ask) -> tuple[tuple[str, int], ...]:
        """Values of a field that begin with the folded prefix, commonest first, as written most often, at most
        `ask.limit`.

        Counted over what `ask` finds: its query, its sight, its `at_least`; the rest of it does not matter.
        """

    def apply(self, workspace: WorkspaceId, documents: Sequence[Document], gone: Sequence[AssetId]) -> int:
        """Put in or replace documents, take out those that are gone; the generation that holds it.

        All or nothing, at any crash. Raises `Conflict` when another writer was faster: nothing of it happened.
        """

    def build(
        self,
        workspace: WorkspaceId,
        documents: Iterable[Document],
        changes: Callable[[], tuple[Sequence[Document], Sequence[AssetId]]] | None = None,
    ) -> int:
        """Replace the whole index by these documents while readers go on with the old one; the new generation.

        Each asset comes once. `changes` gives what may have changed since it was read; it is asked after the
        documents, and again whenever an `apply` came between, so that nothing applied is lost.
        """

    def state(self, workspace: WorkspaceId) -> IndexState:
        """How the index stands."""

    def workspaces(self) -> Iterator[WorkspaceId]:
        """Every workspace that has an index."""

    def sweep(self, workspace: WorkspaceId) -> int:
        """Delete what no generation of the last hour is made of; how many objects. `apply` does it now and then."""


class Cipher(Protocol):
    """Keeps secrets: what is sealed can be stored and shown to nobody."""

    def seal(self, about: str, text: str) -> str:
        """The text so that only `open` with the same `about` reads it; sealing the same again looks different."""

    def open(self, about: str, sealed: str) -> str:
        """The text. Raises `UpstreamRejected` when it was sealed elsewhere, about something else, or is damaged."""


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

    def close(self) -> None:
        """Let its lines go; may be called more than once."""


@dataclass(frozen=True)
class Context:
    """The outside world, built once in `wiring.py` and handed to every service."""

    settings: Settings
    store: ObjectStore
    queue: JobQueue
    media: Media
    search: SearchIndex
    cipher: Cipher
    drive: Callable[[Mapping[str, Any]], Drive]
    """The Drive of these credentials."""
    mail: Mail
    drop_keys: DropKeys
    secret: Callable[[str], bytes]
    """A 32-byte key for one purpose, always the same for the same purpose."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    """43 URL-safe signs, 256 bits."""
