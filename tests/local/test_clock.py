"""Schedules fire when due and on demand; what they did is told."""

import fcntl
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice

from infra.local import clock, expressions
from infra.local.polling import await_true

app = Chalice(app_name="clock-test")
FIRED: list[dict[str, Any]] = []
MAY_END = threading.Event()


@app.schedule("rate(1 minute)")
def counts(event: Any) -> None:
    FIRED.append(event.to_dict())


@app.schedule("cron(0 3 * * ? *)")
def breaks(event: Any) -> None:
    raise ValueError("no")


@app.schedule("rate(1 day)")
def lasts(event: Any) -> None:
    assert MAY_END.wait(10)


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chalice names entry points `app.<name>`; here they live in this module."""
    for source in app.event_sources:
        monkeypatch.setattr(source, "handler_string", f"{__name__}.{source.name}")
    FIRED.clear()
    MAY_END.set()


@contextmanager
def ticking(home: Path, *names: str) -> Iterator[None]:
    crashed: list[bool] = []
    found = [one for one in clock.schedules(app) if one.name in names]
    running = clock.Clock(found, home, lambda: crashed.append(True))
    running.start()
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    running.stop()
    assert crashed == []


def test_every_schedule_of_the_app_is_known_by_name_and_expression() -> None:
    assert {one.name: one.expression for one in clock.schedules(app)} == {
        "counts": "rate(1 minute)",
        "breaks": "cron(0 3 * * ? *)",
        "lasts": "rate(1 day)",
    }


def test_a_schedule_fires_soon_after_the_start_with_the_event_of_eventbridge(tmp_path: Path) -> None:
    with ticking(tmp_path, "counts"):
        assert await_true(lambda: bool(FIRED), 60)

    event = FIRED[0]
    assert (event["source"], event["detail-type"], event["detail"]) == ("aws.events", "Scheduled Event", {})
    assert event["resources"] == ["arn:aws:events:us-east-1:000000000000:rule/counts"]


def test_one_schedule_fires_on_demand(tmp_path: Path) -> None:
    with ticking(tmp_path, "counts", "breaks"):
        answer = clock.ask(tmp_path, "counts", 10)

    assert answer == {"results": {"counts": "done"}, "known": ["breaks", "counts"]}


def test_without_a_name_all_fire_and_the_failing_one_is_named(tmp_path: Path) -> None:
    with ticking(tmp_path, "counts", "breaks"):
        answer = clock.ask(tmp_path, "", 10)

    assert answer is not None
    assert answer["results"] == {"counts": "done", "breaks": "failed"}


def test_a_name_that_is_none_is_told(tmp_path: Path) -> None:
    with ticking(tmp_path, "counts"):
        answer = clock.ask(tmp_path, "../counts", 10)

    assert answer == {"results": {"../counts": "unknown"}, "known": ["counts"]}


def test_what_was_asked_before_a_restart_is_answered_after_it(tmp_path: Path) -> None:
    (tmp_path / "tick").mkdir()
    (tmp_path / "tick" / "early.asked").write_text("counts")
    (tmp_path / "tick" / "old.answered").write_text("{}")

    with ticking(tmp_path, "counts"):
        answered = tmp_path / "tick" / "early.answered"
        assert await_true(answered.exists, 60)
        assert json.loads(answered.read_text())["results"] == {"counts": "done"}

    assert not (tmp_path / "tick" / "old.answered").exists()


def test_a_run_that_still_goes_on_is_not_doubled() -> None:
    MAY_END.clear()
    (lasts_,) = [one for one in clock.schedules(app) if one.name == "lasts"]
    first = threading.Thread(target=clock.fire, args=(lasts_,), kwargs={"wait": False})
    first.start()
    assert await_true(lasts_.running.locked, 60)

    second = clock.fire(lasts_, wait=False)
    MAY_END.set()
    first.join()

    assert second == "still running"
    assert clock.fire(lasts_, wait=False) == "done"


NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("rate(5 minutes)", NOON + timedelta(minutes=5)),
        ("rate(1 hour)", NOON + timedelta(hours=1)),
        ("cron(0 3 * * ? *)", datetime(2026, 11, 25, 3, 0, tzinfo=UTC)),
        ("cron(0/15 * * * ? *)", datetime(2026, 11, 24, 12, 15, tzinfo=UTC)),
        ("cron(30 8 ? * MON-FRI *)", datetime(2026, 11, 25, 8, 30, tzinfo=UTC)),
        ("cron(0 0 1 JAN ? *)", datetime(2027, 1, 1, tzinfo=UTC)),
        ("cron(0 0 29 2 ? *)", datetime(2028, 2, 29, tzinfo=UTC)),
        ("cron(1 12 24 11 ? 2026)", datetime(2026, 11, 24, 12, 1, tzinfo=UTC)),
    ],
)
def test_an_expression_is_due_when_eventbridge_says(expression: str, due: datetime) -> None:
    assert expressions.next_due(expression, NOON) == due


@pytest.mark.parametrize(
    "expression", ["", "rate(x)", "rate(1 week)", "cron(* *)", "cron(61 * * * ? *)", "cron(0 0 30 2 ? *)", "at(now)"]
)
def test_an_expression_that_cannot_be_read_is_refused_at_start(expression: str) -> None:
    with pytest.raises(expressions.ExpressionError):
        expressions.next_due(expression, NOON)
