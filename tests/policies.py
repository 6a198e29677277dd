"""Hold every function to its policy: each AWS call it makes is compared with what its role allows.

The emulators let all calls pass, so the choke point of all clients is watched instead, and signed addresses too: in
AWS they carry the rights of whoever signed them. A call belongs to the function whose job or route it is made in. Where
a test calls a service itself, as in `outbox.deliver(ctx)`, it belongs to every function that calls this service in
production: so whatever a test lets happen is watched, and it need not say whose work it is.
"""

import functools
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from types import CodeType, FrameType
from typing import Any
from urllib.parse import urlsplit

from botocore.client import BaseClient
from botocore.signers import RequestSigner

from chalicelib import observe
from chalicelib.ports.context import Context
from infra import policies
from infra.policies import Need
from tests import reach

SEEN: set[Need] = set()
"""Everything that functions have done in this run."""
_JUDGED: set[Need] = set()

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
_begun_by: ContextVar[frozenset[str]] = ContextVar("begun_by", default=frozenset())
"""Whose work a thread of a pool does."""


@contextmanager
def watched() -> Iterator[None]:
    """Record what functions do, until the end of the block."""
    call: Callable[..., Any] = BaseClient._make_api_call
    sign: Callable[..., Any] = RequestSigner.generate_presigned_url
    submit: Callable[..., Any] = ThreadPoolExecutor.submit

    @functools.wraps(call)
    def seen_call(client: Any, operation: str, parameters: Any) -> Any:
        note(client.meta.service_model.service_name, operation, parameters)
        return call(client, operation, parameters)

    @functools.wraps(sign)
    def seen_sign(signer: Any, request_dict: Any, operation_name: str, *rest: Any, **named: Any) -> Any:
        for function in running():
            SEEN.add(Need(function, "objects", _noun(_bucket(request_dict["url"])), _OF_OBJECTS[operation_name]))
        return sign(signer, request_dict, operation_name, *rest, **named)

    @functools.wraps(submit)
    def seen_submit(pool: Any, work: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        return submit(pool, _begun(running(), work), *given, **named)

    BaseClient._make_api_call, RequestSigner.generate_presigned_url = seen_call, seen_sign  # type: ignore[method-assign]
    ThreadPoolExecutor.submit = seen_submit  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseClient._make_api_call, RequestSigner.generate_presigned_url = call, sign  # type: ignore[method-assign]
        ThreadPoolExecutor.submit = submit  # type: ignore[method-assign]


@contextmanager
def at_work() -> Iterator[set[Need]]:
    """What functions ask of AWS within, once it is over."""
    before, seen = set(SEEN), set[Need]()
    SEEN.clear()
    try:
        yield seen
    finally:
        seen.update(SEEN)
        SEEN.update(before)


def note(service: str, operation: str, parameters: Mapping[str, Any]) -> None:
    """Record a call, if it is a function that makes it."""
    for function in running():
        SEEN.update(needs(function, service, operation, parameters))


def _begun(by: frozenset[str], work: Callable[..., Any]) -> Callable[..., Any]:
    """The same work, done for these functions in whichever thread."""

    def act(*given: Any, **named: Any) -> Any:
        token = _begun_by.set(by)
        try:
            return work(*given, **named)
        finally:
            _begun_by.reset(token)

    return act


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """What is done here is done by this function: for what a test does that is deeper than the service it calls."""
    with observe.about(job=function):
        yield


def at(ctx: Context, moment: datetime) -> Context:
    """The same context at another time."""
    return replace(ctx, now=lambda: moment)


def running() -> frozenset[str]:
    """The function in whose job or route we are; those whose service a test has called; none in a test's own code."""
    context = observe._context.get()
    if "route" in context:
        return frozenset(["api_handler"])
    return frozenset([str(context["job"])]) if "job" in context else _begun_by.get() or _called(sys._getframe())


def _called(frame: FrameType | None) -> frozenset[str]:
    """Whose service it is that was called first of all that are under way."""
    known, found = services(), frozenset[str]()
    while frame is not None:
        found = known.get(frame.f_code, found)
        frame = frame.f_back
    return found


@functools.cache
def services() -> Mapping[CodeType, frozenset[str]]:
    """What handlers call, and in which functions; what operators call by hand is in none."""
    found: dict[CodeType, frozenset[str]] = {}
    for function in policies.grants():
        for module, name in reach.services(function):
            service = inspect.unwrap(getattr(importlib.import_module(module), name, None))
            if inspect.isfunction(service):
                found[service.__code__] = found.get(service.__code__, frozenset()) | {function}
    return found


def needs(function: str, service: str, operation: str, parameters: Mapping[str, Any]) -> list[Need]:
    """What a call asks of the role of its function; an operation nobody has described yet raises `KeyError`."""
    read = {
        "dynamodb": _dynamodb, "s3": _s3, "sqs": _sqs, "ssm": _ssm, "lambda": _lambda, "sesv2": _ses, "sts": _sts,
        "rekognition": _rekognition,
    }[service]  # fmt: skip
    return [Need(function, *one) for one in read(operation, parameters)]


def unjudged() -> set[Need]:
    """What was done since this was last asked."""
    new = SEEN - _JUDGED
    _JUDGED.update(new)
    return new


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


def _rekognition(operation: str, _parameters: Mapping[str, Any]) -> Asked:
    yield "labels", "pictures", operation


def _sts(operation: str, parameters: Mapping[str, Any]) -> Asked:
    if operation != "GetCallerIdentity":  # which needs no right
        yield "roles", _noun(parameters["RoleArn"].rpartition("/")[2]), operation


def _bucket(address: str) -> str:
    """The bucket of a signed address, which names it in its host or before the key."""
    place = urlsplit(address)
    return place.path.split("/")[1] if place.port else str(place.hostname).partition(".")[0]


def _table(body: Mapping[str, Any]) -> str:
    return _noun(body["TableName"])


def _noun(name: str) -> str:
    """`packshot-local-collection-items` → `collection-items`; the stage is one word here."""
    return name.split("-", 2)[2]
