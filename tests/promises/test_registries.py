"""Whole-system rules, read from the code's own registries."""

import importlib
import json
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import app as product
from chalicelib import errors, models, settings
from chalicelib.handlers import events, problems
from chalicelib.handlers.http import ROUTES, Route
from chalicelib.models import base
from infra import overlay, policies
from infra.local import template
from infra.local.pump import jobs
from tests.builders import Shop, a_shop, call
from tests.principals import UNKNOWN, at, body_for, things

ROOT = Path(__file__).parents[2]
OVERLAY = ROOT / "infra" / "app.yml"
CLOSED = [route for route in ROUTES if route.needs.on != "public"]


@pytest.fixture(scope="module")
def others(stack: object) -> dict[str, str]:
    """Things of another workspace."""
    return things(a_shop())


def data_stack() -> list[template.Resource]:
    return template.resources(ROOT / "infra" / "data.yml", {"Stage": "local", "AppOrigin": "http://x"})


def stage_config(stage: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"][stage]
    return found


def every_error() -> set[type[errors.PackshotError]]:
    return {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.PackshotError)} - {
        errors.PackshotError
    }


def test_every_error_has_a_status_and_an_outcome() -> None:
    assert set(problems.STATUS) == every_error()
    assert set(events.OUTCOME) == every_error()


def test_only_health_the_ways_in_and_the_document_are_open_to_everybody() -> None:
    assert {(one.method, one.path) for one in ROUTES if one.needs.on == "public"} == {
        ("GET", "/v1/health"),
        ("GET", "/v1/openapi.json"),
        ("POST", "/v1/sessions"),
        ("POST", "/v1/sign-in/links"),
        ("POST", "/v1/share-sessions"),
        ("POST", "/v1/hooks/shopify/{connection_id}"),
    }


def test_every_queue_job_reports_partial_failures() -> None:
    found = jobs(product.app, OVERLAY)

    assert found
    assert [job.name for job in found if not job.partial] == []


def dead_letters(queue: str) -> str:
    """The name of a queue's dead-letter queue; a FIFO queue's is FIFO too."""
    plain = queue.removesuffix(".fifo")
    return f"{plain}-dead" + queue.removeprefix(plain)


def test_every_queue_a_job_listens_to_gives_up_into_a_dead_letter_queue() -> None:
    declared = data_stack()
    queues = {one.properties["QueueName"]: one.properties for one in declared if one.type == "AWS::SQS::Queue"}
    heard = {f"packshot-local-{job.queue.removeprefix('packshot-local-')}" for job in jobs(product.app, OVERLAY)}

    for name in heard:
        redrive = queues[name]["RedrivePolicy"]
        assert redrive["deadLetterTargetArn"].endswith(f":{dead_letters(name)}")
        assert redrive["maxReceiveCount"] > 1
        assert "RedrivePolicy" not in queues[dead_letters(name)]
        assert queues[dead_letters(name)]["MessageRetentionPeriod"] == 14 * 86_400


def test_every_queue_of_the_data_stack_has_its_job_and_the_other_way_round() -> None:
    named = {one.properties["QueueName"] for one in data_stack() if one.type == "AWS::SQS::Queue"}
    heard = {job.queue for job in jobs(product.app, OVERLAY)}

    assert {name for name in named if "-dead" not in name} == heard


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_message_stays_hidden_for_as_long_as_its_job_may_take(stage: str) -> None:
    functions = stage_config(stage)["lambda_functions"]
    queues = {one.properties["QueueName"]: one.properties for one in data_stack() if one.type == "AWS::SQS::Queue"}

    for job in jobs(product.app, OVERLAY):
        assert queues[job.queue]["VisibilityTimeout"] >= functions[job.name]["lambda_timeout"]


def test_every_table_of_the_code_is_the_table_of_the_data_stack(stack: object) -> None:
    declared = {
        one.properties["TableName"]: (
            one.properties["KeySchema"],
            sorted(index["IndexName"] for index in one.properties.get("GlobalSecondaryIndexes", [])),
        )
        for one in data_stack()
        if one.type == "AWS::DynamoDB::Table"
    }
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"chalicelib.models.{module.name}")
    base.bind(settings.load())
    modelled = {}
    for model in base.tables():
        keys = [{"AttributeName": model._hash_keyname, "KeyType": "HASH"}]
        if model._range_keyname:
            keys.append({"AttributeName": model._range_keyname, "KeyType": "RANGE"})
        modelled[model.Meta.table_name] = (keys, sorted(model._indexes))  # type: ignore[attr-defined]

    assert modelled == declared


@pytest.mark.parametrize("route", CLOSED, ids=lambda one: f"{one.method} {one.path}")
def test_nobody_gets_in_without_credentials(stack: object, route: Route) -> None:
    path = re.sub(r"{\w+}", UNKNOWN, route.path)

    replies = [call(route.method, path), call(route.method, path, Authorization="Bearer ps_aaaaaaaaaa_" + "x" * 43)]

    assert [(one.status, one.body["code"]) for one in replies] == [(401, "not_authenticated")] * 2
    assert all("www-authenticate" in one.headers for one in replies)


@pytest.mark.requirement("RA6")
@pytest.mark.parametrize(
    "route", [one for one in CLOSED if "{" in one.path], ids=lambda one: f"{one.method} {one.path}"
)
def test_what_is_in_another_workspace_is_not_found(shop: Shop, others: dict[str, str], route: Route) -> None:
    reply = shop.call(route.method, at(route, others), body_for(route))
    unknown = shop.call(route.method, at(route, dict.fromkeys(others, UNKNOWN)), body_for(route))

    assert reply.status == unknown.status == 404
    assert {**reply.body, "request_id": ""} == {**unknown.body, "request_id": ""}


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_function_of_every_stage_has_memory_timeout_and_a_policy_file(stage: str) -> None:
    config = stage_config(stage)
    functions = {"api_handler"} | {source.name for source in product.app.event_sources}

    assert set(config["lambda_functions"]) == functions
    assert config["autogen_policy"] is False
    for name, one in config["lambda_functions"].items():
        assert one["lambda_memory_size"] >= 128
        assert one["lambda_timeout"] > 0
        assert one["iam_policy_file"] == f"policy-{name}.json"


OF_TABLES = {
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "UpdateItem",
}
OF_QUEUES = {"DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage", "SendMessage"}


def test_a_policy_grants_of_each_kind_of_thing_what_can_be_done_with_it() -> None:
    for function, granted in policies.grants().items():
        for kind, known in (("tables", OF_TABLES), ("queues", OF_QUEUES)):
            wrong = {name: set(actions) - known for name, actions in granted.get(kind, {}).items()}
            assert not any(wrong.values()), f"{function}: {wrong}"


def test_the_sweep_of_the_outbox_may_do_what_its_delivery_may_for_it_does_the_same() -> None:
    granted = policies.grants()
    delivery = {kind: things for kind, things in granted["deliver_outbox"].items() if kind != "reads"}

    assert granted["sweep_outbox"] == delivery


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_settings_of_every_stage_are_complete(stage: str) -> None:
    config = stage_config(stage)

    given = {"URL": "https://dam.example.com", "FROM": "dam@example.com", "SUFFIX": "-x", "TAGS": "1"}
    at_deploy = {name: given[name.rpartition("_")[2]] for name in overlay.ENVIRONMENT}

    assert settings.load({**config["environment_variables"], **at_deploy}).stage == stage
