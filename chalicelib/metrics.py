"""The few numbers that CloudWatch keeps over time, told inside the log line of what happened (embedded metric format).

Each name, and each class of `RequestMs`, is billed as one metric for every hour in which it is told, so the list is
closed and nothing is told while nothing happens. What somebody asks beyond them stands in the same lines (job, kind,
route, status, milliseconds) and costs nothing until it is asked for. Dead letters, waiting messages, runs and their
durations by function, and API Gateway's answers are metrics that AWS keeps for nothing.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

Name = Literal[
    "RequestMs", "ClientErrors", "ReadyMs", "IndexLagMs", "ToldLagMs", "Synced", "Pushed",
    "ServerErrors", "JobFailures", "WorkFailures", "RunFailures", "OverdueS",
]  # fmt: skip
RequestClass = Literal["read", "write", "search", "shared"]
NAMESPACE = "Packshot"
CLASS = "Class"

USUAL: Mapping[Name, str] = {
    "RequestMs": "how long the API took, by class of route; the number of samples is the number of requests",
    "ClientErrors": "requests answered 4xx",
    "ReadyMs": "from the moment a file lay in the inbox to the commit of its version, pictures made",
    "IndexLagMs": "from a change to the generation of the search index that holds it",
    "ToldLagMs": "from a change to its being told onward",
    "Synced": "changes that a run brought from an outside system",
    "Pushed": "lines of plans that were brought into a store",
}
"""Told in hours with use."""
TROUBLE: Mapping[Name, str] = {
    "ServerErrors": "requests answered 5xx",
    "JobFailures": "messages and ticks whose function failed in a way that nobody had foreseen",
    "WorkFailures": "jobs that ended as failed, or whose run broke off",
    "RunFailures": "runs of connections that failed",
    "OverdueS": "age of the oldest thing that is overdue, by what the tables say: `what` in the line names it",
}
"""Told in hours with trouble."""
CLASSES: tuple[RequestClass, ...] = ("read", "write", "search", "shared")
BILLED_USUAL, BILLED_TROUBLE = len(USUAL) - 1 + len(CLASSES), len(TROUBLE)
PATIENCE_S = 60
"""What a schedule finds due for less is on its way, and no number."""


def told(numbers: Mapping[Name, float], *, of: RequestClass | None = None) -> dict[str, Any]:
    """What is added to a log line so that CloudWatch keeps these numbers; `of` is the class of `RequestMs`."""
    plain = [_declared(name) for name in numbers if name != "RequestMs"]
    sets: list[dict[str, Any]] = [{"Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": plain}] if plain else []
    if of is not None:
        sets.append({"Namespace": NAMESPACE, "Dimensions": [[CLASS]], "Metrics": [_declared("RequestMs")]})
    at_ms = int(time.time() * 1000)  # noqa: TID251 a log line's own time, which no decision follows from
    about = {CLASS: of} if of else {}
    return {"_aws": {"Timestamp": at_ms, "CloudWatchMetrics": sets}, **about, **dict[str, float](numbers)}  # type: ignore[arg-type]


def overdue_s(oldest: datetime | None, now: datetime) -> int:
    """For how long the oldest of what a schedule found has been due; 0 when it may still be on its way."""
    age_s = int((now - oldest).total_seconds()) if oldest is not None else 0
    return age_s if age_s >= PATIENCE_S else 0


def since_ms(begun: float) -> int:
    """Whole milliseconds since a moment of `time.monotonic`."""
    return round(1000 * (time.monotonic() - begun))


def _declared(name: Name) -> dict[str, str]:
    unit = "Milliseconds" if name.endswith("Ms") else "Seconds" if name == "OverdueS" else "Count"
    return {"Name": name, "Unit": unit}
