"""`Jobs`: queue and schedule wrappers, and what S3 says. The counterpart of `Api` for everything without a caller.

A queue job gets one message at a time; those that may work later are reported back, the rest is acknowledged.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Blueprint

from chalicelib import errors, metrics, observe, settings, wiring
from chalicelib.domain.arrivals import Hint
from chalicelib.ports.aws import Queue
from chalicelib.ports.context import Context
from chalicelib.services import arrivals

OUTCOME: dict[type[errors.PackshotError], str] = {
    errors.InvalidInput: "acknowledge",
    errors.Malformed: "acknowledge",
    errors.NotAuthenticated: "acknowledge",
    errors.NotAllowed: "acknowledge",
    errors.NotFound: "acknowledge",
    errors.Gone: "acknowledge",
    errors.Conflict: "again",
    errors.Stale: "again",
    errors.TooLarge: "acknowledge",
    errors.Unsupported: "acknowledge",
    errors.Busy: "again",
    errors.UpstreamUnavailable: "again",
    errors.UpstreamRejected: "acknowledge",
}
"""What becomes of a queue message whose job raised."""

Body = dict[str, Any]


class Jobs:
    """The jobs of one handler module."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name)

    def on_queue(
        self, queue: Queue, *, batch: int, once_for: str | None = None
    ) -> Callable[[Callable[[Context, Body], None]], Any]:
        """Declare a job that gets each message of a queue, decoded.

        `once_for`: of the messages that came together, those alike in this field are one piece of work, done once.
        """

        def declare(job: Callable[[Context, Body], None]) -> Any:
            def run(event: Any) -> dict[str, Any]:
                records = event.to_dict()["Records"]
                alike: dict[object, bool] = {}
                failed = []
                for record in records:
                    subject = _named(record, once_for) if once_for else None
                    is_done = alike[subject] if subject in alike else _handled(job, record)
                    if subject is not None:
                        alike[subject] = is_done
                    if not is_done:
                        failed.append(record["messageId"])
                return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

            run.__name__ = job.__name__
            name = settings.load().queue(queue)
            return self.blueprint.on_sqs_message(queue=name, batch_size=batch, name=job.__name__)(run)

        return declare

    def every(self, expression: str) -> Callable[[Callable[[Context], None]], Any]:
        """Declare a job on a schedule, such as `rate(1 minute)`. It may run twice, or late."""

        def declare(job: Callable[[Context], None]) -> Any:
            def run(event: Any) -> None:  # noqa: ARG001 Chalice passes the tick
                with observe.about(job=job.__name__):
                    try:
                        job(wiring.context())
                    except Exception as problem:
                        observe.trouble("job failed", problem=problem, counted=metrics.told({"JobFailures": 1}))
                        raise

            run.__name__ = job.__name__
            return self.blueprint.schedule(expression, name=job.__name__)(run)

        return declare


def _named(record: Body, field: str) -> str | None:
    """What a message is about; None when it cannot be told."""
    try:
        body = json.loads(record["body"])
    except ValueError:
        return None
    return str(body[field]) if isinstance(body, dict) and field in body else None


def _handled(job: Callable[[Context, Body], None], record: dict[str, Any]) -> bool:
    with observe.about(job=job.__name__, message=record["messageId"]):
        begun = time.monotonic()
        try:
            job(wiring.context(), json.loads(record["body"]))
        except errors.PackshotError as problem:
            kind = next(one for one in type(problem).__mro__ if one in OUTCOME)
            took_ms = metrics.since_ms(begun)
            observe.note("job refused", code=problem.code, reason=problem.message, then=OUTCOME[kind], ms=took_ms)
            return OUTCOME[kind] == "acknowledge"
        except Exception as problem:
            observe.trouble("job failed", problem=problem, counted=metrics.told({"JobFailures": 1}))
            return False
        observe.note("job done", ms=metrics.since_ms(begun))
    return True


def created_objects(ctx: Context, body: Body) -> Iterator[Hint]:
    """Hints about the objects of an S3 notification; none for its test event."""
    for record in body.get("Records") or ():
        if not str(record.get("eventName", "")).startswith("ObjectCreated:"):
            continue
        found = record["s3"]["object"]
        version = found.get("versionId")
        key = unquote_plus(found["key"])
        yield arrivals.hint_of(ctx, key, None if version == "null" else version, found.get("sequencer"))
