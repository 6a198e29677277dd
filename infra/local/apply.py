"""Make the tables, queues and buckets of the data stack in the emulators, as often as one likes.

Here: the production YAML turned into API calls; what exists is brought up to date, nothing is ever dropped.
Left to AWS: backups, encryption, public access blocks, and bucket policies (they demand TLS).
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.local.emulators import ACCESS_KEY, REGION, Addresses
from infra.local.errors import LocalError
from infra.local.template import Resource, resources
from infra.local.tools import ROOT

DATA_STACK = ROOT / "infra" / "data.yml"
TABLE_FIELDS = (
    "TableName",
    "KeySchema",
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "DeletionProtectionEnabled",
)
QUEUE_FIELDS_LEFT_OUT = {"QueueName", "Tags"}


class ApplyError(LocalError):
    """What exists cannot become what the template says; the text tells the person what differs."""


@dataclass(frozen=True)
class Clients:
    dynamodb: Any
    s3: Any
    sqs: Any
    ssm: Any
    mail: Any
    iam: Any


@dataclass(frozen=True)
class Wanted:
    """The values the data stack is applied with, and the one secret that is stored beside it."""

    stage: str
    bucket_suffix: str
    app_origin: str
    visibility_s: int
    master_key: str
    mail_from: str

    def parameters(self) -> dict[str, str]:
        return {
            "Stage": self.stage,
            "BucketSuffix": self.bucket_suffix,
            "AppOrigin": self.app_origin,
            "IngestVisibilitySeconds": str(self.visibility_s),
            "QueueVisibilitySeconds": str(self.visibility_s),
            "IndexVisibilitySeconds": str(self.visibility_s),
        }


def clients(addresses: Addresses) -> Clients:
    """Clients that pass the closed gate."""
    session = boto3.session.Session(
        aws_access_key_id=ACCESS_KEY, aws_secret_access_key=addresses.secret, region_name=REGION
    )
    config = Config(
        user_agent_extra=addresses.word,
        signature_version="v4",
        retries={"mode": "standard", "max_attempts": 5},
        s3={"addressing_style": "path"},
        proxies={},
    )

    def client(name: Any, url: str) -> Any:
        s3 = Config(signature_version="s3v4") if name == "s3" else Config()
        return session.client(name, endpoint_url=url, config=config.merge(s3))

    aws = addresses.aws_url
    return Clients(
        client("dynamodb", addresses.dynamodb_url),
        *(client(name, aws) for name in ("s3", "sqs", "ssm", "sesv2", "iam")),
    )


def apply(to: Clients, wanted: Wanted, path: Path = DATA_STACK) -> None:
    """Bring the emulators to what `path` says. Again: the same result. Raises ApplyError, TemplateError."""
    steps: dict[str, Callable[[Clients, Resource], None] | None] = {
        "AWS::DynamoDB::Table": table,
        "AWS::SQS::Queue": _queue,
        "AWS::SQS::QueuePolicy": _queue_policy,
        "AWS::S3::Bucket": _bucket,
        "AWS::S3::BucketPolicy": None,
        "AWS::IAM::Role": _role,
    }
    found = resources(path, wanted.parameters())
    if strange := {r.type for r in found} - set(steps):
        raise ApplyError(f"{path.name} holds {sorted(strange)}, which nothing makes locally.")
    for kind, step in steps.items():
        of_kind = [r for r in found if r.type == kind]
        # A dead-letter queue must be there before the queue that names it.
        for resource in sorted(of_kind, key=lambda r: "RedrivePolicy" in r.properties):
            if step is not None:
                step(to, resource)
    to.ssm.put_parameter(
        Name=f"/packshot/{wanted.stage}/master-key",
        Value=wanted.master_key,
        Type="SecureString",
        Overwrite=True,
    )
    _sender(to, wanted.mail_from)


def _role(to: Clients, resource: Resource) -> None:
    want = resource.properties
    name, trust = want["RoleName"], json.dumps(want["AssumeRolePolicyDocument"])
    try:
        to.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration=want["MaxSessionDuration"])
    except to.iam.exceptions.EntityAlreadyExistsException:
        to.iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
    for policy in want["Policies"]:
        document = json.dumps(policy["PolicyDocument"])
        to.iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=document)


def _sender(to: Clients, address: str) -> None:
    """Mail is taken only from a sender that is known, as in AWS."""
    with contextlib.suppress(to.mail.exceptions.AlreadyExistsException):
        to.mail.create_email_identity(EmailIdentity=address)


def table(to: Clients, resource: Resource) -> None:
    want = resource.properties
    name = want["TableName"]
    try:
        have = to.dynamodb.describe_table(TableName=name)["Table"]
    except to.dynamodb.exceptions.ResourceNotFoundException:
        to.dynamodb.create_table(**{field: want[field] for field in TABLE_FIELDS if field in want})
    else:
        _same_keys(name, have, want)
        _missing_indexes(to, have, want)
    ttl = want.get("TimeToLiveSpecification")
    if ttl and not _ttl_is(to, name, ttl):
        to.dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)


def _ttl_is(to: Clients, name: str, ttl: Mapping[str, Any]) -> bool:
    now = to.dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return bool(now.get("TimeToLiveStatus") == "ENABLED" and now.get("AttributeName") == ttl["AttributeName"])


def _same_keys(name: str, have: Mapping[str, Any], want: Mapping[str, Any]) -> None:
    indexes = {i["IndexName"]: i["KeySchema"] for i in have.get("GlobalSecondaryIndexes", [])}
    changed = [
        i["IndexName"]
        for i in want.get("GlobalSecondaryIndexes", [])
        if indexes.get(i["IndexName"], i["KeySchema"]) != i["KeySchema"]
    ]
    if have["KeySchema"] != want["KeySchema"] or changed:
        raise ApplyError(
            f"The keys of table {name} {changed or ''} changed in infra/data.yml. That is a migration: "
            "nothing here drops a table that holds work."
        )


def _missing_indexes(to: Clients, have: Mapping[str, Any], want: Mapping[str, Any]) -> None:
    there = {i["IndexName"] for i in have.get("GlobalSecondaryIndexes", [])}
    for index in want.get("GlobalSecondaryIndexes", []):
        if index["IndexName"] not in there:
            to.dynamodb.update_table(
                TableName=want["TableName"],
                AttributeDefinitions=want["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )


def _queue(to: Clients, resource: Resource) -> None:
    want = resource.properties
    attributes = {k: _text(v) for k, v in want.items() if k not in QUEUE_FIELDS_LEFT_OUT}
    try:
        to.sqs.create_queue(QueueName=want["QueueName"], Attributes=attributes)
    except to.sqs.exceptions.QueueNameExists:
        attributes.pop("FifoQueue", None)
        to.sqs.set_queue_attributes(QueueUrl=queue_url(to, want["QueueName"]), Attributes=attributes)


def _queue_policy(to: Clients, resource: Resource) -> None:
    policy = json.dumps(resource.properties["PolicyDocument"])
    for name in resource.properties["Queues"]:
        to.sqs.set_queue_attributes(QueueUrl=queue_url(to, name), Attributes={"Policy": policy})


def queue_url(to: Clients, name: str) -> str:
    return str(to.sqs.get_queue_url(QueueName=name)["QueueUrl"])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _bucket(to: Clients, resource: Resource) -> None:
    """Versioning first, notification last: an object announced must already be a version."""
    want = resource.properties
    name = want["BucketName"]
    with contextlib.suppress(to.s3.exceptions.BucketAlreadyOwnedByYou):
        to.s3.create_bucket(Bucket=name)
    if versioning := want.get("VersioningConfiguration"):
        to.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    if cors := want.get("CorsConfiguration"):
        to.s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [_cors(r) for r in cors["CorsRules"]]})
    if lifecycle := want.get("LifecycleConfiguration"):
        rules = [_lifecycle(rule) for rule in lifecycle["Rules"]]
        to.s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if notification := want.get("NotificationConfiguration"):
        queues = [_notification(entry) for entry in notification["QueueConfigurations"]]
        to.s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"QueueConfigurations": queues}
        )


def _cors(rule: Mapping[str, Any]) -> dict[str, Any]:
    """CloudFormation and the API name the same things differently."""
    names = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    return {names.get(key, key): value for key, value in rule.items()}


def _lifecycle(rule: Mapping[str, Any]) -> dict[str, Any]:
    known = {
        "AbortIncompleteMultipartUpload",
        "ExpirationInDays",
        "ExpiredObjectDeleteMarker",
        "NoncurrentVersionExpiration",
    }
    unsupported = set(rule) - {"Id", "Status", "Prefix", *known}
    if unsupported:
        raise ApplyError(f"Lifecycle rule {rule['Id']} uses {sorted(unsupported)}: teach infra/local/apply.py.")
    kept = {
        key: value
        for key, value in rule.items()
        if key not in {"Id", "Prefix", "ExpiredObjectDeleteMarker", "ExpirationInDays"}
    }
    if "ExpiredObjectDeleteMarker" in rule:
        kept["Expiration"] = {"ExpiredObjectDeleteMarker": rule["ExpiredObjectDeleteMarker"]}
    if "ExpirationInDays" in rule:
        kept["Expiration"] = {"Days": rule["ExpirationInDays"]}
    return {**kept, "ID": rule["Id"], "Filter": {"Prefix": rule.get("Prefix", "")}}


def _notification(entry: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"QueueArn": entry["Queue"], "Events": [entry["Event"]]}
    if rules := entry.get("Filter", {}).get("S3Key", {}).get("Rules"):
        made["Filter"] = {"Key": {"FilterRules": rules}}
    return made
