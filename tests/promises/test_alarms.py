"""Alarms of a state and not of a dead message: it is brought about, the alarm rings as the template declares it, and
what the operators' page tells to do ends it."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from chalicelib import observe
from chalicelib.adapters import search_publish
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.errors import UpstreamUnavailable
from chalicelib.handlers import cli
from chalicelib.models import outbox
from infra.local import template
from tests import policies
from tests.builders import Shop, a_photo
from tests.handlers.test_functions import deliver, tick
from tests.handlers.test_metrics import Told

ROOT = Path(__file__).parents[2]


def rings(name: str, *periods: Sequence[float]) -> bool:
    """Whether this alarm of the template rings after these periods, each with what was told in it."""
    (alarm,) = [
        one["Properties"] for one in template.load(ROOT / "infra" / "app.yml")["Resources"].values()
        if one.get("Properties", {}).get("AlarmName") == {"Fn::Sub": f"packshot-${{Stage}}-{name}"}
    ]  # fmt: skip
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")
    taken: Callable[[Sequence[float]], float] = {"Sum": sum, "Maximum": max}[alarm["Statistic"]]  # type: ignore[assignment]
    looked_at = periods[-alarm["EvaluationPeriods"] :]
    breaching = [bool(one) and taken(one) > alarm["Threshold"] for one in looked_at]
    return len(breaching) == alarm["EvaluationPeriods"] and all(breaching)


@pytest.fixture
def told(shop: Shop) -> Iterator[Told]:
    log, handler = logging.getLogger(observe.__name__), Told()
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


def damage_index(shop: Shop) -> None:
    """The manifest of the workspace's index becomes what nobody can read."""
    store: Any = shop.ctx.store
    IndexObjects(store._s3, shop.ctx.settings.bucket("index")).put(search_publish.key(shop.workspace), b"{")


@contextmanager
def s3_is_away() -> Iterator[None]:
    """S3 answers every call with 503."""
    genuine: Callable[..., Any] = BaseClient._make_api_call

    def refused(client: Any, operation: str, asked: Any) -> Any:
        if client.meta.service_model.service_name == "s3":
            raise ClientError({"Error": {"Code": "503", "Message": "Slow down"}}, operation)
        return genuine(client, operation, asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", refused)
        yield


def errors_of(function: str, during: AbstractContextManager[None]) -> list[float]:
    """What Lambda counts of one run of this schedule: an error when it raises."""
    with during:
        try:
            tick(function)
        except UpstreamUnavailable:
            return [1]
    return []


def test_a_change_that_no_index_takes_rings_until_the_index_is_built_anew(shop: Shop, told: Told) -> None:
    before = policies.at(shop.ctx, shop.ctx.now() - timedelta(minutes=20))
    replace(shop, ctx=before).drop("Spring/a.jpg", a_photo())
    damage_index(shop)
    overdue: list[list[float]] = []

    for _ in range(3):
        told.raw.clear()
        tick("sweep_index")
        overdue.append([told.numbers(what="index")["OverdueS"]])
        assert len(deliver("index_changes", {"workspace": shop.workspace})["batchItemFailures"]) == 1
    rang = [rings("overdue", *overdue[:count]) for count in (1, 2, 3)]
    code = cli.main(["index", "rebuild", "--workspace", shop.workspace])
    deliver("index_changes", {"workspace": shop.workspace})

    assert (rang, code) == ([False, False, True], 0)
    assert shop.workspace not in dict(outbox.workspaces_to_index())
    assert shop.call("GET", "/v1/search?q=a.jpg").body["total"] == 1
    assert not rings("overdue", *overdue, []), "nothing is told once nothing is overdue"


def test_a_function_that_fails_on_its_event_rings_and_what_it_missed_is_done_by_the_command(
    shop: Shop, told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    version = shop.put("Spring/a.jpg", a_photo())

    errors = [errors_of("reconcile_inbox", s3_is_away()) for _ in range(2)]
    lines = [one for one in told.lines if one["event"] == "job failed"]
    capsys.readouterr()
    code = cli.main(["reconcile"])

    assert [rings("function-errors", *errors[:count]) for count in (1, 2)] == [False, True]
    assert {(one["level"], one["job"]) for one in lines} == {("error", "reconcile_inbox")}
    assert all("UpstreamUnavailable" in one["traceback"] for one in lines)
    assert (code, json.loads(capsys.readouterr().out)["sent"] >= 1) == (0, True)
    shop.take("Spring/a.jpg", version)
    assert shop.waiting() == []
    assert not rings("function-errors", *errors, [])


def test_an_api_that_answers_5xx_rings_and_its_request_id_leads_to_what_mends_it(shop: Shop, told: Told) -> None:
    shop.drop("Spring/a.jpg", a_photo())
    deliver("index_changes", {"workspace": shop.workspace})
    damage_index(shop)
    told.raw.clear()

    answers = [shop.call("GET", "/v1/search?q=a.jpg") for _ in range(2)]
    lines = [[line for line in told.lines if line.get("request_id") == one.body["request_id"]] for one in answers]
    code = cli.main(["index", "rebuild", "--workspace", shop.workspace])
    after = shop.call("GET", "/v1/search?q=a.jpg")

    assert [(one.status, one.body["code"]) for one in answers] == [(503, "index_damaged")] * 2
    assert [[line["status"] for line in found if line["event"] == "answered"] for found in lines] == [[503]] * 2
    assert told.numbers(status=503)["ServerErrors"] == 1
    assert [rings("api-errors", *[[1]] * count) for count in (1, 2)] == [False, True]
    assert (code, after.status, after.body["total"]) == (0, 200, 1)
    assert not rings("api-errors", [1], [1], [])
