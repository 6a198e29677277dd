"""Expired rows leave the tables, as in AWS; rows that live on stay."""

import secrets

from infra.local import apply, sweep
from infra.local.stack import Stack


def test_every_table_that_expires_is_found_in_the_production_template(stack: Stack) -> None:
    found = sweep.expiring(apply.DATA_STACK, {"Stage": "local", "AppOrigin": stack.settings.url})

    assert found
    assert set(found) <= set(stack.clients.dynamodb.list_tables()["TableNames"])


def test_expired_rows_go_and_all_others_stay(stack: Stack) -> None:
    found = sweep.expiring(apply.DATA_STACK, {"Stage": "local", "AppOrigin": stack.settings.url})
    table, attribute = sorted(found.items())[0]
    dynamodb, mark = stack.clients.dynamodb, secrets.token_hex(8)
    keys = [k["AttributeName"] for k in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]
    rows = {
        "over": {"N": "1000"},
        "later": {"N": "3000"},
        "words": {"S": "1000"},
        "none": None,
    }
    for name, value in rows.items():
        item = {key: {"S": f"{mark}-{name}"} for key in keys}
        dynamodb.put_item(TableName=table, Item={**item, **({attribute: value} if value else {})})

    gone = sweep.sweep(dynamodb, table, attribute, 2000)

    left = [name for name in rows if "Item" in dynamodb.get_item(
        TableName=table, Key={key: {"S": f"{mark}-{name}"} for key in keys})]  # fmt: skip
    assert gone >= 1
    assert left == ["later", "words", "none"]
    assert sweep.sweep(dynamodb, table, attribute, 2000) == 0
