"""Objects that no test machine could hold: what our code does with them fits into 200 MB of our own memory.

Behind the store stands a sink that keeps hashes and sizes instead of bytes.
"""

import dataclasses
import hashlib
import re
import threading
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.config import Config

from chalicelib import wiring
from chalicelib.adapters.store_s3 import S3Store
from chalicelib.errors import NotFound
from chalicelib.models import uploads as rows
from chalicelib.ports.objects import Bucket, ObjectHead, Part, SignedRequest
from chalicelib.services import signing, uploads
from chalicelib.services.uploads import UploadRequest
from infra.local.stack import Stack
from tests.builders import Shop

GIB, MIB = 1024**3, 1024**2
OUR_MEMORY_BYTES = 200 * 10**6


@contextmanager
def little_memory() -> Iterator[None]:
    """What is allocated inside never exceeds `OUR_MEMORY_BYTES` at any moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < OUR_MEMORY_BYTES
    finally:
        tracemalloc.stop()


class CopySink(BaseHTTPRequestHandler):
    """As much of S3 as a copy on the server asks for; it keeps which bytes each part covers."""

    size_bytes = 0
    heads: list[str]
    begun: list[dict[str, str]]
    parts: dict[int, tuple[str, int, int]]
    finished: list[list[int]]

    def do_HEAD(self) -> None:
        self.heads.append(self.path)
        self._answer(length=self.size_bytes)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "uploads" in parse_qs(urlsplit(self.path).query, keep_blank_values=True):
            self.begun.append({name.lower(): value for name, value in self.headers.items()})
            self._answer("<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            return
        self.finished.append([int(number) for number in re.findall(r"<PartNumber>(\d+)</PartNumber>", body)])
        self._answer('<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>')

    def do_PUT(self) -> None:
        number = int(parse_qs(urlsplit(self.path).query)["partNumber"][0])
        first, last = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["x-amz-copy-source-range"]).groups()  # type: ignore[union-attr]
        self.parts[number] = (unquote(self.headers["x-amz-copy-source"]), int(first), int(last))
        self._answer(f'<CopyPartResult><ETag>"{number}"</ETag></CopyPartResult>')

    def _answer(self, text: str = "", length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text) if length is None else length))
        self.send_header("ETag", '"source"')
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def copies() -> Iterator[tuple[type[CopySink], S3Store]]:
    sink = type("Sink", (CopySink,), {"heads": [], "begun": [], "parts": {}, "finished": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), sink)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    client = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{server.server_port}", config=Config(signature_version="s3v4")
    )
    yield sink, S3Store(client, wiring.context().settings)
    client.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("size_bytes", [5 * GIB + 1, pytest.param(5 * 1024 * GIB, marks=pytest.mark.slow)])
def test_an_object_over_five_gib_is_copied_in_parts_that_cover_it_exactly(
    stack: Stack, copies: tuple[type[CopySink], S3Store], size_bytes: int
) -> None:
    sink, store = copies
    sink.size_bytes = size_bytes

    with little_memory():
        store.copy_original("w/big.mov", "v1", "w/original", size_bytes)

    covered = [sink.parts[number] for number in sorted(sink.parts)]
    assert [first for _, first, _ in covered] == [0, *(last + 1 for _, _, last in covered[:-1])]
    assert covered[-1][2] == size_bytes - 1
    assert len(covered) <= 10_000
    assert max(last - first + 1 for _, first, last in covered) <= 5 * GIB
    assert sink.finished == [sorted(sink.parts)]
    inbox = wiring.context().settings.bucket("inbox")
    assert {source for source, _, _ in covered} == {f"{inbox}/w/big.mov?versionId=v1"}
    assert [name for name in sink.begun[0] if name.startswith("x-amz-meta-")] == []


@dataclasses.dataclass
class HashingSink:
    """The part of an object store that an upload in parts uses; bodies become hashes as they come."""

    parts: dict[int, tuple[str, int]] = dataclasses.field(default_factory=dict)
    size_bytes: int | None = None
    digest: str | None = None

    def take(self, url: str, body: bytes) -> None:
        self.parts[int(url)] = (hashlib.sha256(body).hexdigest(), len(body))

    def begin_parts(self, bucket: Bucket, key: str) -> str:
        return "u"

    def presign_part(self, bucket: Bucket, key: str, parts_id: str, number: int, *, expires_s: int) -> SignedRequest:
        return SignedRequest(str(number), {})

    def arrived_parts(self, bucket: Bucket, key: str, parts_id: str) -> list[Part]:
        if self.digest is not None:
            raise NotFound("The upload is over.")
        return [Part(number, etag, size) for number, (etag, size) in sorted(self.parts.items())]

    def finish_parts(self, bucket: Bucket, key: str, parts_id: str, parts: Sequence[tuple[int, str]]) -> None:
        self.digest = joined(etag for _, etag in parts)
        self.size_bytes = sum(self.parts[number][1] for number, _ in parts)

    def head(self, bucket: Bucket, key: str, version: str | None = None) -> ObjectHead:
        if self.size_bytes is None:
            raise NotFound("Nothing is there yet.")
        return ObjectHead(self.size_bytes, wiring.context().now(), "v1", {})


def joined(hashes: Iterator[str]) -> str:
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def bodies(size_bytes: int, part_size_bytes: int) -> Iterator[bytes]:
    """A file's parts, one in memory at a time, no two alike."""
    for number, start in enumerate(range(0, size_bytes, part_size_bytes), 1):
        yield number.to_bytes(8, "big") + bytes(min(part_size_bytes, size_bytes - start) - 8)


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("size_bytes", [GIB // 2 + 9, pytest.param(20 * GIB, marks=pytest.mark.slow)])
def test_an_upload_in_parts_is_joined_whole_though_we_never_hold_it(shop: Shop, size_bytes: int) -> None:
    sink: Any = HashingSink()
    settings = shop.ctx.settings.model_copy(update={"max_object_bytes": 5 * 1024 * GIB})
    ctx = dataclasses.replace(shop.ctx, store=sink, settings=settings)
    caller = signing.caller_of(shop.ctx, shop.key, None)

    with little_memory():
        upload = uploads.begin(ctx, caller, UploadRequest("film.mov", size_bytes))
        numbers = list(range(1, uploads.part_count(upload) + 1))
        waiting = bodies(size_bytes, upload.part_size_bytes)
        for start in range(0, len(numbers), 50):
            signed = uploads.addresses(ctx, caller, upload, numbers[start : start + 50])
            for number in numbers[start : start + 50]:
                sink.take(signed[number].url, next(waiting))
        ingest_id = uploads.complete(ctx, caller, upload)

    assert sink.size_bytes == size_bytes
    whole = (hashlib.sha256(one).hexdigest() for one in bodies(size_bytes, upload.part_size_bytes))
    assert sink.digest == joined(whole)
    kept = rows.get(caller.workspace, upload.id)
    assert kept is not None
    assert kept.ingest_id == ingest_id
