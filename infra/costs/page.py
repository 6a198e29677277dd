"""The page `docs/costs.md`: what things cost at list price, by the model, with everything it takes for granted."""

import json
from collections.abc import Callable, Iterable, Mapping

from chalicelib import metrics
from chalicelib.domain.connections import LONGEST_MINUTES
from infra.costs import model
from infra.costs.model import Platform

Table = Callable[..., str]
SERVICES = ("lambda", "dynamodb", "s3", "sqs", "api", "log", "rekognition")


def parts(platform: Platform, table: Table) -> list[str]:
    """The sections of the page; `table` makes a Markdown table of rows, the head first."""
    prices, known = model.prices(), model.operations()
    return [
        "List prices of `infra/costs/prices.toml` (us-east-1) times what real operations ask of AWS "
        "(`infra/costs/calls.json`, measured by `python -m tests.costs`; a test compares every call and unit). "
        "`make check` fails when a budget is exceeded. It is a model: nothing here has been billed yet.",
        "## Budgets",
        table(("what", "modelled", "budget"), *_budgets(prices, platform, known)),
        "## A thousand of each",
        table(("operation", *SERVICES, "sum"), *_thousands(prices, platform, known)),
        "## What one of each asks of AWS",
        table(("operation", "function", "runs", "CPU ms", "waits for", "billed"), *_asked(known)),
        f"CPU: {_measured()}, the least of {_rounds()} rounds, a small library; the picture function's on a made-up "
        "picture of 24 MP and 6 MB. Ten files come at once: one run routes them, one makes a generation of the index.",
        "## The month of a shop with 50,000 assets",
        table(("what for", "dollars"), *_sums(model.shop_month(prices, platform, known))),
        _sentence("What it keeps and does", prices["shop"]),
        "## The month of an empty platform",
        table(("service", "dollars"), *_sums(model.empty_month(prices, platform))),
        f"{len(platform.queues)} queues are polled, {len(platform.runs_a_month)} schedules run, {platform.alarms} "
        "alarms watch; what AWS gives each account for ever is taken off. A workspace nobody uses costs its storage.",
        "## The month of a quiet Drive",
        f"A connection to a Drive in which nothing happens looks every {LONGEST_MINUTES} minutes: "
        f"{100 * model.quiet_month(prices, platform, known):.1f} cents a month, nothing taken off. Each second that a "
        "cold start takes in each of these looks would add "
        f"{100 * model.cold_month(prices, platform):.1f} cents. The weekly comparison is not in it.",
        "## Metrics",
        _metrics(prices),
        "## Taken for granted",
        _sentence("Prices", prices["price"]),
        _sentence("Always free", prices["always_free"]),
        _sentence("Lambda", prices["lambda"]),
        _sentence("Milliseconds a call is waited for", prices["wait_ms"]),
        _sentence("An empty platform", prices["idle"]),
        "Not in it: taxes, support, domain names, certificates' validation, mail, data between regions.",
    ]


def _metrics(prices: Mapping[str, Mapping[str, float]]) -> str:
    usual, trouble, each = metrics.BILLED_USUAL, metrics.BILLED_TROUBLE, prices["price"]["metric.month"]
    given = prices["always_free"]["metric.month"]
    return (
        f"{usual} are told in hours with use, {trouble} more in hours with trouble, none while nothing happens "
        "(`chalicelib/metrics.py`; tests count them). Told in every hour of a month they are "
        f"${usual * each:.2f} and ${trouble * each:.2f} at list price; AWS gives {given:.0f} to each account for ever."
    )


def _budgets(
    prices: Mapping[str, Mapping[str, float]], platform: Platform, known: Mapping[str, model.Operation]
) -> Iterable[tuple[str, str, str]]:
    found = model.totals(prices, platform, known)
    return ((name, f"${found[name]:.4g}", f"${most:g}") for name, most in prices["budget"].items())


def _thousands(
    prices: Mapping[str, Mapping[str, float]], platform: Platform, known: Mapping[str, model.Operation]
) -> Iterable[tuple[str, ...]]:
    for name, one in known.items():
        found = model.cost(prices, platform, one)
        yield name, *(f"{1000 * found.get(each, 0):.4f}" for each in SERVICES), f"${1000 * sum(found.values()):.4f}"


def _asked(known: Mapping[str, model.Operation]) -> Iterable[tuple[str, ...]]:
    for name, one in known.items():
        for function, work in one.functions.items():
            yield name, f"`{function}`", f"{work.runs:g}", f"{work.cpu_ms:g}", _units(work.calls), _units(work.units)
        if one.outside:
            yield name, "outside", "", "", "", _units(one.outside)


def _units(found: Mapping[str, float]) -> str:
    return ", ".join(f"{count:g} {name}" for name, count in found.items()) or "–"


def _sums(found: Mapping[str, float]) -> list[tuple[str, str]]:
    return [*((name, f"{one:.2f}") for name, one in found.items()), ("sum", f"{sum(found.values()):.2f}")]


def _sentence(title: str, values: Mapping[str, float]) -> str:
    return f"{title}: " + ", ".join(f"`{name}` {value:,.10g}" for name, value in values.items()) + "."


def _measured() -> str:
    return str(json.loads((model.PLACE / "calls.json").read_text())["measured"])


def _rounds() -> int:
    return int(json.loads((model.PLACE / "calls.json").read_text())["rounds"])
