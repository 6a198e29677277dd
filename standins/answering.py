"""What every stand-in does over HTTP: take a request whole, answer it, break off where a fault says so."""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol


class Blocks(Protocol):
    """A body that is too large to be held: it knows its length and is given in blocks."""

    def __len__(self) -> int: ...

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`."""


class Answering(BaseHTTPRequestHandler, ABC):
    """One connection. A subclass answers in `answer`; who hangs up meanwhile is no error."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    most_body_bytes: int | None = None

    @abstractmethod
    def answer(self, body: bytes) -> None:
        """Answer the request that was taken."""

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        try:
            if self.most_body_bytes is not None and length > self.most_body_bytes:
                self.close_connection = True
                self.send(413, b"", {})
                return
            self.answer(self.rfile.read(length) if length else b"")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = do_GET

    def json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.send(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})

    def send(self, status: int, body: bytes, headers: dict[str, str], cut_after: int | None = None) -> None:
        """Send it, or its head and the first bytes of it, and then hang up."""
        self._head(status, len(body), headers)
        if self.command != "HEAD":
            self.wfile.write(body if cut_after is None else body[:cut_after])
        if cut_after is not None:
            self.cut()

    def stream(
        self, status: int, body: Blocks, start: int, end: int, headers: dict[str, str], cut_after: int | None = None
    ) -> None:
        """As `send`, of a body that is given in blocks."""
        self._head(status, end - start, headers)
        for block in body.blocks(start, end if cut_after is None else min(end, start + cut_after)):
            self.wfile.write(block)
        if cut_after is not None:
            self.cut()

    def cut(self) -> None:
        """Hang up."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(length))
        self.end_headers()


def serving(kind: type[Answering], port: int, **known: Any) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 that answers in threads, whose requests know `known`; the caller runs and stops it."""
    server = ThreadingHTTPServer(("127.0.0.1", port), type(kind.__name__, (kind,), known))
    server.daemon_threads = True
    return server


def in_a_thread(server: ThreadingHTTPServer) -> tuple[ThreadingHTTPServer, str]:
    """The server, running, and its address."""
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
