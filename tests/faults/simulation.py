"""The real ingest under random schedules: crashes, duplicates, delays, lost events, throttling, zombies, lost leases.

    simulate(world, seed) -> what is wrong in the end, or ""
    python -m tests.faults.simulation 20000 [first seed]

A schedule is a few writes to few paths, workers that are started, stepped, killed and disturbed call by call, and the
minute's and the ten minutes' schedules. Then all becomes quiet, and what the rows say is held against what was written.
"""

import hashlib
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from chalicelib.services import arrivals, ingest, outbox
from tests.faults import schedules
from tests.faults.end_state import rows_of
from tests.faults.memory_aws import Stored, World, through
from tests.faults.schedules import RECEIVES as RECEIVES, VISIBILITY_S as VISIBILITY_S, Message as Message, Schedule

Rows = dict[str, list[dict[str, Any]]]
PATHS = ("Spring/a.jpg", "Spring/b.jpg")
BODIES = (b"one", b"two", b"three")


@dataclass
class Run(Schedule):
    """One schedule as it goes on."""

    has_ties: bool = False
    writes: list[Stored] = field(default_factory=list)
    events: list[arrivals.Hint] = field(default_factory=list)

    def write(self) -> None:
        """A shop drops a file; S3 may lose the event, send it twice, late."""
        if not self.has_ties:
            self.world.aws.pass_time(1)
        path = f"{self.world.workspace}/{self.rng.choice(PATHS)}"
        one = self.world.aws.put(path, self.rng.choice(BODIES))
        self.writes.append(one)
        if not self.has_ties and self.rng.random() < 0.15:
            return
        hint = arrivals.hint_of(self.world.ctx, one.key, one.version, f"{len(self.writes):018X}")
        self.events.extend([hint] * (1 + (self.rng.random() < 0.25)))

    def route(self) -> None:
        """Start the events job on an event; S3's message stays until it succeeds."""
        if self.events:
            hint, ctx = self.rng.choice(self.events), self.world.ctx

            def act() -> None:
                arrivals.make_known(ctx, hint)
                arrivals.route(ctx, [hint])
                if hint in self.events:
                    self.events.remove(hint)

            self.start(act)

    def take(self) -> None:
        """Start a worker on a visible message."""
        message = self.receive("ingest")
        if message is not None:
            body, ctx = message.body, self.world.ctx
            hint = arrivals.hint_of(ctx, str(body["key"]), body["object_version"], body["sequencer"])
            self.start(lambda: ingest.take(ctx, hint), message)


def simulate(
    world: World, seed: int, *, reconciles: bool = True, sweeps: bool = True, points: Counter[str] | None = None
) -> str:
    """Run one schedule; what is wrong in the end, empty when nothing is."""
    rng = schedules.fresh(world, seed)
    run = Run(world, rng, has_ties=rng.random() < 0.3)
    others = (
        (0.12, lambda: world.aws.pass_time(rng.choice((1, 5, 30, 100)))),
        (0.30, run.take),
        (0.38, run.route),
        (0.40, lambda: run.start(lambda: outbox.deliver(world.ctx))),
        (0.42, lambda: run.start(lambda: arrivals.sweep(world.ctx))),
    )
    schedules.rough(run, rng.randrange(2, 5), (0.06, run.write), others)
    if points is not None:
        points.update(run.points)
    is_quiet = _calm(run, reconciles=reconciles, sweeps=sweeps)
    world.choke = through
    return problem_of(run) or ("" if is_quiet else "it never came to rest")


def _calm(run: Run, *, reconciles: bool, sweeps: bool) -> bool:
    ctx = run.world.ctx
    for _ in range(60):
        run.finish()
        run.route()
        run.take()
        if run.running:
            continue
        run.world.aws.pass_time(400)
        schedules.press_retry(run.world)
        if sweeps:
            run.start(lambda: arrivals.sweep(ctx))
        if reconciles:
            run.start(lambda: arrivals.reconcile(ctx, min_age_s=15 * 60))
        run.start(lambda: outbox.deliver(ctx))
        run.finish()
        is_done = not run.messages and not run.world.aws.messages.get("ingest") and not run.world.aws.inbox
        if is_done and not any(row.get("work") for row in rows_of(run.world)["outbox"]):
            return True
    return False


def problem_of(run: Run) -> str:
    """The first thing that is not as it was written."""
    rows = rows_of(run.world)
    return (
        _problem_of_arrivals(run, rows)
        or _problem_of_versions(run, rows)
        or _problem_of_paths(run, rows)
        or _problem_of_bytes(rows)
    )


def _versions(rows: Rows) -> list[tuple[str, dict[str, Any]]]:
    return [(row["asset_place"].partition("#")[2], row["version"]) for row in rows["versions"]]


def _problem_of_arrivals(run: Run, rows: Rows) -> str:
    ctx, arrived = run.world.ctx, {row["id"]: row for row in rows["ingest"]}
    told = Counter(row["action"] for row in rows["audit"] if row["action"].startswith("ingest."))
    if run.world.aws.inbox:
        return "something was left in the inbox"
    if set(arrived) != {arrivals.hint_of(ctx, one.key, one.version).id for one in run.writes}:
        return "a file was lost, or one came that nobody wrote"
    if any(row["state"] != "done" for row in arrived.values()):
        return "a file was not finished"
    if told.pop("ingest.quarantined", 0) != told.pop("ingest.retried", 0) or told.total() != len(arrived):
        return "an audit entry is missing or doubled"
    return ""


def _problem_of_versions(run: Run, rows: Rows) -> str:
    aws, ctx, versions = run.world.aws, run.world.ctx, _versions(rows)
    written = {arrivals.hint_of(ctx, one.key, one.version).id: one.body for one in run.writes}
    if len({version["id"] for _, version in versions}) != len(versions):
        return "a version is there twice"
    if len(rows["usage"]) != len(versions):
        return "usage is miscounted"
    if not {asset_id for asset_id, _ in versions} <= {row["id"] for row in rows["assets"]}:
        return "a version belongs to no asset"
    for _, version in versions:
        if aws.objects.get(("originals", f"{run.world.workspace}/{version['id']}")) != written.get(version["id"]):
            return "an original is missing or wrong"
        if any(("renditions", one["key"]) not in aws.objects for one in version["renditions"]):
            return "a rendition is missing"
    return ""


def _problem_of_paths(run: Run, rows: Rows) -> str:
    assets = {row["id"]: row for row in rows["assets"]}
    if len(rows["collections"]) != 1 or len(assets) != len({one.key for one in run.writes}):
        return "a path has two assets, or a folder two collections"
    if len(rows["collection-items"]) != len(assets):
        return "an asset is not in its collection"
    for row in rows["sources"]:
        newest = [one for one in run.writes if one.key.endswith(f"/{row['path']}")][-1]
        asset = assets[row["asset_id"]]
        if asset["newest"]["sha256"] != hashlib.sha256(newest.body).hexdigest():
            return "not the newest write is shown"
        if asset["versions"] != sum(asset_id == asset["id"] for asset_id, _ in _versions(rows)):
            return "versions are miscounted"
    return ""


def _problem_of_bytes(rows: Rows) -> str:
    holder = {row["sha256"]: row["asset_id"] for row in rows["blobs"]}
    duplicate_of = {row["id"]: row.get("duplicate_of") for row in rows["assets"]}
    for asset_id, version in _versions(rows):
        first = holder.get(version["sha256"])
        if first is None:
            return "bytes have no holder"
        if version["number"] == 1 and duplicate_of[asset_id] != (None if first == asset_id else first):
            return "a duplicate names the wrong holder"
    return ""


def main(count: int, first: int = 0) -> int:
    """Run so many schedules, from seed `first` on, and print what went wrong."""
    return schedules.tell(simulate, "all as written", count, first)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
