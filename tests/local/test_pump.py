"""Messages reach the product's entry points as Lambda would bring them, and tries are the queue's business."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice

from infra.local import pump
from infra.local.expressions import ExpressionError, next_due
from infra.local.polling import await_true
from infra.local.stack import Stack

NUMBER = itertools.count()
SEEN: list[str] = []
jobs = Blueprint(__name__)


@jobs.on_sqs_message(queue="pump-declared", batch_size=5)
def declared(event: Any) -> None:
    SEEN.extend(record.body for record in event)


app = Chalice(app_name="pump-test")
app.register_blueprint(jobs)


def a_queue(stack: Stack, tries: int = 2) -> tuple[str, str, str]:
    """A queue whose failed messages come back at once, and its dead-letter queue."""
    sqs, name = stack.clients.sqs, f"pump-{next(NUMBER)}"
    dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    redrive = f'{{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:{name}-dead","maxReceiveCount":{tries}}}'
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "0", "RedrivePolicy": redrive})
    return name, url["QueueUrl"], dead


def a_job(name: str, call: Callable[[Any, Any], Any], *, partial: bool = True) -> pump.Job:
    return pump.Job("job", name, 10, partial, call)


def bodies(stack: Stack, url: str) -> set[str]:
    found = stack.clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return {message["Body"] for message in found.get("Messages", [])}


def test_only_the_named_message_of_a_batch_comes_again_and_ends_as_a_dead_letter(stack: Stack) -> None:
    name, url, dead = a_queue(stack)
    for body in ("good", "bad"):
        stack.clients.sqs.send_message(QueueUrl=url, MessageBody=body)
    seen: list[str] = []

    def call(event: Any, _: Any) -> Any:
        seen.extend(record["body"] for record in event["Records"])
        bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in bad]}

    for _ in range(4):
        pump.turn(stack.clients.sqs, url, a_job(name, call))

    assert seen.count("good") == 1
    assert seen.count("bad") == 2
    assert bodies(stack, dead) == {"bad"}


def test_a_job_that_raises_fails_its_whole_batch(stack: Stack) -> None:
    name, url, dead = a_queue(stack, tries=1)
    stack.clients.sqs.send_message(QueueUrl=url, MessageBody="one")

    def call(_: Any, __: Any) -> Any:
        raise RuntimeError("the disk is full")

    for _ in range(2):
        pump.turn(stack.clients.sqs, url, a_job(name, call))

    assert bodies(stack, dead) == {"one"}


def test_without_partial_replies_in_the_template_a_reply_is_ignored_as_in_aws(stack: Stack) -> None:
    name, url, dead = a_queue(stack)
    stack.clients.sqs.send_message(QueueUrl=url, MessageBody="lost")

    def call(event: Any, _: Any) -> Any:
        return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}

    pump.turn(stack.clients.sqs, url, a_job(name, call, partial=False))

    assert bodies(stack, url) == set()
    assert bodies(stack, dead) == set()


@pytest.mark.parametrize(
    "reply", ["text", {"batchItemFailures": "x"}, {"batchItemFailures": [{"itemIdentifier": "?"}]}]
)
def test_a_malformed_reply_fails_the_whole_batch(reply: Any) -> None:
    assert pump.failed(["a", "b"], reply) == {"a", "b"}


@pytest.mark.parametrize("reply", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_empty_reply_is_success(reply: Any) -> None:
    assert pump.failed(["a", "b"], reply) == set()


def test_a_job_is_found_where_chalice_declared_it_and_runs_until_stopped(stack: Stack) -> None:
    (job,) = pump.jobs(app, Path("no-such-template.yml"))
    url = stack.clients.sqs.create_queue(QueueName="pump-declared")["QueueUrl"]
    running = pump.Pump(stack.clients.sqs, [job], pytest.fail)

    running.start()
    stack.clients.sqs.send_message(QueueUrl=url, MessageBody="hello")
    came = await_true(lambda: SEEN == ["hello"], 60)

    assert running.stop()
    assert came
    assert job.batch == 5


def test_a_function_missing_from_the_merge_template_has_no_partial_replies(tmp_path: Path) -> None:
    overlay = tmp_path / "app.yml"
    overlay.write_text("Resources: {Other: {Properties: {}}}")

    assert [job.partial for job in pump.jobs(app, overlay)] == [False]


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("rate(5 minutes)", datetime(2026, 2, 28, 23, 5, 30, tzinfo=UTC)),
        ("cron(0 3 * * ? *)", datetime(2026, 3, 1, 3, 0, tzinfo=UTC)),
        ("cron(0/15 * * * ? *)", datetime(2026, 2, 28, 23, 15, tzinfo=UTC)),
        ("cron(30 6 ? * MON-FRI *)", datetime(2026, 3, 2, 6, 30, tzinfo=UTC)),
        ("cron(0 0 29 2 ? *)", datetime(2028, 2, 29, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_schedule_is_due_when_eventbridge_says(expression: str, due: datetime) -> None:
    assert next_due(expression, datetime(2026, 2, 28, 23, 0, 30, tzinfo=UTC)) == due


@pytest.mark.parametrize("expression", ["every day", "cron(0 25 * * ? *)", "cron(0 0 L * ? *)", "cron(0 0 31 2 ? *)"])
def test_a_schedule_that_cannot_be_read_is_said_so_at_start(expression: str) -> None:
    with pytest.raises(ExpressionError):
        next_due(expression, datetime(2026, 1, 1, tzinfo=UTC))
