"""Waiting for what another process does: look, pause, look again, until a deadline."""

import time
from collections.abc import Callable


def await_true(check: Callable[[], bool], limit_s: float, pause_s: float = 0.02) -> bool:
    """True as soon as `check` is, False after `limit_s`."""
    until_s = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > until_s:
            return False
        time.sleep(pause_s)
    return True
