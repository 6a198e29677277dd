"""What is left out of a call to DynamoDB must not change what comes back."""

import boto3
from botocore.parsers import JSONParser
from pynamodb.attributes import Attribute

from chalicelib.models import assets, base
from chalicelib.models.connection import _AS_THEY_ARE, _Parser
from tests.builders import Shop, a_photo


def test_an_answer_read_as_it_is_equals_one_read_by_its_model(shop: Shop) -> None:
    shop.drop("A/one.jpg", a_photo())
    (fast,) = assets.every(shop.workspace)
    model = boto3.client("dynamodb").meta.service_model.operation_model("Query").output_shape
    body = (
        b'{"Count":1,"ScannedCount":1,"Items":[{"a":{"S":"x"},"n":{"N":"1.50"},"t":{"BOOL":true},"o":{"NULL":true}}]}'
    )
    answer = {"body": body, "headers": {}, "status_code": 200}

    assert _Parser().parse(dict(answer), model) == JSONParser().parse(dict(answer), model)
    assert assets.get(shop.workspace, fast.id) == fast


def test_no_answer_that_is_read_as_it_is_holds_moments_and_no_table_binary_values(shop: Shop) -> None:
    service = boto3.client("dynamodb").meta.service_model
    outputs = [service.operation_model(name).output_shape for name in service.operation_names]
    shapes = {shape.name: shape for shape in outputs if shape is not None}
    kinds = {one.attr_type for table in base.tables() for one in _attributes(table)}

    assert {name for name in _AS_THEY_ARE if _holds(shapes[name], "timestamp")} == set()
    assert kinds <= {"S", "N", "BOOL", "L", "M", "SS"}


def test_a_call_says_who_it_is_once_and_the_same_each_time(shop: Shop) -> None:
    client = base._connection().client

    assert client.meta.config.user_agent.startswith("Botocore/")
    assert isinstance(client._endpoint._response_parser_factory.create_parser("json"), _Parser)


def _attributes(table: type) -> list[Attribute]:
    return list(table.get_attributes().values())  # type: ignore[attr-defined]


def _holds(shape: object, kind: str, seen: tuple[str, ...] = ()) -> bool:
    name, type_name = shape.name, shape.type_name  # type: ignore[attr-defined]
    if name in seen:
        return False
    below = {
        "structure": lambda: list(shape.members.values()),  # type: ignore[attr-defined]
        "list": lambda: [shape.member],  # type: ignore[attr-defined]
        "map": lambda: [shape.value],  # type: ignore[attr-defined]
    }.get(type_name, list)()
    return type_name == kind or any(_holds(one, kind, (*seen, name)) for one in below)
