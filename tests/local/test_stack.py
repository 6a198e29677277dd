"""The emulated AWS of a test run: made from the production YAML, as often as one likes."""

import json
import urllib.request
from collections.abc import Callable

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local import apply
from infra.local.stack import Stack
from infra.local.template import resources


def test_every_table_queue_and_bucket_of_the_data_stack_exists(stack: Stack) -> None:
    wanted = resources(apply.DATA_STACK, stack.settings.wanted.parameters())
    clients = stack.clients

    tables = set(clients.dynamodb.list_tables()["TableNames"])
    queues = {url.rsplit("/", 1)[1] for url in clients.sqs.list_queues()["QueueUrls"]}
    buckets = {bucket["Name"] for bucket in clients.s3.list_buckets()["Buckets"]}

    assert {r.properties["TableName"] for r in wanted if r.type == "AWS::DynamoDB::Table"} <= tables
    assert {r.properties["QueueName"] for r in wanted if r.type == "AWS::SQS::Queue"} <= queues
    assert {r.properties["BucketName"] for r in wanted if r.type == "AWS::S3::Bucket"} <= buckets


def test_the_environment_alone_leads_an_aws_client_to_the_stack(stack: Stack) -> None:
    assert stack.settings.addresses.aws_url == boto3.client("s3").meta.endpoint_url
    assert stack.settings.addresses.dynamodb_url == boto3.client("dynamodb").meta.endpoint_url
    assert boto3.client("dynamodb").list_tables()["TableNames"]


def test_the_master_key_lies_encrypted_beside_the_data_stack(stack: Stack) -> None:
    found = stack.clients.ssm.get_parameter(Name="/packshot/local/master-key", WithDecryption=True)

    assert found["Parameter"]["Value"] == stack.settings.master_key
    assert found["Parameter"]["Type"] == "SecureString"


def described(stack: Stack) -> str:
    """Everything the applier has a say in, as text."""
    clients, seen = stack.clients, {}
    for resource in resources(apply.DATA_STACK, stack.settings.wanted.parameters()):
        want = resource.properties
        if resource.type == "AWS::DynamoDB::Table":
            name = want["TableName"]
            table = clients.dynamodb.describe_table(TableName=name)["Table"]
            seen[name] = [
                table["KeySchema"],
                table["AttributeDefinitions"],
                table["DeletionProtectionEnabled"],
                [[i["IndexName"], i["KeySchema"]] for i in table.get("GlobalSecondaryIndexes", [])],
                clients.dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
            ]
        if resource.type == "AWS::SQS::Queue":
            url = apply.queue_url(clients, want["QueueName"])
            attributes = clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            changing = {"LastModifiedTimestamp"} | {k for k in attributes if k.startswith("Approximate")}
            seen[want["QueueName"]] = sorted((k, v) for k, v in attributes.items() if k not in changing)
        if resource.type == "AWS::S3::Bucket":
            seen[want["BucketName"]] = bucket_settings(clients, want["BucketName"])
    return json.dumps(seen, sort_keys=True, default=str)


def bucket_settings(clients: apply.Clients, name: str) -> list[object]:
    notification = clients.s3.get_bucket_notification_configuration(Bucket=name)
    queues = [[q["QueueArn"], q["Events"]] for q in notification.get("QueueConfigurations", [])]
    return [
        clients.s3.get_bucket_versioning(Bucket=name).get("Status"),
        or_none(lambda: clients.s3.get_bucket_cors(Bucket=name)["CORSRules"]),
        or_none(lambda: clients.s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]),
        queues,
    ]


def or_none(read: Callable[[], object]) -> object:
    """What a bucket has of it; the index bucket, which no browser reads, has neither."""
    try:
        return read()
    except ClientError as problem:
        if problem.response["Error"]["Code"].startswith("NoSuch"):
            return None
        raise


def test_applying_twice_gives_the_same_stack(stack: Stack) -> None:
    once = described(stack)

    apply.apply(stack.clients, stack.settings.wanted)

    assert described(stack) == once
    assert '"Enabled"' in once
    assert "packshot-local-events-dead" in once
    assert "delete_after" in once


def test_a_changed_key_is_refused_because_it_would_cost_the_table(stack: Stack) -> None:
    (assets,) = [
        r
        for r in resources(apply.DATA_STACK, stack.settings.wanted.parameters())
        if r.properties.get("TableName") == "packshot-local-assets"
    ]
    assets.properties["KeySchema"] = [{"AttributeName": "id", "KeyType": "HASH"}]

    with pytest.raises(apply.ApplyError, match=r"packshot-local-assets.*migration"):
        apply.table(stack.clients, assets)


def test_an_unknown_function_is_answered_as_lambda_does(stack: Stack) -> None:
    client = boto3.client("lambda")

    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="packshot-local-elsewhere", Payload=b"{}")


def test_the_media_endpoint_is_up(stack: Stack) -> None:
    with urllib.request.urlopen(stack.env["AWS_ENDPOINT_URL_LAMBDA"] + "/health") as answer:
        assert answer.status == 200
