"""API Gateway's part of a request: find the route, make the proxy event, turn the reply into HTTP.

Pure but for the call of the app. The WSGI side is wsgi.py.
"""

import base64
import json
import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from chalice.app import Chalice

from infra.local.function import ACCOUNT, Context

LOG = logging.getLogger(__name__)
BODY_LIMIT_BYTES = 10 * 1024 * 1024
ADDRESS_LIMIT_BYTES = 10_240
REPLY_LIMIT_BYTES = 6 * 1024 * 1024
FUNCTION_LIMIT_S = 29.0
STAGE = "api"


@dataclass(frozen=True)
class Asked:
    """A request as it came: `target` is the raw path with its query, headers in order, names as sent."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    source_ip: str


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def problem(status: int, code: str, title: str, request_id: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    """The gateway's own refusals, in the shape all refusals have."""
    told = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": title,
        "code": code,
        "request_id": request_id,
    }
    content = ("Content-Type", "application/problem+json")
    return Reply(status, [content, *headers], json.dumps(told).encode())


class Routes:
    """The route table, asked by raw path. A literal part wins over a parameter, leftmost first."""

    def __init__(self, resources: Mapping[str, Any]) -> None:
        self._by_length: dict[int, list[tuple[str, list[str]]]] = {}
        for resource in sorted(resources, key=lambda r: ["{" in part for part in r.split("/")]):
            parts = resource.split("/")
            self._by_length.setdefault(len(parts), []).append((resource, parts))

    def find(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The resource and its parameters, percent-encoded as in AWS."""
        asked = (path.rstrip("/") or "/").split("/")
        for resource, parts in self._by_length.get(len(asked), []):
            pairs = list(zip(parts, asked, strict=True))
            if all(part == given if "{" not in part else given for part, given in pairs):
                return resource, {part[1:-1]: given for part, given in pairs if "{" in part}
        return None


def answered(app: Any, routes: Routes, asked: Asked) -> Reply | None:
    """The product's answer, or a refusal of the gateway's; None when no route has this path."""
    found = routes.find(asked.target.partition("?")[0])
    if found is None:
        return None
    resource, parameters = found
    context = Context("api", FUNCTION_LIMIT_S)
    if asked.method not in app.routes[resource]:
        allow = ", ".join(sorted(app.routes[resource]))
        title = "This address does not take that method."
        return problem(405, "method_not_allowed", title, context.aws_request_id, [("Allow", allow)])
    if len(asked.target) > ADDRESS_LIMIT_BYTES:
        return problem(414, "address_too_long", "The address is longer than 10 kB.", context.aws_request_id)
    if len(asked.body) > BODY_LIMIT_BYTES:
        return problem(413, "too_large", "The body is larger than 10 MB.", context.aws_request_id)
    event = proxy_event(asked, resource, parameters, app.api.binary_types, context.aws_request_id)
    return _reply(app(event, context), context.aws_request_id)


def proxy_event(
    asked: Asked,
    resource: str,
    parameters: Mapping[str, str],
    binary_types: Sequence[str],
    request_id: str,
) -> dict[str, Any]:
    """The REST proxy event: query decoded, path parameters not, of repeated names the last wins."""
    path, _, query = asked.target.partition("?")
    many_query = _gathered(parse_qsl(query, keep_blank_values=True, errors="replace"))
    many_headers = _gathered(asked.headers)
    headers = {name: values[-1] for name, values in many_headers.items()}
    binary = _is_binary(asked.headers, binary_types)
    return {
        "resource": resource,
        "path": unquote(path),
        "httpMethod": asked.method,
        "headers": headers,
        "multiValueHeaders": many_headers,
        "queryStringParameters": {name: values[-1] for name, values in many_query.items()} or None,
        "multiValueQueryStringParameters": many_query or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "httpMethod": asked.method,
            "identity": {"sourceIp": asked.source_ip, "userAgent": headers.get("User-Agent")},
            "path": f"/{STAGE}{path}",
            "protocol": "HTTP/1.1",
            "requestId": request_id,
            "resourcePath": resource,
            "stage": STAGE,
        },
        "body": _body(asked.body, binary),
        "isBase64Encoded": binary and bool(asked.body),
    }


def _gathered(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for name, value in pairs:
        gathered.setdefault(name, []).append(value)
    return gathered


def _is_binary(headers: Sequence[tuple[str, str]], binary_types: Sequence[str]) -> bool:
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    media_type = content_type.partition(";")[0].strip().lower()
    patterns = {media_type, f"{media_type.partition('/')[0]}/*", "*/*"}
    return bool(media_type) and not patterns.isdisjoint(binary_types)


def _body(body: bytes, binary: bool) -> str | None:
    if not body:
        return None
    return base64.b64encode(body).decode() if binary else body.decode("utf-8", "replace")


def _reply(answer: Mapping[str, Any], request_id: str) -> Reply:
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer.get("isBase64Encoded") else _encoded(text)
    if len(body) > REPLY_LIMIT_BYTES:
        LOG.error("a reply of %s bytes is more than Lambda passes on", len(body))
        return problem(502, "bad_gateway", "The answer is too large.", request_id)
    many: Mapping[str, Sequence[str]] = answer.get("multiValueHeaders") or {}
    single = [(n, str(v)) for n, v in (answer.get("headers") or {}).items() if n not in many]
    headers = single + [(name, str(value)) for name, values in many.items() for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Reply(int(answer["statusCode"]), headers, body)


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def one_request_a_thread(app: Chalice) -> Chalice:
    """Make `app.current_request` and `app.lambda_context` belong to the thread that serves the request.

    In Lambda a process serves one request at a time and chalice keeps them on the app; with threads one caller
    would see another's request.
    """
    here = threading.local()

    def kept(name: str) -> property:
        def read(_: Chalice) -> Any:
            return getattr(here, name, None)

        def write(_: Chalice, value: Any) -> None:
            setattr(here, name, value)

        return property(read, write)

    own: Callable[..., type] = type
    app.__class__ = own(
        "ThreadedChalice",
        (type(app),),
        {"current_request": kept("current_request"), "lambda_context": kept("lambda_context")},
    )
    for name in ("current_request", "lambda_context"):
        vars(app).pop(name, None)
    return app


SAFE_HEADER = re.compile(r"[\r\n\x00]")


def header_safe(value: str) -> str:
    """A header value that cannot end its line."""
    return SAFE_HEADER.sub(" ", value)
