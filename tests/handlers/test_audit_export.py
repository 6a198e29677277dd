"""The audit trail as a file: a job writes it, an address made anew at each read gives it, no cell is a formula."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from chalicelib.handlers.jobs import WORKS
from chalicelib.services import audit_export, jobs
from tests import policies
from tests.builders import Shop, a_shop
from tests.handlers.people import somebody

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "＝1"]


def export(shop: Shop, **asked: Any) -> dict[str, Any]:
    """The job, when it is over."""
    reply = shop.call("POST", "/v1/audit/export", asked)
    assert reply.status == 202, reply.body
    job_id = reply.body["job_id"]
    jobs.run(shop.ctx, WORKS, shop.workspace, job_id)
    return dict(shop.call("GET", f"/v1/jobs/{job_id}").body)


def fetched(job: dict[str, Any]) -> requests.Response:
    return requests.get(job["result"]["url"], timeout=20)


@pytest.mark.requirement("R51")
def test_the_trail_leaves_as_csv_with_every_entry_there_was(shop: Shop) -> None:
    for name in ("Spring", "Sümmer"):
        shop.call("POST", "/v1/collections", {"name": name})
    listed = shop.call("GET", "/v1/audit").body["items"]

    job = export(shop)
    answer = fetched(job)

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert (job["state"], job["result"]["entries"]) == ("done", len(listed))
    assert [one["id"] for one in rows] == [one["id"] for one in listed]
    assert rows[0]["action"] == "collection.created"
    assert "attachment; filename=" in answer.headers["content-disposition"]
    assert answer.headers["content-type"].startswith("text/csv")


@pytest.mark.requirement("R51")
def test_the_trail_leaves_as_json_lines_narrowed_by_action(shop: Shop) -> None:
    shop.call("POST", "/v1/collections", {"name": "Spring"})

    job = export(shop, format="jsonl", action="workspace.founded")

    (line,) = [json.loads(one) for one in fetched(job).text.splitlines()]
    assert (line["action"], line["detail"]["member_id"] != "") == ("workspace.founded", True)


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_is_taken_for_a_formula(name: str) -> None:
    from chalicelib.domain import tables

    (row,) = list(csv.reader(io.StringIO(tables.lines([[name, "plain", None, 5]]), newline="")))

    assert row == [f"'{name}", "plain", "", "5"]


def test_the_address_is_new_at_each_read_and_only_for_who_manages(shop: Shop) -> None:
    from chalicelib.services import exports, signing

    job = export(shop)
    file = {"key": f"{shop.workspace}/{job['id']}.csv", "file_name": "a.csv"}
    owner = signing.caller_of(shop.ctx, shop.key, None)
    nobody = signing.caller_of(shop.ctx, somebody(shop).key, None)
    elsewhere = signing.caller_of(shop.ctx, a_shop().key, None)

    assert "key" not in json.dumps(job["result"])
    assert exports.url(shop.ctx, owner, file) is not None
    assert exports.url(shop.ctx, nobody, file) is None
    assert exports.url(shop.ctx, elsewhere, file) is None


def test_more_than_one_file_holds_is_refused_in_words(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_export, "MOST", 1)
    shop.call("POST", "/v1/collections", {"name": "Spring"})
    job_id = shop.call("POST", "/v1/audit/export", {}).body["job_id"]

    for number in range(shop.ctx.settings.tries):
        later = shop.ctx.now() + timedelta(minutes=10 * number)
        jobs.run(policies.at(shop.ctx, later), WORKS, shop.workspace, job_id)

    job = shop.call("GET", f"/v1/jobs/{job_id}").body
    assert (job["state"], [one["code"] for one in job["errors"]], job["result"]) == ("failed", ["too_many"], None)


@pytest.mark.parametrize(
    "asked",
    [{"format": "xlsx"}, {"from": "2026-05-02T00:00:00Z", "to": "2026-05-01T00:00:00Z"}, {"subject": ""}, {"x": 1}],
)
def test_what_cannot_be_exported_is_refused(shop: Shop, asked: dict[str, Any]) -> None:
    assert shop.call("POST", "/v1/audit/export", asked).status == 422


def test_an_export_asked_for_twice_under_one_key_is_one_job(shop: Shop) -> None:
    replies = [shop.call("POST", "/v1/audit/export", {}, Idempotency_Key="once") for _ in range(2)]

    assert replies[0].body == replies[1].body
