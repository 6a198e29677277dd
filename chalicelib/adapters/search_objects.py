"""Objects of the search indexes in S3, with the conditional writes that make one manifest the current one.

IAM: s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket on the index bucket only.
Limits (2026-11): one PUT at most 5 GiB; `If-Match` and `If-None-Match` hold on PUT.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from chalicelib.adapters.aws import classify
from chalicelib.errors import Conflict, NotFound, UpstreamUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOST = {"412", "PreconditionFailed", "409", "ConditionalRequestConflict"}
_SIGNED_S = 300
_SAME = {"304", "NotModified"}


@dataclass(frozen=True)
class Stored:
    """One line of a listing."""

    key: str
    modified_at: datetime
    size_bytes: int


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as problem:
        if str(problem.response.get("Error", {}).get("Code", "")) in _LOST:
            raise Conflict("Another writer was faster.", code="lost_race") from problem
        raise classify(problem, "The search index") from problem
    except (BotoCoreError, HTTPClientError) as problem:
        raise classify(problem, "The search index") from problem


class IndexObjects:
    """Bytes by key in the index bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def get(self, key: str) -> tuple[bytes, str]:
        """All bytes and the mark (ETag) of this state. Raises `NotFound`."""
        with _translated():
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
            return found["Body"].read(), found["ETag"]

    def get_unless(self, key: str, mark: str) -> tuple[bytes, str] | None:
        """The same, or None when the object still has this mark. Raises `NotFound`."""
        with _translated():
            try:
                found = self._s3.get_object(Bucket=self._bucket, Key=key, IfNoneMatch=mark)
            except ClientError as problem:
                if str(problem.response.get("Error", {}).get("Code", "")) in _SAME:
                    return None
                raise
            return found["Body"].read(), found["ETag"]

    def chunks(self, key: str, start: int, length: int, size: int = 8 * 2**20) -> Iterator[bytes]:
        """A part of an object, piece by piece. Raises `NotFound`."""
        if not length:
            return
        with _translated():
            found = self._s3.get_object(Bucket=self._bucket, Key=key, Range=f"bytes={start}-{start + length - 1}")
            yield from found["Body"].iter_chunks(size)

    def address(self, key: str) -> str:
        """An address at which the object can be read for a few minutes."""
        found: str = self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=_SIGNED_S
        )
        return found

    def put(self, key: str, body: "bytes | IO[bytes]") -> None:
        """Put an object; the same key again replaces it."""
        with _translated():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)

    def swap(self, key: str, body: bytes, mark: str | None) -> None:
        """Replace the state that has this mark (None: there is no object yet).

        A repeat of a swap that went through, but whose answer was lost, succeeds.

        Raises:
            Conflict: the object has changed; nothing was written.
        """
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if mark is None else {"IfMatch": mark}
        try:
            with _translated():
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, **condition)
        except (Conflict, NotFound) as lost:
            if self._is(key, body):
                return
            raise Conflict("Another writer was faster.", code="lost_race") from lost

    def _is(self, key: str, body: bytes) -> bool:
        try:
            return self.get(key)[0] == body
        except NotFound:
            return False

    def delete(self, key: str) -> None:
        """Delete an object; deleting what is gone is not an error."""
        with _translated():
            self._s3.delete_object(Bucket=self._bucket, Key=key)

    def listed(self, prefix: str) -> Iterator[Stored]:
        """Every object below a prefix, by key."""
        with _translated():
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                for one in page.get("Contents", []):
                    yield Stored(one["Key"], one["LastModified"], one["Size"])

    def folders(self) -> Iterator[str]:
        """Names before the first slash of any key."""
        with _translated():
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Delimiter="/"):
                for one in page.get("CommonPrefixes", []):
                    yield one["Prefix"].rstrip("/")


def damaged(what: str) -> UpstreamUnavailable:
    """The error for stored bytes that are not what was stored; the index must be built anew."""
    return UpstreamUnavailable(f"The search index is damaged ({what}); it is built anew.", code=DAMAGED)


DAMAGED = "index_damaged"
