"""The S3 and SQS emulator behind a gate that only our own programs and pages pass.

Bare, the emulator lets any web page wipe every bucket with one request, answers every origin, and keeps the
body of each versioned upload in memory. This file runs in the emulator's own virtual environment, so it
imports that environment and the standard library, nothing of ours.

Environment: GATEWAY_PORT, GUARD_ORIGINS (space-separated), GUARD_WORD. Until SIGUSR1 comes, only requests
whose User-Agent holds GUARD_WORD pass; all others get 503, which AWS clients retry. That keeps objects from
being stored before versioning and notifications are in place.
"""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app as emulator
from ministack.services import s3 as store  # private: the pin and a test protect us

LOG = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

HEALTH = "/_ministack/health"
READABLE = {HEALTH, "/_ministack/ses/messages"}
ADMIN = ("/_ministack", "/_localstack", "/_aws")
JANITOR_PAUSE_S = 1.0
CORS: Headers = [
    (b"access-control-allow-methods", b"GET, HEAD, PUT"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-expose-headers", b"ETag, x-amz-version-id"),
    (b"access-control-max-age", b"3600"),
    (b"vary", b"Origin"),
]


class Guard:
    """An ASGI app in front of the emulator's. Closed until `open` is set."""

    def __init__(self, port: int, origins: set[str], word: str) -> None:
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.origins = origins
        self.word = word
        self.open = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await emulator(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        head = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self.refusal(scope["method"], scope["path"], head)
        origin = head.get("origin", "")
        cors = [(b"access-control-allow-origin", origin.encode()), *CORS] if origin in self.origins else []
        if refused:
            await answer(send, refused, cors)
        elif scope["method"] == "OPTIONS":
            await answer(send, 200, cors)
        else:
            await emulator(scope, receive, relay(send, cors))

    def refusal(self, method: str, path: str, head: dict[str, str]) -> int | None:
        """The status to refuse with: 403 for what is never allowed, 503 while the gate is closed."""
        reading = path in READABLE and method == "GET"
        if path.startswith(ADMIN) and not reading:
            return 403
        if head.get("host", "") not in self.hosts or head.get("origin", "") not in {"", *self.origins}:
            return 403
        if self.open or path == HEALTH or method == "OPTIONS":
            return None
        return None if self.word in head.get("user-agent", "") else 503


def relay(send: Send, cors: Headers) -> Send:
    """Replace the emulator's answer to any origin by ours."""

    async def relayed(message: Any) -> None:
        if message["type"] == "http.response.start":
            kept = [h for h in message["headers"] if not h[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": kept + cors}
        await send(message)

    return relayed


async def answer(send: Send, status: int, headers: Headers) -> None:
    head = [*headers, (b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": b""})


async def keep_forgetting() -> None:
    """Forget bodies about once a second, and never for more than a twentieth of the time."""
    pause_s = JANITOR_PAUSE_S
    while True:
        await asyncio.sleep(pause_s)
        begun_s = time.monotonic()
        try:
            forget_bodies()
        except Exception:  # one odd entry must not fill the memory with all others
            LOG.exception("bodies stay in memory until the next round")
        pause_s = max(JANITOR_PAUSE_S, 20 * (time.monotonic() - begun_s))


def forget_bodies() -> None:
    """Drop the copy in memory of every version whose bytes are on disk."""
    for (account, (bucket, key)), versions in list(store._object_versions._data.items()):
        held = (store._buckets._data.get((account, bucket)) or {}).get("objects") or {}
        for version in list(versions):
            if version.get("data") is not None and _on_disk(bucket, key, version, held.get(key)):
                version["data"] = None


def _on_disk(bucket: str, key: str, version: dict[str, Any], newest: dict[str, Any] | None) -> bool:
    name = version["version_id"]
    if newest and newest.get("body") is None and newest.get("version_id") == name:
        return True
    return bool(store._version_file_exists(bucket, key, name))


async def main() -> None:
    port = int(os.environ["GATEWAY_PORT"])
    guard = Guard(port, set(os.environ["GUARD_ORIGINS"].split()), os.environ["GUARD_WORD"])
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, setattr, guard, "open", True)
    janitor = asyncio.ensure_future(keep_forgetting()) if os.environ.get("S3_PERSIST") == "1" else None
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.loglevel, config.graceful_timeout = "WARNING", 1
    await serve(guard, config, shutdown_trigger=stop.wait)
    if janitor:
        janitor.cancel()


if __name__ == "__main__":
    asyncio.run(main())
