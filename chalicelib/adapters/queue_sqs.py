"""JobQueue on SQS.

IAM: sqs:SendMessage, sqs:GetQueueUrl. Limits (2026-11): 10 messages a batch, 1 MiB a message and a batch.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import classify
from chalicelib.errors import UpstreamUnavailable
from chalicelib.ports import Queue
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_BATCH = 10


class SqsQueue:
    """The queues of one stage; an address is looked up once a process."""

    def __init__(self, client: "SQSClient", settings: Settings) -> None:
        self._sqs = client
        self._name = settings.queue
        self._urls: dict[str, str] = {}

    def _url(self, queue: Queue) -> str:
        if queue not in self._urls:
            self._urls[queue] = self._sqs.get_queue_url(QueueName=self._name(queue))["QueueUrl"]
        return self._urls[queue]

    def send(self, queue: Queue, body: Mapping[str, Any], *, group: str | None = None) -> None:
        self.send_many(queue, [(body, group)])

    def send_many(self, queue: Queue, bodies: Sequence[tuple[Mapping[str, Any], str | None]]) -> None:
        try:
            for start in range(0, len(bodies), _BATCH):
                entries: list[Any] = [
                    {"Id": str(place), "MessageBody": json.dumps(body), **({"MessageGroupId": group} if group else {})}
                    for place, (body, group) in enumerate(bodies[start : start + _BATCH])
                ]
                answer = self._sqs.send_message_batch(QueueUrl=self._url(queue), Entries=entries)
                if answer.get("Failed"):
                    raise UpstreamUnavailable("The queue did not take every message.")
        except (ClientError, BotoCoreError) as problem:
            raise classify(problem, "The queue") from problem
