"""What operators see: one JSON line an event, with the request or job it belongs to.

Never log tokens, e-mail addresses or file names here.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_log = logging.getLogger("packshot")
_context: ContextVar[dict[str, Any]] = ContextVar("packshot_log_context", default={})  # noqa: B039 never mutated


@contextmanager
def about(**values: Any) -> Iterator[None]:
    """Add these values to every line written inside."""
    token = _context.set({**_context.get(), **values})
    try:
        yield
    finally:
        _context.reset(token)


def note(event: str, **values: Any) -> None:
    """Write one line at INFO: a thing that happened, with numbers and ids."""
    _log.info(_line("info", event, values))


def trouble(event: str, *, problem: BaseException | None = None, **values: Any) -> None:
    """Write one line at ERROR: a thing somebody must look at; with the traceback if there is one."""
    _log.error(_line("error", event, values), exc_info=problem)


def _line(level: str, event: str, values: dict[str, Any]) -> str:
    return json.dumps({"level": level, "event": event, **_context.get(), **values}, default=str)
