"""What all random schedules share: workers that are started, stepped, killed and disturbed call by call, in one order.

A schedule is rough first: things are written, time passes, hints arrive, workers die. Then it is calm, and what came of
it is held against what was written. The same seed gives the same schedule.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from botocore.exceptions import ReadTimeoutError

from chalicelib.services import arrivals
from tests.faults import workers
from tests.faults.end_state import rows_of
from tests.faults.memory_aws import World, running, through
from tests.faults.memory_tables import refused
from tests.faults.workers import Disturb, Worker

RECEIVES = 5
VISIBILITY_S = 90


@dataclass(eq=False)
class Message:
    """A message of a queue; after five receives it goes to the dead letters."""

    body: dict[str, Any]
    visible_at: float
    receives: int = 0


@dataclass
class Schedule:
    """One schedule as it goes on. `points` counts where workers were killed."""

    dies: ClassVar[float] = 0.02
    dies_late: ClassVar[float] = 0.3
    """How likely a worker dies at a call, in time and after its lease."""

    world: World
    rng: random.Random
    messages: list[Message] = field(default_factory=list)
    running: list[tuple[Worker, Message | None]] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)

    @property
    def now(self) -> float:
        """Seconds."""
        return self.world.aws.now.timestamp()

    def start(self, act: Callable[[], object], message: Message | None = None) -> Worker:
        """Start a worker; its message goes when it succeeds."""
        worker = Worker(act, self.now + self.world.ctx.settings.lease_s)
        self.running.append((worker, message))
        return worker

    def receive(self, queue: str) -> Message | None:
        """A visible message of this queue, any of them, for one worker; None when there is none."""
        for body in self.world.aws.messages.pop(queue, []):
            self.messages.append(Message(body, self.now + self.rng.randrange(30)))
        visible = [one for one in self.messages if one.visible_at <= self.now]
        if not visible:
            return None
        message = self.rng.choice(visible)
        message.receives += 1
        message.visible_at = self.now + VISIBILITY_S
        if message.receives > RECEIVES:
            self.messages.remove(message)
            return None
        return message

    def step(self, *, is_rough: bool) -> None:
        """One call of one worker, with what may befall it."""
        place = self.pick()
        worker, message = self.running[place]
        is_over = self.now > worker.lease_ends
        if is_rough and (self.rng.random() < self.dies or (is_over and self.rng.random() < self.dies_late)):
            self.points[worker.waits_at] += 1
            worker.kill()
        else:
            worker.step(self.disturbance(worker) if is_rough else None)
        if worker.outcome is not None:
            self.running.pop(place)
            if worker.outcome == "ok" and message in self.messages:
                self.messages.remove(message)  # type: ignore[arg-type]
            self.ended(worker)

    def pick(self) -> int:
        """Whose turn it is, by its place."""
        return self.rng.randrange(len(self.running))

    def ended(self, worker: Worker) -> None:
        """A worker is through, or dead."""

    def disturbance(self, worker: Worker) -> Disturb | None:
        """What befalls the next call of this worker, if anything."""
        return self.trouble() if self.rng.random() < 0.02 else None

    def trouble(self) -> Disturb:
        """What goes wrong with a call: throttled, cut off from the answer, in conflict with another transaction."""
        return self.rng.choice((throttle, lose, conflict))

    def finish(self) -> None:
        """Let all workers come to their end."""
        while self.running:
            self.step(is_rough=False)


Act = Callable[[], object]


def rough(run: Schedule, left: int, writes: tuple[float, Act], others: Sequence[tuple[float, Act]]) -> None:
    """Write so often, and go on beside it: each act up to its share of chance, for the rest a step of a worker."""
    run.world.choke = workers.choke
    while left or run.rng.random() < 0.99:
        chance = run.rng.random()
        if left and chance < writes[0]:
            writes[1]()
            left -= 1
            continue
        act = next((act for share, act in others if chance < share), None)
        if act is not None:
            act()
        elif run.running:
            run.step(is_rough=True)


def fresh(world: World, seed: int) -> random.Random:
    """An empty AWS for this seed, in which every call goes through; and its chance."""
    world.choke = through
    world.reset(seed)
    return random.Random(seed)


def press_retry(world: World) -> None:
    """A person tries again what three failures put into quarantine."""
    for row in rows_of(world)["ingest"]:
        if row["state"] == "quarantined":
            arrivals.retry(world.ctx, "member:owner", arrivals.load(world.workspace, row["id"]))


def throttle(name: str, _answer: Callable[[], object]) -> object:
    """The call is refused."""
    raise refused(name, "ThrottlingException")


def lose(_name: str, answer: Callable[[], object]) -> object:
    """The call is answered, and the answer is lost."""
    answer()
    raise ReadTimeoutError(endpoint_url="http://memory")


def conflict(name: str, answer: Callable[[], object]) -> object:
    """A transaction meets another one."""
    if name != "TransactWriteItems":
        return answer()
    raise refused(name, "TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}])


Simulate = Callable[..., str]
"""`simulate(world, seed, points=…)`: what is wrong in the end, empty when nothing is."""


def tell(simulate: Simulate, sound: str, count: int, first: int = 0) -> int:
    """Run so many schedules, from seed `first` on, and print what went wrong, or that all is `sound`."""
    bad: dict[str, int] = {}
    points: Counter[str] = Counter()
    with running() as world:
        for seed in range(first, first + count):
            if problem := simulate(world, seed, points=points):
                bad.setdefault(problem, seed)
    print(f"{count} schedules, {points.total()} workers killed at {dict(points)}")
    print(sound if not bad else f"problems, with the first seed of each: {bad}")
    return 1 if bad else 0
