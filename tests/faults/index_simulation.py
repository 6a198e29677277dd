"""The real index writers, readers, builds and sweeps under random schedules: deaths, races, zombies, lost messages.

    simulate(world, seed) -> what is wrong in the end, or ""
    python -m tests.faults.index_simulation 1000 [first seed]

A schedule is what people do to a few assets, hints to writers that come twice, late or never, several writers at once,
builds beside them, readers, and sweeps of what nobody needs; each worker may die at any call and none outlives its
function's limit. Then all becomes quiet, and the index is held against the rows, the marks against what was published.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest import mock

from chalicelib.adapters import search_reader
from chalicelib.adapters.search_tantivy import TantivySearch
from chalicelib.domain.ids import AssetId
from chalicelib.errors import Gone, UpstreamUnavailable
from chalicelib.models import assets as rows, base, unindexed
from chalicelib.ports.context import Context
from chalicelib.services import assets, indexing, ingest, signing, trails
from tests.faults import schedules
from tests.faults.end_state import rows_of
from tests.faults.index_world import EVERY, Fleet, Witness, as_rows_are, cards_of, retire
from tests.faults.memory_aws import KEY, World, through
from tests.faults.scenarios import put
from tests.faults.schedules import Schedule
from tests.faults.workers import Disturb, Worker

MOODS = ((0.10, 0.14, 0.16, 0.18), (0.10, 0.12, 0.22, 0.23), (0.07, 0.16, 0.17, 0.27), (0.14, 0.16, 0.17, 0.18))
"""How likely writers, readers, builds and sweeps begin, added up: any day, one of builds, of sweeps, of writers."""
JOB_S, REQUEST_S = 900, 30
"""The limits of a job and of a request: no process of AWS goes on after them."""
MESSAGES = 3
TIMES = (1, 1, 1, 5, 5, 20, 20, 60, 1200, 3700)


@dataclass
class Run(Schedule):
    """One schedule as it goes on."""

    dies, dies_late = 0.03, 0.03

    witness: Witness = field(kw_only=True)
    fleet: Fleet = field(kw_only=True)
    used: dict[Worker, tuple[TantivySearch | None, float]] = field(default_factory=dict)
    """What a worker runs on, and when its function's limit is."""
    busy: Worker | None = None
    is_late: bool = True
    """Whether writers wake by hints of long ago, too."""

    def go(self, act: Callable[[Context], object], limit_s: int, message: schedules.Message | None = None) -> None:
        """Start a worker on a machine of its own."""
        machine = self.fleet.take()
        ctx = replace(self.world.ctx, search=machine)

        def guarded() -> None:
            try:
                act(ctx)
            except UpstreamUnavailable as problem:
                if problem.code == "index_damaged":
                    self.witness.problems.append(f"a file of a generation was missing: {problem}")
                raise

        worker = self.start(guarded, message)
        self.used[worker] = (machine, self.now + limit_s)

    def pick(self) -> int:
        """Whoever is at work mostly goes on, while others stand still for long."""
        places = [place for place, (worker, _) in enumerate(self.running) if worker is self.busy]
        place = places[0] if places and self.rng.random() < 0.85 else super().pick()
        self.busy = self.running[place][0]
        return place

    def step(self, *, is_rough: bool) -> None:
        for place, (worker, _) in enumerate(self.running):
            if self.now >= self.used[worker][1]:
                worker.kill()
                self.running.pop(place)
                self.ended(worker)
                return
        super().step(is_rough=is_rough)

    def ended(self, worker: Worker) -> None:
        machine, _ = self.used.pop(worker)
        if machine is not None:
            self.fleet.give_back(machine, is_wiped=worker.outcome == "dead" and self.rng.random() < 0.5)

    def trouble(self) -> Disturb:
        return self.rng.choice((schedules.throttle, schedules.lose, schedules.conflict, _again))

    def edit(self) -> None:
        """Somebody changes an asset, trashes or restores it; one comes, one is removed for good."""
        known, chance = rows_of(self.world)["assets"], self.rng.random()
        if chance < 0.15 or not known:
            self.drop()
            return
        asset_id = AssetId(self.rng.choice(sorted(row["id"] for row in known)))
        if chance < 0.25:
            self.remove(asset_id)
        else:
            title = f"title {self.rng.randrange(1000)}"
            self.go(lambda ctx: _edit(ctx, self.world, asset_id, title, is_trashing=chance < 0.5), REQUEST_S)

    def drop(self) -> None:
        number = self.world.aws.new_id()
        ingest.take(self.world.ctx, put(self.world, f"Spring/{number}.jpg", number.encode()))

    def remove(self, asset_id: AssetId) -> None:
        """The row goes, and its announcement comes, in one moment."""
        self.world.aws.tables.rows["packshot-memory-assets"].pop((str(self.world.workspace), asset_id))
        _, told = trails.announcement(self.world.ctx, self.world.workspace, "asset.removed", f"asset:{asset_id}")
        base.transact([told])
        trails.wake_index(self.world.ctx, self.world.workspace)

    def write(self, *, is_rough: bool = True) -> None:
        """A writer wakes by a hint; hints are lost, doubled and late, and one may come when all is done."""
        hints = self.world.aws.messages.get("index.fifo", [])
        kept = [one for one in hints for _ in range(self.rng.choice((0, 1, 1, 2)))]
        self.world.aws.messages["index.fifo"] = kept[:MESSAGES]
        message = self.receive("index.fifo")
        if message is not None or (is_rough and self.is_late and self.rng.random() < 0.6):
            self.go(lambda ctx: indexing.catch_up(ctx, self.world.workspace), JOB_S, message)

    def read(self) -> None:
        """Somebody searches, or scrolls on in a state of a while ago."""
        pinned = self.rng.choice((None, None, max(self.witness.newest - self.rng.randrange(1, 6), 1)))

        def act(ctx: Context) -> None:
            begun = self.witness.newest
            try:
                found = ctx.search.find(self.world.workspace, replace(EVERY, generation=pinned))
            except Gone:
                if pinned in self.witness.generations and not self.witness.may_be_gone(pinned or 0):
                    self.witness.problems.append("a state of the last hour is gone")
                return
            if problem := self.witness.problem_of_answer(found, begun if pinned is None else pinned):
                self.witness.problems.append(problem)

        self.go(act, REQUEST_S)


def _again(_name: str, answer: Callable[[], object]) -> object:
    """The answer is lost, and the client asks once more."""
    answer()
    return answer()


def _edit(ctx: Context, world: World, asset_id: AssetId, title: str, *, is_trashing: bool) -> None:
    caller = signing.caller_of(ctx, KEY, None)
    asset = rows.get(world.workspace, asset_id)
    if is_trashing or asset.state != "live":
        (assets.trash if asset.state == "live" else assets.restore)(ctx, caller, asset)
    else:
        assets.edit(ctx, caller, asset, {"title": title})


def simulate(world: World, seed: int, *, sweeps: bool = True, points: Counter[str] | None = None) -> str:
    """Run one schedule; what is wrong in the end, empty when nothing is."""
    rng = schedules.fresh(world, seed)
    at_once = mock.patch.object(search_reader, "CHECK_AGE_S", 0.0)
    with at_once, tempfile.TemporaryDirectory(prefix="packshot-index-") as name:
        folder = Path(name)
        run = Run(world, rng, witness=Witness(world, folder / "witness"), fleet=Fleet(world, folder), is_late=sweeps)
        for _ in range(rng.randrange(1, 3)):
            run.drop()
        chances = rng.choice(MOODS)
        acts = (
            run.write,
            run.read,
            lambda: run.go(lambda ctx: indexing.rebuild(ctx, world.workspace), JOB_S),
            lambda: run.go(lambda ctx: ctx.search.sweep(world.workspace), JOB_S),
        )
        times = (0.10, lambda: world.aws.pass_time(rng.choice(TIMES)))
        others = [times, *((0.10 + chance, act) for chance, act in zip(chances, acts, strict=True))]
        schedules.rough(run, rng.randrange(4, 9), (0.06, run.edit), others)
        if points is not None:
            points.update(run.points)
        is_quiet = _calm(run, sweeps=sweeps)
        world.choke = through
        problem = next(iter(run.witness.problems), "") or problem_of(run)
        run.witness.retire()
        for one in run.fleet.free:
            retire(one)
        return problem or ("" if is_quiet else "it never came to rest")


def _calm(run: Run, *, sweeps: bool) -> bool:
    for _ in range(30):
        run.finish()
        run.world.aws.pass_time(100)
        if sweeps:
            run.go(lambda ctx: indexing.sweep(ctx), JOB_S)
        run.finish()
        run.write(is_rough=False)
        run.read()
        run.finish()
        if not run.messages and not any(row.get("to_index") for row in rows_of(run.world)["outbox"]):
            return True
    return False


def problem_of(run: Run) -> str:
    """The first thing that is not as the rows are."""
    world, witness = run.world, run.witness
    index = run.fleet.take()
    run.fleet.free.append(index)
    if cards_of(index.find(world.workspace, EVERY)) != as_rows_are(world):
        return "the index is not as the rows are"
    for generation in witness.generations:
        if generation and not witness.may_be_gone(generation) and not _reopens(run, index, generation):
            return "a state of the last hour is gone"
    for row in rows_of(world)["outbox"]:
        if row["id"] in witness.tokens and not row.get("generation"):
            return "an announcement is in no generation"
        if row["id"] in witness.tokens and not witness.is_held(row["id"], int(row["generation"])):
            return "an announcement is marked with a generation that does not hold it"
    if any(one.generation is None for one in unindexed.every(world.workspace).values()):
        return "search leaves an asset out for ever"
    return ""


def _reopens(run: Run, index: TantivySearch, generation: int) -> bool:
    try:
        found = index.find(run.world.workspace, replace(EVERY, generation=generation))
    except (Gone, UpstreamUnavailable):
        return False
    return not run.witness.problem_of_answer(found, generation)


def main(count: int, first: int = 0) -> int:
    """Run so many schedules, from seed `first` on, and print what went wrong."""
    return schedules.tell(simulate, "the index is as the rows", count, first)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
