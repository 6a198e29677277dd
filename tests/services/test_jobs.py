"""Long work: progress, errors an item, stop, pause, and going on after any crash."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import audit, jobs as rows
from chalicelib.ports.context import Context
from chalicelib.services import jobs, trails
from tests.builders import Shop, a_shop
from tests.faults.crashes import Crashed, dying

ITEMS = 6


def label_items(run: jobs.Run) -> Mapping[str, Any]:
    """A job's work as a service would write it: one audit row an item, kept with its progress."""
    for place in range(run.job.cursor or 0, ITEMS):
        told = trails.entry(run.ctx, run.workspace, f"job:{run.job.id}", "item.labelled", f"item:{place}")
        odd = [{"subject": f"item:{place}", "code": "odd", "detail": "Odd items have no label."}] if place % 2 else []
        run.advance(place + 1, total=ITEMS, cursor=place + 1, errors=odd, writes=[told])
    return {"labelled": ITEMS}


WORKS: Mapping[str, jobs.Work] = {"label": label_items}


def a_job(shop: Shop, kind: str = "label") -> str:
    return jobs.start(shop.ctx, shop.workspace, "member:owner", kind, {})


def later(ctx: Context, leases: int = 2) -> Context:
    moment = ctx.now() + timedelta(seconds=leases * ctx.settings.lease_s)
    return replace(ctx, now=lambda: moment)


def labelled(shop: Shop) -> list[int]:
    """How often each item was labelled."""
    return [len(audit.of(shop.workspace, f"item:{place}")) for place in range(ITEMS)]


def test_a_job_shows_progress_and_an_error_for_each_item_that_failed(shop: Shop) -> None:
    job_id = a_job(shop)
    assert shop.call("GET", f"/v1/jobs/{job_id}").body["state"] == "queued"

    jobs.run(shop.ctx, WORKS, shop.workspace, job_id)

    shown = shop.call("GET", f"/v1/jobs/{job_id}").body
    assert (shown["state"], shown["done"], shown["total"], shown["result"]) == ("done", ITEMS, ITEMS, {"labelled": 6})
    assert [one["subject"] for one in shown["errors"]] == ["item:1", "item:3", "item:5"]
    assert [one["id"] for one in shop.call("GET", "/v1/jobs?state=done").body["items"]] == [job_id]
    assert shop.call("GET", "/v1/jobs?state=failed").body["items"] == []


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_job_crashed_at_any_call_goes_on_and_does_no_item_twice(stack: object, before: bool) -> None:
    warm = a_shop()
    jobs.run(warm.ctx, WORKS, warm.workspace, a_job(warm))
    counted = a_shop()
    job_id = a_job(counted)
    with dying(1000, before=True) as calls:
        jobs.run(counted.ctx, WORKS, counted.workspace, job_id)
    total = len(calls)
    assert total >= ITEMS + 2

    for at in range(1, total + 1):
        shop = a_shop()
        job_id = a_job(shop)
        with dying(at, before=before), pytest.raises(Crashed):
            jobs.run(shop.ctx, WORKS, shop.workspace, job_id)
        jobs.run(later(shop.ctx), WORKS, shop.workspace, job_id)
        jobs.run(later(shop.ctx, 4), WORKS, shop.workspace, job_id)

        shown = shop.call("GET", f"/v1/jobs/{job_id}").body
        assert (shown["state"], shown["done"], len(shown["errors"])) == ("done", ITEMS, 3), f"call {at} of {total}"
        assert labelled(shop) == [1] * ITEMS


def test_a_cancelled_job_stops_at_its_next_step_and_keeps_what_it_did(shop: Shop) -> None:
    job_id = a_job(shop)

    def cancelled_midway(run: jobs.Run) -> None:
        run.advance(1, total=2, cursor=1)
        shop.call("POST", f"/v1/jobs/{job_id}/cancel")
        run.advance(2, total=2, cursor=2)

    jobs.run(shop.ctx, {"label": cancelled_midway}, shop.workspace, job_id)

    shown = shop.call("GET", f"/v1/jobs/{job_id}").body
    assert (shown["state"], shown["done"], shown["total"]) == ("cancelled", 1, 2)
    again = shop.call("POST", f"/v1/jobs/{job_id}/cancel")
    assert (again.status, again.body["code"]) == (409, "job_over")


def test_a_run_whose_time_is_up_pauses_and_the_sweep_finds_the_job_again(shop: Shop) -> None:
    job_id = a_job(shop)
    hurried = replace(shop.ctx, settings=shop.ctx.settings.model_copy(update={"job_run_s": -1}))

    for _ in range(ITEMS):
        jobs.run(hurried, WORKS, shop.workspace, job_id)
        assert (shop.workspace, job_id) in [one[:2] for one in rows.due(shop.ctx.now(), 100_000)]
    jobs.run(shop.ctx, WORKS, shop.workspace, job_id)

    assert shop.call("GET", f"/v1/jobs/{job_id}").body["state"] == "done"
    assert labelled(shop) == [1] * ITEMS


def test_a_second_run_leaves_a_running_job_alone_and_one_that_lost_its_lease_writes_nothing(shop: Shop) -> None:
    job_id = a_job(shop)

    def overtaken(run: jobs.Run) -> None:
        run.advance(1, cursor=1)
        jobs.run(shop.ctx, WORKS, shop.workspace, job_id)
        assert rows.get(shop.workspace, job_id).done == 1  # type: ignore[union-attr]
        jobs.run(later(shop.ctx), WORKS, shop.workspace, job_id)
        run.advance(2, cursor=2)
        pytest.fail("went on without its lease")

    jobs.run(shop.ctx, {"label": overtaken}, shop.workspace, job_id)

    shown = shop.call("GET", f"/v1/jobs/{job_id}").body
    assert (shown["state"], shown["done"]) == ("done", ITEMS)


def test_work_that_fails_at_the_same_place_is_tried_three_times_and_then_says_why(shop: Shop) -> None:
    job_id = a_job(shop)

    def broken(run: jobs.Run) -> None:
        raise ZeroDivisionError

    for attempt in range(3):
        assert shop.call("GET", f"/v1/jobs/{job_id}").body["state"] in ("queued", "running")
        jobs.run(later(shop.ctx, 2 * attempt), {"label": broken}, shop.workspace, job_id)

    shown = shop.call("GET", f"/v1/jobs/{job_id}").body
    assert shown["state"] == "failed"
    assert shown["errors"][-1]["code"] == "internal"


def test_a_job_of_somebody_else_does_not_exist_for_a_caller_without_the_library(shop: Shop) -> None:
    job_id = a_job(shop)
    other = a_shop()

    assert other.call("GET", f"/v1/jobs/{job_id}").status == 404
    assert other.call("GET", "/v1/jobs").body["items"] == []
    assert [one["id"] for one in shop.call("GET", "/v1/jobs").body["items"]] == [job_id]
    assert shop.call("GET", "/v1/jobs?by=me").body["items"] == []
    assert jobs.run(shop.ctx, WORKS, WorkspaceId(other.workspace), job_id) is None
