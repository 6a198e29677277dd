"""What the code declares that costs money: memory of functions, queues, schedules, alarms."""

import re
from collections.abc import Mapping
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig, SQSEventConfig

from infra.costs.model import API, MEDIA, Platform
from infra.local import template
from infra.local.tools import ROOT

_MINUTES = {"minute": 1, "minutes": 1, "hour": 60, "hours": 60, "day": 1440, "days": 1440}
_MONTH_MINUTES = 30 * 24 * 60


def platform(product: Chalice, functions: Mapping[str, Mapping[str, Any]]) -> Platform:
    """Of the app and the functions of one stage of `.chalice/config.json`."""
    resources = template.load(ROOT / "infra" / "app.yml")["Resources"]
    memory_mb = {name: int(one["lambda_memory_size"]) for name, one in functions.items()}
    memory_mb[MEDIA] = int(resources["MediaFunction"]["Properties"]["MemorySize"])
    waking = {one.name: str(one.queue) for one in product.event_sources if isinstance(one, SQSEventConfig)}
    prices = {name: "sqs.fifo" if queue.endswith(".fifo") else "sqs.request" for name, queue in waking.items()}
    return Platform(
        memory_mb=memory_mb,
        queue=prices,
        queues={waking[name]: price for name, price in prices.items()},
        runs_a_month={
            one.name: _MONTH_MINUTES / _every_minutes(str(one.schedule_expression))
            for one in product.event_sources
            if isinstance(one, ScheduledEventConfig) and one.name != API
        },
        alarms=sum(one.get("Type") == "AWS::CloudWatch::Alarm" for one in resources.values()),
    )


def _every_minutes(expression: str) -> float:
    found = re.fullmatch(r"rate\((\d+) (\w+)\)", expression)
    if found is None:
        raise ValueError(f"The cost model does not know the schedule {expression}.")
    return int(found[1]) * _MINUTES[found[2]]
