"""Connections to outside systems as values: their state, their question to people, when they are looked at next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from chalicelib.domain.ids import WorkspaceId

State = Literal["ok", "needs_reconnect", "needs_decision", "error"]
RunState = Literal["running", "done", "failed"]
LONGEST_MINUTES = 15
_SHORTEST = timedelta(minutes=1)
_AHEAD = timedelta(seconds=30)
"""The schedule ticks once a minute: what is due only after its tick would wait a whole minute more."""
_SILENT_AFTER = timedelta(days=1)
_BEFORE_AN_ERROR = 3


@dataclass(frozen=True)
class Question:
    """What only a person can decide: in words, with the answers there are."""

    code: str
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Connection:
    """One connection of a workspace to an outside system.

    `memory` is what its kind keeps from run to run. `secret_id` refers to its credentials, which are elsewhere.
    `owner` is the run that has the lease; `run_id` the run that is not over. `due_at` None: it waits for a person.
    """

    workspace: WorkspaceId
    id: str
    kind: str
    name: str
    settings: Mapping[str, Any]
    secret_id: str
    revision: int
    created_at: datetime
    by: str
    state: State = "ok"
    because: str | None = None
    question: Question | None = None
    memory: Mapping[str, Any] = field(default_factory=dict)
    last_run_at: datetime | None = None
    last_change_at: datetime | None = None
    failures: int = 0
    due_at: datetime | None = None
    owner: str | None = None
    run_id: str | None = None
    member_id: str | None = None
    key_id: str | None = None
    """With `member_id`: whose rights, as they are at each moment, bound what leaves by this connection."""

    @property
    def label(self) -> str:
        """`kind:id`, as audit rows name an actor."""
        return f"connection:{self.id}"


@dataclass(frozen=True)
class Line:
    """One line of a run's log: what happened, to what, in words for people."""

    at: datetime
    text: str
    subject: str | None = None
    is_trouble: bool = False


@dataclass(frozen=True)
class RunReport:
    """One run: how far it is or how it ended. `counts` are numbers by name; `log` keeps the first lines only."""

    id: str
    state: RunState
    by: str
    started_at: datetime
    ended_at: datetime | None = None
    done: int = 0
    total: int | None = None
    because: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    log: tuple[Line, ...] = ()


def interval(now: datetime, last_change_at: datetime | None, longest_minutes: int = LONGEST_MINUTES) -> timedelta:
    """How long until the next look is due: a minute while changes keep coming, rising evenly to the longest in a day;
    half a minute less, so that the schedule's tick of that minute finds it."""
    longest = max(_SHORTEST, timedelta(minutes=longest_minutes))
    silent = now - last_change_at if last_change_at else _SILENT_AFTER
    return max(_SHORTEST, min(longest, longest * (silent / _SILENT_AFTER))) - _AHEAD


def after_failure(now: datetime, failures: int) -> datetime:
    """When to try again after so many failures in a row: 1, 2, 4, 8 minutes, then every 15."""
    wait: timedelta = _SHORTEST * (1 << min(failures - 1, 10))
    return now + min(timedelta(minutes=LONGEST_MINUTES), wait)


def is_error(failures: int) -> bool:
    """Whether so many failures in a row are shown as an error: one bad minute of the outside system is not."""
    return failures >= _BEFORE_AN_ERROR
