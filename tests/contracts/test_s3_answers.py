"""What S3 answers when something is wrong, replayed: each code becomes one error of ours.

The emulated S3 does not give all of these. The codes are those of the S3 API reference.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from botocore.config import Config

from chalicelib import wiring
from chalicelib.adapters.store_s3 import S3Store
from chalicelib.errors import InvalidInput, NotFound, PackshotError, UpstreamUnavailable
from infra.local.stack import Stack


class Replay(BaseHTTPRequestHandler):
    """Answers everything with one error."""

    status, code = 500, "InternalError"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = f"<Error><Code>{self.code}</Code><Message>no</Message></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def replay() -> Iterator[tuple[type[Replay], str]]:
    handler = type("One", (Replay,), {})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "NoSuchUpload", NotFound),
        (404, "NoSuchKey", NotFound),
        (404, "NoSuchVersion", NotFound),
        (400, "InvalidPart", InvalidInput),
        (400, "InvalidPartOrder", InvalidInput),
        (400, "EntityTooSmall", InvalidInput),
        (400, "MalformedXML", InvalidInput),
        (500, "InternalError", UpstreamUnavailable),
        (503, "SlowDown", UpstreamUnavailable),
        (403, "AccessDenied", UpstreamUnavailable),
        (200, "InternalError", UpstreamUnavailable),
    ],
)
def test_each_answer_of_s3_becomes_one_error_of_ours(
    stack: Stack, replay: tuple[type[Replay], str], status: int, code: str, error: type[PackshotError]
) -> None:
    handler, url = replay
    handler.status, handler.code = status, code
    client = boto3.client("s3", endpoint_url=url, config=Config(retries={"total_max_attempts": 1}))

    with pytest.raises(error):
        S3Store(client, wiring.context().settings).finish_parts("inbox", "a", "u", [(1, "e")])
