"""Reading a request: JSON that is really JSON, a query string without surprises, etags, cookies."""

import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from chalice.app import Request
from pydantic import BaseModel, ValidationError

from chalicelib import errors
from chalicelib.handlers import problems

MAX_BODY_BYTES = 1_000_000
_DEEPEST = 32
_JSON = frozenset({"application/json", "application/merge-patch+json"})
_ID_LIKE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_NO_ID = "-"
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
T = TypeVar("T", bound=BaseModel)


def json_body(request: Request) -> Any:
    """The body; none at all is an empty object.

    Raises:
        TooLarge: over 1 MB.
        Unsupported: a body that does not say it is JSON.
        Malformed: not JSON in UTF-8, nested over 32 deep, or with signs that no text has (NUL, half a surrogate pair).
    """
    sent = request.raw_body or b""
    raw = sent.encode("utf-8", "surrogatepass") if isinstance(sent, str) else sent
    if len(raw) > MAX_BODY_BYTES:
        raise errors.TooLarge("The request body is larger than 1 MB. Files go to the addresses of an upload.")
    if not raw.strip():
        return {}
    kind = str(request.headers.get("content-type") or "application/json")
    if kind.partition(";")[0].strip().lower() not in _JSON:
        raise errors.Unsupported("Send JSON: Content-Type: application/json.")
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_not_a_number, parse_float=_finite)
    except (ValueError, RecursionError) as problem:
        raise errors.Malformed("The request body is not JSON in UTF-8.") from problem
    _check(body)
    return body


def _finite(text: str) -> float:
    """The number; one without a fraction is whole, as in JSON Schema, however it is written."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return int(number) if number.is_integer() else number


def _not_a_number(name: str) -> None:
    raise ValueError(name)


def _check(body: Any) -> None:
    level = [body]
    for _ in range(_DEEPEST):
        if any(isinstance(one, str) and _NO_TEXT.search(one) for one in level):
            raise errors.Malformed("The request body has a NUL or half a character (a lone surrogate) in a text.")
        level = [
            below
            for one in level
            if isinstance(one, dict | list)
            for below in ((*one, *one.values()) if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise errors.Malformed(f"The request body is nested more than {_DEEPEST} deep.")


def shaped(shape: type[T], body: Any) -> T:
    """The body in this shape; types count as they are, `"5"` is no number. Raises `InvalidInput`."""
    if not isinstance(body, dict):
        raise errors.InvalidInput("The request body must be a JSON object.", fields={"body": "must be an object"})
    try:
        return shape.model_validate_json(json.dumps(body), strict=True)
    except ValidationError as problem:
        raise problems.in_words(problem) from problem


def query(shape: type[T], request: Request) -> T:
    """The query string in this shape. Raises `InvalidInput`, also for a name that is given twice."""
    given = request.query_params
    values: dict[str, str] = dict(given.items()) if given else {}
    twice = [name for name in values if given is not None and len(given.getlist(name)) > 1]
    if twice:
        raise errors.InvalidInput("Give each parameter once.", fields=dict.fromkeys(twice, "is given more than once"))
    wrong = [name for name, value in values.items() if "\x00" in value or "\ufffd" in value]
    if wrong:
        raise errors.InvalidInput("This is no text in UTF-8.", fields=dict.fromkeys(wrong, "is not text in UTF-8"))
    try:
        return shape.model_validate(values)
    except ValidationError as problem:
        raise problems.in_words(problem) from problem


def path_values(values: Mapping[str, str]) -> dict[str, str]:
    """Path parameters; an id that cannot be one of ours becomes one that nothing has, so that it is not found."""
    return {
        name: value if not name.endswith("_id") or _ID_LIKE.fullmatch(value) else _NO_ID
        for name, value in values.items()
    }


def etag_fits(request: Request, etag: str) -> bool:
    """Whether `If-Match` is absent, `*`, or names this etag, with quotes or without."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return True
    return etag in (one.strip().removeprefix("W/").strip('"') for one in str(given).split(","))


def cookies(request: Request) -> dict[str, str]:
    """Cookies by name; of repeated names the first counts, as in browsers' order of most specific first."""
    pairs = (part.strip().partition("=") for part in str(request.headers.get("cookie") or "").split(";"))
    found: dict[str, str] = {}
    for name, _, value in pairs:
        found.setdefault(name, value)
    return found
