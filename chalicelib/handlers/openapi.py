"""The API's document: OpenAPI 3.1, made from the table of routes and the shapes they declare, and from nothing else."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from pydantic.json_schema import models_json_schema

from chalicelib import VERSION, errors
from chalicelib.domain.access import Right
from chalicelib.handlers import shapes
from chalicelib.handlers.http import PUBLIC, ROUTES, Api, Call, Route
from chalicelib.handlers.problems import STATUS, TITLES
from chalicelib.handlers.routes import Shape

api = Api(__name__)
Json = dict[str, Any]
TAGS = {
    "assets": "Everything people find and use, with its versions.",
    "collections": "The tree that assets live in.",
    "approvals": "Who is asked to approve what, and what they decided.",
    "comments": "What people say on versions.",
    "notices": "What the caller is told.",
    "search": "Find, suggest, follow changes.",
    "searches": "Searches with a name.",
    "duplicates": "Pairs of assets that look like the same picture.",
    "uploads": "Bytes in, straight to the store.",
    "ingest": "Files on their way into the library.",
    "connections": "Outside systems: Google Drive, a store.",
    "bulk": "One change to many assets.",
    "metadata": "Sheets for spreadsheets: SKU, position, file and alt text of many assets, out and in.",
    "downloads": "Many files at once, as one ZIP.",
    "plans": "What is to be done in a store, approved, applied, rolled back.",
    "jobs": "Long work with its progress.",
    "presets": "What pictures become on their way to a place.",
    "shares": "Links for people without an account.",
    "keys": "API keys.",
    "sessions": "Who is signed in, and where.",
    "members": "People, inside and outside.",
    "roles": "Rights by the name of a role.",
    "access": "Why somebody may, or may not.",
    "workspace": "The workspace with its rules and templates.",
    "skus": "Products by their SKU: shots, what is missing, approved images.",
    "naming": "What file names say of SKU, position and shot type.",
    "audit": "Who did what to what.",
    "service": "The service itself.",
}
_ELSEWHERE = {
    "share-sessions": "shares",
    "me": "sessions",
    "hooks": "connections",
    "changes": "search",
    "auto-tags": "assets",
    "sign-in": "sessions",
    "drop-credentials": "uploads",
    "sku-images": "skus",
    "health": "service",
    "openapi.json": "service",
}
_ABOUT = """Everything the web app does, a key can do. Ids are opaque; times are RFC 3339 in UTC; units are in names.
PATCH is JSON merge patch: null clears, lists replace. Texts hold no NUL. Refusals are problems (RFC 9457), in this
order: 401, 400, 404 or 403, 409, 412, 422. What the caller may not see is 404, what it may not do is 403."""
_Mode = Literal["validation", "serialization"]
_ALWAYS = (errors.Malformed, errors.TooLarge, errors.Unsupported, errors.Busy)
_HEADERS: Mapping[int, Json] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    429: {"Retry-After": {"required": True, "description": "In seconds.", "schema": {"type": "integer"}}},
}
_PARAMETERS: Json = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Repeats with this key and body get the first answer, for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The etag the change is based on, quoted or not, or `*`; another one is 412.",
        "schema": {"type": "string", "examples": ["*", '"3"']},
    },
}


@api.get("/v1/openapi.json", needs=PUBLIC, gives=shapes.Document)
def get_document(call: Call) -> Json:  # noqa: ARG001 the same for everybody
    """This document."""
    return document()


@cache
def document() -> Json:
    """The document of all routes that are declared when it is first asked for. Do not change it."""
    refs, definitions = _schemas()
    paths: dict[str, Json] = {}
    for route in sorted(ROUTES, key=lambda one: (one.path, one.method)):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Packshot", "version": VERSION, "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"cookie": []}],
        "tags": [{"name": name, "description": about} for name, about in TAGS.items()],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API key; it begins with `ps_`."},
                "cookie": {
                    "type": "apiKey", "in": "cookie", "name": "__Host-packshot_session",
                    "description": "The web app's session; over plain HTTP it is named `packshot_session`.",
                },
            },
            "parameters": _PARAMETERS,
            "responses": {_refusal(status): _problem(status) for status in sorted({*STATUS.values(), 414, 500})},
            "schemas": definitions,
        },
    }  # fmt: skip


def refusals(route: Route) -> set[int]:
    """The 4xx statuses that a call of this route may have: they follow from what it declares."""
    may = {*_ALWAYS, *route.refuses}
    needs, writes = route.needs, route.method != "GET"
    if needs.on != "public":
        may |= {errors.NotAuthenticated, errors.Gone}  # a share's link may be over
        may |= {errors.NotAllowed, errors.Conflict} if writes else set()
        may |= set() if writes else {errors.NotAllowed, errors.NotFound, errors.InvalidInput}  # Packshot-View-As
    if needs.right not in (None, Right.SEE):
        may.add(errors.NotAllowed)
    if "{" in route.path:
        may.add(errors.NotFound)
    if route.query or route.takes or (route.method == "POST" and needs.on != "public"):
        may.add(errors.InvalidInput)
    if route.if_match:
        may.add(errors.Stale)
    return {STATUS[one] for one in may} | ({414} if route.query else set())


def _schemas() -> tuple[dict[tuple[Any, str], Json], Json]:
    """References to the shapes of bodies by shape and mode, and the definitions they lead to."""
    asked: dict[tuple[Shape, _Mode], None] = {(shapes.Problem, "serialization"): None}
    for route in ROUTES:
        asked |= {(route.takes, "validation"): None} if route.takes else {}
        asked |= {(one, "serialization"): None for one in (route.gives, route.or_gives) if one}
    in_order = sorted(asked, key=lambda one: (one[0].__name__, one[1]))
    refs, rest = models_json_schema(in_order, ref_template="#/components/schemas/{model}")
    definitions = {name: _plain(one) for name, one in sorted(rest["$defs"].items())}
    return {(shape, mode): ref for (shape, mode), ref in refs.items()}, definitions


def _plain(schema: Any) -> Any:
    """The schema without the titles that pydantic makes of names, and without nulls that only mean: left out."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {each: _plain(one) for each, one in value.items()} if name == "properties" else _plain(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str)) and not (name == "default" and value is None)
    }


def _operation(route: Route, refs: Mapping[tuple[Any, str], Json]) -> Json:
    summary, _, more = str(route.about).strip().partition("\n")
    operation: Json = {
        "operationId": route.operation_id,
        "tags": [_tag(route.path)],
        "summary": summary.rstrip("."),
        "description": " ".join(f"{_who(route)} {more}".split()),
        "parameters": [*_in_path(route), *_in_query(route), *_in_headers(route)],
        "responses": {str(status): one for status, one in _responses(route, refs)},
    }
    if route.needs.on == "public":
        operation["security"] = []
    if route.takes:
        is_needed = any(one.is_required() for one in route.takes.model_fields.values())
        kinds = ["application/json"] + (["application/merge-patch+json"] if route.method == "PATCH" else [])
        content = {kind: {"schema": refs[route.takes, "validation"]} for kind in kinds}
        operation["requestBody"] = {"required": is_needed, "content": content}
    return {name: value for name, value in operation.items() if value != [] or name == "security"}


def _tag(path: str) -> str:
    first = path.split("/")[2]
    return _ELSEWHERE.get(first, first)


def _who(route: Route) -> str:
    needs = route.needs
    said = {"public": "For everybody.", "known": "For any key or session."}
    return said.get(needs.on) or f"Needs the right `{needs.right}` on the {needs.on}."


def _in_path(route: Route) -> Iterator[Json]:
    for name in re.findall(r"{(\w+)}", route.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,80}$"},
        }


def _in_query(route: Route) -> Iterator[Json]:
    if route.query is None:
        return
    shape: Json = _plain(route.query.model_json_schema(mode="validation"))
    for name, found in shape["properties"].items():
        about, found = found.pop("description", None), _inlined(found, shape.get("$defs", {}))
        yield {
            "name": name,
            "in": "query",
            "required": name in shape.get("required", ()),
            **({"description": about} if about else {}),
            "schema": _not_null(found),
        }


def _inlined(schema: Json, definitions: Mapping[str, Json]) -> Json:
    """The schema of a parameter without references, which nothing outside its own shape could follow."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_inlined(one, definitions) for one in schema["anyOf"]]}
    if "$ref" not in schema:
        return schema
    meant = definitions[schema["$ref"].rpartition("/")[2]]
    return {name: value for name, value in {**meant, **schema}.items() if name not in ("$ref", "description")}


def _not_null(schema: Json) -> Json:
    """A parameter is there or not; it is never null."""
    kept: list[Json] = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if "anyOf" not in schema or len(kept) > 1:
        return schema
    return {name: value for name, value in schema.items() if name != "anyOf"} | kept[0]


def _in_headers(route: Route) -> Iterator[Json]:
    if route.method == "POST" and route.needs.on != "public":
        yield {"$ref": "#/components/parameters/IdempotencyKey"}
    if route.if_match:
        yield {"$ref": "#/components/parameters/IfMatch"}


def _responses(route: Route, refs: Mapping[tuple[Any, str], Json]) -> Iterator[tuple[int | str, Json]]:
    about = str(route.gives.__doc__).partition("\n")[0] if route.gives else "Done; there is nothing to say."
    done: Json = {"description": about}
    if route.gives:
        done["content"] = {"application/json": {"schema": refs[route.gives, "serialization"]}}
    if headers := dict(_out_headers(route)):
        done["headers"] = headers
    yield route.status, done
    if route.or_gives:
        content = {"application/json": {"schema": refs[route.or_gives, "serialization"]}}
        yield 200, {"description": str(route.or_gives.__doc__).partition("\n")[0], "content": content}
    if route.redirects:
        location = {"Location": {"required": True, "schema": {"type": "string", "format": "uri"}}}
        yield 302, {"description": "The address, as a redirection.", "headers": location}
    for status in sorted(refusals(route)):
        yield status, {"$ref": f"#/components/responses/{_refusal(status)}"}
    yield "5XX", {"$ref": f"#/components/responses/{_refusal(500)}"}


def _out_headers(route: Route) -> Iterator[tuple[str, Json]]:
    if route.gives and "etag" in route.gives.model_fields:
        yield "ETag", {"required": True, "description": "The body's `etag`, quoted.", "schema": {"type": "string"}}
    if route.indexed:
        about = "For `fresh_for` of a search; absent when nothing changed."
        yield "Packshot-Token", {"description": about, "schema": {"type": "string"}}


def _refusal(status: int) -> str:
    return "".join(word.capitalize() for word in TITLES[status].split())


def _problem(status: int) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found = {"description": TITLES[status], "content": content}
    return found | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
