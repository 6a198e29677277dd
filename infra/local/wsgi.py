"""HTTP in front of the product: API and web app on one port, pictures on another.

Here: WSGI in and out, and who answers. Not here: what API Gateway would do (gateway.py), pictures (media_host.py),
mails (mailbox.py), processes (server.py).
"""

import importlib
import logging
import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from infra.local import mailbox, media_host, statics
from infra.local.gateway import (
    BODY_LIMIT_BYTES,
    Asked,
    Reply,
    Routes,
    answered,
    header_safe,
    one_request_a_thread,
    problem,
)
from infra.local.tools import ROOT

LOG = logging.getLogger(__name__)
Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
CONNECTION_HEADERS = {"connection", "content-length", "transfer-encoding", "keep-alive"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True)
class Site:
    """A WSGI application: the app's routes first, then the files of `web`, then 404."""

    app: Any
    routes: Routes
    web: Path
    policy: str
    aws_url: str = ""
    """Where the mails lie that were sent on this machine."""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked = request(environ)
        try:
            reply = answered(self.app, self.routes, asked) or self._mails(asked) or self._file(asked)
        except Exception:
            LOG.exception("%s %s failed", asked.method, asked.target.partition("?")[0])
            reply = problem(500, "internal_error", "Something went wrong on our side.", str(uuid.uuid4()))
        return send(asked, reply, start_response)

    def _mails(self, asked: Asked) -> Reply | None:
        if not self.aws_url or asked.method != "GET" or asked.target.partition("?")[0] != mailbox.PATH:
            return None
        given = {name.lower(): value for name, value in asked.headers}
        port = os.environ["PACKSHOT_URL"].rsplit(":", 1)[1]
        status, headers, body = mailbox.answer(self.aws_url, [f"127.0.0.1:{port}", f"localhost:{port}"], given)
        return Reply(status, [*headers, ("Cache-Control", "no-store")], body)

    def _file(self, asked: Asked) -> Reply:
        path = asked.target.partition("?")[0]
        file = statics.found(self.web, path) if asked.method in {"GET", "HEAD"} else None
        if file is None:
            return problem(404, "not_found", "There is nothing at this address.", str(uuid.uuid4()))
        headers = [
            ("ETag", file.etag),
            ("Cache-Control", "no-cache"),
            ("Content-Security-Policy", self.policy),
        ]
        if file.etag in header(asked, "if-none-match"):
            return Reply(304, headers, b"")
        return Reply(200, [("Content-Type", file.content_type), *headers], file.body)


def request(environ: Environ) -> Asked:
    """Read a WSGI request; of a body over the gateway's limit only one byte too many is read."""
    headers = [
        (name[5:].replace("_", "-").title(), str(value)) for name, value in environ.items() if name.startswith("HTTP_")
    ]
    for name, title in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length")):
        if environ.get(name):
            headers.append((title, str(environ[name])))
    target = environ.get("RAW_URI") or _target(environ)
    if "://" in target.partition("?")[0]:
        target = "/" + target.split("://", 1)[1].partition("/")[2]
    return Asked(
        environ["REQUEST_METHOD"],
        target,
        headers,
        environ["wsgi.input"].read(BODY_LIMIT_BYTES + 1) if _has_body(environ) else b"",
        str(environ.get("REMOTE_ADDR", "")),
    )


def _target(environ: Environ) -> str:
    path = environ.get("PATH_INFO", "/").encode("latin-1")
    quoted = "".join(chr(b) if (chr(b).isalnum() and b < 128) or chr(b) in "/-._~" else f"%{b:02X}" for b in path)
    query = environ.get("QUERY_STRING", "")
    return f"{quoted}?{query}" if query else quoted


def _has_body(environ: Environ) -> bool:
    return bool(environ.get("CONTENT_LENGTH")) or environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"


def header(asked: Asked, name: str) -> str:
    return next((value for given, value in asked.headers if given.lower() == name), "")


def send(asked: Asked, reply: Reply, start_response: StartResponse) -> Iterable[bytes]:
    headers = [(n, header_safe(v)) for n, v in reply.headers if n.lower() not in CONNECTION_HEADERS]
    given = {name.lower() for name, _ in headers}
    headers += [(name, value) for name, value in ALWAYS.items() if name.lower() not in given]
    if reply.status != HTTPStatus.NOT_MODIFIED:
        headers.append(("Content-Length", str(len(reply.body))))
    start_response(f"{reply.status} {_phrase(reply.status)}", headers)
    return [] if asked.method == "HEAD" else [reply.body]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Other"


def site(app: Any, web: Path, policy: str, aws_url: str = "") -> Site:
    """A site over a chalice app. The app is changed so that threads may share it."""
    return Site(one_request_a_thread(app), Routes(app.routes), web, policy, aws_url)


def by_port(media_port: int, pictures: Any, rest: Any) -> Callable[[Environ, StartResponse], Iterable[bytes]]:
    """Two hosts in one process, told apart by the port that accepted the connection."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        chosen = pictures if str(environ["SERVER_PORT"]) == str(media_port) else rest
        answer: Iterable[bytes] = chosen(environ, start_response)
        return answer

    return application


def make() -> Callable[[Environ, StartResponse], Iterable[bytes]]:
    """The application that server.py runs, from the environment."""
    product = importlib.import_module("app").app
    whole = site(product, ROOT / "web", statics.policy(os.environ), os.environ["AWS_ENDPOINT_URL"])
    media_port = int(os.environ["PACKSHOT_MEDIA_URL"].rsplit(":", 1)[1])
    return by_port(media_port, media_host.Pictures(), whole)
