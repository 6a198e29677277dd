"""The API as types, `web/types/api.gen.d.ts`: a type for each schema of the API's document, a signature an operation.

A declaration, so that the type check reads it and no page can load it. What each means stands in the document.

Written by `make docs`; nothing in it is decided here but how a schema reads in TypeScript.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
_HEAD = """// The API, as its document says. Written by `make docs` from docs/openapi.json; `make check` compares.

export interface Options {
  signal?: AbortSignal
  /** What the change is based on: sent as `If-Match`. */
  etag?: string
  /** Repeats with this key are done once: sent as `Idempotency-Key`. */
  key?: string
}
"""


def declaration(document: Json) -> str:
    """The whole declaration for this document."""
    schemas = document["components"]["schemas"]
    types = (_alias(_type(name), schema) for name, schema in schemas.items())
    operations = [(method, path, one) for path, item in document["paths"].items() for method, one in item.items()]
    in_order = sorted(operations, key=lambda one: str(one[2]["operationId"]))
    signatures = (_signature(method, path, one) for method, path, one in in_order)
    return "\n".join([_HEAD, *types, "\nexport interface Api {", *signatures, "}\n"])


def kind(schema: Json) -> str:
    """A schema as a type."""
    if "$ref" in schema:
        return _type(str(schema["$ref"]).rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(kind(one) for one in schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        return " | ".join(_literal(one) for one in schema.get("enum", [schema.get("const")]))
    found = schema.get("type")
    if found == "array":
        inner = kind(schema.get("items", {}))
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if found == "object":
        return _record(schema)
    return {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}.get(
        str(found), "any"
    )


def _record(schema: Json) -> str:
    if "properties" in schema:
        return f"{{{', '.join(f'{name}{mark}: {of}' for name, mark, of in _fields(schema))}}}"
    values = schema.get("additionalProperties")
    return f"Record<string, {kind(values) if isinstance(values, dict) else 'any'}>"


def _fields(schema: Json) -> Iterator[tuple[str, str, str]]:
    for name, one in schema["properties"].items():
        yield name, "" if name in schema.get("required", ()) else "?", kind(one)


def _literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


def _alias(name: str, schema: Json) -> str:
    """One line; what it means stands in the API's document, whose page is at hand."""
    return f"export type {name} = {kind(schema)}"


def _signature(method: str, path: str, operation: Json) -> str:
    """What an operation takes, parts of its path first, and what it answers."""
    takes = [f"{_camel(name)}: string" for name in re.findall(r"{(\w+)}", path)]
    if "requestBody" in operation:
        takes.append(f"body: {kind(operation['requestBody']['content']['application/json']['schema'])}")
    if asked := [one for one in operation.get("parameters", ()) if one.get("in") == "query"]:
        fields = (f"{one['name']}{'' if one['required'] else '?'}: {kind(one['schema'])}" for one in asked)
        must = any(one["required"] for one in asked)
        takes.append(f"query{'' if must else '?'}: {{{', '.join(fields)}}}")
    takes.append("options?: Options")
    answer = _answer(operation)
    return f"  /** `{method.upper()} {path}` */\n  {operation['operationId']}({', '.join(takes)}): Promise<{answer}>"


def _answer(operation: Json) -> str:
    done = next(one for status, one in operation["responses"].items() if status.startswith("2"))
    content = done.get("content", {}).get("application/json")
    return kind(content["schema"]) if content else "null"


def _type(name: str) -> str:
    """A schema's name as an identifier: the document tells `One-Input` from `One-Output`."""
    return name.replace("-", "")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(one.capitalize() for one in others)
