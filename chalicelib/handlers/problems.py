"""Refusals as people and programs get them: RFC 9457 problems, with plain words instead of a library's."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from chalice.app import Response
from pydantic import ValidationError

from chalicelib import errors

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
    400: "Malformed request", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 410: "Gone", 412: "Changed meanwhile", 413: "Too large", 414: "Address too long",
    415: "Unsupported media type", 422: "Invalid input", 429: "Too many at once", 500: "Internal error",
    502: "Refused upstream", 503: "Not available",
}  # fmt: skip
_OURS = "Something went wrong on our side. Tell us the request id."
_MOST_FIELDS = 50
_BRANCHES = frozenset({"constrained-str", "none", "str", "int", "function-after[_utc(), datetime]"})
"""What pydantic calls the branches of a union; no field of ours is called so."""


def of(problem: errors.PackshotError | None, request_id: str) -> Response:
    """The answer for an error; None is one that nobody foresaw."""
    status = STATUS[next(one for one in type(problem).__mro__ if one in STATUS)] if problem else 500
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="packshot"'
    if isinstance(problem, errors.Busy):
        headers["Retry-After"] = str(problem.retry_after_s)
    detail, code = (problem.message, problem.code) if problem else (_OURS, "internal")
    more = {**problem.extra, **({"fields": problem.fields} if problem.fields else {})} if problem else {}
    return _response(status, detail, code, request_id, headers, more)


_FRAMEWORK = {
    400: ("This request cannot be read.", "malformed"),
    404: ("There is nothing at this address.", "not_found"),
    405: ("This address does not take that method.", "method_not_allowed"),
    415: ("Send JSON: Content-Type: application/json.", "unsupported_media_type"),
}


def of_framework(answer: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    """Chalice's own refusals in our shape; every other answer as it is."""
    status = int(answer["statusCode"])
    headers = {name: str(value) for name, value in (answer.get("headers") or {}).items()}
    if status < 400 or _is_problem(headers):
        return dict(answer)
    detail, code = _FRAMEWORK.get(status, (_OURS, "internal"))
    kept = {name: value for name, value in headers.items() if name.lower() == "allow"}
    status = status if status in _FRAMEWORK else 500
    return dict(_response(status, detail, code, request_id, kept, {}).to_dict())


def _is_problem(headers: Mapping[str, str]) -> bool:
    return any(name.lower() == "content-type" and "problem+json" in value for name, value in headers.items())


def _response(
    status: int, detail: str, code: str, request_id: str, headers: Mapping[str, str], more: Mapping[str, Any]
) -> Response:
    body: dict[str, Any] = {
        **more, "type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, "code": code,
        "request_id": request_id,
    }  # fmt: skip
    sent = {"Content-Type": "application/problem+json", "Cache-Control": "no-store", **headers}
    return Response(json.dumps(body), headers=dict(sent), status_code=status)


_WORDS: Mapping[str, str | Callable[[Mapping[str, Any]], str]] = {
    "missing": "is required",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_too_short": lambda more: (
        "is empty" if more["min_length"] == 1 else f"is too short: {more['min_length']} characters at least"
    ),
    "string_too_long": lambda more: f"is longer than {more['max_length']:,} characters",
    "too_short": lambda more: f"needs {more['min_length']} at least",
    "too_long": lambda more: f"has more than {more['max_length']:,}",
    "greater_than_equal": lambda more: f"must be {more['ge']} or more",
    "less_than_equal": lambda more: f"must be {more['le']} or less",
    "literal_error": lambda more: f"must be one of {more['expected']}".replace(" or ", ", ").replace("'", ""),
    "enum": lambda more: f"must be one of {more['expected']}".replace(" or ", ", ").replace("'", ""),
    "string_pattern_mismatch": "is not of the right form",
    "datetime_type": "must be a time such as 2025-06-01T12:00:00Z",
    "datetime_parsing": "must be a time such as 2025-06-01T12:00:00Z",
    "datetime_from_date_parsing": "must be a time such as 2025-06-01T12:00:00Z",
    "timezone_aware": "needs a time zone, such as 2025-06-01T12:00:00Z",
    "value_error": lambda more: str(more["error"]),
}


def in_words(problem: ValidationError) -> errors.InvalidInput:
    """What does not fit, field by field, as a person would say it."""
    fields: dict[str, str] = {}
    for one in problem.errors()[:_MOST_FIELDS]:
        name = ".".join(str(part).rstrip("_") for part in one["loc"] if part not in _BRANCHES) or "body"
        if one["type"] == "none_required" and name in fields:
            continue
        words = _WORDS.get(one["type"], "is not valid")
        fields[name[:200]] = words if isinstance(words, str) else words(one.get("ctx") or {})
    told = "; ".join(f"{name} {words}" for name, words in list(fields.items())[:3])
    return errors.InvalidInput(f"The request is not valid: {told}.", fields=fields)
