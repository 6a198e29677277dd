"""Hundreds of bad requests against every route: always a 4xx problem with a stable code, never a 5xx."""

import json
from dataclasses import replace
from typing import Any

import pytest

from app import app
from chalicelib.handlers.http import ROUTES, Route
from tests.builders import Reply, Shop, a_photo, call

BODIES: dict[str, bytes] = {
    "cut": b'{"name": ',
    "not json": b"name=Spring",
    "trailing": b"{} {}",
    "NaN": b'{"position": NaN}',
    "infinite": b'{"position": 1e999}',
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "NUL": b'{"name": "a\\u0000b"}',
    "half a character": b'{"name": "\\ud800"}',
    "half a character as a name": b'{"\\udfff": 1}',
    "very deep list": b"[" * 100_000,
    "deep list": b"[" * 500 + b"]" * 500,
    "deep object": b'{"fields":' * 300 + b"1" + b"}" * 300,
    "endless number": b'{"size_bytes": ' + b"9" * 5000 + b"}",
}
SHAPES: dict[str, Any] = {
    "list": [], "text": "x", "number": 5, "null in a list": [None], "unknown field": {"no such field": 1},
    "true": True, "odd types": {
        name: {"a": [1]}
        for name in ("name", "file_name", "token", "numbers", "parts", "reason", "overlap_s", "keywords", "size_bytes")
    },
}  # fmt: skip
QUERIES = (
    "limit=0", "limit=-1", "limit=201", "limit=x", "limit=1e3", "limit=1&limit=2", "cursor=x", "cursor=%FF",
    "cursor=" + "A" * 200, "cursor=" + "A" * 5000, "cursor=%F0%9F%91%97", "no_such=1", "limit=%00", "version=-1",
    "version=x", "version=99999999999999999999", "redirect=maybe", "state=odd", "sort=size", "parent_id=%00",
    "collection_id=none", "preset=none",
)  # fmt: skip
IDS = ("x", "%00", "%FF", "a%2Fb", "..%2F..", "%F0%9F%91%97", "x" * 2000, "%20", "root%23x", "-", "null")
TYPES = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "json", "image/png")


def filled(route: Route, identifier: str) -> str:
    return "/".join(identifier if part.startswith("{") else part for part in route.path.split("/"))


def is_problem(reply: Reply) -> bool:
    told = reply.body if isinstance(reply.body, dict) else {}
    return (
        400 <= reply.status < 500
        and reply.headers["content-type"] == "application/problem+json"
        and told.get("status") == reply.status
        and {"type", "title", "detail", "code", "request_id"} <= set(told)
        and bool(told["request_id"])
    )


@pytest.fixture(scope="module")
def asset_of(stack: object) -> tuple[Shop, dict[str, str]]:
    from tests.builders import a_shop

    shop = a_shop()
    shop.drop("Spring/a.jpg", a_photo())
    home = next(one["id"] for one in shop.call("GET", "/v1/collections").body["items"] if one["path"])
    return (
        shop,
        {
            "asset_id": shop.assets(collection_id=home)[0]["id"],
            "collection_id": home,
            "upload_id": shop.call("POST", "/v1/uploads", {"file_name": "a.jpg", "size_bytes": 9}).body["id"],
            "ingest_id": shop.call("GET", "/v1/ingest").body["items"][0]["id"],
            "key_id": shop.key.split("_")[1],
        },
    )


def genuine(route: Route, ids: dict[str, str]) -> str:
    path = route.path
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return filled(replace(route, path=path), "3" * 26)


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: f"{one.method} {one.path}")
def test_no_bad_request_is_anything_but_a_clear_refusal(asset_of: tuple[Shop, dict[str, str]], route: Route) -> None:
    shop, ids = asset_of
    path = genuine(route, ids)
    tried: dict[str, Reply] = {}
    for name, body in BODIES.items():
        tried[f"body {name}"] = shop.call(route.method, path, body)
    for kind in TYPES if route.path != "/v1/health" else ():
        tried[f"type {kind}"] = call(
            route.method, path, b"name=x", Authorization=f"Bearer {shop.key}", **{"Content-Type": kind or "/"}
        )
    tried["body huge"] = shop.call(route.method, path, b'{"name": "' + b"x" * 1_100_000 + b'"}')
    for identifier in IDS if "{" in route.path else ():
        tried[f"id {identifier[:20]}"] = shop.call(route.method, filled(route, identifier))

    assert {name: (one.status, one.body) for name, one in tried.items() if not is_problem(one)} == {}


READS_BODY = [
    one
    for one in ROUTES
    if one.method in ("POST", "PATCH")
    and not one.path.endswith(("restore", "unarchive", "retry", "withdraw", "reopen"))
]


@pytest.mark.parametrize("route", READS_BODY, ids=lambda one: f"{one.method} {one.path}")
def test_every_wrong_shape_is_named(asset_of: tuple[Shop, dict[str, str]], route: Route) -> None:
    shop, ids = asset_of

    replies = {name: shop.call(route.method, genuine(route, ids), body) for name, body in SHAPES.items()}

    assert {name: (one.status, one.body) for name, one in replies.items() if not is_problem(one)} == {}
    assert {one.status for one in replies.values()} <= {404, 422}
    assert all(one.body["fields"] for one in replies.values() if one.status == 422)


READS_QUERY = [one for one in ROUTES if one.method == "GET" and one.path in (
    "/v1/assets", "/v1/collections", "/v1/keys", "/v1/ingest", "/v1/assets/{asset_id}/versions",
    "/v1/assets/{asset_id}/download",
)]  # fmt: skip


@pytest.mark.parametrize("route", READS_QUERY, ids=lambda one: f"{one.method} {one.path}")
def test_every_wrong_query_is_refused(asset_of: tuple[Shop, dict[str, str]], route: Route) -> None:
    shop, ids = asset_of

    replies = {query: shop.call("GET", f"{genuine(route, ids)}?{query}") for query in QUERIES}

    assert {name: (one.status, one.body) for name, one in replies.items() if not is_problem(one)} == {}


@pytest.mark.requirement("RA6")
def test_a_cursor_of_another_list_or_another_workspace_is_forged(shop: Shop) -> None:
    from tests.builders import a_shop

    other = a_shop()
    for each in (shop, other):
        for name in ("a", "b"):
            each.call("POST", "/v1/collections", {"name": name})
    cursor = other.call("GET", "/v1/collections?limit=1").body["next"]

    replies = [shop.call("GET", f"/v1/collections?limit=1&cursor={cursor}"),
               other.call("GET", f"/v1/assets?limit=1&cursor={cursor}")]  # fmt: skip

    assert [(one.status, one.body["code"]) for one in replies] == [(422, "bad_cursor")] * 2


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("PUT", "/v1/me", 405, "method_not_allowed"),
        ("DELETE", "/v1/health", 405, "method_not_allowed"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_like_every_other(
    stack: object, method: str, path: str, status: int, code: str
) -> None:
    event = {
        "requestContext": {"httpMethod": method, "resourcePath": path if path.startswith("/v1/") else None,
                           "identity": {"sourceIp": ""}},
        "headers": {}, "multiValueHeaders": {}, "queryStringParameters": None, "multiValueQueryStringParameters": None,
        "pathParameters": None, "stageVariables": None, "body": None, "isBase64Encoded": False,
    }  # fmt: skip

    answer = app(event, None)

    told = json.loads(answer["body"])
    assert (answer["statusCode"], told["status"], told["code"]) == (status, status, code)
    assert answer["headers"]["Content-Type"] == "application/problem+json"


def test_what_goes_wrong_inside_says_nothing_but_a_request_id(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.services import counting

    def broken(*_: Any) -> Any:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(counting, "counts", broken)

    reply = shop.call("GET", "/v1/collections")

    assert (reply.status, reply.body["code"]) == (500, "internal")
    assert "secret" not in json.dumps(reply.body)
    assert reply.body["request_id"]


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_idempotency_key_has_1_to_255_signs(shop: Shop, key: str) -> None:
    reply = shop.call("POST", "/v1/collections", {"name": "x"}, Idempotency_Key=key)

    assert (reply.status, reply.body["code"]) == (400, "malformed")


def test_a_body_that_is_null_is_no_object(shop: Shop) -> None:
    reply = shop.call("POST", "/v1/collections", b"null")

    assert (reply.status, reply.body["fields"]) == (422, {"body": "must be an object"})


def test_a_whole_number_is_one_however_it_is_written(shop: Shop) -> None:
    begun = shop.call("POST", "/v1/uploads", b'{"file_name": "a.jpg", "size_bytes": 9.0}')
    refused = shop.call("POST", "/v1/uploads", b'{"file_name": "a.jpg", "size_bytes": 9.5}')

    assert (begun.status, refused.status) == (201, 422)
