"""The document of the API, and the types made from it. That replies fit it, every test sees (tests/document.py)."""

import re

import pytest
from jsonschema import Draft202012Validator

from app import app  # noqa: F401 declares the routes
from chalicelib import errors
from chalicelib.domain.access import Right
from chalicelib.handlers import openapi
from chalicelib.handlers.routes import KNOWN, PUBLIC, ROUTES, Needs, Route
from chalicelib.handlers.share_shapes import Me
from infra.web import api_types
from tests.builders import Shop, call

DOCUMENT = openapi.document()
OPERATIONS = {
    f"{method.upper()} {path}": one for path, item in DOCUMENT["paths"].items() for method, one in item.items()
}


def test_anybody_may_read_the_document_of_the_api(stack: object) -> None:
    reply = call("GET", "/v1/openapi.json")

    assert (reply.status, reply.body) == (200, DOCUMENT)


def test_the_document_has_every_route_under_a_name_of_its_own() -> None:
    names = [one["operationId"] for one in OPERATIONS.values()]

    assert set(OPERATIONS) == {f"{one.method} {one.path}" for one in ROUTES}
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", name)] == []
    assert {one["tags"][0] for one in OPERATIONS.values()} == set(openapi.TAGS)
    assert [name for name, one in OPERATIONS.items() if not one["summary"]] == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: f"{one.method} {one.path}")
def test_only_an_answer_without_a_body_is_204(route: Route) -> None:
    assert (route.gives is None) == (route.status == 204)


def test_every_schema_is_one_and_is_used() -> None:
    text = str(DOCUMENT)

    for name, schema in DOCUMENT["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert f"#/components/schemas/{name}'" in text, name


@pytest.mark.parametrize(
    ("route", "there", "not_there"),
    [
        (Route("GET", "/v1/x", "x", "", PUBLIC, Me, 200), {400, 429}, {401, 403, 404, 409, 412, 422}),
        (Route("GET", "/v1/x/{x_id}", "x", "", KNOWN, Me, 200), {401, 403, 404, 422}, {409, 412}),
        (Route("GET", "/v1/x/{asset_id}", "x", "", Needs("asset", Right.SEE), Me, 200), {403, 404}, {409}),
        (Route("GET", "/v1/x/{asset_id}", "x", "", Needs("asset", Right.VIEW), Me, 200), {403, 404}, {409}),
        (Route("POST", "/v1/x", "x", "", KNOWN, Me, 200), {401, 403, 409, 422}, {404, 412}),
        (Route("PATCH", "/v1/x", "x", "", KNOWN, Me, 200, if_match=True), {412}, {404}),
        (Route("GET", "/v1/x", "x", "", KNOWN, Me, 200, refuses=(errors.Gone,)), {410}, {412}),
    ],
)
def test_the_refusals_of_a_route_follow_from_what_it_declares(
    route: Route, there: set[int], not_there: set[int]
) -> None:
    found = openapi.refusals(route)

    assert (there - found, not_there & found) == (set(), set())


def test_a_public_operation_asks_for_no_credentials_and_a_post_takes_an_idempotency_key() -> None:
    post = {"$ref": "#/components/parameters/IdempotencyKey"}

    assert OPERATIONS["GET /v1/health"]["security"] == []
    assert "security" not in OPERATIONS["GET /v1/me"]
    assert post in OPERATIONS["POST /v1/collections"]["parameters"]
    assert post not in OPERATIONS["POST /v1/sessions"].get("parameters", [])


@pytest.mark.requirement("R18")
def test_who_may_only_see_an_asset_gets_all_its_fields_empty(shop: Shop) -> None:
    from tests.builders import a_photo
    from tests.handlers.people import may, somebody

    shop.drop("a.jpg", a_photo(), title="secret", keywords="secret")
    (asset,) = shop.assets(collection_id="root")

    seen = somebody(shop, may(Right.SEE)).call("GET", f"/v1/assets/{asset['id']}").body

    told = {name for name, value in seen.items() if value not in (None, [], {})}
    assert told == {"id", "name", "type", "collections", "state", "rights", "etag"}
    assert seen["rights"] == ["see"]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"$ref": "#/components/schemas/Asset"}, "Asset"),
        ({"type": "array", "items": {"type": "integer"}}, "number[]"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "('a' | 'b')[]"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ({"const": True}, "true"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "Record<string, string>"),
        ({"type": "object", "additionalProperties": True}, "Record<string, any>"),
        ({"type": "object", "properties": {"a": {"type": "number"}, "b": {}}, "required": ["a"]},
         "{a: number, b?: any}"),
    ],
)  # fmt: skip
def test_a_schema_reads_as_a_type_of_the_web_app(schema: dict[str, object], kind: str) -> None:
    assert api_types.kind(schema) == kind


def test_the_web_app_has_a_signature_for_every_operation() -> None:
    made = api_types.declaration(DOCUMENT)

    names = re.findall(r"^  (\w+)\(", made, re.M)
    assert set(names) == {one["operationId"] for one in OPERATIONS.values()}
    assert (
        "  /** `GET /v1/assets/{asset_id}` */\n  getAsset(assetId: string, options?: Options): Promise<Asset>\n" in made
    )
    assert re.findall(r"^export (?!type |interface )", made, re.M) == []
