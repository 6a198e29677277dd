"""What the operators' page tells to do mends what it tells it for: each command and each alarm has its drill."""

import argparse
import io
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.handlers import cli
from chalicelib.models import connections as rows, ingest, outbox as told_rows
from chalicelib.services import arrivals, indexing, ingest as taking, jobs
from infra.local import template
from tests import policies
from tests.builders import Shop, a_photo, call, deliver_all
from tests.handlers.test_functions import created, deliver, tick

ROOT, TESTS = Path(__file__).parents[2], Path(__file__).parents[1]
ELSEWHERE = {
    "fsck": ("services/test_fsck.py", "the_command_says_what_is_wrong_and_mends_it_when_asked"),
    "retry": ("handlers/test_operating.py", "quarantined_files_are_tried_again_by_id_or_all_of_a_workspace"),
    "usage": ("handlers/test_operating.py", "usage_is_told_by_day_and_meter"),
    "overdue": ("promises/test_alarms.py", "a_change_that_no_index_takes_rings_until_the_index_is_built_anew"),
    "function-errors": (
        "promises/test_alarms.py", "a_function_that_fails_on_its_event_rings_and_what_it_missed_is_done_by_the_command",
    ),
    "api-errors": (
        "promises/test_alarms.py", "an_api_that_answers_5xx_rings_and_its_request_id_leads_to_what_mends_it",
    ),
    "function-throttles": (
        "faults/test_simulation.py", "whatever_the_schedule_every_file_is_in_once_and_the_newest_is_shown",
    ),
}  # fmt: skip
"""Drills that stand with other tests of the same thing."""
DRILLS: set[str] = set()
Test = Callable[..., None]


def drill(*names: str) -> Callable[[Test], Test]:
    """This test is the drill of these alarms and commands."""
    DRILLS.update(names)
    return lambda test: test


def die(shop: Shop, queue: str, body: Any, group: str | None = "a") -> None:
    """A message has failed five times."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=shop.ctx.settings.dead_queue(queue))["QueueUrl"]  # type: ignore[arg-type]
    fifo = {"MessageDeduplicationId": shop.ctx.new_id()} if url.endswith(".fifo") else {}
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body), **({"MessageGroupId": group} if group else {}), **fifo)


def redriven(shop: Shop, queue: str, capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """What `packshot redrive` brings back into the queue, which other tests share and nobody here reads."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=shop.ctx.settings.queue(queue))["QueueUrl"]  # type: ignore[arg-type]
    sqs.purge_queue(QueueUrl=url)
    capsys.readouterr()
    assert cli.main(["redrive", queue]) == 0
    assert json.loads(capsys.readouterr().out)[queue] >= 1
    found: list[Any] = []
    while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages"):
        found += [json.loads(one["Body"]) for one in some]
        for one in some:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return found


@drill("events-dead", "ingest-dead", "reconcile")
@pytest.mark.requirement("R41")
def test_a_file_whose_messages_died_is_in_after_a_redrive_or_a_reconcile(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    version = shop.put("Spring/a.jpg", a_photo())
    event = created(shop, "Spring/a.jpg", version)
    die(shop, "events", event, group=None)

    back = [one for one in redriven(shop, "events", capsys) if one == event]
    deliver("route_events", *back)
    die(shop, "ingest", {"key": f"{shop.workspace}/Spring/a.jpg", "object_version": version})
    for one in redriven(shop, "ingest", capsys):
        if shop.workspace in one["key"]:
            deliver("ingest_object", one)
    lost = shop.put("Spring/b.jpg", a_photo(2))
    assert cli.main(["reconcile"]) == 0

    assert shop.waiting() == [f"{shop.workspace}/Spring/b.jpg"]
    shop.take("Spring/b.jpg", lost)
    assert {one.state for one in ingest.every(shop.workspace)} == {"done"}


@drill("outbox-dead", "redrive")
def test_what_no_wake_up_told_is_told_after_a_redrive_and_by_the_sweep(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver_all(shop.ctx)
    shop.drop("Spring/a.jpg", a_photo())
    die(shop, "outbox", {"workspace": shop.workspace})

    (back, *_) = [one for one in redriven(shop, "outbox", capsys) if one.get("workspace") == shop.workspace]
    deliver("deliver_outbox", back)
    shop.drop("Spring/b.jpg", a_photo(2))
    tick("sweep_outbox")

    assert list(told_rows.untold(shop.workspace, shop.ctx.now() + timedelta(seconds=1))) == []


@drill("jobs-dead", "index-dead", "index")
def test_a_dead_index_is_built_anew_by_a_job_whose_hint_died_and_by_the_command(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.drop("Spring/a.jpg", a_photo())
    die(shop, "index", {"workspace": shop.workspace}, group=shop.workspace)
    job_id = jobs.start(shop.ctx, shop.workspace, "system:index", indexing.REBUILD, {})
    die(shop, "jobs", {"workspace": shop.workspace, "id": job_id})

    deliver("index_changes", *[one for one in redriven(shop, "index", capsys) if one["workspace"] == shop.workspace])
    by_writer = shop.call("GET", "/v1/search?q=a.jpg").body["total"]
    deliver("run_job", *[one for one in redriven(shop, "jobs", capsys) if one.get("id") == job_id])
    code = cli.main(["index", "rebuild", "--workspace", shop.workspace])

    assert (by_writer, code) == (1, 0)
    assert shop.call("GET", f"/v1/jobs/{job_id}").body["state"] == "done"
    assert shop.call("GET", "/v1/search?q=a.jpg").body["total"] == 1


@drill("connections-dead")
def test_a_connection_whose_hint_died_is_hinted_at_again_by_its_schedule(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    due = (shop.workspace, "connection", shop.ctx.now() - timedelta(hours=1))
    monkeypatch.setattr(rows, "due", lambda *_: [due])
    monkeypatch.setattr("chalicelib.adapters.queue_sqs.SqsQueue.send_many", lambda _, *told: sent.append(told))

    tick("start_due_connections")

    assert sent == [("connections", [({"workspace": shop.workspace, "id": "connection"}, str(shop.workspace))])]


@drill("job-failures")
def test_a_message_that_failed_does_its_work_after_the_fix(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    version = shop.put("Spring/a.jpg", a_photo())
    hint = arrivals.body_of(arrivals.hint_of(shop.ctx, f"{shop.workspace}/Spring/a.jpg", version, "0055"))
    with monkeypatch.context() as broken:
        broken.setattr("chalicelib.services.commits.commit", lambda *_: 1 / 0)
        failed = deliver("ingest_object", hint)
    later = policies.at(shop.ctx, shop.ctx.now() + timedelta(hours=1))

    swept = arrivals.sweep(later)
    taking.take(later, arrivals.hint_of(later, f"{shop.workspace}/Spring/a.jpg", version, "0055"))

    assert len(failed["batchItemFailures"]) == 1
    assert swept >= 1
    assert shop.waiting() == []


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run a command that reads what is asked from standard input; what it said."""

    def run(command: str, **asked: str) -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(asked)))
        capsys.readouterr()
        assert cli.main([command]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@drill("found", "bootstrap")
def test_a_workspace_is_founded_once_and_its_owner_signs_in_by_a_link(shop: Shop, ask: Callable[..., Any]) -> None:
    asked = {
        "workspace": shop.ctx.new_id(), "name": "Shoes", "member_id": shop.ctx.new_id(),
        "email": "owner@shoes.example", "api_key": f"ps_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}",
    }  # fmt: skip
    token = shop.ctx.new_secret()

    said = [ask("found", **asked), ask("found", **asked), ask("bootstrap", **asked, sign_in_token=token)]

    assert said == [{"workspace": asked["workspace"]}] * 3
    assert call("GET", "/v1/collections", Authorization=f"Bearer {asked['api_key']}").status == 200
    assert call("POST", "/v1/sessions", {"token": token}).status in (200, 201, 204)


@drill("refuse")
@pytest.mark.requirement("RF4")
def test_a_file_that_could_not_even_be_put_is_listed_with_its_reason(shop: Shop, ask: Callable[..., Any]) -> None:
    said = ask("refuse", workspace=shop.workspace, path="Spring/huge.psd", reason="It is too large.")

    (listed,) = shop.call("GET", "/v1/ingest?state=quarantined").body["items"]
    assert (listed["id"], listed["reason"]) == (said["id"], "It is too large.")


@drill("look")
@pytest.mark.requirement("R01")
def test_looking_at_pictures_from_before_is_begun_for_a_workspace(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.drop("a.jpg", a_photo())
    capsys.readouterr()

    assert cli.main(["look", "--workspace", shop.workspace]) == 0

    job_id = json.loads(capsys.readouterr().out)["jobs"][shop.workspace]
    assert shop.call("GET", f"/v1/jobs/{job_id}").body["kind"] == "auto_tags.look"


def test_every_command_and_every_alarm_has_its_drill() -> None:
    (commands,) = (one for one in cli.parser()._actions if isinstance(one, argparse._SubParsersAction))
    alarms = {
        one["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("packshot-${Stage}-")
        for one in template.load(ROOT / "infra" / "app.yml")["Resources"].values()
        if one.get("Type") == "AWS::CloudWatch::Alarm"
    }

    assert {*commands.choices, *alarms} == DRILLS | set(ELSEWHERE)
    assert DRILLS & set(ELSEWHERE) == set()
    assert [one for file, one in ELSEWHERE.values() if f"def test_{one}(" not in (TESTS / file).read_text()] == []
