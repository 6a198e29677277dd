"""The host of thumbnails and previews: GET and HEAD, no cookies in either direction.

What a path may show is decided by the product's egress service; here are only the headers around it.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol

LOG = logging.getLogger(__name__)
HEADERS = [
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Referrer-Policy", "no-referrer"),
]
KEPT_AN_HOUR = ("Cache-Control", "private, max-age=3600, immutable")
NOT_KEPT = ("Cache-Control", "no-store")
ALLOWED = ("Allow", "GET, HEAD")
STATUSES = {
    200: "200 OK",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    410: "410 Gone",
    500: "500 Internal Server Error",
}


class Media(Protocol):
    """What the egress service hands out."""

    @property
    def content_type(self) -> str: ...
    @property
    def body(self) -> bytes: ...


def from_product(path: str) -> Media | int:
    """Ask the product; a refusal comes back as its status."""
    from chalicelib import errors, wiring
    from chalicelib.services import egress

    try:
        found: Media = egress.media_object(wiring.context(), path)
    except errors.NotFound:
        return 404
    except errors.Gone:
        return 410
    return found


class Pictures:
    """A WSGI application over a source of pictures, by default the product's."""

    def __init__(self, source: Callable[[str], Media | int] = from_product) -> None:
        self._source = source

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        found = self._found(environ["PATH_INFO"]) if method in {"GET", "HEAD"} else 405
        if isinstance(found, int):
            more = [ALLOWED] if found == 405 else []
            start_response(STATUSES[found], [*HEADERS, NOT_KEPT, *more, ("Content-Length", "0")])
            return []
        described = [("Content-Type", found.content_type), ("Content-Length", str(len(found.body)))]
        start_response(STATUSES[200], [*HEADERS, KEPT_AN_HOUR, *described])
        return [] if method == "HEAD" else [found.body]

    def _found(self, path: str) -> Media | int:
        try:
            return self._source(path)
        except Exception:
            LOG.exception("a picture could not be served")
            return 500
