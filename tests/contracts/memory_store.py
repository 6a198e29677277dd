"""An object store in memory, as strict as S3 where the port promises something.

Signed addresses are real: a small server on 127.0.0.1 answers them. `is_down` makes every method fail.
"""

import hashlib
import itertools
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from chalicelib.domain.permits import Permit
from chalicelib.errors import InvalidInput, NotFound, UpstreamUnavailable
from chalicelib.ports.objects import Bucket, ObjectHead, ObjectVersion, Part, SignedRequest

VERSIONED = ("inbox", "originals", "audit")
MIN_PART_BYTES = 5 * 1024**2


@dataclass
class Stored:
    """One object version."""

    body: bytes
    modified_at: datetime
    version: str | None
    metadata: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Begun:
    """One multipart upload."""

    bucket: str
    key: str
    parts: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Signed:
    """What one address allows, until when, and with which headers in the request and in the answer."""

    method: str
    ends_at: datetime
    put: Callable[[bytes], str] | None = None
    get: Callable[[], bytes] | None = None
    asked: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, str] = field(default_factory=dict)


def etag_of(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'


class MemoryStore:
    """All buckets; inbox, originals and audit keep versions."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now, self.is_down = now, False
        self._objects: dict[tuple[str, str], list[Stored]] = {}
        self._hidden: set[tuple[str, str]] = set()
        self._begun: dict[str, Begun] = {}
        self._signed: dict[str, Signed] = {}
        self._names = (f"{number:08}" for number in itertools.count(1))
        self._server = _Server(self)

    def close(self) -> None:
        self._server.stop()

    def put(
        self,
        bucket: str,
        key: str,
        body: bytes,
        metadata: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str | None:
        version = next(self._names) if bucket in VERSIONED else None
        kept = self._objects.setdefault((bucket, key), [])
        self._hidden.discard((bucket, key))
        if version is None:
            kept.clear()
        kept.append(Stored(body, self.now(), version, dict(metadata or {}), dict(tags or {})))
        return version

    def _up(self) -> None:
        if self.is_down:
            raise UpstreamUnavailable("The store in memory is switched off.")

    def _find(self, bucket: str, key: str, version: str | None) -> Stored:
        self._up()
        kept = self._objects.get((bucket, key), [])
        if version is None and (bucket, key) in self._hidden:
            raise NotFound("The store in memory hides it.")
        for one in reversed(kept):
            if version in (None, one.version):
                return one
        raise NotFound("The store in memory does not have it.")

    def head(self, bucket: Bucket, key: str, version: str | None = None) -> ObjectHead:
        one = self._find(bucket, key, version)
        return ObjectHead(len(one.body), one.modified_at, one.version, dict(one.metadata))

    def tags(self, bucket: Bucket, key: str, version: str | None = None) -> dict[str, str]:
        return dict(self._find(bucket, key, version).tags)

    def write(self, bucket: Bucket, key: str, body: bytes, content_type: str) -> None:
        self._up()
        self.put(bucket, key, body)

    def copy_original(self, key: str, version: str | None, original_key: str, size_bytes: int) -> None:
        self.put("originals", original_key, self._find("inbox", key, version).body)

    def delete(self, bucket: Bucket, key: str, version: str | None) -> None:
        self._up()
        if version is None and bucket in VERSIONED:
            self._hidden.add((bucket, key))
        kept = self._objects.get((bucket, key), [])
        kept[:] = [one for one in kept if one.version != version]

    def read(self, bucket: Bucket, key: str) -> bytes:
        return self._find(bucket, key, None).body

    def read_range(self, bucket: Bucket, key: str, start: int, length: int) -> bytes:
        body = self._find(bucket, key, None).body
        if start >= len(body):
            raise NotFound("It ends before that.")
        return body[start : start + length]

    def blocks(self, bucket: Bucket, key: str) -> Iterator[bytes]:
        body = self.read(bucket, key)
        yield from (body[start : start + 1024**2] for start in range(0, len(body), 1024**2))

    def versions(self, bucket: Bucket, prefix: str = "") -> Iterator[ObjectVersion]:
        self._up()
        below = [key for place, key in self._objects if place == bucket and key.startswith(prefix)]
        for key in sorted(below, key=str.encode):
            for age, one in enumerate(reversed(self._objects[(bucket, key)])):
                is_current = age == 0 and (bucket, key) not in self._hidden
                yield ObjectVersion(key, one.version, len(one.body), one.modified_at, is_current)

    def _sign(self, signed: Signed) -> str:
        token = secrets.token_urlsafe(16)
        self._signed[token] = signed
        return f"{self._server.url}/{token}"

    def _until(self, seconds: int) -> datetime:
        return datetime.fromtimestamp(self.now().timestamp() + seconds, self.now().tzinfo)

    def presign_get(self, permit: Permit) -> str:
        answered = {}
        if permit.file_name is not None:
            answered["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(permit.file_name, safe='')}"
            answered["Content-Type"] = permit.content_type or "application/octet-stream"
        return self._sign(
            Signed(
                "GET",
                self._until(permit.expires_s),
                get=lambda: self._find(permit.bucket, permit.key, None).body,
                answered=answered,
            )
        )

    def presign_put(
        self, bucket: Bucket, key: str, *, expires_s: int, content_type: str | None = None
    ) -> SignedRequest:
        def put(body: bytes) -> str:
            self.put(bucket, key, body)
            return etag_of(body)

        asked = {"Content-Type": content_type} if content_type else {}
        return SignedRequest(self._sign(Signed("PUT", self._until(expires_s), put=put, asked=asked)), asked)

    def begin_parts(self, bucket: Bucket, key: str) -> str:
        self._up()
        parts_id = secrets.token_urlsafe(16)
        self._begun[parts_id] = Begun(bucket, key)
        return parts_id

    def _upload(self, bucket: str, key: str, parts_id: str) -> Begun:
        self._up()
        begun = self._begun.get(parts_id)
        if begun is None or (begun.bucket, begun.key) != (bucket, key):
            raise NotFound("There is no such multipart upload.")
        return begun

    def put_part(self, bucket: Bucket, key: str, parts_id: str, number: int, body: bytes) -> str:
        self._upload(bucket, key, parts_id).parts[number] = body
        return etag_of(body)

    def drop_parts(self, bucket: Bucket, key: str, parts_id: str) -> None:
        self._up()
        self._begun.pop(parts_id, None)

    def presign_part(self, bucket: Bucket, key: str, parts_id: str, number: int, *, expires_s: int) -> SignedRequest:
        def put(body: bytes) -> str:
            self._upload(bucket, key, parts_id).parts[number] = body
            return etag_of(body)

        return SignedRequest(self._sign(Signed("PUT", self._until(expires_s), put=put)), {})

    def arrived_parts(self, bucket: Bucket, key: str, parts_id: str) -> list[Part]:
        parts = sorted(self._upload(bucket, key, parts_id).parts.items())
        return [Part(number, etag_of(body), len(body)) for number, body in parts]

    def finish_parts(self, bucket: Bucket, key: str, parts_id: str, parts: Sequence[tuple[int, str]]) -> None:
        begun = self._upload(bucket, key, parts_id)
        numbers = [number for number, _ in parts]
        if not parts or numbers != sorted(set(numbers)):
            raise InvalidInput("Parts are missing or out of order.", code="upload_parts")
        chosen = [begun.parts.get(number) for number in numbers]
        if any(body is None or etag_of(body) != etag for body, (_, etag) in zip(chosen, parts, strict=True)):
            raise InvalidInput("These are not the parts that arrived.", code="upload_parts")
        bodies = [body for body in chosen if body is not None]
        if any(len(body) < MIN_PART_BYTES for body in bodies[:-1]):
            raise InvalidInput("A part other than the last is too small.", code="upload_parts")
        del self._begun[parts_id]
        self.put(bucket, key, b"".join(bodies))


class _Server:
    def __init__(self, store: MemoryStore) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"store": store}))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    store: MemoryStore

    def do_GET(self) -> None:
        self._serve("GET")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def _serve(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        signed = self.store._signed.get(self.path.lstrip("/"))
        if signed is None or signed.method != method or self.store.now() >= signed.ends_at:
            return self._answer(403)
        if any(self.headers.get(name) != value for name, value in signed.asked.items()):
            return self._answer(403)
        try:
            if signed.put is not None:
                return self._answer(200, headers={"ETag": signed.put(body)})
            assert signed.get is not None
            return self._answer(200, signed.get(), signed.answered)
        except NotFound:
            return self._answer(404)

    def _answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
