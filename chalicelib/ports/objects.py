"""Where bytes lie: buckets with versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from chalicelib.domain.permits import Permit

Bucket = Literal["inbox", "originals", "renditions", "audit", "exports"]


@dataclass(frozen=True)
class ObjectHead:
    """What a store says of one object version. `version` None: the store keeps no versions there."""

    size_bytes: int
    modified_at: datetime
    version: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class ObjectVersion:
    """One line of a listing. `is_current`: a read that names no version gives this one."""

    key: str
    version: str | None
    size_bytes: int
    modified_at: datetime
    is_current: bool = True


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
        """Delete one object version for good; deleting what is gone is not an error.

        Without a version the key is hidden: where versions are kept they stay, where none are the object is gone.
        """

    def read(self, bucket: Bucket, key: str) -> bytes:
        """All bytes of a small object. Raises `NotFound`."""

    def read_range(self, bucket: Bucket, key: str, start: int, length: int) -> bytes:
        """The object's bytes from `start` on, at most `length`, which is at least 1; fewer only at its end.

        Raises `NotFound`, also when the object ends before `start`.
        """

    def blocks(self, bucket: Bucket, key: str) -> Iterator[bytes]:
        """All bytes of an object of any size, in blocks of at most 1 MiB. Raises `NotFound` before the first."""

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
