"""What every queue must do. Each sentence runs against SQS (the emulated one) and against memory."""

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from chalicelib import wiring
from chalicelib.adapters.queue_sqs import SqsQueue
from chalicelib.errors import UpstreamUnavailable
from chalicelib.ports.aws import JobQueue, Queue
from infra.local.loopback import free_port
from infra.local.stack import Stack

PATIENCE_S = 20.0
Message = tuple[dict[str, Any], str | None]


class MemoryQueue:
    """Messages in lists, as JSON: what comes out is what a real queue would have kept."""

    def __init__(self) -> None:
        self.kept: dict[str, list[tuple[str, str | None]]] = {}
        self.failed: dict[str, list[tuple[str, str | None]]] = {}
        self.is_down = False

    def send(self, queue: Queue, body: Mapping[str, Any], *, group: str | None = None) -> None:
        self.send_many(queue, [(body, group)])

    def send_many(self, queue: Queue, bodies: Sequence[tuple[Mapping[str, Any], str | None]]) -> None:
        if self.is_down:
            raise UpstreamUnavailable("The queue in memory is switched off.")
        self.kept.setdefault(queue, []).extend((json.dumps(body), group) for body, group in bodies)

    def dead(self, queue: Queue) -> int:
        return len(self.failed.get(queue, []))

    def redrive(self, queue: Queue) -> int:
        if self.is_down:
            raise UpstreamUnavailable("The queue in memory is switched off.")
        found = self.failed.pop(queue, [])
        self.kept.setdefault(queue, []).extend(found)
        return len(found)


@dataclass
class Bench:
    """One adapter, what has come out of it, and the same adapter when it cannot be reached."""

    queue: JobQueue
    received: Callable[[Queue, int], list[Message]]
    """Wait for that many messages; all that came."""
    dead: Callable[[], JobQueue]
    fail: Callable[[Queue, dict[str, Any], str | None], None]
    """Put a message where those go that failed again and again."""


def sqs_bench() -> Bench:
    client = boto3.client("sqs")
    settings = wiring.context().settings.model_copy(update={"stage": f"q{secrets.token_hex(5)}"})
    urls = {
        noun: client.create_queue(QueueName=settings.queue(noun))["QueueUrl"] for noun in ("events", "ingest", "outbox")
    }

    def received(queue: Queue, count: int) -> list[Message]:
        found: list[Message] = []
        deadline = time.monotonic() + PATIENCE_S
        while len(found) < count and time.monotonic() < deadline:
            answer = client.receive_message(
                QueueUrl=urls[queue], MaxNumberOfMessages=10, AttributeNames=["All"], WaitTimeSeconds=1
            )
            found += [
                (json.loads(one["Body"]), one["Attributes"].get("MessageGroupId")) for one in answer.get("Messages", [])
            ]
        return found

    graves = {
        noun: client.create_queue(QueueName=settings.dead_queue(noun))["QueueUrl"] for noun in ("events", "ingest")
    }

    def fail(queue: Queue, body: dict[str, Any], group: str | None) -> None:
        grouped = {"MessageGroupId": group} if group else {}
        client.send_message(QueueUrl=graves[queue], MessageBody=json.dumps(body), **grouped)

    def dead() -> JobQueue:
        nowhere = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
        return SqsQueue(boto3.client("sqs", endpoint_url=f"http://127.0.0.1:{free_port()}", config=nowhere), settings)

    return Bench(SqsQueue(client, settings), received, dead, fail)


def memory_bench() -> Bench:
    queue = MemoryQueue()

    def dead() -> JobQueue:
        queue.is_down = True
        return queue

    def fail(name: Queue, body: dict[str, Any], group: str | None) -> None:
        queue.failed.setdefault(name, []).append((json.dumps(body), group))

    def received(name: Queue, _: int) -> list[Message]:
        return [(json.loads(body), group) for body, group in queue.kept.get(name, [])]

    return Bench(queue, received, dead, fail)


@pytest.fixture(params=["sqs", "memory"])
def bench(request: pytest.FixtureRequest, stack: Stack) -> Bench:
    return sqs_bench() if request.param == "sqs" else memory_bench()


def test_a_message_comes_out_as_it_went_in(bench: Bench) -> None:
    body = {"v": 1, "key": "w/שמלה 👗 a+b%2F.jpg", "object_version": None, "parts": [1, 2.5, True]}

    bench.queue.send("ingest", body)

    assert bench.received("ingest", 1) == [(body, None)]


def test_a_message_carries_its_group(bench: Bench) -> None:
    bench.queue.send("ingest", {"n": 1}, group="shop-a")
    bench.queue.send("ingest", {"n": 2}, group="shop-b")

    assert sorted((body["n"], group) for body, group in bench.received("ingest", 2)) == [(1, "shop-a"), (2, "shop-b")]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 57])
def test_many_messages_all_arrive_each_with_its_group(bench: Bench, count: int) -> None:
    bodies = [({"n": number}, f"shop-{number % 3}") for number in range(count)]

    bench.queue.send_many("events", bodies)

    assert sorted((body["n"], group) for body, group in bench.received("events", count)) == [
        (body["n"], group) for body, group in bodies
    ]


def test_a_message_is_only_in_its_own_queue(bench: Bench) -> None:
    bench.queue.send("events", {"for": "events"})
    bench.queue.send("outbox", {"for": "outbox"})

    assert bench.received("events", 1) == [({"for": "events"}, None)]
    assert bench.received("outbox", 1) == [({"for": "outbox"}, None)]


def test_sending_the_same_twice_is_no_error(bench: Bench) -> None:
    for _ in range(2):
        bench.queue.send("outbox", {"workspace": "w"}, group="w")

    assert {group for _, group in bench.received("outbox", 2)} == {"w"}


def test_dead_messages_are_counted_and_sent_again_as_they_were(bench: Bench) -> None:
    for number in range(12):
        bench.fail("ingest", {"n": number}, f"shop-{number % 3}")
    bench.fail("events", {"for": "events"}, None)

    before, moved = bench.queue.dead("ingest"), bench.queue.redrive("ingest")

    assert (before, moved, bench.queue.dead("ingest"), bench.queue.dead("events")) == (12, 12, 0, 1)
    found = sorted((body["n"], group) for body, group in bench.received("ingest", 12))
    assert found == [(number, f"shop-{number % 3}") for number in range(12)]
    assert bench.queue.redrive("ingest") == 0


@pytest.mark.parametrize(
    "send",
    [lambda q: q.send("ingest", {}), lambda q: q.send_many("ingest", [({}, "g")]), lambda q: q.redrive("ingest")],
)
def test_a_queue_that_does_not_answer_is_unavailable_which_can_be_tried_again(bench: Bench, send: Any) -> None:
    queue = bench.dead()

    with pytest.raises(UpstreamUnavailable) as caught:
        send(queue)

    assert caught.value.retryable
