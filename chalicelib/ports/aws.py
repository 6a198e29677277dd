"""The other services of the cloud: queues, the picture function, mail, lent keys, sealing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from chalicelib.domain.letters import Letter

Queue = Literal["events", "ingest", "outbox", "jobs", "index", "connections"]


class JobQueue(Protocol):
    """Hints for jobs: at least once, in any order, perhaps never. Raises `UpstreamUnavailable`."""

    def send(self, queue: Queue, body: Mapping[str, Any], *, group: str | None = None) -> None:
        """Send one message; messages of one group do not hold up other groups."""

    def send_many(self, queue: Queue, bodies: Sequence[tuple[Mapping[str, Any], str | None]]) -> None:
        """Send messages with their groups; when it raises, some may have been sent."""

    def dead(self, queue: Queue) -> int:
        """About how many of its messages lie in the dead-letter queue: their jobs failed again and again."""

    def redrive(self, queue: Queue) -> int:
        """Send the dead messages again, as they were and with their groups; how many. Each at least once, none lost."""


class Media(Protocol):
    """The picture function: a message in, an answer out (`media/message.schema.json`)."""

    def make(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read facts and make renditions. Same message, same answer and same bytes.

        Raises:
            UpstreamUnavailable: the function failed or timed out; nothing is known of the file.
        """


class Mail(Protocol):
    """Mail to people, from the stage's own address."""

    def send(self, letter: Letter) -> None:
        """Hand one letter over; that it is taken says nothing of whether it arrives. Sent twice it arrives twice.

        Raises:
            UpstreamUnavailable: nothing is known of it; try again.
            UpstreamRejected: this letter will never be taken.
        """


@dataclass(frozen=True)
class LentKeys:
    """S3 keys with an end."""

    access_key: str
    secret_key: str
    session_token: str
    endpoint: str
    bucket: str
    expires_at: datetime


class DropKeys(Protocol):
    """Keys for people's own S3 programs."""

    def lend(self, name: str, prefix: str, kept_back: str, expires_s: int) -> LentKeys:
        """Keys that put objects into the inbox below `prefix`, but not below `kept_back`, and do nothing else anywhere.

        `expires_s` is 900 to 3,600. `name` is what the account's log shows, 2 to 64 signs. Each call makes others.
        Raises `UpstreamUnavailable`, `InvalidInput` for a prefix that could be read as a pattern.
        """


class Cipher(Protocol):
    """Keeps secrets: what is sealed can be stored and shown to nobody."""

    def seal(self, about: str, text: str) -> str:
        """The text so that only `open` with the same `about` reads it; sealing the same again looks different."""

    def open(self, about: str, sealed: str) -> str:
        """The text. Raises `UpstreamRejected` when it was sealed elsewhere, about something else, or is damaged."""
