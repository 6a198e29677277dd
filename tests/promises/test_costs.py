"""What the product costs stays within its budgets, and the model is fed with what the code really asks of AWS."""

import pytest

from chalicelib.domain import labels
from infra import docs
from infra.costs import model
from infra.costs.model import Operation
from infra.local.stack import Stack
from tests import costs

PRICES = model.prices()
READ = "billed dynamodb.read"


A_QUERY_MORE = 3.0
"""Read units a query may differ by: what it looks through depends on how many rows the last seconds have
brought, and how slow the machine is."""


def counts(known: dict[str, Operation]) -> dict[tuple[str, str], dict[str, float]]:
    """What each operation makes each function wait for and be billed for, reads apart."""
    return {
        (name, function): {**work.calls, **{f"billed {unit}": count for unit, count in work.units.items()}}
        for name, one in known.items()
        for function, work in one.functions.items()
    }


@pytest.mark.requirement("RA7")
def test_no_budget_is_exceeded() -> None:
    assert model.over_budget(PRICES, docs.platform(), model.operations()) == []


def test_a_budget_that_is_exceeded_is_named() -> None:
    dear = {**PRICES, "budget": {**PRICES["budget"], "1,000 searches": 0.001}}

    (told,) = model.over_budget(dear, docs.platform(), model.operations())

    assert told.startswith("1,000 searches: $0.00")
    assert told.endswith("is more than $0.0010.")


def test_real_operations_ask_of_aws_exactly_what_the_model_counts(stack: Stack) -> None:
    measured, known = costs.operations(), model.operations()
    for name in {costs.LOOK, costs.LABELS} - set(measured):  # the model's package could not be had at set-up
        del known[name]
    found, told = counts(measured), counts(known)
    reads = {place: (found[place].pop(READ, 0.0), told[place].pop(READ, 0.0)) for place in {*found} & {*told}}

    assert found == told, "run python -m tests.costs, then make docs"
    assert {place: both for place, both in reads.items() if abs(both[0] - both[1]) > A_QUERY_MORE} == {}


def test_a_function_with_a_share_of_a_core_takes_longer_and_costs_the_same_for_its_cpu() -> None:
    work = model.Work(1, {}, {}, 100.0)
    full, half = PRICES["lambda"]["full_mb"], PRICES["lambda"]["full_mb"] / 2

    long_ms, short_ms = model.run_ms(PRICES, work, half), model.run_ms(PRICES, work, full)

    assert (short_ms, long_ms) == (100 * PRICES["lambda"]["slower"], 200 * PRICES["lambda"]["slower"])
    assert long_ms * half == short_ms * full


def test_the_price_that_a_workspace_agrees_to_is_the_one_of_the_model() -> None:
    assert labels.cents(1000) / 100_000 == PRICES["price"]["rekognition.label"]


def test_everything_that_is_counted_has_a_price_or_is_free() -> None:
    known = model.operations().values()
    units = {unit for one in known for work in one.functions.values() for unit in work.units}
    calls = {call for one in known for work in one.functions.values() for call in work.calls}

    assert units | {unit for one in known for unit in one.outside} <= set(PRICES["price"])
    assert calls - {"lambda.request"} <= set(PRICES["wait_ms"])
