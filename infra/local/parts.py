"""One process of an instance and the rule by which it is started again.

Here: counting its ends and pausing between starts, without ever making the others wait for a pause.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from infra.local import children, logs
from infra.local.errors import LocalError

PAUSES_S = (0.1, 0.5, 2.0)
MOST_FAILURES = 5
FAILURE_WINDOW_S = 60.0


class PartError(LocalError):
    """A process ends again and again; the text shows the end of its log."""


@dataclass
class Part:
    """A process: how to start it, its log, how long its end may take, and when it ended lately."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    log: Path
    patience_s: float = 5.0
    child: subprocess.Popen[bytes] | None = None
    failures: list[float] = field(default_factory=list)
    next_start_s: float | None = None

    def begin(self) -> None:
        """Start it for the first time. Raises what `start` raises."""
        self.child = self.start()

    def look(self, now_s: float) -> None:
        """See whether it lives; if not, start it as soon as its pause is over. `now_s` is monotonic.

        Raises PartError at the sixth end within a minute.
        """
        if self.child is None or self.child.poll() is None:
            return
        if self.next_start_s is None:
            self._note_failure(now_s)
            self._say("ended and is started again")
            children.stop(self.child, 0)  # what it started itself must not stay behind
        elif now_s >= self.next_start_s:
            self._try_again(now_s)

    def _try_again(self, now_s: float) -> None:
        try:
            self.child = self.start()
        except Exception as error:  # its neighbour may be away too
            self._say(f"did not start: {error}")
            self._note_failure(now_s)
        else:
            self.next_start_s = None

    def ask_to_end(self) -> None:
        """Tell it that its end has come, without waiting for it."""
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()

    def end(self) -> None:
        """Stop it; may be called more than once."""
        if self.child is not None:
            children.stop(self.child, self.patience_s)
            self.child = None

    def _note_failure(self, now_s: float) -> None:
        self.failures = [at for at in self.failures if now_s - at < FAILURE_WINDOW_S] + [now_s]
        if len(self.failures) > MOST_FAILURES:
            raise PartError(
                f"{self.name} ended {len(self.failures)} times in a minute. "
                f"The end of {self.log}:\n{logs.tail(self.log)}"
            )
        self.next_start_s = now_s + PAUSES_S[min(len(self.failures), len(PAUSES_S)) - 1]

    def _say(self, what: str) -> None:
        sys.stderr.write(f"{self.name} {what}\n")
