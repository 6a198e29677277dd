"""Drive's own description of its API, as it lies in the vendor's client: what may be asked, and how answers look.

Every parameter, body and field mask of a request is checked against it, and so are the stand-in's own answers.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient.discovery_cache.documents as documents

PREFIX = "/drive/v3/"


class Refused(Exception):
    """An answer that is an error, in the shape in which Google gives them."""

    def __init__(self, status: int, reason: str, message: str, **where: str) -> None:
        super().__init__(message)
        domain = "usageLimits" if "Limit" in reason or "Quota" in reason else "global"
        one = {"domain": domain, "reason": reason, "message": message, **where}
        self.status = status
        self.body: dict[str, Any] = {"error": {"code": status, "message": message, "errors": [one]}}


@dataclass(frozen=True)
class Method:
    """One method of the API."""

    id: str
    verb: str
    path: re.Pattern[str]
    parameters: Mapping[str, Any]
    takes: str | None
    gives: str | None


@cache
def document() -> dict[str, Any]:
    """The description of drive v3."""
    place = Path(next(iter(documents.__path__))) / "drive.v3.json"
    found: dict[str, Any] = json.loads(place.read_text())
    return found


@cache
def methods() -> tuple[Method, ...]:
    """Every method of every resource."""
    return tuple(
        Method(
            one["id"].removeprefix("drive."), one["httpMethod"], _pattern(one["path"]),
            {**document()["parameters"], **one.get("parameters", {})},
            one.get("request", {}).get("$ref"), one.get("response", {}).get("$ref"),
        )
        for resource in document()["resources"].values()
        for one in resource.get("methods", {}).values()
    )  # fmt: skip


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("^" + re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)) + "$")


def method(verb: str, path: str) -> tuple[Method, dict[str, str]]:
    """The method at a path, and what the path names. Raises `Refused`."""
    for one in methods():
        found = one.path.match(path)
        if found and one.verb == verb:
            return one, found.groupdict()
    raise Refused(404, "notFound", f"There is no method {verb} {path}.")


def check_parameters(asked: Method, given: Mapping[str, str], in_path: Iterable[str]) -> dict[str, Any]:
    """The parameters in their types. Raises `Refused` for what the document does not know or allow."""
    found: dict[str, Any] = {}
    for name, text in given.items():
        known = asked.parameters.get(name)
        if name in ("uploadType", "upload_id"):
            found[name] = text
            continue
        if known is None:
            raise _bad(name, f"Unknown parameter {name}")
        found[name] = _typed(name, text, known)
    for name, known in asked.parameters.items():
        if known.get("required") and name not in found and name not in in_path:
            raise Refused(400, "required", f"Required parameter: {name}", location=name, locationType="parameter")
    return found


def _typed(name: str, text: str, known: Mapping[str, Any]) -> Any:
    if "enum" in known and text not in known["enum"]:
        raise _bad(name, f"Invalid value {text}")
    if known["type"] == "boolean":
        if text not in ("true", "false"):
            raise _bad(name, f"Invalid boolean {text}")
        return text == "true"
    if known["type"] == "integer":
        if not re.fullmatch(r"-?\d+", text):
            raise _bad(name, f"Invalid number {text}")
        low, high = int(known.get("minimum", -(2**63))), int(known.get("maximum", 2**63))
        if not low <= int(text) <= high:
            raise _bad(name, f"Invalid value {text}. It must be within [{low}, {high}]")
        return int(text)
    return text


def check_body(schema: str, body: Any, *, is_answer: bool = False, where: str = "") -> None:
    """Raise `Refused` for a key the schema does not know, a wrong type, or, in a request, what only answers hold."""
    if not isinstance(body, dict):
        raise Refused(400, "parseError", "Parse Error")
    known = document()["schemas"][schema]["properties"]
    for name, value in body.items():
        place = f"{where}{name}"
        if name not in known:
            raise Refused(400, "badRequest", f'Invalid JSON payload received. Unknown name "{place}"')
        if not is_answer and "Output only" in known[name].get("description", "")[:14] and name in _REFUSED:
            raise Refused(
                403, "fieldNotWritable", f"The resource body includes fields which are not directly writable: {name}"
            )
        _check_value(known[name], value, is_answer, place)


_REFUSED = {"size", "md5Checksum", "sha256Checksum", "version", "trashedTime", "driveId", "explicitlyTrashed"}


def _check_value(known: Mapping[str, Any], value: Any, is_answer: bool, place: str) -> None:
    if value is None:
        return
    if "$ref" in known:
        check_body(known["$ref"], value, is_answer=is_answer, where=f"{place}.")
        return
    kinds: dict[str, Any] = {
        "string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict,
    }  # fmt: skip
    if known.get("type") == "any":
        return
    if not isinstance(value, kinds[known["type"]]) or (known["type"] != "boolean" and isinstance(value, bool)):
        raise Refused(400, "invalid", f"Invalid value at '{place}'")
    if known["type"] == "array":
        for one in value:
            _check_value(known["items"], one, is_answer, place)
    elif known["type"] == "object" and "properties" in known:
        for name, one in value.items():
            if name not in known["properties"]:
                raise Refused(400, "badRequest", f'Invalid JSON payload received. Unknown name "{place}.{name}"')
            _check_value(known["properties"][name], one, is_answer, f"{place}.{name}")
    elif known["type"] == "object":
        for one in value.values():
            _check_value(known["additionalProperties"], one, is_answer, place)


def _bad(name: str, message: str) -> Refused:
    return Refused(400, "invalidParameter", message, location=name, locationType="parameter")


Mask = dict[str, Any]


def mask(text: str) -> Mask:
    """A field mask such as `files(id,name),nextPageToken` as a tree; `*` is everything. Raises `Refused`."""
    tokens = re.findall(r"[A-Za-z0-9_*]+|[(),/]", text.replace(" ", ""))
    if "".join(tokens) != text.replace(" ", "") or not tokens:
        raise _bad("fields", f"Invalid field selection {text}")
    found, at = _masked(tokens, 0)
    if at != len(tokens):
        raise _bad("fields", f"Invalid field selection {text}")
    return found


def _masked(tokens: list[str], at: int) -> tuple[Mask, int]:
    found: Mask = {}
    while at < len(tokens) and tokens[at] != ")":
        names = [tokens[at]]
        at += 1
        while at + 1 < len(tokens) and tokens[at] == "/":
            names.append(tokens[at + 1])
            at += 2
        below: Mask = {}
        if at < len(tokens) and tokens[at] == "(":
            below, at = _masked(tokens, at + 1)
            if at >= len(tokens):
                raise _bad("fields", "Invalid field selection: unclosed")
            at += 1
        for name in reversed(names):
            below = {name: below}
        for name, one in below.items():
            found[name] = {**found.get(name, {}), **one}
        if at < len(tokens) and tokens[at] == ",":
            at += 1
    return found, at


def masked(schema: str | None, value: Any, fields: Mask) -> Any:
    """The value with these fields only. Raises `Refused` for a field the schema does not have."""
    if not fields or "*" in fields or schema is None:
        return value
    known = document()["schemas"][schema]["properties"] if schema in document()["schemas"] else None
    picked = {}
    for name, below in fields.items():
        if known is not None and name not in known:
            raise _bad("fields", f"Invalid field selection {name}")
        inner = _schema_of(known[name]) if known else None
        if below and inner is not None:
            masked(inner, {}, below)  # names are checked also where there is no value
        if name not in value:
            continue
        one = value[name]
        picked[name] = [masked(inner, each, below) for each in one] if isinstance(one, list) and below else (
            masked(inner or "", one, below) if isinstance(one, dict) and below else one)  # fmt: skip
    return picked


def _schema_of(known: Mapping[str, Any]) -> str | None:
    found: str | None = known.get("$ref") or known.get("items", {}).get("$ref")
    return found
