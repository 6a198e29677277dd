"""Delete expired rows, as DynamoDB's time to live does in AWS: some time after they expire."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local.template import resources

PAUSE_S = 60.0


def expiring(path: Path, parameters: Mapping[str, str]) -> dict[str, str]:
    """The tables whose rows expire, each with the attribute that says when (seconds since 1970)."""
    found = {
        r.properties["TableName"]: r.properties.get("TimeToLiveSpecification")
        for r in resources(path, parameters)
        if r.type == "AWS::DynamoDB::Table"
    }
    return {name: ttl["AttributeName"] for name, ttl in found.items() if ttl and ttl["Enabled"]}


def sweep(dynamodb: Any, table: str, attribute: str, now_s: int) -> int:
    """Delete what expired in `table` before `now_s`; a row renewed meanwhile stays. Returns how many went."""
    keys = [k["AttributeName"] for k in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
    names = {f"#{number}": key for number, key in enumerate(keys)} | {"#ttl": attribute}
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="#ttl < :now AND attribute_type(#ttl, :number)",
        ProjectionExpression=", ".join(name for name in names if name != "#ttl"),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={":now": {"N": str(now_s)}, ":number": {"S": "N"}},
    )
    gone = 0
    for page in pages:
        for key in page["Items"]:
            gone += _delete(dynamodb, table, key, attribute, now_s)
    return gone


def _delete(dynamodb: Any, table: str, key: Mapping[str, Any], attribute: str, now_s: int) -> bool:
    try:
        dynamodb.delete_item(
            TableName=table,
            Key=key,
            ConditionExpression="#ttl < :now",
            ExpressionAttributeNames={"#ttl": attribute},
            ExpressionAttributeValues={":now": {"N": str(now_s)}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
