"""Small things that tests make: a workspace with its owner, pictures, a caller of the API."""

import io
import itertools
import json
import secrets
from dataclasses import dataclass
from typing import Any

from chalice.test import Client
from PIL import Image

from chalicelib import wiring
from chalicelib.domain.ids import WorkspaceId
from chalicelib.ports.context import Context
from chalicelib.services import ingest, outbox, workspaces
from chalicelib.services.arrivals import hint_of
from tests import document, policies

_COUNT = itertools.count(1)
_SEQUENCERS: dict[str | None, str] = {}
"""S3 orders the writes of one key by a sequencer; the tests hand out theirs as S3 would."""


def was_written(version: str | None) -> None:
    """Remember that this object version is the newest write: S3's own dates have whole seconds."""
    _SEQUENCERS[version] = f"{next(_COUNT):018X}"


@dataclass(frozen=True)
class Shop:
    """A fresh workspace: its context, its id and its owner's key."""

    ctx: Context
    workspace: WorkspaceId
    key: str

    def put(self, path: str, body: bytes, **metadata: str) -> str | None:
        """Put an object into the inbox, as a shop would; its version."""
        store: Any = self.ctx.store
        answer = store._s3.put_object(
            Bucket=self.ctx.settings.bucket("inbox"), Key=f"{self.workspace}/{path}", Body=body, Metadata=metadata
        )
        was_written(answer.get("VersionId"))
        return answer.get("VersionId")

    def take(self, path: str, version: str | None) -> None:
        """Work on one object version, as the function of the ingest queue does."""
        with policies.acting_as("ingest_object"):  # also in the middle of another function's work
            ingest.take(self.ctx, hint_of(self.ctx, f"{self.workspace}/{path}", version, _SEQUENCERS.get(version)))

    def drop(self, path: str, body: bytes, **metadata: str) -> str | None:
        """Put an object and work on it."""
        version = self.put(path, body, **metadata)
        self.take(path, version)
        return version

    def waiting(self) -> list[str]:
        """Keys that still wait in the inbox."""
        return [one.key for one in self.ctx.store.versions("inbox", f"{self.workspace}/")]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> "Reply":
        """Call the API as the owner."""
        return call(method, path, body, Authorization=f"Bearer {self.key}", **headers)

    def assets(self, **query: str) -> list[dict[str, Any]]:
        """Slim assets of a collection."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return list(self.call("GET", f"/v1/assets?{asked}").body["items"])


@dataclass(frozen=True)
class Reply:
    """What the API answered."""

    status: int
    body: Any
    headers: dict[str, str]


def call(method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """Call the API; `body` is JSON unless it is bytes. A reply that the API's document does not announce fails."""
    from app import app

    wiring.context()  # chalice's client lays the dev stage over the environment; the stack's must be read first
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    with Client(app) as client:
        answer = client.http.request(method, path, headers=sent, body=raw)
    plain = {name.lower(): value for name, value in answer.headers.items()}
    told = json.loads(answer.body) if answer.body[:1] in (b"{", b"[") else answer.body
    document.check(method, path, answer.status_code, plain, told)
    return Reply(answer.status_code, told, plain)


def deliver_all(ctx: Context) -> None:
    """Let the outbox tell all that is due, whichever workspace and whichever test has left it: a run tells a batch."""
    while outbox.deliver(ctx):
        pass


def a_shop() -> Shop:
    """A fresh workspace."""
    ctx = wiring.context()
    key = f"ps_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}"
    workspace = WorkspaceId(ctx.new_id())
    workspaces.found(ctx, workspaces.Founding(workspace, "A shop", ctx.new_id(), "owner@shop.test", key))
    return Shop(ctx, workspace, key)


def a_photo(shade: int = 120, size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    """A small picture; another shade gives other bytes."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").point(lambda value: (value + shade) % 256).save(out, kind)
    return out.getvalue()
