"""Whole-system rules, read from the code's own registries."""

import importlib
import json
import pkgutil
from pathlib import Path

import pytest

import app as product
from chalicelib import errors, models, settings
from chalicelib.handlers import events, http
from chalicelib.handlers.http import ROUTES, Route
from chalicelib.models import base
from chalicelib.services import jobs as jobs_service
from infra.local import template
from infra.local.pump import jobs
from tests.builders import Shop, a_shop, call

ROOT = Path(__file__).parents[2]
CLOSED = [route for route in ROUTES if route.needs.on != "public"]


def every_error() -> set[type[errors.PackshotError]]:
    return {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.PackshotError)} - {
        errors.PackshotError
    }


def named(route: Route, identifier: str) -> str:
    path = route.path
    for name in ("asset_id", "collection_id", "ingest_id", "upload_id", "job_id"):
        path = path.replace(f"{{{name}}}", identifier)
    return path


def test_every_error_has_a_status_and_an_outcome() -> None:
    assert set(http.STATUS) == every_error()
    assert set(events.OUTCOME) == every_error()


def test_chalice_serves_exactly_the_declared_routes() -> None:
    served = {(method, path) for path, methods in product.app.routes.items() for method in methods}

    assert served == {(route.method, route.path) for route in ROUTES}


def test_only_health_and_sign_in_are_open_to_everybody() -> None:
    assert {(one.method, one.path) for one in ROUTES if one.needs.on == "public"} == {
        ("GET", "/v1/health"),
        ("POST", "/v1/sessions"),
    }


def test_every_queue_job_reports_partial_failures() -> None:
    found = jobs(product.app, ROOT / "infra" / "app.yml")

    assert [job.name for job in found if not job.partial] == []
    assert len(found) == 4


def test_every_table_of_the_code_is_the_table_of_the_data_stack(stack: object) -> None:
    declared = {
        one.properties["TableName"]: (
            one.properties["KeySchema"],
            sorted(index["IndexName"] for index in one.properties.get("GlobalSecondaryIndexes", [])),
        )
        for one in template.resources(ROOT / "infra" / "data.yml", {"Stage": "local", "AppOrigin": "http://x"})
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
    path = named(route, "2" * 26)

    replies = [call(route.method, path), call(route.method, path, Authorization="Bearer ps_aaaaaaaaaa_" + "x" * 43)]

    assert [(one.status, one.body["code"]) for one in replies] == [(401, "not_authenticated")] * 2
    assert all("www-authenticate" in one.headers for one in replies)


@pytest.mark.requirement("RA6")
@pytest.mark.parametrize(
    "route", [one for one in CLOSED if "{" in one.path], ids=lambda one: f"{one.method} {one.path}"
)
def test_what_is_in_another_workspace_is_not_found(shop: Shop, route: Route) -> None:
    other = a_shop()
    other.drop("Front/secret.jpg", b"canary")
    home = next(one["id"] for one in other.call("GET", "/v1/collections").body["items"] if one["path"])
    ids = {
        "{asset_id}": other.assets(collection_id=home)[0]["id"],
        "{collection_id}": home,
        "{upload_id}": other.call("POST", "/v1/uploads", {"file_name": "a.jpg", "size_bytes": 9}).body["id"],
        "{job_id}": jobs_service.start(other.ctx, other.workspace, "member:owner", "none", {}),
        "{ingest_id}": other.call("GET", "/v1/ingest").body["items"][0]["id"],
    }
    path = route.path
    for name, identifier in ids.items():
        path = path.replace(name, identifier)

    reply = shop.call(route.method, path, {} if route.method in ("PATCH", "POST") else None)
    unknown = shop.call(route.method, named(route, "3" * 26), {} if route.method in ("PATCH", "POST") else None)

    assert reply.status == unknown.status == 404
    assert {**reply.body, "request_id": ""} == {**unknown.body, "request_id": ""}


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_function_of_every_stage_has_memory_timeout_and_a_policy_without_a_bare_star(stage: str) -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"][stage]
    functions = {"api_handler"} | {source.name for source in product.app.event_sources}

    assert set(config["lambda_functions"]) == functions
    assert config["autogen_policy"] is False
    for name, one in config["lambda_functions"].items():
        assert one["lambda_memory_size"] >= 128
        assert one["lambda_timeout"] > 0
        assert one["iam_policy_file"] == f"policy-{name}.json"
        statements = json.loads((ROOT / ".chalice" / one["iam_policy_file"]).read_text())["Statement"]
        assert all("*" not in (*part["Action"], *part["Resource"]) for part in statements)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_settings_of_every_stage_are_complete(stage: str) -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"][stage]

    assert settings.load(config["environment_variables"]).stage == stage


def test_no_read_of_the_tables_scans() -> None:
    text = "".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))

    assert ".scan(" not in text
