"""The Lambda entry point of the picture function. Everything else is one import away in `supervise`."""

from __future__ import annotations

import functools
from typing import Any

from media.supervise import Pool


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the answer to one request message (`message.schema.json`).

    Raises TransferFailed when the same message should be sent again, and BadMessage when it never will work.
    """
    del context
    return _pool().run(event)


@functools.cache
def _pool() -> Pool:
    """One child, kept between invocations: Lambda sends one message at a time."""
    return Pool(1)
