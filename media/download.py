"""Fetches originals and stores renditions over presigned addresses; standard library only.

HTTPS anywhere, plain HTTP only to this machine. Redirects are not followed and proxies not asked: the
address in the message is the only place that is ever spoken to.
"""

from __future__ import annotations

import hashlib
import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT_S = 30.0
CHUNK_BYTES = 1 << 18
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class TransferFailed(Exception):
    """A fetch or a store did not go through. Nothing is wrong with the picture: the message may be sent
    again.
    """


class TooLarge(Exception):
    """The original is larger than allowed; `size_bytes` is its size if the other side said it."""

    def __init__(self, size_bytes: int | None) -> None:
        super().__init__(f"{size_bytes} bytes")
        self.size_bytes = size_bytes


@dataclass(frozen=True)
class Fetched:
    """What came: SHA-256 in hexadecimal, and size."""

    sha256: str
    size_bytes: int


def fetch(url: str, path: Path, max_bytes: int) -> Fetched:
    """Write the body at `url` to `path` and return its digest and size.

    Raises TooLarge as soon as the size is known to exceed `max_bytes`, and TransferFailed for anything but a
    complete 200 answer.
    """
    with _exchange("GET", url) as answer:
        if answer.length is not None and answer.length > max_bytes:
            raise TooLarge(answer.length)
        digest, size_bytes = hashlib.sha256(), 0
        with path.open("wb") as file:
            while chunk := answer.read(CHUNK_BYTES):
                size_bytes += len(chunk)
                if size_bytes > max_bytes:
                    raise TooLarge(None)
                digest.update(chunk)
                file.write(chunk)
        if answer.length:
            raise TransferFailed(f"The original ended {answer.length} bytes early.")
    return Fetched(digest.hexdigest(), size_bytes)


def stretch(url: str, offset: int, length: int) -> bytes:
    """Return so many bytes of the body at `url`. Raises TransferFailed unless they come complete."""
    wanted = {"Range": f"bytes={offset}-{offset + length - 1}"}
    with _exchange("GET", url, None, wanted) as answer:
        body = answer.read()
    if len(body) != length:
        raise TransferFailed(f"Of {length} bytes {len(body)} came.")
    return body


def store(url: str, headers: dict[str, str], body: bytes) -> None:
    """Put `body` at `url` with exactly these headers. Raises TransferFailed unless the answer is 200, 201
    or 204.
    """
    with _exchange("PUT", url, body, headers) as answer:
        answer.read()


@contextmanager
def _exchange(
    method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Iterator[http.client.HTTPResponse]:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with closing(_connection(parts.scheme, parts.hostname or "", parts.port)) as connection:
            connection.request(method, target, body, headers or {})
            with connection.getresponse() as answer:
                wanted = (200, 201, 204) if method == "PUT" else (206,) if headers else (200,)
                if answer.status not in wanted:
                    raise TransferFailed(f"{method} answered {answer.status} {answer.reason}.")
                yield answer
    except (OSError, http.client.HTTPException) as error:
        raise TransferFailed(f"{method} failed: {type(error).__name__}: {error}") from error


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https" and host:
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S)
    if scheme == "http" and host in _LOOPBACK:
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    raise TransferFailed(f"Addresses must be https, or http on this machine, not {scheme}://{host}.")
