"""Ctrl-C and other requests to end, at any moment of the runner's life.

Imports nothing of ours: it is in force before the rest is loaded.
"""

import signal
from typing import Any

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to end. No `except Exception` on the way swallows it."""


class Interrupts:
    """Raises Stopped in the main thread at the first request unless the end has begun; later ones change nothing.

    `came` says afterwards that there was one. What was ignored when we started stays ignored (`nohup`, a
    background job of a shell).
    """

    def __init__(self) -> None:
        self.came = False

    def catch(self) -> "Interrupts":
        """From now on; call it in the main thread."""
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note)
        return self

    def end_begins(self) -> None:
        """From now on nothing disturbs us, not even while the interpreter takes itself apart."""
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)

    def _note(self, *_: Any) -> None:
        is_first, self.came = not self.came, True
        if is_first:
            raise Stopped
