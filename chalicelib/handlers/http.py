"""`Api`: the only HTTP brain. Parsing, error mapping and idempotency are here; who is let in is told by `gate.py`.

A route cannot be declared without `needs` and `gives`. Order of refusals: 401 · 400 · 404/403 · 409 · 412 · 422.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, TypeVar, Unpack
from urllib.parse import unquote

from chalice.app import Blueprint, Chalice, Request, Response
from pydantic import BaseModel

from chalicelib import errors, metrics, observe, wiring
from chalicelib.handlers import gate, problems, reading, routes
from chalicelib.handlers.routes import (
    KNOWN as KNOWN,
    PUBLIC as PUBLIC,
    ROUTES as ROUTES,
    Declared,
    Needs as Needs,
    Route as Route,
)
from chalicelib.ports.context import Context
from chalicelib.services import once, visiting
from chalicelib.services.once import Answered
from chalicelib.services.signing import Caller

T = TypeVar("T", bound=BaseModel)


@dataclass
class Call:
    """One request as a handler sees it: who, on what, with which words."""

    ctx: Context
    request: Request
    request_id: str
    route: Route
    path: dict[str, str]
    body: Any
    caller_or_none: Caller | None
    resource: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seed: str | None = None
    """Under an Idempotency-Key: the same at every try of this request."""

    @property
    def caller(self) -> Caller:
        """The caller; routes open to everybody have none."""
        if self.caller_or_none is None:
            raise errors.NotAuthenticated("Sign in first.")
        return self.caller_or_none

    def read_body(self, shape: type[T]) -> T:
        """The body in the shape the route declares; none at all is an empty object. Raises `InvalidInput`, by field."""
        _check_declared(shape is self.route.takes, self.route, f"takes={shape.__name__}")
        return reading.shaped(shape, self.body)

    def read_query(self, shape: type[T]) -> T:
        """The query string in the shape the route declares. Raises `InvalidInput` with a reason for each field."""
        _check_declared(shape is self.route.query, self.route, f"query={shape.__name__}")
        return reading.query(shape, self.request)

    def check_etag(self, etag: str) -> None:
        """Raise `Stale` unless `If-Match` is absent or names this etag."""
        _check_declared(self.route.if_match, self.route, "if_match=True")
        if not reading.etag_fits(self.request, etag):
            raise errors.Stale("Somebody changed this since you read it. Read it again, then repeat your change.")

    def renew_caller(self) -> None:
        """Know the caller's rights as of now: after a write that changed the tree."""
        self.caller_or_none = gate.authenticate(self.ctx, self.request)

    def wrote(self, token: str) -> None:
        """Tell the caller the token of its write."""
        _check_declared(self.route.indexed, self.route, "indexed=True")
        if token:
            self.headers["Packshot-Token"] = token


def _check_declared(is_declared: bool, route: Route, what: str) -> None:
    """What a handler does and its route does not say is our bug: the document would be wrong."""
    if not is_declared:
        raise TypeError(f"{route.method} {route.path} does not declare {what}.")


@dataclass(frozen=True)
class Answer:
    """A body with headers, or a redirection. One that `holds_secret` is never stored for repeats.

    `is_other` is the second success that the route declares.
    """

    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    redirect_to: str | None = None
    holds_secret: bool = False
    is_other: bool = False


Handler = Callable[[Call], Any]


class Api:
    """The routes of one handler module. It owns a blueprint, so a raw route is out of reach."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name)

    def get(self, path: str, **declared: Unpack[Declared]) -> Callable[[Handler], Handler]:
        """Declare a GET."""
        return self._route("GET", path, declared)

    def post(self, path: str, **declared: Unpack[Declared]) -> Callable[[Handler], Handler]:
        """Declare a POST; `Idempotency-Key` is honoured."""
        return self._route("POST", path, declared)

    def patch(self, path: str, **declared: Unpack[Declared]) -> Callable[[Handler], Handler]:
        """Declare a PATCH."""
        return self._route("PATCH", path, declared)

    def put(self, path: str, **declared: Unpack[Declared]) -> Callable[[Handler], Handler]:
        """Declare a PUT."""
        return self._route("PUT", path, declared)

    def delete(self, path: str, **declared: Unpack[Declared]) -> Callable[[Handler], Handler]:
        """Declare a DELETE."""
        return self._route("DELETE", path, declared)

    def _route(self, method: str, path: str, declared: Declared) -> Callable[[Handler], Handler]:
        routes.check_complete(declared)

        def declare(handler: Handler) -> Handler:
            route = routes.declare(method, path, handler.__name__, handler.__doc__ or "", declared)

            @wraps(handler)
            def view(**values: str) -> Response:
                return _serve(self.blueprint.current_request, route, handler, values)

            names = re.findall(r"{(\w+)}", path)
            view.__signature__ = Signature(  # type: ignore[attr-defined]
                [Parameter(name, Parameter.KEYWORD_ONLY) for name in names]
            )
            self.blueprint.route(path, methods=[method], name=f"{method} {path}", content_types=["*/*"])(view)
            return handler

        return declare


def _serve(request: Request, route: Route, handler: Handler, values: Mapping[str, str]) -> Response:
    ctx = wiring.context()
    request_id = ctx.new_id()
    with observe.about(request_id=request_id, route=f"{route.method} {route.path}"):
        begun = time.monotonic()
        try:
            at = replace(ctx, address=gate.address_of(ctx, request))
            response = _answer(at, request, request_id, route, handler, values)
        except errors.PackshotError as problem:
            response = problems.of(problem, request_id)
        except Exception as problem:
            observe.trouble("request failed", problem=problem)
            response = problems.of(None, request_id)
        _count(route, request, int(response.status_code), metrics.since_ms(begun))
    return response


def _count(route: Route, request: Request, status: int, took_ms: int) -> None:
    """One line a request: operators see load, refusals and slowness by class of route, and in the line by route."""
    numbers: dict[metrics.Name, float] = {"RequestMs": took_ms}
    if status >= 400:
        numbers["ServerErrors" if status >= 500 else "ClientErrors"] = 1
    observe.note("answered", status=status, counted=metrics.told(numbers, of=_class_of(route, request)))


def _class_of(route: Route, request: Request) -> metrics.RequestClass:
    if visiting.is_visit(request.headers.get("authorization", "").partition(" ")[2]):
        return "shared"
    if route.path.startswith(("/v1/search", "/v1/suggest")):
        return "search"
    return "read" if route.method == "GET" else "write"


def _answer(
    ctx: Context, request: Request, request_id: str, route: Route, handler: Handler, values: Mapping[str, str]
) -> Response:
    ahead = gate.ahead(route, values)
    known = None if route.needs.on == "public" else gate.authenticate(ctx, request, ahead)
    caller = gate.viewing_as(ctx, request, known) if known else None
    path = reading.path_values({name: unquote(value) for name, value in values.items()})
    call = Call(ctx, request, request_id, route, path, reading.json_body(request), caller)
    if known is None or caller is None:
        return _respond(call, handler(call))
    if cookie := gate.renewed_session(ctx, request, known):
        call.headers["Set-Cookie"] = cookie
    try:
        gate.check_for_shares(caller, route)
        call.resource = gate.authorize(ctx, caller, route.needs, path, ahead)
        if request.method == "POST" and request.headers.get("idempotency-key") is not None:
            return _once(call, caller, handler)
        return _respond(call, handler(call))
    except errors.NotAllowed as problem:
        gate.note_refusal(ctx, caller, route, path, problem)
        raise


def _once(call: Call, caller: Caller, handler: Handler) -> Response:
    """Answer a POST with a key once; repeats within a day get the first answer."""
    key = str(call.request.headers["idempotency-key"])
    said = json.dumps([call.request.context.get("resourcePath"), call.path, call.body], sort_keys=True)

    def make(seed: str) -> Answered:
        call.seed = seed
        result = handler(call)
        response = _respond(call, result)
        told = {"body": response.body, "status_code": response.status_code, "headers": response.headers}
        return Answered(json.dumps(told), isinstance(result, Answer) and result.holds_secret)

    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    return Response(**json.loads(once.once(call.ctx, caller, key, fingerprint, make)))


def _respond(call: Call, result: Any) -> Response:
    answer = result if isinstance(result, Answer) else Answer(result)
    headers: dict[str, str | list[str]] = {**call.headers, **answer.headers, "Cache-Control": "no-store"}
    if answer.redirect_to is not None:
        return Response("", headers={**headers, "Location": answer.redirect_to}, status_code=302)
    if isinstance(answer.body, dict) and "etag" in answer.body:
        headers["ETag"] = f'"{answer.body["etag"]}"'
    if answer.body is None:
        return Response("", headers=headers, status_code=call.route.status)
    _check_declared(not answer.is_other or call.route.or_gives is not None, call.route, "or_gives")
    status = 200 if answer.is_other else call.route.status
    return Response(answer.body, headers={**headers, "Content-Type": "application/json"}, status_code=status)


class Product(Chalice):
    """Chalice, but for its own refusals: those are problems too, like every other."""

    def __call__(self, event: Any, context: Any) -> Any:
        """Answer one API Gateway event."""
        known = event.get("requestContext", {}).get("resourcePath") in self.routes
        answer = super().__call__(event, context) if known else {"statusCode": 404}
        return problems.of_framework(answer, wiring.new_id())
