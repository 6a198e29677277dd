"""One AWS in memory behind the choke point of every client: tables, three buckets, queues, the picture function.

The product runs whole on it, adapters included, hundreds of times faster than on the emulators. A clock that tests
move, ids that repeat with the seed. Media answers by rule: `bad…` is corrupt, `odd…` fails until it is mended, the
rest is a picture.
"""

import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from unittest import mock
from urllib.parse import unquote, urlsplit

from botocore.response import StreamingBody

import app
from chalicelib import settings as configuration, wiring
from chalicelib.domain import ids
from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base
from chalicelib.ports.aws import Queue
from chalicelib.ports.context import Context
from chalicelib.services import indexing, principals, signing, uploads, visiting, workspaces
from tests import policies
from tests.faults.memory_tables import Tables, refused

_KEPT_BY_A_PROCESS: tuple[dict[Any, Any], ...] = (
    signing._keys,
    signing._sessions,
    principals._trees,
    signing._callers,
    signing._noted,
    indexing._last_begun,
    visiting._callers,
)
"""Each run is a fresh process: what the last one remembered of the same ids would be of another world."""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "memory",
    "AWS_SECRET_ACCESS_KEY": "memory",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
KEY = "ps_memory0000_" + "k" * 43
SETTINGS = {
    "PACKSHOT_STAGE": "memory",
    "PACKSHOT_URL": "http://127.0.0.1:1",
    "PACKSHOT_MEDIA_URL": "http://127.0.0.1:2",
    "PACKSHOT_LEASE_S": "60",
    "PACKSHOT_VISUAL_TAGS": "0",
}


@dataclass(frozen=True)
class Stored:
    """One object version."""

    key: str
    version: str
    body: bytes
    at: datetime
    metadata: Mapping[str, str]
    tags: Mapping[str, str]


class MemoryAws:
    """The state of everything outside the product."""

    def __init__(self, schema: Mapping[str, tuple[str, ...]], seed: int = 0) -> None:
        self.tables = Tables(schema)
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.inbox: list[Stored] = []
        self.objects: dict[tuple[str, str], bytes] = {}
        self.put_at: dict[tuple[str, str], datetime] = {}
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.parts: dict[str, bytes] = {}
        self.sent: dict[str, dict[int, bytes]] = {}
        self.is_media_mended = False
        self.calls: Counter[str] = Counter()
        self._ids = 0
        self._seed = seed

    def pass_time(self, seconds: float) -> None:
        """Move the clock on."""
        self.now += timedelta(seconds=seconds)

    def new_id(self) -> str:
        """An id that sorts by time and is the same in every run."""
        self._ids += 1
        noise = hashlib.sha256(f"{self._seed}/{self._ids}".encode()).digest()
        return ids.make_id(int(self.now.timestamp() * 1000), noise)

    def put(self, key: str, body: bytes, **metadata: str) -> Stored:
        """A shop puts an object into the inbox."""
        self._ids += 1
        at = self.now.replace(microsecond=0)
        one = Stored(key, f"v{self._ids:06d}", body, at, metadata, {})
        self.inbox.append(one)
        return one

    def call(self, service: str, name: str, asked: Mapping[str, Any]) -> Any:
        """Answer one call of a client."""
        self.calls[name] += 1
        if service == "dynamodb":
            return self.tables.call(name, asked)
        return getattr(self, f"_{service}_{name}")(asked)

    def _find(self, asked: Mapping[str, Any]) -> Stored:
        for one in reversed(self.inbox):
            if one.key == asked["Key"] and asked.get("VersionId") in (None, one.version):
                return one
        raise refused("GetObject", "NoSuchVersion")

    def _s3_HeadObject(self, asked: Mapping[str, Any]) -> Any:
        bucket = asked["Bucket"].rpartition("-")[2]
        if bucket != "inbox":
            if (bucket, asked["Key"]) not in self.objects:
                raise refused("HeadObject", "404")
            size = len(self.objects[(bucket, asked["Key"])])
            return {"ContentLength": size, "LastModified": self.now, "Metadata": {}}
        one = self._find(asked)
        return {
            "ContentLength": len(one.body), "LastModified": one.at, "VersionId": one.version,
            "Metadata": dict(one.metadata),
        }  # fmt: skip

    def _s3_GetObjectTagging(self, asked: Mapping[str, Any]) -> Any:
        return {"TagSet": [{"Key": name, "Value": value} for name, value in self._find(asked).tags.items()]}

    def _s3_CopyObject(self, asked: Mapping[str, Any]) -> Any:
        self.objects[("originals", asked["Key"])] = self._find(asked["CopySource"]).body
        return {}

    def _s3_DeleteObject(self, asked: Mapping[str, Any]) -> Any:
        if "VersionId" not in asked:
            self.objects.pop((asked["Bucket"].rpartition("-")[2], asked["Key"]), None)
            return {}
        self.inbox = [one for one in self.inbox if (one.key, one.version) != (asked["Key"], asked["VersionId"])]
        return {}

    def _s3_ListObjectVersions(self, asked: Mapping[str, Any]) -> Any:
        kept = [one for one in reversed(self.inbox) if one.key.startswith(asked.get("Prefix", ""))]
        kept.sort(key=lambda one: one.key)
        listed = [
            {"Key": one.key, "VersionId": one.version, "Size": len(one.body), "LastModified": one.at} for one in kept
        ]
        return {"Versions": listed, "IsTruncated": False}

    def _s3_PutObject(self, asked: Mapping[str, Any]) -> Any:
        bucket = asked["Bucket"].rpartition("-")[2]
        if bucket == "inbox":
            return {"VersionId": self.put(asked["Key"], asked["Body"], **asked.get("Metadata", {})).version}
        there = self.objects.get((bucket, asked["Key"]))
        mark = None if there is None else _mark(there)
        if asked.get("IfMatch", mark) != mark or (there is not None and asked.get("IfNoneMatch") == "*"):
            raise refused("PutObject", "PreconditionFailed")
        body = asked["Body"]
        self.objects[(bucket, asked["Key"])] = body if isinstance(body, bytes) else body.read()
        self.put_at[(bucket, asked["Key"])] = self.now.replace(microsecond=0)
        return {}

    def _s3_ListObjectsV2(self, asked: Mapping[str, Any]) -> Any:
        bucket, begin = asked["Bucket"].rpartition("-")[2], asked.get("Prefix", "")
        keys = sorted(key for place, key in self.objects if place == bucket and key.startswith(begin))
        if "Delimiter" in asked:
            return {"CommonPrefixes": [{"Prefix": one} for one in sorted({f"{key.split('/')[0]}/" for key in keys})]}
        listed = [
            {
                "Key": key,
                "LastModified": self.put_at.get((bucket, key), self.now),
                "Size": len(self.objects[bucket, key]),
            }
            for key in keys
        ]
        return {"Contents": listed}

    def _s3_GetObject(self, asked: Mapping[str, Any]) -> Any:
        body = self.objects.get((asked["Bucket"].rpartition("-")[2], asked["Key"]))
        if body is None:
            raise refused("GetObject", "NoSuchKey")
        if asked.get("IfNoneMatch") == _mark(body):
            raise refused("GetObject", "304")
        first, _, last = asked.get("Range", f"bytes=0-{len(body)}").removeprefix("bytes=").partition("-")
        if int(first) >= len(body):
            raise refused("GetObject", "InvalidRange")
        part = body[int(first) : int(last) + 1]
        return {"Body": StreamingBody(io.BytesIO(part), len(part)), "ETag": _mark(body)}

    def _s3_UploadPart(self, asked: Mapping[str, Any]) -> Any:
        if asked["UploadId"] not in self.parts:
            raise refused("UploadPart", "NoSuchUpload")
        self.sent.setdefault(asked["UploadId"], {})[asked["PartNumber"]] = asked["Body"]
        return {"ETag": hashlib.md5(asked["Body"], usedforsecurity=False).hexdigest()}

    def _s3_AbortMultipartUpload(self, asked: Mapping[str, Any]) -> Any:
        self.parts.pop(asked["UploadId"], None)
        self.sent.pop(asked["UploadId"], None)
        return {}

    def _s3_CreateMultipartUpload(self, asked: Mapping[str, Any]) -> Any:
        self.parts[asked["Key"]] = b""
        return {"UploadId": asked["Key"]}

    def _s3_ListParts(self, asked: Mapping[str, Any]) -> Any:
        if asked["UploadId"] not in self.parts:
            raise refused("ListParts", "NoSuchUpload")
        sent = self.sent.get(asked["UploadId"]) or {1: self.parts[asked["UploadId"]]}
        listed = [
            {"PartNumber": number, "ETag": hashlib.md5(body, usedforsecurity=False).hexdigest(), "Size": len(body)}
            for number, body in sorted(sent.items())
        ]
        return {"Parts": listed, "IsTruncated": False}

    def _s3_CompleteMultipartUpload(self, asked: Mapping[str, Any]) -> Any:
        if asked["UploadId"] not in self.parts:
            raise refused("CompleteMultipartUpload", "NoSuchUpload")
        sent = self.sent.pop(asked["UploadId"], {})
        joined = b"".join(sent[one["PartNumber"]] for one in asked["MultipartUpload"]["Parts"] if sent)
        self.put(asked["Key"], self.parts.pop(asked["UploadId"]) + joined)
        return {}

    def _sqs_GetQueueUrl(self, asked: Mapping[str, Any]) -> Any:
        return {"QueueUrl": f"http://queue/{asked['QueueName']}"}

    def _sqs_SendMessageBatch(self, asked: Mapping[str, Any]) -> Any:
        queue = asked["QueueUrl"].rpartition("-")[2]
        self.messages.setdefault(queue, []).extend(json.loads(one["MessageBody"]) for one in asked["Entries"])
        return {}

    def _ssm_GetParameter(self, _asked: Mapping[str, Any]) -> Any:
        return {"Parameter": {"Value": "m" * 43}}

    def _lambda_Invoke(self, asked: Mapping[str, Any]) -> Any:
        answer = self._picture(json.loads(asked["Payload"]))
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **({} if answer else {"FunctionError": "x"})}

    def _picture(self, message: Mapping[str, Any]) -> dict[str, Any]:
        body = self.objects[("originals", _key(message["get_url"]))]
        if body.startswith(b"odd") and not self.is_media_mended:
            return {}
        common = {"v": 1, "id": message["id"], "sha256": hashlib.sha256(body).hexdigest(), "size_bytes": len(body)}
        kind = {"type": {"kind": "image", "mime": "image/jpeg", "format": "jpeg"}, "facts": {}, "renditions": []}
        if body.startswith(b"bad"):
            return {**common, **kind, "outcome": "corrupt", "reason": "The file ends before the picture does."}
        made = []
        for put in message["puts"]:
            self.objects[("renditions", _key(put["url"]))] = put["rendition"].encode() + body
            made.append(
                {"name": put["rendition"], "width_px": 8, "height_px": 6, "size_bytes": len(body), "format": "webp"}
            )
        return {**common, **kind, "outcome": "ok", "reason": None, "thumbhash": "x", "renditions": made}


def _mark(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _key(url: str) -> str:
    """The object key in a signed address, which names the bucket by its host."""
    return unquote(urlsplit(url).path).lstrip("/")


Choke = Callable[[str, str, Mapping[str, Any], Callable[[], Any]], Any]
"""What stands between a client and its answer: service, call, parameters, and what makes the answer."""


@dataclass
class World:
    """A running in-memory AWS with one workspace. `choke` may be replaced to crash, fail or switch workers."""

    aws: MemoryAws
    ctx: Context
    choke: Choke
    workspace: WorkspaceId

    def reset(self, seed: int) -> None:
        """An empty AWS, the same for the same seed."""
        self.aws = MemoryAws(_schema(), seed)
        for kept in _KEPT_BY_A_PROCESS:
            kept.clear()
        self.workspace = WorkspaceId(self.aws.new_id())
        owner = self.aws.new_id()
        workspaces.found(self.ctx, workspaces.Founding(self.workspace, "A shop", owner, "owner@shop.test", KEY))


def through(_service: str, _name: str, _asked: Mapping[str, Any], answer: Callable[[], Any]) -> Any:
    """Let the call through."""
    return answer()


@contextmanager
def running() -> Iterator[World]:
    """The product on an in-memory AWS; the tables' names are bound to it until the end."""
    from botocore.client import BaseClient
    from botocore.signers import RequestSigner

    others = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PACKSHOT_"))}
    with mock.patch.dict("os.environ", others | ENVIRONMENT, clear=True):
        bound, settings = base._bound, configuration.load(SETTINGS)
        plain = wiring.build(settings)
        world = World(MemoryAws(_schema()), plain, through, WorkspaceId(""))
        world.ctx = replace(
            plain, now=lambda: world.aws.now, new_id=lambda: world.aws.new_id(), new_secret=lambda: "s" * 43
        )

        def call(client: BaseClient, name: str, asked: Mapping[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            policies.note(service, name, asked)
            return world.choke(service, name, asked, lambda: world.aws.call(service, name, asked))

        small = mock.patch.multiple(uploads, ONE_PUT_BYTES=4, PART_BYTES=4)
        unsigned = mock.patch.object(RequestSigner, "sign")  # nobody here looks at a signature, and it costs the most
        try:
            with mock.patch.object(BaseClient, "_make_api_call", call), mock.patch("time.sleep"), small, unsigned:
                world.reset(0)
                for queue in get_args(Queue):
                    world.ctx.queue.send(queue, {})  # addresses are looked up once a process
                yield world
        finally:
            if bound is not None:
                base.bind(bound)


def _schema() -> dict[str, tuple[str, ...]]:
    assert app.app
    found: dict[str, tuple[str, ...]] = {}
    for table in base.tables():
        schema = table._get_schema()
        name = table.Meta.table_name  # type: ignore[attr-defined]
        found[name] = _keys(schema)
        for index in schema["global_secondary_indexes"]:
            found[f"{name}/{index['index_name']}"] = _keys(index)
    return found


def _keys(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the keys, hash key first."""
    return tuple(one["AttributeName"] for one in sorted(schema["key_schema"], key=lambda one: str(one["KeyType"])))
