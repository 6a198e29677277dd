"""Carry messages from the queues to the product's own entry points, as Lambda's event source mapping does.

Here: receive, build the event, call, delete what succeeded. Tries, delays and dead letters are the queue's
own doing. Not here: schedules (clock.py).
"""

import importlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalice.app import SQSEventConfig
from chalice.utils import to_cfn_resource_name

from infra.local import template
from infra.local.emulators import REGION
from infra.local.function import ACCOUNT, Context, Handler, entry_point

LOG = logging.getLogger(__name__)
THREADS = {"ingest": 2, "connections": 3}
WAIT_S = 1
BATCH_LIMIT = 10
FUNCTION_LIMIT_S = 120.0
PAUSES_S = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Job:
    """One queue job as chalice declares it. `partial`: its reply may name the messages that failed."""

    name: str
    queue: str
    batch: int
    partial: bool
    call: Handler

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.queue}"

    @property
    def threads(self) -> int:
        return THREADS.get(self.queue.rsplit("-", 1)[-1], 1)


def jobs(app: Any, overlay: Path) -> list[Job]:
    """Every queue job of a chalice app.

    `overlay` is the merge template that switches partial replies on, function by function; where the file is
    absent, replies count.
    """
    partial = _partial_functions(overlay)
    return [
        Job(
            name=source.name,
            queue=source.queue,
            batch=min(source.batch_size, BATCH_LIMIT),
            partial=partial is None or to_cfn_resource_name(source.name) in partial,
            call=entry_point(source.handler_string),
        )
        for source in app.event_sources
        if isinstance(source, SQSEventConfig) and source.queue
    ]


def _partial_functions(overlay: Path) -> set[str] | None:
    if not overlay.exists():
        return None
    found = template.load(overlay).get("Resources", {}).items()
    return {name for name, resource in found if "ReportBatchItemFailures" in str(_events(resource))}


def _events(resource: dict[str, Any]) -> Any:
    return resource.get("Properties", {}).get("Events", {})


def lambda_event(messages: Sequence[dict[str, Any]], arn: str) -> dict[str, Any]:
    """The event Lambda makes of received SQS messages."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": {
                    name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
                },
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": arn,
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    return {f"{name[0].lower()}{name[1:]}": content for name, content in value.items()}


def failed(ids: Iterable[str], reply: Any) -> set[str]:
    """The messages that a partial reply names; as in AWS, a malformed reply fails the whole batch."""
    known = set(ids)
    if reply is None or reply == {}:
        return set()
    if not isinstance(reply, dict) or not isinstance(reply.get("batchItemFailures"), list | None):
        return known
    items = reply.get("batchItemFailures") or []
    named = {item.get("itemIdentifier") if isinstance(item, dict) else None for item in items}
    return {str(name) for name in named} if named <= known else known


def turn(sqs: Any, url: str, job: Job) -> int:
    """Receive one batch, waiting up to a second for it, and run it. Returns how many messages came.

    What failed stays invisible for as long as the queue says and comes again; nothing here counts tries.
    """
    received = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=job.batch,
        WaitTimeSeconds=WAIT_S,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    messages = received.get("Messages", [])
    if messages:
        bad = _run(job, messages)
        done = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if message["MessageId"] not in bad
        ]
        if done:
            sqs.delete_message_batch(QueueUrl=url, Entries=done)
    return len(messages)


def _run(job: Job, messages: Sequence[dict[str, Any]]) -> set[str]:
    ids = [message["MessageId"] for message in messages]
    try:
        reply = job.call(lambda_event(messages, job.arn), Context(job.name, FUNCTION_LIMIT_S))
    except Exception:
        LOG.exception("%s failed", job.name)
        return set(ids)
    return failed(ids, reply) if job.partial else set()


class Pump:
    """Threads that keep the queues of `jobs` moving until `stop`. `crash` is called when one of them ends."""

    def __init__(self, sqs: Any, jobs: Sequence[Job], crash: Callable[[], None]) -> None:
        self._sqs, self._crash = sqs, crash
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._guarded, args=(job,), name=f"{job.name}-{number}", daemon=True)
            for job in jobs
            for number in range(job.threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, patience_s: float = 10.0) -> bool:
        """Take no more work and let what runs end. False when something still runs after `patience_s`."""
        self._stopping.set()
        until_s = time.monotonic() + patience_s
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _guarded(self, job: Job) -> None:
        try:
            self._keep_turning(job)
        except BaseException:
            LOG.exception("the thread of %s ended, which is a bug", job.name)
            self._crash()

    def _keep_turning(self, job: Job) -> None:
        """Outages of the emulator are waited out; its queues are looked up again, for they were made anew."""
        url, outages = "", 0
        while not self._stopping.is_set():
            try:
                url = url or str(self._sqs.get_queue_url(QueueName=job.queue)["QueueUrl"])
                turn(self._sqs, url, job)
                outages = 0
            except Exception as error:  # whatever a dying server makes of a request
                url = ""
                if outages == 0:
                    LOG.warning("%s waits for its queue: %s", job.name, error)
                self._stopping.wait(PAUSES_S[min(outages, len(PAUSES_S) - 1)])
                outages += 1


def load_app() -> Any:
    """The product's chalice app."""
    return importlib.import_module("app").app
