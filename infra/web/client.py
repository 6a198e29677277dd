"""The web app's client, `web/lib/api.gen.js`: a typedef for each schema of the API's document, a function an operation.

Types only, so that it stays small: what each means stands in the document.

Written by `make docs`; nothing in it is decided here but how a schema reads in JSDoc.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
_HEAD = """// @ts-check
// The API, as its document says. Written by `make docs` from docs/openapi.json; `make check` compares.
import { call } from './http.js'

/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {string} [etag] What the change is based on: sent as `If-Match`.
 * @property {string} [key] Repeats with this key are done once: sent as `Idempotency-Key`.
 */
"""


def module(document: Json) -> str:
    """The whole module for this document."""
    schemas = document["components"]["schemas"]
    typedefs = (_typedef(_type(name), schema) for name, schema in schemas.items())
    operations = [(method, path, one) for path, item in document["paths"].items() for method, one in item.items()]
    in_order = sorted(operations, key=lambda one: str(one[2]["operationId"]))
    functions = (_function(method, path, one) for method, path, one in in_order)
    return "\n".join([_HEAD, *typedefs, *functions])


def kind(schema: Json) -> str:
    """A schema as a type of JSDoc."""
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


def _typedef(name: str, schema: Json) -> str:
    """One line; what it means stands in the API's document, whose page is at hand."""
    return f"/** @typedef {{{kind(schema)}}} {name} */\n"


def _function(method: str, path: str, operation: Json) -> str:
    takes: list[tuple[str, str]] = []
    passed: list[str] = []
    names = re.findall(r"{(\w+)}", path)
    takes += [(_camel(name), "string") for name in names]
    address = re.sub(r"{(\w+)}", lambda found: f"${{encodeURIComponent({_camel(found[1])})}}", path)
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/json"]["schema"]
        takes.append(("body", kind(content)))
        passed.append("body")
    if asked := [one for one in operation.get("parameters", ()) if one.get("in") == "query"]:
        fields = (f"{one['name']}{'' if one['required'] else '?'}: {kind(one['schema'])}" for one in asked)
        must = any(one["required"] for one in asked)
        takes.append(("query" if must else "query = {}", f"{{{', '.join(fields)}}}"))
        passed.append("query")
    given = ", ".join(f"{name.split()[0]}{'?' if '=' in name else ''}: {of}" for name, of in takes)
    typed = f"({given}{', ' if given else ''}options?: Options) => Promise<{_answer(operation)}>"
    arguments = ", ".join([*(name for name, _ in takes), "options = {}"])
    options = f"{{ {', '.join([*passed, '...options'])} }}" if passed else "options"
    quote = "`" if names else "'"
    call = f"call('{method.upper()}', {quote}{address}{quote}, {options})"
    return f"/** @type {{{typed}}} */\nexport const {operation['operationId']} = ({arguments}) => {call}\n"


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
