"""What the runner has the product do outside HTTP and queues: its `packshot` commands, each in a process."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local import children, logs
from infra.local.errors import LocalError

LIMIT_S = 60.0
PAUSE_S = 1.0


class CommandError(LocalError):
    """A command of the product failed; the text ends with what it said."""


def argv(*words: str) -> list[str]:
    return [sys.executable, "-m", "chalicelib.handlers.cli", *words]


def run(command: str, environment: Mapping[str, str], asked: Mapping[str, Any] | None = None) -> None:
    """Run it to its end. Raises CommandError."""
    try:
        done = subprocess.run(
            argv(command),
            input=json.dumps(asked or {}),
            env=dict(environment),
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"packshot {command} did not end within {LIMIT_S:.0f} s.") from error
    if done.returncode != 0:
        raise CommandError(f"packshot {command} failed:\n{done.stderr[-4000:]}")


class Announcer:
    """Announces anew what waits in the inbox, beside everything else, until one run of it has succeeded."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home, self._environment = home, environment
        self._child: subprocess.Popen[bytes] | None = None
        self._begun_s = 0.0
        self.is_owed = False

    def owe(self) -> None:
        """Something came back: whatever runs now began before that and does not count."""
        self.end()
        self.is_owed, self._begun_s = True, 0.0

    def look(self, now_s: float) -> None:
        """Start, count or give up a run; never waits. `now_s` is monotonic."""
        if self._child is None:
            if self.is_owed and now_s - self._begun_s >= PAUSE_S:
                with logs.opened(self._home, "reconcile") as out:
                    self._child = children.spawn(argv("reconcile", "--start"), self._environment, out)
                self._begun_s = now_s
        elif self._child.poll() is not None:
            self.is_owed = self._child.returncode != 0
            self._child = None
        elif now_s - self._begun_s > LIMIT_S:
            self.end()

    def end(self) -> None:
        """Stop what runs; it stays owed."""
        if self._child is not None:
            children.stop(self._child, 0)
            self._child = None
