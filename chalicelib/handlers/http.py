"""`Api`: the only HTTP brain. Authentication, permission, parsing, error mapping and idempotency of every route.

A route cannot be declared without `needs`. Order of refusals: 401 · 400 · 404/403 · 409 · 412 · 422.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, Literal, TypeVar
from urllib.parse import unquote

from chalice.app import Blueprint, Request, Response
from pydantic import BaseModel, ValidationError

from chalicelib import errors, observe, wiring
from chalicelib.domain.access import Right
from chalicelib.models import idempotency
from chalicelib.ports import Context
from chalicelib.services import access, signing
from chalicelib.services.signing import Caller

STATUS: Mapping[type[errors.PackshotError], int] = {
    errors.Malformed: 400,
    errors.NotAuthenticated: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.InvalidInput: 422,
    errors.Busy: 429,
    errors.UpstreamRejected: 502,
    errors.UpstreamUnavailable: 503,
}
TITLES = {
    400: "Malformed request", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 409: "Conflict",
    410: "Gone", 412: "Changed meanwhile", 413: "Too large", 415: "Unsupported media type", 422: "Invalid input",
    429: "Too many at once", 500: "Internal error", 502: "Refused upstream", 503: "Not available",
}  # fmt: skip
COOKIE = "packshot_session"
MAX_BODY_BYTES = 1_000_000
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Needs:
    """Who may call a route: everybody, anybody known, or holders of a right on the thing in the path."""

    on: Literal["public", "known", "library", "asset", "collection"]
    right: Right | None = None

    @property
    def resource_parameter(self) -> str | None:
        """The path parameter that names the thing, if any."""
        return f"{self.on}_id" if self.on in ("asset", "collection") else None


PUBLIC, KNOWN = Needs("public"), Needs("known")


@dataclass(frozen=True)
class Route:
    """One declared route."""

    method: str
    path: str
    needs: Needs
    name: str


@dataclass
class Call:
    """One request as a handler sees it: who, on what, with which words."""

    ctx: Context
    request: Request
    request_id: str
    path: dict[str, str]
    body: Any
    caller_or_none: Caller | None
    resource: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        """The caller; routes open to everybody have none."""
        if self.caller_or_none is None:
            raise errors.NotAuthenticated("Sign in first.")
        return self.caller_or_none

    def read_body(self, shape: type[T]) -> T:
        """The body in this shape. Raises `InvalidInput` with a reason for each field."""
        return _validated(shape, {} if self.body is None else self.body)

    def read_query(self, shape: type[T]) -> T:
        """The query string in this shape. Raises `InvalidInput` with a reason for each field."""
        given: Mapping[str, str] = self.request.query_params or {}
        return _validated(shape, dict(given.items()))

    @property
    def if_match(self) -> str | None:
        """The etag the caller insists on, without quotes; None when it does not."""
        given = self.request.headers.get("if-match")
        return given.strip().removeprefix("W/").strip('"') if given else None

    def wrote(self, token: str) -> None:
        """Tell the caller the token of its write."""
        if token:
            self.headers["Packshot-Token"] = token


@dataclass(frozen=True)
class Answer:
    """A status and body other than 200 with JSON."""

    body: Any = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Any]
ROUTES: list[Route] = []


class Api:
    """The routes of one handler module. It owns a blueprint, so a raw route is out of reach."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name)

    def get(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare a GET."""
        return self._route("GET", path, needs)

    def post(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare a POST; `Idempotency-Key` is honoured."""
        return self._route("POST", path, needs)

    def patch(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare a PATCH."""
        return self._route("PATCH", path, needs)

    def put(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare a PUT."""
        return self._route("PUT", path, needs)

    def delete(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """Declare a DELETE."""
        return self._route("DELETE", path, needs)

    def _route(self, method: str, path: str, needs: Needs) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            ROUTES.append(Route(method, path, needs, handler.__name__))

            @wraps(handler)
            def view(**values: str) -> Response:
                return _serve(self.blueprint.current_request, needs, handler, values)

            names = re.findall(r"{(\w+)}", path)
            view.__signature__ = Signature(  # type: ignore[attr-defined]
                [Parameter(name, Parameter.KEYWORD_ONLY) for name in names]
            )
            self.blueprint.route(path, methods=[method], name=f"{method} {path}", content_types=_TYPES)(view)
            return handler

        return declare


_TYPES = ["application/json", "application/merge-patch+json", "application/octet-stream"]


def _serve(request: Request, needs: Needs, handler: Handler, values: Mapping[str, str]) -> Response:
    ctx = wiring.context()
    request_id = ctx.new_id()
    with observe.about(request_id=request_id, route=f"{request.method} {request.context.get('resourcePath')}"):
        try:
            return _answer(ctx, request, request_id, needs, handler, values)
        except errors.PackshotError as problem:
            return problem_response(problem, request_id)
        except Exception as problem:
            observe.trouble("request failed", problem=problem)
            return problem_response(None, request_id)


def _answer(
    ctx: Context, request: Request, request_id: str, needs: Needs, handler: Handler, values: Mapping[str, str]
) -> Response:
    caller = None if needs.on == "public" else _authenticate(ctx, request)
    path = {name: unquote(value) for name, value in values.items()}
    call = Call(ctx, request, request_id, path, _json_body(request), caller)
    if caller is not None:
        call.resource = _authorize(ctx, caller, needs, path)
    if request.method == "POST" and caller is not None and request.headers.get("idempotency-key"):
        return _once(call, caller, handler)
    return _respond(call, handler(call))


def _authenticate(ctx: Context, request: Request) -> Caller:
    given = request.headers.get("authorization")
    if given is not None:
        kind, _, secret = given.partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise errors.NotAuthenticated("Send Authorization: Bearer <key>.")
        return signing.caller_of(ctx, secret.strip(), None)
    caller = signing.caller_of(ctx, None, _cookies(request).get(COOKIE))
    if request.method not in ("GET", "HEAD"):
        _check_same_site(ctx, request)
    return caller


def _check_same_site(ctx: Context, request: Request) -> None:
    """A browser's cookie alone never writes: the request must come from our own pages."""
    origin = request.headers.get("origin")
    allowed = {ctx.settings.url, ctx.settings.url.replace("127.0.0.1", "localhost")}
    if origin is not None and origin not in allowed:
        raise errors.NotAllowed("This request comes from another site.", code="foreign_origin")
    if origin is None and request.headers.get("sec-fetch-site") not in ("same-origin", None):
        raise errors.NotAllowed("This request comes from another site.", code="foreign_origin")


def _cookies(request: Request) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in (request.headers.get("cookie") or "").split(";"))
    return {name: value for name, _, value in pairs}


def _json_body(request: Request) -> Any:
    raw = request.raw_body or b""
    if len(raw) > MAX_BODY_BYTES:
        raise errors.TooLarge("The request body is larger than 1 MB. Files go to the addresses of an upload.")
    if not raw.strip():
        return None
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise errors.Malformed("The request body is not JSON.") from problem


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _authorize(ctx: Context, caller: Caller, needs: Needs, path: Mapping[str, str]) -> Any:
    if needs.right is None:
        return None
    if needs.on == "asset":
        return access.asset(ctx, caller, path["asset_id"], needs.right)
    if needs.on == "collection":
        return access.collection(caller, path["collection_id"], needs.right)
    return access.library(caller, needs.right)


def _once(call: Call, caller: Caller, handler: Handler) -> Response:
    """Answer a POST with a key once; repeats within a day get the first answer."""
    key = str(call.request.headers["idempotency-key"])[:255]
    said = json.dumps([call.request.context.get("resourcePath"), call.path, call.body], sort_keys=True)
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    identifier = idempotency.row_id(caller.workspace, caller.principal.label, key)
    kept = idempotency.begin(identifier, fingerprint, call.ctx.now())
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise errors.InvalidInput("This Idempotency-Key was used for another request.", code="key_reused")
        if kept.answer is None:
            raise errors.Conflict("The first request with this Idempotency-Key is still running.", code="in_progress")
        return Response(**json.loads(kept.answer))
    try:
        response = _respond(call, handler(call))
    except errors.PackshotError:
        idempotency.forget(identifier)
        raise
    text = json.dumps({"body": response.body, "status_code": response.status_code, "headers": response.headers})
    if len(text) <= idempotency.MAX_ANSWER_BYTES:
        idempotency.keep(identifier, text)
    return response


def _respond(call: Call, result: Any) -> Response:
    answer = result if isinstance(result, Answer) else Answer(result)
    body = answer.body.model_dump(mode="json", by_alias=True) if isinstance(answer.body, BaseModel) else answer.body
    headers: dict[str, str | list[str]] = {**call.headers, **answer.headers, "Cache-Control": "no-store"}
    if isinstance(body, dict) and "etag" in body:
        headers["ETag"] = f'"{body["etag"]}"'
    return Response(body, headers=headers, status_code=answer.status)


def problem_response(problem: errors.PackshotError | None, request_id: str) -> Response:
    """The RFC 9457 answer for an error; None is one that nobody foresaw."""
    status = STATUS[next(one for one in type(problem).__mro__ if one in STATUS)] if problem else 500
    body: dict[str, Any] = {
        **(problem.extra if problem else {}),
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": problem.message if problem else "Something went wrong on our side. Tell us the request id.",
        "code": problem.code if problem else "internal",
        "request_id": request_id,
    }
    if problem and problem.fields:
        body["fields"] = problem.fields
    headers: dict[str, str | list[str]] = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="packshot"'
    if isinstance(problem, errors.Busy):
        headers["Retry-After"] = str(problem.retry_after_s)
    return Response(json.dumps(body), headers=headers, status_code=status)


def _validated(shape: type[T], given: Any) -> T:
    try:
        return shape.model_validate(given)
    except ValidationError as problem:
        fields = {".".join(str(part) for part in one["loc"]) or "body": one["msg"] for one in problem.errors()}
        raise errors.InvalidInput("The request is not valid.", fields=fields) from problem
