"""Every function by its genuine entry point does its work within its own role policy."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

import app as product
from chalicelib import wiring
from chalicelib.models import credentials
from chalicelib.services import arrivals, jobs as services, links, signing
from infra import policies
from infra.local import clock, pump
from infra.local.function import Context
from tests import policies as watch
from tests.builders import Shop, a_photo, call
from tests.services.test_jobs import WORKS

OVERLAY = Path(__file__).parents[2] / "infra" / "app.yml"


@pytest.fixture(autouse=True)
def _cold(shop: Shop) -> None:
    """The functions of each test begin as fresh processes do: nothing has been looked up yet."""
    wiring.context.cache_clear()
    wiring.context()


def deliver(name: str, *bodies: dict[str, Any]) -> Any:
    """Hand messages to a queue's function as Lambda does."""
    (job,) = [one for one in pump.jobs(product.app, OVERLAY) if one.name == name]
    messages = [
        {"MessageId": str(n), "ReceiptHandle": "r", "Body": (text := json.dumps(body)),
         "MD5OfBody": hashlib.md5(text.encode()).hexdigest()}
        for n, body in enumerate(bodies)
    ]  # fmt: skip
    return job.call(pump.lambda_event(messages, job.arn), Context(name, 60))


def tick(name: str) -> None:
    """Fire a schedule."""
    (schedule,) = [one for one in clock.schedules(product.app) if one.name == name]
    schedule.call(clock.scheduled_event(name, datetime.now(UTC)), Context(name, 60))


def created(shop: Shop, path: str, version: str | None) -> dict[str, Any]:
    """What S3 says of a new object."""
    key = f"{shop.workspace}/{path}"
    told = {"key": key, "versionId": version, "sequencer": "0055"}
    return {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": told}}]}


def test_a_file_goes_from_inbox_to_library_through_the_functions_of_the_queues(shop: Shop) -> None:
    version = shop.put("Spring/a.jpg", a_photo())

    routed = deliver("route_events", created(shop, "Spring/a.jpg", version), {"Event": "s3:TestEvent"})
    taken = deliver("ingest_object", {"key": f"{shop.workspace}/Spring/a.jpg", "object_version": version})
    told = deliver("deliver_outbox", {})

    assert [routed, taken, told] == [{"batchItemFailures": []}] * 3
    assert shop.waiting() == []


def test_what_cannot_be_taken_in_is_set_aside_by_the_function(shop: Shop) -> None:
    version = shop.put("cut.jpg", a_photo()[:2000])

    deliver("ingest_object", {"key": f"{shop.workspace}/cut.jpg", "object_version": version})
    deliver("ingest_object", {"key": f"{shop.workspace}/gone.jpg", "object_version": version})

    assert shop.call("GET", "/v1/ingest?state=quarantined").body["items"]


@pytest.mark.parametrize("name", ["sweep_outbox", "sweep_ingest", "sweep_jobs", "reconcile_inbox"])
def test_a_schedule_may_fire_at_any_time(shop: Shop, name: str) -> None:
    shop.drop("a.jpg", a_photo())
    shop.put("late.jpg", a_photo(3))

    tick(name)
    tick(name)


def test_sweeps_take_up_what_died_and_what_never_came(shop: Shop) -> None:
    shop.put("unseen.jpg", a_photo(2))
    version = shop.put("late.jpg", a_photo())
    arrivals.make_known(shop.ctx, arrivals.hint_of(shop.ctx, f"{shop.workspace}/late.jpg", version))
    services.start(shop.ctx, shop.workspace, "member:owner", "label", {})
    later = datetime.now(UTC) + timedelta(days=1)
    ctx = watch.at(shop.ctx, later)

    found = arrivals.reconcile(ctx, min_age_s=0)
    swept = arrivals.sweep(ctx)
    services.sweep(ctx)

    assert found >= 1
    assert swept >= 1


def test_a_due_job_runs_within_its_policy(shop: Shop) -> None:
    job_id = services.start(shop.ctx, shop.workspace, "member:owner", "label", {})

    services.run(shop.ctx, WORKS, shop.workspace, job_id)
    unknown = services.start(shop.ctx, shop.workspace, "member:owner", "nobody-does-this", {})
    deliver("run_job", {"workspace": shop.workspace, "id": unknown})

    assert shop.call("GET", f"/v1/jobs/{job_id}").body["state"] == "done"


def test_reading_editing_trashing_and_downloading_stay_within_the_policy_of_the_api(shop: Shop) -> None:
    shop.drop("Spring/a.jpg", a_photo())
    home = next(one["id"] for one in shop.call("GET", "/v1/collections").body["items"] if one["path"] == "Spring")
    (asset,) = shop.assets(collection_id=home, sort="name")
    path = f"/v1/assets/{asset['id']}"

    answers = [
        shop.call("GET", f"/v1/collections/{home}"),
        shop.call("PATCH", path, {"title": "Red dress", "keywords": ["red"], "name": "b.jpg"}),
        shop.call("GET", f"{path}/download?redirect=false"),
        shop.call("GET", f"{path}/download?original=false&redirect=false"),
        shop.call("DELETE", path),
        shop.call("POST", f"{path}/restore"),
        shop.call("GET", f"{path}/versions"),
    ]

    assert [one.status for one in answers] == [200, 200, 200, 200, 204, 200, 200]


def test_sessions_stay_within_the_policy_of_the_api(shop: Shop) -> None:
    token, key = shop.ctx.new_secret(), credentials.find(signing.key_prefix(shop.key) or "")
    assert key is not None
    links.issue_at_start(shop.ctx, shop.workspace, key.member_id, token)

    begun = call("POST", "/v1/sessions", {"token": token})
    cookie = begun.headers["set-cookie"].split(";")[0]
    ended = call("DELETE", "/v1/sessions/current", Cookie=cookie)

    assert (begun.status, ended.status) == (201, 204)
    assert call("GET", "/v1/me", Cookie=cookie).status == 401


@pytest.mark.requirement("R10")
def test_an_upload_in_parts_stays_within_the_policy_of_the_api(shop: Shop) -> None:
    size = 101 * 1024**2
    begun = shop.call("POST", "/v1/uploads", {"file_name": "big.bin", "size_bytes": size}).body
    place, body = f"/v1/uploads/{begun['id']}", b"x" * begun["part_size_bytes"]
    numbers = [part["number"] for part in begun["parts"]]
    more = shop.call("POST", f"{place}/parts", {"numbers": numbers}).body["parts"]
    for part in more:
        start = (part["number"] - 1) * len(body)
        sent = requests.put(part["url"], data=body[: size - start], headers=part["headers"], timeout=30)
        assert sent.status_code == 200

    arrived = shop.call("GET", place).body["arrived"]
    done = shop.call("POST", f"{place}/complete", {}, Idempotency_Key="once")
    refused = shop.call("POST", "/v1/uploads", {}, Idempotency_Key="never")

    assert sorted(arrived) == numbers
    assert (done.status, refused.status) == (202, 422)


def test_every_function_has_a_policy_and_the_files_are_what_their_source_says() -> None:
    functions = {"api_handler"} | {source.name for source in product.app.event_sources}

    assert set(policies.grants()) == functions
    assert policies.stale() == []


def test_no_policy_holds_a_wildcard_beyond_the_objects_of_one_bucket() -> None:
    for function, granted in policies.grants().items():
        for part in policies.policy(function, granted)["Statement"]:
            assert not any("*" in action for action in part["Action"])
            for resource in part["Resource"]:
                address = resource["Fn::Sub"]
                if {*part["Action"]} <= policies.EVERYWHERE:
                    continue
                assert (
                    address.endswith(":identity/${MailFrom}")
                    or "packshot/${Stage}/" in address
                    or "packshot-${Stage}-" in address
                )
                tail = address.removesuffix("/*") if ":s3:::" in address else address
                assert "*" not in (tail.removesuffix(":*") if ":logs:" in address else tail)


def test_a_call_beyond_the_policy_is_named_with_the_line_that_is_missing() -> None:
    need = policies.Need("route_events", "tables", "members", "DeleteItem")

    assert watch.missing({need}) == [need]
    assert "route_events: {tables: {members: [DeleteItem]}}" in str(need)


def test_hints_for_one_index_that_come_together_are_one_piece_of_work(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    hints = [{"workspace": shop.workspace, "id": str(number)} for number in range(3)]

    answer = deliver("index_changes", *hints, {"nothing": "known"})

    done = [one for one in caplog.messages if "index_changes" in one and '"job done"' in one]
    assert len(done) == 1
    assert answer == {"batchItemFailures": [{"itemIdentifier": "3"}]}
