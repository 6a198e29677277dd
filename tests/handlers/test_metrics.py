"""The numbers that operators watch are told in the log line of what happened, few, and none while nothing happens."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import metrics, observe, wiring
from chalicelib.services import arrivals, indexing, overdue
from infra.costs import model
from infra.local import template
from tests import policies
from tests.builders import Shop, a_photo, call, deliver_all
from tests.handlers.test_functions import created, deliver, tick

ROOT = Path(__file__).parents[2]
LAMBDA_ITSELF_BYTES = 3 * 26 + 350
"""START, END and REPORT of a run, and what CloudWatch adds to each event."""


class Told(logging.Handler):
    """The lines of the log, read as CloudWatch reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.raw.append(record.getMessage())

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(one) for one in self.raw]

    def numbers(self, **where: Any) -> dict[str, float]:
        """Every metric of the lines that say this, as CloudWatch takes it out of them; the last one of a name."""
        found: dict[str, float] = {}
        for line in self.lines:
            if where.items() <= line.items():
                for one in line.get("_aws", {"CloudWatchMetrics": []})["CloudWatchMetrics"]:
                    assert one["Namespace"] == metrics.NAMESPACE
                    assert all(isinstance(line[name], str) for names in one["Dimensions"] for name in names)
                    found |= {each["Name"]: float(line[each["Name"]]) for each in one["Metrics"]}
        return found


@pytest.fixture
def told(shop: Shop) -> Iterator[Told]:
    log, handler = logging.getLogger(observe.__name__), Told()
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


def test_a_dropped_file_tells_how_long_it_took_until_it_was_ready_told_and_findable(shop: Shop, told: Told) -> None:
    deliver_all(shop.ctx)
    version = shop.put("Spring/a.jpg", a_photo())
    event = created(shop, "Spring/a.jpg", version)

    deliver("route_events", event)
    deliver("ingest_object", arrivals.body_of(_hint(shop)(version)))
    deliver("deliver_outbox", {})
    deliver("index_changes", {"workspace": shop.workspace})

    assert {"ReadyMs", "ToldLagMs", "IndexLagMs"} <= set(told.numbers())
    assert set(told.numbers()) <= {*metrics.USUAL, "OverdueS"}  # the outbox is everybody's: others may have left rows
    ran = [(one["job"], one["ms"] >= 0) for one in told.lines if one["event"] == "job done"]
    assert ran == [(one, True) for one in ("route_events", "ingest_object", "deliver_outbox", "index_changes")]


def _hint(shop: Shop) -> Any:
    return lambda version: arrivals.hint_of(shop.ctx, f"{shop.workspace}/Spring/a.jpg", version, "0055")


def test_a_request_is_counted_by_its_class_and_a_refused_one_as_refused(shop: Shop, told: Told) -> None:
    shop.call("GET", "/v1/search?q=dress")
    shop.call("GET", "/v1/collections")
    shop.call("POST", "/v1/collections", {"name": "Spring"})
    call("GET", "/v1/collections", Authorization="Bearer share_nobody")
    shop.call("GET", "/v1/assets/nothing")

    seen = [(one["Class"], one["status"], one.get("ClientErrors")) for one in told.lines if one["event"] == "answered"]
    assert seen == [("search", 200, None), ("read", 200, None), ("write", 201, None), ("shared", 401, 1),
                    ("read", 404, 1)]  # fmt: skip
    assert "ServerErrors" not in told.numbers()


def test_a_request_that_breaks_is_counted_and_its_traceback_is_in_one_line(
    shop: Shop, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.handlers.http._answer", lambda *_: 1 / 0)

    answer = shop.call("GET", "/v1/collections")

    (trouble,) = [one for one in told.lines if one["level"] == "error"]
    assert answer.status == 500
    assert told.numbers()["ServerErrors"] == 1
    assert "ZeroDivisionError" in trouble["traceback"]
    assert trouble["request_id"] == answer.body["request_id"]


@pytest.mark.parametrize("broken", ["message", "tick"])
def test_a_function_that_fails_is_counted_though_lambda_sees_no_error(
    shop: Shop, told: Told, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr("chalicelib.services.indexing.sweep", lambda _: 1 / 0)

    if broken == "message":
        answer = deliver("index_changes", {"no": "workspace"})
        assert len(answer["batchItemFailures"]) == 1
    else:
        with pytest.raises(ZeroDivisionError):
            tick("sweep_index")

    job = "index_changes" if broken == "message" else "sweep_index"
    assert told.numbers(job=job) == {"JobFailures": 1}


@pytest.mark.requirement("RA7")
def test_while_nothing_happens_no_number_is_told_so_that_none_is_billed(shop: Shop, told: Told) -> None:
    nobody = f"{shop.workspace}-elsewhere"
    told.raw.clear()

    assert indexing.catch_up(shop.ctx, nobody) == 0  # type: ignore[arg-type]
    for what in ("outbox", "index", "arrivals", "jobs", "connections"):
        overdue.tell(shop.ctx, what, [])
        overdue.tell(shop.ctx, what, [shop.ctx.now() - timedelta(seconds=metrics.PATIENCE_S - 1)])

    assert told.lines == []


def test_what_a_schedule_finds_waiting_for_long_is_told_by_the_age_of_the_oldest(shop: Shop, told: Told) -> None:
    hint = _hint(shop)(shop.put("Spring/a.jpg", a_photo()))
    arrivals.make_known(shop.ctx, hint)
    later = policies.at(shop.ctx, shop.ctx.now() + timedelta(minutes=20))

    arrivals.sweep(later)

    assert told.numbers(what="arrivals")["OverdueS"] >= 20 * 60


def test_in_lambda_a_line_stands_alone_and_notes_are_written_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = logging.getLogger(observe.__name__)
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "propagate", True)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "packshot-dev-api_handler")
    wiring.context.cache_clear()

    wiring.context()
    observe.note("seen", counted=metrics.told({"Synced": 2}))

    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["Synced"]) == ("seen", 2)
    monkeypatch.undo()
    wiring.context.cache_clear()


def test_every_number_is_told_somewhere_and_every_alarm_on_one_knows_its_name() -> None:
    code = "".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py") if path.name != "metrics.py")
    alarms = [
        one["Properties"] for one in template.load(ROOT / "infra" / "app.yml")["Resources"].values()
        if one.get("Properties", {}).get("Namespace") == metrics.NAMESPACE
    ]  # fmt: skip

    assert [name for name in {**metrics.USUAL, **metrics.TROUBLE} if f'"{name}"' not in code] == []
    assert {one["MetricName"] for one in alarms} == {"JobFailures", "OverdueS"} <= set(metrics.TROUBLE)
    assert [one for one in alarms if "Dimensions" in one] == []


def test_the_numbers_of_a_month_with_use_in_every_hour_are_within_what_aws_gives_for_nothing() -> None:
    prices = model.prices()
    page = (ROOT / "docs" / "operations.md").read_text()

    assert prices["always_free"]["metric.month"] >= metrics.BILLED_USUAL
    assert prices["price"]["metric.month"] * (metrics.BILLED_USUAL + metrics.BILLED_TROUBLE) <= 5.00
    assert [name for name in {**metrics.USUAL, **metrics.TROUBLE} if f"`{name}`" not in page] == []


def test_the_lines_of_a_run_are_no_longer_than_the_cost_model_takes_for_granted(shop: Shop, told: Told) -> None:
    shop.call("GET", "/v1/collections")
    asked = sum(len(one) + 26 for one in told.raw)
    told.raw.clear()
    version = shop.put("Spring/a.jpg", a_photo())
    deliver("ingest_object", arrivals.body_of(_hint(shop)(version)))
    taken_in = sum(len(one) + 26 for one in told.raw)

    most = model.prices()["lambda"]["log_bytes_a_run"]
    assert LAMBDA_ITSELF_BYTES + max(asked, taken_in) <= most
