"""A followed Drive under random schedules: people work in it while runs and arrivals die, overlap, lose answers.

    simulate(world, seed) -> what is wrong in the end, or ""
    python -m tests.faults.drive_simulation 2000 [first seed]

A schedule is what people do in the Drive, runs of the connection (two at once when a lease ran out), arrivals that are
taken in in any order, and deaths and disturbances at any call. Then all becomes quiet, and the library is held against
the Drive as it is.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import ReadTimeoutError

from chalicelib.domain.assets import Asset
from chalicelib.domain.drive import FOLDER, DriveFile, Entry
from chalicelib.errors import PackshotError, UpstreamUnavailable
from chalicelib.handlers.connections import KINDS
from chalicelib.models import assets, drive_files, versions
from chalicelib.services import arrivals, connection_runs, ingest, outbox
from tests.faults import workers
from tests.faults.drive_world import CALLS, Team
from tests.faults.memory_aws import World, running, through
from tests.faults.memory_tables import refused
from tests.faults.workers import Worker

NAMES = ("a.jpg", "b.jpg", "a.jpg")
"""Equal names are not equal files."""
Held = Sequence[tuple[Asset, Sequence[str]]]
SHOWN = {False: "live", True: "trashed"}


@dataclass
class Run:
    """One schedule as it goes on."""

    team: Team
    rng: random.Random
    below: str = ""
    files: list[str] = field(default_factory=list)
    running: list[Worker] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)
    contents: dict[str, set[str]] = field(default_factory=dict)
    """Every content that a file has had, by its SHA-256: no two files ever have the same."""

    @property
    def world(self) -> World:
        return self.team.world

    def written(self, file: DriveFile) -> None:
        self.contents.setdefault(file.id, set()).add(str(file.sha256))

    def body(self) -> bytes:
        return f"content {sum(map(len, self.contents.values()))}".encode()

    def edit(self) -> None:
        """Somebody does something in the Drive."""
        drive, rng = self.team.drive, self.rng
        if not self.files or rng.random() < 0.35:
            parent = rng.choice((self.team.photos, self.below))
            made = drive.make(rng.choice(NAMES), "image/jpeg", parent, self.body())
            self.files.append(made.id)
            self.written(made)
            return
        one = drive.files[rng.choice(self.files)]
        act = rng.randrange(5)
        if act == 0:
            self.written(drive.fill(one, self.body()))
        else:
            changes: tuple[dict[str, Any], ...] = (
                {"name": rng.choice(NAMES)}, {"trashed": not one.trashed},
                {"parents": (self.team.photos,)}, {"parents": (self.below,)},
            )  # fmt: skip
            drive.keep(replace(one, **changes[act - 1]))

    def start(self, act: Callable[[], object]) -> None:
        self.running.append(Worker(act, self.world.aws.now.timestamp() + self.world.ctx.settings.lease_s))

    def follow(self) -> None:
        """A hint about the connection arrives: its run begins if it is due."""
        one, ctx = self.team.connection, self.team.ctx
        assert one is not None
        connection_id = one.id
        self.start(lambda: connection_runs.run(ctx, KINDS, self.world.workspace, connection_id))

    def take(self) -> None:
        """A hint about an arrival, however old it is."""
        if self.world.aws.inbox:
            one, ctx = self.rng.choice(self.world.aws.inbox), self.world.ctx
            self.start(lambda: ingest.take(ctx, arrivals.hint_of(ctx, one.key, one.version, f"{one.version[1:]:0>18}")))

    def step(self, *, is_rough: bool) -> None:
        place = self.rng.randrange(len(self.running))
        worker = self.running[place]
        is_over = self.world.aws.now.timestamp() > worker.lease_ends
        if is_rough and (self.rng.random() < 0.01 or (is_over and self.rng.random() < 0.1)):
            self.points[worker.waits_at] += 1
            worker.kill()
        else:
            worker.step(self.trouble() if is_rough and self.rng.random() < 0.02 else None)
        if worker.outcome is not None:
            self.running.pop(place)

    def trouble(self) -> workers.Disturb:
        return self.rng.choice((_away, _lose))


def _away(name: str, _answer: Callable[[], object]) -> object:
    if name in (*CALLS, "read"):
        raise UpstreamUnavailable("Drive is away.")
    raise refused(name, "ThrottlingException")


def _lose(name: str, answer: Callable[[], object]) -> object:
    answer()
    if name in (*CALLS, "read"):
        raise UpstreamUnavailable("The line broke.")
    raise ReadTimeoutError(endpoint_url="http://memory")


def simulate(world: World, seed: int, *, points: Counter[str] | None = None) -> str:
    """Run one schedule; what is wrong in the end, empty when nothing is."""
    world.choke = through
    world.reset(seed)
    team = Team(world)
    run = Run(team, random.Random(seed), team.drive.make("Below", FOLDER, team.photos).id)
    for _ in range(run.rng.randrange(3)):
        run.edit()
    team.connect()
    world.choke = workers.choke
    left = run.rng.randrange(2, 7)
    while left or run.rng.random() < 0.99:
        left -= _rough(run, left)
    if points is not None:
        points.update(run.points)
    while run.running:
        run.step(is_rough=False)
    world.choke = through
    _calm(run)
    return problem_of(run)


def _rough(run: Run, left: int) -> int:
    chance = run.rng.random()
    if left and chance < 0.04:
        run.edit()
        return 1
    if chance < 0.10:
        run.world.aws.pass_time(run.rng.choice((1, 30, 70, 400)))
    elif chance < 0.16:
        run.follow()
    elif chance < 0.22:
        run.take()
    elif chance < 0.24:
        run.start(lambda: outbox.deliver(run.world.ctx))
    elif run.running:
        run.step(is_rough=True)
    return 0


def _calm(run: Run) -> None:
    for _ in range(6):
        run.world.aws.pass_time(600)
        for row in run.world.aws.tables.rows["packshot-memory-ingest"].values():
            if row["state"]["S"] == "quarantined":
                arrival = arrivals.load(run.world.workspace, row["id"]["S"])
                arrivals.retry(run.world.ctx, "member:owner", arrival)
        try:
            run.team.act()
        except PackshotError:
            continue


def problem_of(run: Run) -> str:
    """The first thing that is not as the Drive has it."""
    workspace, connection = run.world.workspace, run.team.connection
    assert connection is not None
    entries = drive_files.get_many(workspace, connection.id, run.files)
    if run.world.aws.inbox:
        return "something was left in the inbox"
    if any(one.todo for one in entries.values()):
        return "something was left to do"
    held = [(one, [each.sha256 for each in versions.every(workspace, one.id)]) for one in assets.every(workspace)]
    if any(len(set(each)) != len(each) for _, each in held):
        return "bytes are there as two versions"
    return next(filter(None, (_problem_of(run, one, entries, held) for one in run.files)), "")


def _problem_of(run: Run, file_id: str, entries: Mapping[str, Entry], held: Held) -> str:
    file, contents = run.team.drive.files[file_id], run.contents[file_id]
    found = [(one, sums) for one, sums in held if contents & set(sums)]
    if len(found) > 1:
        return "a file is two assets"
    if not found:
        return "" if file.trashed else "a file was lost"
    ((asset, sums),) = found
    if set(sums) - contents:
        return "two files are one asset"
    if entries[file_id].state != ("trashed" if file.trashed else "linked") or asset.state != SHOWN[file.trashed]:
        return "it is not known whether a file is in the trash"
    if file.trashed:
        return ""
    if asset.newest.sha256 != file.sha256:
        return "not the newest bytes are shown"
    return "" if asset.fields.name == file.name else "it has another name"


def main(count: int, first: int = 0) -> int:
    """Run so many schedules, from seed `first` on, and print what went wrong."""
    bad: dict[str, int] = {}
    points: Counter[str] = Counter()
    with running() as world:
        for seed in range(first, first + count):
            if problem := simulate(world, seed, points=points):
                bad.setdefault(problem, seed)
    print(f"{count} schedules, {points.total()} workers killed at {dict(points)}")
    print("the library is as the Drive" if not bad else f"problems, with the first seed of each: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
