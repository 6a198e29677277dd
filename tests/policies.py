"""Hold every function to its policy: each AWS call it makes is compared with what its role allows.

The emulators let all calls pass, so the choke point of all clients is watched instead, and signed addresses too: in
AWS they carry the rights of whoever signed them. A call belongs to the function whose job or route it is made in.
"""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.client import BaseClient
from botocore.signers import RequestSigner

from chalicelib import observe
from chalicelib.ports.context import Context
from infra import policies
from infra.policies import Need

SEEN: set[Need] = set()
"""Everything that functions have done in this run."""

_TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_OF_OBJECTS = {
    "HeadObject": "GetObject",
    "GetObject": "GetObject",
    "GetObjectTagging": "GetObjectTagging",
    "PutObject": "PutObject",
    "DeleteObject": "DeleteObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "ListParts": "ListMultipartUploadParts",
}
_OF_BUCKETS = {"ListObjectVersions": "ListBucketVersions", "ListObjectsV2": "ListBucket", "ListObjects": "ListBucket"}
_VERSIONED = {"GetObject": "GetObjectVersion", "GetObjectTagging": "GetObjectVersionTagging"}
_VERSIONED["DeleteObject"] = "DeleteObjectVersion"


@contextmanager
def watched() -> Iterator[None]:
    """Record what functions do, until the end of the block."""
    call: Callable[..., Any] = BaseClient._make_api_call
    sign: Callable[..., Any] = RequestSigner.generate_presigned_url

    @functools.wraps(call)
    def seen_call(client: Any, operation: str, parameters: Any) -> Any:
        if function := running():
            SEEN.update(needs(function, client.meta.service_model.service_name, operation, parameters))
        return call(client, operation, parameters)

    @functools.wraps(sign)
    def seen_sign(signer: Any, request_dict: Any, operation_name: str, *rest: Any, **named: Any) -> Any:
        if function := running():
            bucket = urlsplit(request_dict["url"]).path.split("/")[1]
            SEEN.add(Need(function, "objects", _noun(bucket), _OF_OBJECTS[operation_name]))
        return sign(signer, request_dict, operation_name, *rest, **named)

    BaseClient._make_api_call, RequestSigner.generate_presigned_url = seen_call, seen_sign  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseClient._make_api_call, RequestSigner.generate_presigned_url = call, sign  # type: ignore[method-assign]


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """What is done here is done by this function, for tests that call its service themselves."""
    with observe.about(job=function):
        yield


def at(ctx: Context, moment: datetime) -> Context:
    """The same context at another time."""
    return replace(ctx, now=lambda: moment)


def running() -> str | None:
    """The function in whose job or route we are; None in a test's own code."""
    context = observe._context.get()
    return str(context["job"]) if "job" in context else "api_handler" if "route" in context else None


def needs(function: str, service: str, operation: str, parameters: Mapping[str, Any]) -> list[Need]:
    """What a call asks of the role of its function; an operation nobody has described yet raises `KeyError`."""
    read = {"dynamodb": _dynamodb, "s3": _s3, "sqs": _sqs, "ssm": _ssm, "lambda": _lambda, "sesv2": _ses, "sts": _sts}[
        service
    ]
    return [Need(function, *one) for one in read(operation, parameters)]


def missing(seen: set[Need]) -> list[Need]:
    """What was done and is not allowed."""
    documents = _documents()
    return sorted(one for one in seen if not policies.allows(documents.get(one.function, {"Statement": []}), one))


@functools.cache
def _documents() -> dict[str, Any]:
    paths = policies.PLACE.glob("policy-*.json")
    return {path.stem.removeprefix("policy-"): json.loads(path.read_text()) for path in paths}


Asked = Iterator[tuple[str, str, str]]


def _dynamodb(operation: str, parameters: Mapping[str, Any]) -> Asked:
    if operation == "TransactWriteItems":
        for item in parameters["TransactItems"]:
            ((verb, body),) = item.items()
            yield "tables", _table(body), _TRANSACTED[verb]
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for name in parameters["RequestItems"]:
            yield "tables", _noun(name), operation
    else:
        index = parameters.get("IndexName")
        yield "tables", _table(parameters) + (f"/{index}" if index else ""), operation


def _s3(operation: str, parameters: Mapping[str, Any]) -> Asked:
    noun = _noun(parameters["Bucket"])
    if operation in _OF_BUCKETS:
        yield "buckets", noun, _OF_BUCKETS[operation]
        return
    if operation == "CopyObject":
        source = parameters["CopySource"]
        yield "objects", _noun(source["Bucket"]), "GetObjectVersion" if "VersionId" in source else "GetObject"
        yield "objects", noun, "PutObject"
        return
    action = _OF_OBJECTS[operation]
    yield "objects", noun, _VERSIONED.get(action, action) if parameters.get("VersionId") else action
    if operation in ("HeadObject", "GetObject"):
        yield "buckets", noun, "ListBucket"  # without it S3 says 403 of what is absent, and we would try for ever


def _sqs(operation: str, parameters: Mapping[str, Any]) -> Asked:
    name = parameters.get("QueueName") or parameters["QueueUrl"].rsplit("/", 1)[-1]
    yield "queues", _noun(name), {"SendMessageBatch": "SendMessage"}.get(operation, operation)
    yield "queues", _noun(name), "GetQueueUrl"  # a cold process looks each address up before it sends


def _ssm(operation: str, parameters: Mapping[str, Any]) -> Asked:
    yield "parameters", parameters["Name"].rsplit("/", 1)[-1], operation


def _lambda(operation: str, parameters: Mapping[str, Any]) -> Asked:
    yield "functions", _noun(parameters["FunctionName"]), {"Invoke": "InvokeFunction"}[operation]


def _ses(operation: str, parameters: Mapping[str, Any]) -> Asked:
    yield "senders", "MailFrom", operation


def _sts(operation: str, parameters: Mapping[str, Any]) -> Asked:
    if operation != "GetCallerIdentity":  # which needs no right
        yield "roles", _noun(parameters["RoleArn"].rpartition("/")[2]), operation


def _table(body: Mapping[str, Any]) -> str:
    return _noun(body["TableName"])


def _noun(name: str) -> str:
    """`packshot-local-collection-items` → `collection-items`; the stage is one word here."""
    return name.split("-", 2)[2]
