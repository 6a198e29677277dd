"""What operators see: one JSON line an event, with the request or job it belongs to.

In Lambda a line is written bare, so that CloudWatch can read it as JSON and takes its metrics (`metrics.py`) out of it;
elsewhere it goes where the process's log goes. Never log tokens, e-mail addresses or file names here.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_log = logging.getLogger(__name__)  # not chalice's "packshot", which drops whatever is no error and puts words before
_log.setLevel(logging.INFO)
_context: ContextVar[dict[str, Any]] = ContextVar("packshot_log_context", default={})  # noqa: B039 never mutated


def write_bare() -> None:
    """Write each line to standard output, with nothing before it; once is enough, twice is the same."""
    if not _log.handlers:
        _log.propagate = False
        _log.addHandler(logging.StreamHandler(sys.stdout))


@contextmanager
def about(**values: Any) -> Iterator[None]:
    """Add these values to every line written inside."""
    token = _context.set({**_context.get(), **values})
    try:
        yield
    finally:
        _context.reset(token)


def note(event: str, *, counted: Mapping[str, Any] | None = None, **values: Any) -> None:
    """Write one line at INFO: a thing that happened, with numbers and ids; `counted` is what `metrics.py` adds."""
    _log.info(_line("info", event, {**values, **(counted or {})}))


def trouble(
    event: str, *, problem: BaseException | None = None, counted: Mapping[str, Any] | None = None, **values: Any
) -> None:
    """Write one line at ERROR: a thing somebody must look at; with the traceback if there is one."""
    trace = {"traceback": "".join(traceback.format_exception(problem))} if problem else {}
    _log.error(_line("error", event, {**values, **trace, **(counted or {})}))


def _line(level: str, event: str, values: dict[str, Any]) -> str:
    return json.dumps({"level": level, "event": event, **_context.get(), **values}, default=str, separators=(",", ":"))
