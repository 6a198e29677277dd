"""Answer Lambda invocations of the media function on this machine.

Here: the HTTP shape of Lambda Invoke for one function, in front of the pool of worker processes that the
media package owns. Nothing that parses pictures is loaded into this process.

    python -m infra.local.lambda_endpoint PORT STAGE
"""

import json
import signal
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORKERS = 2
Answer = Callable[[dict[str, Any]], dict[str, Any]]
MAX_MESSAGE_BYTES = 6 * 1024 * 1024


class Endpoint(ThreadingHTTPServer):
    """Serves `POST /2015-03-31/functions/<function>/invocations` by calling `answer`, a thread a request."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, function: str, answer: Answer) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.path = f"/2015-03-31/functions/{function}/invocations"
        self.answer = answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: Endpoint

    def do_GET(self) -> None:
        self._send(200 if self.path == "/health" else 404, {})

    def do_POST(self) -> None:
        if self.headers.get("Origin") or self.path.split("?")[0] != self.server.path:
            self.close_connection = True
            self._send(404, {"Message": "Function not found", "Type": "User"}, "ResourceNotFoundException")
            return
        size = int(self.headers.get("Content-Length") or 0)
        if size > MAX_MESSAGE_BYTES:
            self.close_connection = True
            self._send(413, {"Message": "The message is larger than 6 MB."}, "RequestTooLargeException")
            return
        self._invoke(self.rfile.read(size))

    def _invoke(self, body: bytes) -> None:
        try:
            reply = self.server.answer(json.loads(body or b"{}"))
        except Exception as error:  # Lambda answers 200 and says in a header that the function failed
            self.log_error("media failed: %r", error)
            failure = {"errorMessage": str(error), "errorType": type(error).__name__}
            self._send(200, failure, function_error="Unhandled")
        else:
            self._send(200, reply)

    def _send(
        self, status: int, body: dict[str, Any], error: str | None = None, function_error: str | None = None
    ) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in (("x-amzn-errortype", error), ("X-Amz-Function-Error", function_error)):
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Only failures are worth a line."""


def media_pool() -> Answer:
    """The product's own pool of media workers; they start with the first message."""
    from media.supervise import Pool

    run: Answer = Pool(size=WORKERS).run
    return run


def lazily(make: Callable[[], Answer]) -> Answer:
    """Call `make` when the first message comes, once."""
    lock, made = threading.Lock(), list[Answer]()

    def answer(message: dict[str, Any]) -> dict[str, Any]:
        with lock:
            if not made:
                made.append(make())
        return made[0](message)

    return answer


def main() -> int:
    port, stage = int(sys.argv[1]), sys.argv[2]
    server = Endpoint(port, f"packshot-{stage}-media", lazily(media_pool))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
