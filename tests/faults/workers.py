"""Several workers of the real product, of which one runs at a time: the schedule says who makes the next AWS call.

A worker is a coroutine that stops before each call until it is told to go on, to die there, or what goes wrong with the
call. The same seed gives the same run.
"""

from collections.abc import Callable, Mapping
from typing import Any

from greenlet import getcurrent, greenlet

from chalicelib.errors import PackshotError
from tests.faults.crashes import Crashed

Disturb = Callable[[str, Callable[[], Any]], Any]


class Worker:
    """One run of `act`. After `step` it waits at its next call (`waits_at` names it) or has ended (`outcome`)."""

    def __init__(self, act: Callable[[], object], lease_ends: float = 0.0) -> None:
        self.outcome: str | BaseException | None = None
        self.waits_at = ""
        self.lease_ends = lease_ends
        self._act = act
        self._disturb: Disturb | None = None
        self._flow = _Flow(self._run)
        self._flow.worker = self
        self._flow.switch()

    def _run(self) -> None:
        try:
            self._pause("begin")
            self._act()
            self.outcome = "ok"
        except PackshotError:
            self.outcome = "again"
        except Crashed:
            self.outcome = "dead"
        except BaseException as problem:
            self.outcome = problem

    def _pause(self, name: str) -> None:
        self.waits_at = name
        schedule = self._flow.parent
        assert schedule is not None, "it was started by the schedule"
        schedule.switch()

    def at_call(self, name: str, answer: Callable[[], Any]) -> Any:
        """Wait before the call, then make it, or suffer what the schedule says."""
        self._pause(name)
        disturb, self._disturb = self._disturb, None
        return disturb(name, answer) if disturb else answer()

    def step(self, disturb: Disturb | None = None) -> None:
        """Go on to the next call; raises what no job may raise."""
        self._disturb = disturb
        self._flow.switch()
        if isinstance(self.outcome, BaseException):
            raise self.outcome

    def kill(self) -> None:
        """The process dies where it stands."""
        while self.outcome is None:
            self.step(die)


def die(_name: str, _answer: Callable[[], Any]) -> Any:
    """Never make the call."""
    raise Crashed


class _Flow(greenlet):
    """What a worker runs in."""

    worker: Worker


def at_work() -> Worker | None:
    """The worker whose turn it is; None for the schedule itself."""
    return getattr(getcurrent(), "worker", None)


def choke(_service: str, name: str, _asked: Mapping[str, Any], answer: Callable[[], Any]) -> Any:
    """What stands before the calls of every worker; calls of the schedule itself go through."""
    worker = at_work()
    return answer() if worker is None else worker.at_call(name, answer)
