"""A followed Drive under random schedules: people work in it while runs and arrivals die, overlap, lose answers.

    simulate(world, seed) -> what is wrong in the end, or ""
    python -m tests.faults.drive_simulation 2000 [first seed]

A schedule is what people do in the Drive, runs of the connection (two at once when a lease ran out), arrivals that are
taken in in any order, and deaths and disturbances at any call. Then all becomes quiet, and the library is held against
the Drive as it is.
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.assets import Asset
from chalicelib.domain.drive import FOLDER, DriveFile, Entry
from chalicelib.errors import PackshotError, UpstreamUnavailable
from chalicelib.handlers.connections import KINDS
from chalicelib.models import assets, drive_files, versions
from chalicelib.services import arrivals, connection_runs, ingest, outbox
from tests.faults import schedules, workers
from tests.faults.drive_world import CALLS, Team
from tests.faults.memory_aws import World, through
from tests.faults.schedules import Schedule

NAMES = ("a.jpg", "b.jpg", "a.jpg")
"""Equal names are not equal files."""
Held = Sequence[tuple[Asset, Sequence[str]]]
SHOWN = {False: "live", True: "trashed"}


@dataclass
class Run(Schedule):
    """One schedule as it goes on, in a Drive with a folder `below` the one that is followed."""

    dies, dies_late = 0.01, 0.1

    team: Team = field(kw_only=True)
    below: str = field(kw_only=True)
    files: list[str] = field(default_factory=list)
    contents: dict[str, set[str]] = field(default_factory=dict)
    """Every content that a file has had, by its SHA-256: no two files ever have the same."""

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

    def disturbance(self, worker: workers.Worker) -> workers.Disturb | None:
        """Bytes come damaged more often than other calls fail: there are few of them."""
        return _damaged if worker.waits_at == "read" and self.rng.random() < 0.1 else super().disturbance(worker)

    def trouble(self) -> workers.Disturb:
        return self.rng.choice((_away, _lose))


def _away(name: str, answer: Callable[[], object]) -> object:
    if name in (*CALLS, "read"):
        raise UpstreamUnavailable("Drive is away.")
    return schedules.throttle(name, answer)


def _lose(name: str, answer: Callable[[], object]) -> object:
    if name in (*CALLS, "read"):
        answer()
        raise UpstreamUnavailable("The line broke.")
    return schedules.lose(name, answer)


def _damaged(_name: str, answer: Callable[[], Any]) -> object:
    """As many bytes as there are, and one of them another."""
    first, *others = answer()
    return [bytes([first[0] ^ 1]) + first[1:], *others]


def simulate(world: World, seed: int, *, points: Counter[str] | None = None) -> str:
    """Run one schedule; what is wrong in the end, empty when nothing is."""
    rng, team = schedules.fresh(world, seed), Team(world)
    run = Run(world, rng, team=team, below=team.drive.make("Below", FOLDER, team.photos).id)
    for _ in range(rng.randrange(3)):
        run.edit()
    team.connect()
    others = (
        (0.10, lambda: world.aws.pass_time(rng.choice((1, 30, 70, 400)))),
        (0.16, run.follow),
        (0.22, run.take),
        (0.24, lambda: run.start(lambda: outbox.deliver(world.ctx))),
    )
    schedules.rough(run, rng.randrange(2, 7), (0.04, run.edit), others)
    if points is not None:
        points.update(run.points)
    run.finish()
    world.choke = through
    _calm(run)
    return problem_of(run)


def _calm(run: Run) -> None:
    for _ in range(6):
        run.world.aws.pass_time(600)
        schedules.press_retry(run.world)
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
    return schedules.tell(simulate, "the library is as the Drive", count, first)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
