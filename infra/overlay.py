"""The part of the function stack that follows from the code: settings, log groups and API Gateway's own answers.

It is laid over `app.yml` for one stage and merged into chalice's template, so a new function or error needs no line
here. What a person decides (the picture function, alarms, partial batches) stands in `app.yml`.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalice.utils import to_cfn_resource_name

from chalicelib.handlers.problems import TITLES

ENVIRONMENT = {
    "PACKSHOT_URL": {"Ref": "AppUrl"},
    "PACKSHOT_MEDIA_URL": {"Ref": "MediaUrl"},
    "PACKSHOT_MAIL_FROM": {"Ref": "MailFrom"},
    "PACKSHOT_BUCKET_SUFFIX": {"Ref": "BucketSuffix"},
    "PACKSHOT_VISUAL_TAGS": {"Ref": "VisualTags"},
}
"""Settings known only when a stack is made; `.chalice/config.json` has the others."""

GATEWAY_ANSWERS: Mapping[str, tuple[int, str, str]] = {
    "DEFAULT_4XX": (400, "malformed", "The request cannot be read."),
    "DEFAULT_5XX": (500, "internal", "Something went wrong on our side. Tell us the request id."),
    "BAD_REQUEST_BODY": (400, "malformed", "The request body cannot be read."),
    "UNAUTHORIZED": (401, "not_authenticated", "Send Authorization: Bearer <key>."),
    "ACCESS_DENIED": (403, "not_allowed", "This is not allowed."),
    "WAF_FILTERED": (403, "not_allowed", "This is not allowed."),
    "MISSING_AUTHENTICATION_TOKEN": (404, "not_found", "There is no such route."),
    "RESOURCE_NOT_FOUND": (404, "not_found", "There is no such route."),
    "REQUEST_TOO_LARGE": (413, "too_large", "The request is too large. Files go to the addresses of an upload."),
    "UNSUPPORTED_MEDIA_TYPE": (415, "unsupported_media_type", "Send application/json."),
    "THROTTLED": (429, "busy", "Too many requests at once. Try again in a second."),
    "QUOTA_EXCEEDED": (429, "busy", "Too many requests at once. Try again in a second."),
    "INTEGRATION_FAILURE": (503, "upstream_unavailable", "The service did not answer. Try again."),
    "INTEGRATION_TIMEOUT": (503, "upstream_unavailable", "The service did not answer in time. Try again."),
}
"""What API Gateway says by itself, before or instead of our code: status, code, detail."""


def over(written: Mapping[str, Any], stage: str, functions: Iterable[str]) -> dict[str, Any]:
    """`app.yml` with what follows from the code, for one stage. The stack refuses to be made as another one."""
    merged = json.loads(json.dumps(written))
    merged["Parameters"]["Stage"] = {"Type": "String", "Default": stage, "AllowedValues": [stage]}
    resources = merged["Resources"]
    for function in functions:
        name = "APIHandler" if function == "api_handler" else to_cfn_resource_name(function)
        logs = f"{to_cfn_resource_name(function)}Logs"
        properties = resources.setdefault(name, {}).setdefault("Properties", {})
        properties["Environment"] = {"Variables": dict(ENVIRONMENT)}
        properties["LoggingConfig"] = {"LogGroup": {"Ref": logs}}
        resources[logs] = log_group(function)
    resources["RestAPI"]["Properties"]["GatewayResponses"] = {kind: _answer(kind) for kind in GATEWAY_ANSWERS}
    return dict(merged)


def log_group(function: str) -> dict[str, Any]:
    """A function's log group, which its policy names too."""
    return {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "LogGroupName": {"Fn::Sub": f"/packshot/${{Stage}}/{function}"},
            "RetentionInDays": {"Ref": "LogDays"},
        },
    }


def _answer(kind: str) -> dict[str, Any]:
    status, code, detail = GATEWAY_ANSWERS[kind]
    body = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": "$context.requestId",
    }
    headers = {"Content-Type": "'application/problem+json'", "Cache-Control": "'no-store'"}
    headers |= {"WWW-Authenticate": "'Bearer realm=\"packshot\"'"} if status == 401 else {}
    headers |= {"Retry-After": "'1'"} if status == 429 else {}
    return {
        "StatusCode": str(status),
        "ResponseTemplates": {"application/json": json.dumps(body)},
        "ResponseParameters": {"Headers": headers},
    }
