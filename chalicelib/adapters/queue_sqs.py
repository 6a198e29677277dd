"""JobQueue on SQS.

IAM: sqs:SendMessage, sqs:GetQueueUrl; for an operator also sqs:ReceiveMessage, sqs:DeleteMessage and
sqs:GetQueueAttributes on the dead-letter queues. Limits (2026-11): 10 messages a batch, 1 MiB a message and a batch.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import classify
from chalicelib.errors import UpstreamUnavailable
from chalicelib.ports.aws import Queue
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_BATCH = 10


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as problem:
        raise classify(problem, "The queue") from problem


class SqsQueue:
    """The queues of one stage; an address is looked up once a process."""

    def __init__(self, client: "SQSClient", settings: Settings) -> None:
        self._sqs = client
        self._name, self._dead_name = settings.queue, settings.dead_queue
        self._urls: dict[str, str] = {}

    def _url(self, name: str) -> str:
        if name not in self._urls:
            self._urls[name] = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return self._urls[name]

    def send(self, queue: Queue, body: Mapping[str, Any], *, group: str | None = None) -> None:
        self.send_many(queue, [(body, group)])

    def send_many(self, queue: Queue, bodies: Sequence[tuple[Mapping[str, Any], str | None]]) -> None:
        texts = [(json.dumps(body), group) for body, group in bodies]
        with _translated():
            for start in range(0, len(texts), _BATCH):
                self._send(queue, texts[start : start + _BATCH])

    def _send(self, queue: Queue, texts: Sequence[tuple[str, str | None]]) -> None:
        entries: list[Any] = [
            {"Id": str(place), "MessageBody": text, **({"MessageGroupId": group} if group else {})}
            for place, (text, group) in enumerate(texts)
        ]
        answer = self._sqs.send_message_batch(QueueUrl=self._url(self._name(queue)), Entries=entries)
        if answer.get("Failed"):
            raise UpstreamUnavailable("The queue did not take every message.")

    def dead(self, queue: Queue) -> int:
        with _translated():
            url = self._url(self._dead_name(queue))
            found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def redrive(self, queue: Queue) -> int:
        moved = 0
        with _translated():
            url = self._url(self._dead_name(queue))
            while found := self._sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=_BATCH, MessageSystemAttributeNames=["MessageGroupId"],
                WaitTimeSeconds=1,
            ).get("Messages", []):  # fmt: skip
                self._send(queue, [(one["Body"], one.get("Attributes", {}).get("MessageGroupId")) for one in found])
                gone: list[Any] = [
                    {"Id": str(place), "ReceiptHandle": one["ReceiptHandle"]} for place, one in enumerate(found)
                ]
                self._sqs.delete_message_batch(QueueUrl=url, Entries=gone)
                moved += len(found)
        return moved
