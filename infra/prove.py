"""Prove on a real AWS account what no emulator can; docs/operations.md says when to run it and what each line means.

    python -m infra.prove STAGE --region REGION --origin https://dam.example.com [--suffix -7f3k2q] [--picture a.jpg]

It writes only below `_prove/` in the buckets and one row of the idempotency table, and removes them again. What it puts
into the inbox is announced like any file: a row of the ingest table stays behind, which ends by itself.
Needs credentials that may use the stage's buckets, its idempotency table, its picture function and iam:Simulate*.
"""

import argparse
import concurrent.futures
import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra import policies

WRITERS = 32
PATIENCE_S = 20
_RENDITIONS = {"large": 1600, "small": 256}


class NotProved(Exception):
    """A promise does not hold on this account; the text says which."""


@dataclass(frozen=True)
class Place:
    """The stage under proof."""

    session: Any
    stage: str
    suffix: str
    origin: str
    picture: Path | None

    def s3(self) -> Any:
        return self.session.client("s3", config=Config(signature_version="s3v4"))

    def bucket(self, noun: str) -> str:
        return f"packshot-{self.stage}-{noun}{self.suffix}"

    def signed(self, operation: str, bucket: str, key: str, **asked: str) -> str:
        parameters = {"Bucket": self.bucket(bucket), "Key": key, **asked}
        return str(self.s3().generate_presigned_url(operation, Params=parameters, ExpiresIn=300))


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("stage")
    reader.add_argument("--region", required=True)
    reader.add_argument("--origin", required=True)
    reader.add_argument("--suffix", default="")
    reader.add_argument("--picture", type=Path)
    given = reader.parse_args()
    session = boto3.session.Session(region_name=given.region)
    place = Place(session, given.stage, given.suffix, given.origin, given.picture)
    failed = 0
    for prove in (cors, one_winner, plain_http_is_refused, policies_hold, throttling, rendering):
        try:
            print(f"proved     {prove.__name__}: {prove(place)}")
        except (NotProved, ClientError, OSError) as problem:
            failed += 1
            print(f"NOT PROVED {prove.__name__}: {problem}")
    return 1 if failed else 0


def cors(place: Place) -> str:
    """The app's origin may PUT and read the ETag; another origin may not."""
    with scratch(place, "inbox") as key:
        url = place.signed("put_object", "inbox", key)
        wanted = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
        status, headers = ask("OPTIONS", url, {"Origin": place.origin, **wanted})
        need(status == 200 and headers.get("access-control-allow-origin") == place.origin, f"preflight: {status}")
        status, headers = ask("PUT", url, {"Origin": place.origin}, b"proof")
        need(status == 200 and "etag" in headers.get("access-control-expose-headers", "").lower(), f"PUT: {status}")
        status, _ = ask("OPTIONS", url, {"Origin": "https://evil.example", **wanted})
        need(status == 403, f"a foreign origin got {status}")
    return "preflight, PUT with ETag exposed, foreign origin refused"


def one_winner(place: Place) -> str:
    """Of many writers of one conditional item exactly one wins, and so of one conditional object."""
    table = place.session.resource("dynamodb").Table(f"packshot-{place.stage}-idempotency")
    identifier = f"_prove#{uuid.uuid4()}"

    def put_item() -> None:
        table.put_item(Item={"id": identifier}, ConditionExpression="attribute_not_exists(id)")

    try:
        won = winners(put_item, "ConditionalCheckFailedException")
    finally:
        table.delete_item(Key={"id": identifier})
    need(won == 1, f"{won} writers of one item won")
    with scratch(place, "renditions") as key:
        client = place.s3()

        def put_object() -> None:
            client.put_object(Bucket=place.bucket("renditions"), Key=key, Body=b"x", IfNoneMatch="*")

        won = winners(put_object, "PreconditionFailed", "ConditionalRequestConflict")
    need(won == 1, f"{won} writers of one object won")
    return f"{WRITERS} writers, one winner, in DynamoDB and in S3"


def plain_http_is_refused(place: Place) -> str:
    """No bucket answers without TLS, however well the request is signed."""
    for noun in ("inbox", "originals", "renditions"):
        with scratch(place, noun) as key:
            place.s3().put_object(Bucket=place.bucket(noun), Key=key, Body=b"x")
            status, _ = ask("GET", place.signed("get_object", noun, key).replace("https://", "http://", 1), {})
            need(status == 403, f"{noun} answered {status} without TLS")
    return "three buckets, 403 each"


def policies_hold(place: Place) -> str:
    """Each role may do what its source grants, on this stage only."""
    iam, sts = place.session.client("iam"), place.session.client("sts")
    account, region = sts.get_caller_identity()["Account"], place.session.region_name
    roles = dict(_roles(place))
    asked = 0
    for function, granted in policies.grants().items():
        role = next((arn for name, arn in roles.items() if name.lower() == f"{function.replace('_', '')}role"), None)
        need(role is not None, f"the stack has no role for {function}")
        for stage, expected in ((place.stage, "allowed"), ("another", "implicitDeny")):
            for action, resource in _granted(granted, place, stage, account, region):
                answer = iam.simulate_principal_policy(
                    PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource]
                )["EvaluationResults"][0]["EvalDecision"]
                need(answer == expected, f"{function}: {action} on {resource} is {answer}, not {expected}")
                asked += 1
    return f"{asked} decisions as written"


def throttling(place: Place) -> str:
    """More invocations at once than the picture function may run are refused as throttled, never lost in a queue."""
    client = place.session.client("lambda", config=Config(retries={"total_max_attempts": 1}))
    name = f"packshot-{place.stage}-media"
    reserved = client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
    if not reserved:
        return "skipped, for MediaConcurrency reserves nothing on this stage"

    def invoke(_: int) -> str:
        try:
            answer = client.invoke(FunctionName=name, Payload=b"{}")
        except ClientError as problem:
            return str(problem.response["Error"]["Code"])
        return "answered" if answer.get("FunctionError") else "served"

    with concurrent.futures.ThreadPoolExecutor(reserved * 4) as pool:
        outcomes = list(pool.map(invoke, range(reserved * 8)))
    need("TooManyRequestsException" in outcomes, f"no refusal among {len(outcomes)} invocations")
    return f"{outcomes.count('TooManyRequestsException')} of {len(outcomes)} refused at a limit of {reserved}"


def rendering(place: Place) -> str:
    """The picture function renders on the machine it runs on, with no right of its own."""
    if place.picture is None:
        raise NotProved("give a JPEG with --picture")
    client = place.session.client("lambda")
    name = f"packshot-{place.stage}-media"
    machine = client.get_function_configuration(FunctionName=name)["Architectures"][0]
    with scratch(place, "originals") as source, scratch(place, "renditions") as target:
        place.s3().upload_file(str(place.picture), place.bucket("originals"), source)
        puts = [
            {"rendition": one, "url": place.signed("put_object", "renditions", f"{target}-{one}"), "headers": {}}
            for one in _RENDITIONS
        ]
        how = {"format": "webp", "quality": 80, "effort": 2}
        steps = [{"name": one, "long_side_px": side, **how} for one, side in _RENDITIONS.items()]
        message = {
            "v": 1,
            "id": "prove",
            "get_url": place.signed("get_object", "originals", source),
            "limits": {
                "max_bytes": 1 << 30, "max_pixels": 268_000_000, "max_frames": 500, "memory_bytes": 1 << 31,
                "cpu_s": 20, "wall_s": 30,
            },
            "recipe": {"pipeline": 1, "renditions": steps},
            "puts": puts,
        }  # fmt: skip
        started = time.monotonic()
        answer = json.loads(client.invoke(FunctionName=name, Payload=json.dumps(message).encode())["Payload"].read())
        took_s = time.monotonic() - started
    need(answer.get("outcome") == "ok" and len(answer["renditions"]) == len(_RENDITIONS), f"it said {answer}")
    return f"{len(_RENDITIONS)} renditions on {machine} in {took_s:.1f} s, start of the function included"


def winners(write: Callable[[], None], *lost: str) -> int:
    """How many of many writers at once succeeded; any error but the losers' own is raised."""

    def run(_: int) -> bool:
        try:
            write()
        except ClientError as problem:
            if problem.response["Error"]["Code"] in lost:
                return False
            raise
        return True

    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(run, range(WRITERS)))


@contextmanager
def scratch(place: Place, noun: str) -> Iterator[str]:
    """A key of our own in a bucket; every version of everything under it is removed in the end."""
    key, client, bucket = f"_prove/{uuid.uuid4()}", place.s3(), place.bucket(noun)
    try:
        yield key
    finally:
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
            for one in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                client.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer, whatever they are."""
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310 addresses signed here
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
            return answer.status, {name.lower(): text for name, text in answer.headers.items()}
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, {name.lower(): text for name, text in problem.headers.items()}


def need(holds: bool, otherwise: str) -> None:
    """Raise NotProved unless it holds."""
    if not holds:
        raise NotProved(otherwise)


def _roles(place: Place) -> Iterator[tuple[str, str]]:
    cloud, iam = place.session.client("cloudformation"), place.session.client("iam")
    pages = cloud.get_paginator("list_stack_resources").paginate(StackName=f"packshot-{place.stage}-app")
    for page in pages:
        for one in page["StackResourceSummaries"]:
            if one["ResourceType"] == "AWS::IAM::Role":
                role = iam.get_role(RoleName=one["PhysicalResourceId"])["Role"]["Arn"]
                yield one["LogicalResourceId"], role


def _granted(
    granted: Mapping[str, Any], place: Place, stage: str, account: str, region: str
) -> Iterator[tuple[str, str]]:
    values = {
        "AWS::Partition": "aws", "AWS::Region": region, "AWS::AccountId": account, "Stage": stage,
        "BucketSuffix": place.suffix,
    }  # fmt: skip
    for kind in ("tables", "queues", "buckets", "objects", "parameters", "functions"):
        for name, actions in granted.get(kind, {}).items():
            address = policies.arn(kind, name)
            for variable, value in values.items():
                address = address.replace(f"${{{variable}}}", value)
            for action in actions:
                yield policies.Need("", kind, name, action).permission, address.replace("/*", "/w/x")


if __name__ == "__main__":
    sys.exit(main())
