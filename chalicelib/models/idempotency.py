"""Answers to POSTs, kept for a day under the caller's Idempotency-Key."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.domain.ids import WorkspaceId, short_hash
from chalicelib.models import base

KEPT = timedelta(hours=24)
_RUNNING = timedelta(seconds=60)
MAX_ANSWER_BYTES = 300_000


class IdempotencyRecord(base.Record):
    """One key of one caller."""

    class Meta:
        noun = "idempotency"

    id = UnicodeAttribute(hash_key=True)
    fingerprint = UnicodeAttribute()
    answer = UnicodeAttribute(null=True)
    running_until = NumberAttribute()
    delete_after = NumberAttribute()


@dataclass(frozen=True)
class Kept:
    """What is known under a key: the request's fingerprint, and the answer unless it is still being made."""

    fingerprint: str
    answer: str | None


def row_id(workspace: WorkspaceId, principal: str, key: str) -> str:
    """One caller's key: two callers never share one."""
    return base.place(workspace, short_hash(principal, key))


def begin(identifier: str, fingerprint: str, now: datetime) -> Kept | None:
    """Take the key for this request; what is kept under it when it is taken already.

    A request that died without an answer gives the key free after a minute.
    """
    row = IdempotencyRecord(
        identifier,
        fingerprint=fingerprint,
        running_until=base.epoch_s(now + _RUNNING),
        delete_after=base.epoch_s(now + KEPT),
    )
    died = IdempotencyRecord.answer.does_not_exist() & (IdempotencyRecord.running_until < base.epoch_s(now))
    is_free = IdempotencyRecord.id.does_not_exist() | died | (IdempotencyRecord.delete_after < base.epoch_s(now))
    try:
        base.write(lambda: row.save(condition=is_free), "idempotency")
    except base.ConditionFailed:
        known = base.read(IdempotencyRecord, identifier)
        return Kept(known.fingerprint, known.answer) if known else begin(identifier, fingerprint, now)
    return None


def keep(identifier: str, answer: str) -> None:
    """Remember the answer for later requests with this key."""
    row = IdempotencyRecord(identifier)
    base.write(lambda: row.update(actions=[IdempotencyRecord.answer.set(answer)]), "idempotency")


def forget(identifier: str) -> None:
    """Give the key free: the request was refused and changed nothing."""
    base.write(lambda: IdempotencyRecord(identifier).delete(), "idempotency")
