"""The time in the shops: it can be moved and held, and stays moved when the stand-in starts anew."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


def _real() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Real time and what it was moved by; `real` stands still in tests."""

    def __init__(self, place: Path, real: Callable[[], datetime] = _real) -> None:
        self._kept = place / "clock.json"
        self._real = real
        self._moved_s: float = json.loads(self._kept.read_text()) if self._kept.exists() else 0.0

    def now(self) -> datetime:
        """This moment in the shops."""
        return self._real() + timedelta(seconds=self._moved_s)

    def seconds(self) -> float:
        """This moment as a number of seconds."""
        return self.now().timestamp()

    def stamp(self) -> str:
        """This moment as Shopify writes it."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def advance(self, seconds: float) -> None:
        """Let time pass. Raises `ValueError` for a step back."""
        if seconds < 0:
            raise ValueError("Time does not run backwards.")
        self._moved_s += seconds
        self._kept.write_text(json.dumps(self._moved_s))

    def hold(self) -> None:
        """From now on only `advance` moves it, until the stand-in is started anew."""
        held = self._real()
        self._real = lambda: held
