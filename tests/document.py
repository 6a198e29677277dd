"""Every reply that a test sees is compared with the API's document: status, media type, headers, each field."""

import re
from datetime import datetime
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from chalicelib.handlers import openapi

Json = dict[str, Any]
_REF = "#/components/"
_FORMATS = FormatChecker()


@_FORMATS.checks("date-time", ValueError)
def _is_moment(text: object) -> bool:
    return not isinstance(text, str) or (text.endswith("Z") and datetime.fromisoformat(text).tzinfo is not None)


@_FORMATS.checks("uri")
def _is_address(text: object) -> bool:
    return not isinstance(text, str) or bool(re.fullmatch(r"https?://[!-~]+", text))


def check(method: str, path: str, status: int, headers: dict[str, str], body: Any) -> None:
    """Fail when the document does not announce such a reply. Addresses that it does not name are not looked at."""
    template = _template(path.partition("?")[0])
    operation = openapi.document()["paths"].get(template, {}).get(method.lower()) if template else None
    if operation is None:
        return
    where = f"{method} {template} {status}"
    answers = operation["responses"]
    announced = answers.get(str(status)) or (answers.get("5XX") if status >= 500 else None)
    assert announced is not None, f"{where} is not in docs/openapi.json: {body}"
    answer = _at(announced)
    for name, header in answer.get("headers", {}).items():
        assert not header.get("required") or name.lower() in headers, f"{where} lacks the header {name}"
    content = answer.get("content")
    if content is None:
        assert not body, f"{where} has a body: {body}"
        return
    kind = headers["content-type"].partition(";")[0]
    assert kind in content, f"{where} is of type {kind}"
    wrong = [f"{one.json_path}: {one.message}" for one in _validator(template or "", method, status).iter_errors(body)]
    assert wrong == [], f"{where} is not as docs/openapi.json says: {wrong}"


def _at(schema: Json) -> Json:
    while "$ref" in schema:
        kind, name = schema["$ref"].removeprefix(_REF).split("/")
        schema = openapi.document()["components"][kind][name]
    return schema


@cache
def _validator(template: str, method: str, status: int) -> Draft202012Validator:
    answers = openapi.document()["paths"][template][method.lower()]["responses"]
    (content,) = _at(answers.get(str(status)) or answers["5XX"])["content"].values()
    return Draft202012Validator({**content["schema"], "components": _components()}, format_checker=_FORMATS)


@cache
def _components() -> Json:
    return {"schemas": _closed(openapi.document()["components"]["schemas"])}


def _closed(schema: Any) -> Any:
    """The same, but a field that is not in the document is wrong too; for callers more fields are welcome."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _closed(value) for name, value in schema.items()}
    return {"additionalProperties": False, **inner} if isinstance(schema.get("properties"), dict) else inner


@cache
def _template(path: str) -> str | None:
    return next((one for one, form in _templates() if form.fullmatch(path)), None)


@cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    """Every path of the document with what an address of it looks like, those without a parameter first."""
    templates = sorted(openapi.document()["paths"], key=lambda one: "{" in one)
    return [(one, re.compile(re.sub(r"{\w+}", "[^/]+", one))) for one in templates]
