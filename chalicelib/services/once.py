"""Answers to POSTs under an Idempotency-Key: the same request again gets the first answer."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.ids import short_hash
from chalicelib.errors import Conflict, InvalidInput, Malformed, PackshotError
from chalicelib.models import idempotency
from chalicelib.ports.context import Context
from chalicelib.services.signing import Caller

_LONGEST_KEY = 255


@dataclass(frozen=True)
class Answered:
    """An answer as text. One that `holds_secret` is never stored: it is made again, the same, out of the seed."""

    text: str
    holds_secret: bool = False


def once(ctx: Context, caller: Caller, key: str, fingerprint: str, make: Callable[[str], Answered]) -> str:
    """The answer to this request: kept for a day, made now if this is the first time.

    `make` gets a seed, the same at every try of this request: what it must not make twice is named after it.

    Raises:
        Malformed: an empty key, or one of over 255 signs.
        InvalidInput: the key was used for another request.
        Conflict: the first request is still running.
        PackshotError: what `make` raises; the key is free again then, nothing was done.
    """
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise Malformed(f"An Idempotency-Key has 1 to {_LONGEST_KEY} characters.")
    who = caller.principal
    visit = f"#{who.session_id}" if caller.share is not None else ""  # one visitor never gets another one's answer
    identifier = idempotency.row_id(caller.workspace, who.label + visit, key)
    seed = short_hash(identifier, fingerprint)
    kept = idempotency.begin(identifier, fingerprint, ctx.now())
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise InvalidInput("This Idempotency-Key was used for another request.", code="key_reused")
        if kept.answer is None:
            raise Conflict("The first request with this Idempotency-Key is still running.", code="in_progress")
        return kept.answer or make(seed).text
    try:
        answer = make(seed)
    except PackshotError:
        idempotency.forget(identifier)
        raise
    text = "" if answer.holds_secret else answer.text
    if len(text.encode()) <= idempotency.MAX_ANSWER_BYTES:
        idempotency.keep(identifier, text)
    return answer.text
