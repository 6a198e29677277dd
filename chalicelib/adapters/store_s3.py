"""ObjectStore on S3.

IAM: s3:GetObject, s3:GetObjectVersion, s3:GetObjectTagging, s3:GetObjectVersionTagging, s3:PutObject,
s3:DeleteObjectVersion, s3:ListBucketVersions, s3:ListMultipartUploadParts, s3:AbortMultipartUpload.
Limits (2026-11): one PUT and one copy at most 5 GiB, parts 5 MiB to 5 GiB, 10,000 parts, keys 1,024 bytes.
Addresses are always signed with s3v4; the client given here must be made with that version.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import classify
from chalicelib.domain.permits import Permit
from chalicelib.errors import NotFound
from chalicelib.ports.objects import Bucket, ObjectHead, ObjectVersion, Part, SignedRequest
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ONE_COPY_BYTES = 5 * 1024**3
_BLOCK_BYTES = 1024**2


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as problem:
        raise classify(problem, "The object store") from problem


class S3Store:
    """The buckets of one stage."""

    def __init__(self, client: "S3Client", settings: Settings) -> None:
        self._s3 = client
        self._name = settings.bucket

    def _place(self, bucket: Bucket, key: str, version: str | None) -> dict[str, Any]:
        named = {"VersionId": version} if version else {}
        return {"Bucket": self._name(bucket), "Key": key, **named}

    def head(self, bucket: Bucket, key: str, version: str | None = None) -> ObjectHead:
        with _translated():
            found = self._s3.head_object(**self._place(bucket, key, version))
        return ObjectHead(found["ContentLength"], found["LastModified"], found.get("VersionId"), found["Metadata"])

    def tags(self, bucket: Bucket, key: str, version: str | None = None) -> dict[str, str]:
        with _translated():
            found = self._s3.get_object_tagging(**self._place(bucket, key, version))
        return {tag["Key"]: tag["Value"] for tag in found["TagSet"]}

    def copy_original(self, key: str, version: str | None, original_key: str, size_bytes: int) -> None:
        source: Any = self._place("inbox", key, version)
        target: dict[str, Any] = {"Bucket": self._name("originals"), "Key": original_key}
        with _translated():
            if size_bytes <= _ONE_COPY_BYTES:
                self._s3.copy_object(
                    CopySource=source, MetadataDirective="REPLACE", TaggingDirective="REPLACE", **target
                )
            else:
                self._s3.copy(source, target["Bucket"], target["Key"])

    def delete(self, bucket: Bucket, key: str, version: str | None) -> None:
        with _translated():
            self._s3.delete_object(**self._place(bucket, key, version))

    def read(self, bucket: Bucket, key: str) -> bytes:
        with _translated():
            return self._s3.get_object(**self._place(bucket, key, None))["Body"].read()

    def read_range(self, bucket: Bucket, key: str, start: int, length: int) -> bytes:
        asked = f"bytes={start}-{start + length - 1}"
        with _translated():
            return self._s3.get_object(**self._place(bucket, key, None), Range=asked)["Body"].read()

    def blocks(self, bucket: Bucket, key: str) -> Iterator[bytes]:
        with _translated():
            body = self._s3.get_object(**self._place(bucket, key, None))["Body"]
            yield from body.iter_chunks(_BLOCK_BYTES)

    def write(self, bucket: Bucket, key: str, body: bytes, content_type: str) -> None:
        with _translated():
            self._s3.put_object(**self._place(bucket, key, None), Body=body, ContentType=content_type)

    def versions(self, bucket: Bucket, prefix: str = "") -> Iterator[ObjectVersion]:
        with _translated():
            pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._name(bucket), Prefix=prefix)
            for page in pages:
                for one in page.get("Versions", []):
                    version = one.get("VersionId")
                    known = None if version == "null" else version
                    yield ObjectVersion(one["Key"], known, one["Size"], one["LastModified"], one.get("IsLatest", True))

    def presign_get(self, permit: Permit) -> str:
        asked: dict[str, Any] = {"Bucket": self._name(permit.bucket), "Key": permit.key}
        if permit.file_name is not None:
            plain = permit.file_name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
            plain = plain.replace("?", "_")
            asked["ResponseContentDisposition"] = (
                f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(permit.file_name, safe='')}"
            )
            asked["ResponseContentType"] = permit.content_type or "application/octet-stream"
        return self._s3.generate_presigned_url("get_object", Params=asked, ExpiresIn=permit.expires_s)

    def presign_put(
        self, bucket: Bucket, key: str, *, expires_s: int, content_type: str | None = None
    ) -> SignedRequest:
        asked: dict[str, Any] = {"Bucket": self._name(bucket), "Key": key}
        headers = {}
        if content_type:
            asked["ContentType"] = content_type
            headers["Content-Type"] = content_type
        url = self._s3.generate_presigned_url("put_object", Params=asked, ExpiresIn=expires_s)
        return SignedRequest(url, headers)

    def begin_parts(self, bucket: Bucket, key: str) -> str:
        with _translated():
            return self._s3.create_multipart_upload(Bucket=self._name(bucket), Key=key)["UploadId"]

    def put(self, bucket: Bucket, key: str, body: bytes) -> None:
        with _translated():
            self._s3.put_object(Bucket=self._name(bucket), Key=key, Body=body)

    def put_part(self, bucket: Bucket, key: str, parts_id: str, number: int, body: bytes) -> str:
        with _translated():
            found = self._s3.upload_part(
                Bucket=self._name(bucket), Key=key, UploadId=parts_id, PartNumber=number, Body=body
            )
        return found["ETag"]

    def drop_parts(self, bucket: Bucket, key: str, parts_id: str) -> None:
        with suppress(NotFound), _translated():
            self._s3.abort_multipart_upload(Bucket=self._name(bucket), Key=key, UploadId=parts_id)

    def presign_part(self, bucket: Bucket, key: str, parts_id: str, number: int, *, expires_s: int) -> SignedRequest:
        asked = {"Bucket": self._name(bucket), "Key": key, "UploadId": parts_id, "PartNumber": number}
        return SignedRequest(self._s3.generate_presigned_url("upload_part", Params=asked, ExpiresIn=expires_s), {})

    def arrived_parts(self, bucket: Bucket, key: str, parts_id: str) -> list[Part]:
        with _translated():
            pages = self._s3.get_paginator("list_parts").paginate(Bucket=self._name(bucket), Key=key, UploadId=parts_id)
            return [
                Part(one["PartNumber"], one["ETag"], one["Size"]) for page in pages for one in page.get("Parts", [])
            ]

    def finish_parts(self, bucket: Bucket, key: str, parts_id: str, parts: Sequence[tuple[int, str]]) -> None:
        chosen: Any = {"Parts": [{"PartNumber": number, "ETag": etag} for number, etag in parts]}
        with _translated():
            self._s3.complete_multipart_upload(
                Bucket=self._name(bucket), Key=key, UploadId=parts_id, MultipartUpload=chosen
            )
