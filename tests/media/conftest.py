"""A store on the loopback, a pool of children, and one question: what does it say of these bytes?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from media.supervise import Pool

LIMITS = {
    "max_bytes": 256_000_000,
    "max_pixels": 268_000_000,
    "max_frames": 500,
    "memory_bytes": 1 << 30,
    "cpu_s": 20,
    "wall_s": 30,
}
SIZES = {"large": 1600, "medium": 512, "small": 256}


@dataclass
class Store:
    """An object store that takes what is put and gives what it has; `put_status` lets it refuse."""

    address: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    put_status: int = 200


@dataclass(frozen=True)
class Told:
    """An answer, with the bytes of the renditions that were stored."""

    answer: dict[str, Any]
    bodies: dict[str, bytes]

    @property
    def outcome(self) -> str:
        return str(self.answer["outcome"])

    @property
    def reason(self) -> str:
        return str(self.answer["reason"])

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.answer["facts"])


class Asker:
    """Puts bytes into the store and asks the function about them."""

    def __init__(self, pool: Pool, store: Store) -> None:
        self._pool = pool
        self._store = store

    def __call__(self, body: bytes, **limits: int) -> Told:
        self._store.objects = {"/original": body}
        answer = self._pool.run(self.message(**limits))
        stored = {path.removeprefix("/put/"): made for path, made in self._store.objects.items()}
        return Told(answer, {name: made for name, made in stored.items() if name in SIZES})

    def message(self, **limits: int) -> dict[str, Any]:
        renditions = [
            {"name": name, "long_side_px": side, "format": "webp", "quality": 80, "effort": 2}
            for name, side in SIZES.items()
        ]
        puts = [
            {
                "rendition": name,
                "url": f"{self._store.address}/put/{name}?signature=x",
                "headers": {"Content-Type": "image/webp", "Cache-Control": "immutable"},
            }
            for name in SIZES
        ]
        return {
            "v": 1,
            "id": "01",
            "get_url": f"{self._store.address}/original",
            "limits": {**LIMITS, **limits},
            "recipe": {"renditions": renditions, "pipeline": 1},
            "puts": puts,
        }


def _handler(store: Store) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = store.objects.get(self.path.split("?")[0])
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_PUT(self) -> None:
            path = self.path.split("?")[0]
            store.objects[path] = self.rfile.read(int(self.headers["Content-Length"]))
            store.headers[path] = dict(self.headers)
            self.send_response(store.put_status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(made)) as server:
        made.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    made = Pool(1)
    yield made
    made.close()


@pytest.fixture
def ask(pool: Pool, store: Store) -> Asker:
    return Asker(pool, store)
