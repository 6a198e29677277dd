"""Fire the product's schedules, by the clock or on demand.

Here: due times, the EventBridge-shaped event, and `python -m infra.local.clock [NAME]`, which asks a running
instance through a file in its home. Nothing is remembered: a schedule must bear firing twice, late, or not at all.
"""

import json
import logging
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalice.app import ScheduledEventConfig

from infra.local import homes
from infra.local.emulators import REGION
from infra.local.expressions import next_due
from infra.local.function import ACCOUNT, Context, Handler, entry_point

LOG = logging.getLogger(__name__)
FIRST_AFTER_S = 2.0
POLL_S = 0.2
FUNCTION_LIMIT_S = 120.0
ANSWER_LIMIT_S = 130.0


@dataclass
class Schedule:
    """One schedule as chalice declares it, and the lock that lets only one run of it happen at a time."""

    name: str
    expression: str
    call: Handler
    running: threading.Lock = field(default_factory=threading.Lock)


def schedules(app: Any) -> list[Schedule]:
    """Every schedule of a chalice app, with its expression checked. Raises ExpressionError."""
    found = [
        Schedule(source.name, _expression(source), entry_point(source.handler_string))
        for source in app.event_sources
        if isinstance(source, ScheduledEventConfig)
    ]
    for schedule in found:
        next_due(schedule.expression, datetime.now(UTC))
    return found


def _expression(source: ScheduledEventConfig) -> str:
    expression = source.schedule_expression
    return expression if isinstance(expression, str) else expression.to_string()


def scheduled_event(name: str, at: datetime) -> dict[str, Any]:
    """The event EventBridge sends when a rule of this name is due."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"],
        "detail": {},
    }


def fire(schedule: Schedule, *, wait: bool) -> str:
    """Run it now: `done`, `failed`, or `still running` when an earlier run goes on and `wait` is false."""
    if not schedule.running.acquire(blocking=wait):
        return "still running"
    try:
        schedule.call(scheduled_event(schedule.name, datetime.now(UTC)), Context(schedule.name, FUNCTION_LIMIT_S))
    except Exception:
        LOG.exception("schedule %s failed", schedule.name)
        return "failed"
    else:
        return "done"
    finally:
        schedule.running.release()


class Clock:
    """A thread that fires every schedule soon after start and then when due, and answers `make tick`."""

    def __init__(self, schedules: Sequence[Schedule], home: Path, crash: Callable[[], None]) -> None:
        self._schedules = {schedule.name: schedule for schedule in schedules}
        self._requests = home / "tick"
        self._stopping = threading.Event()
        self._crash = crash
        first = datetime.now(UTC) + timedelta(seconds=FIRST_AFTER_S)
        self._due = dict.fromkeys(self._schedules, first)
        self._thread = threading.Thread(target=self._guarded, name="clock", daemon=True)

    def start(self) -> None:
        self._requests.mkdir(exist_ok=True)
        for left in self._requests.glob("*.answered"):  # whoever asked is gone; what is asked still is answered
            left.unlink(missing_ok=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(POLL_S * 5)

    def _guarded(self) -> None:
        try:
            while not self._stopping.wait(POLL_S):
                self._fire_due(datetime.now(UTC))
                self._answer_requests()
        except BaseException:
            LOG.exception("the clock ended, which is a bug")
            self._crash()

    def _fire_due(self, now: datetime) -> None:
        for name, due in self._due.items():
            if due <= now:
                schedule = self._schedules[name]
                self._due[name] = next_due(schedule.expression, now)
                threading.Thread(target=fire, args=(schedule,), kwargs={"wait": False}, daemon=True).start()

    def _answer_requests(self) -> None:
        for request in self._requests.glob("*.asked"):
            try:
                name = request.read_text()
                request.unlink()
            except FileNotFoundError:  # given up meanwhile
                continue
            threading.Thread(target=self._answer, args=(name, request), daemon=True).start()

    def _answer(self, name: str, request: Path) -> None:
        wanted = [name] if name else list(self._schedules)
        results = {
            one: fire(self._schedules[one], wait=True) if one in self._schedules else "unknown" for one in wanted
        }
        answer = {"results": results, "known": sorted(self._schedules)}
        homes.write_whole(request.with_suffix(".answered"), json.dumps(answer))


def ask(home: Path, name: str, limit_s: float = ANSWER_LIMIT_S) -> dict[str, Any] | None:
    """Have the running instance fire `name` (empty: all) and wait for the outcome; None when none answers."""
    request = home / "tick" / f"{uuid.uuid4().hex}.asked"
    request.parent.mkdir(exist_ok=True)
    homes.write_whole(request, name)
    answered, until = request.with_suffix(".answered"), time.monotonic() + limit_s
    while time.monotonic() < until and homes.is_running(home):
        if answered.exists():
            answer: dict[str, Any] = json.loads(answered.read_text())
            answered.unlink()
            return answer
        time.sleep(0.05)
    request.unlink(missing_ok=True)
    return None


def main(arguments: Sequence[str]) -> int:
    home = homes.folder(os.environ)
    if not homes.is_running(home):
        sys.stderr.write(f"Nothing runs in {home}: start it with `make run`.\n")
        return 1
    answer = ask(home, arguments[0] if arguments else "")
    if answer is None:
        sys.stderr.write("The running instance did not answer.\n")
        return 1
    for name, outcome in answer["results"].items():
        print(f"{name}: {outcome}")
    if "unknown" in answer["results"].values():
        print(f"Schedules: {', '.join(answer['known']) or 'none'}")
    return 0 if set(answer["results"].values()) <= {"done"} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
