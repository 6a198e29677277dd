"""A followed store under random schedules: jobs and runs die, overlap, lose answers; merchant and library go on.

    simulate(world, seed) -> what is wrong in the end, or ""
    python -m tests.faults.push_simulation 500 [first seed]

A schedule is what people do in the library and the merchant in the store, messages of the queue and what the store
posts in any order, twice or never, plans by hand and by schedule, and deaths and disturbances at any call of the store
and of AWS. Then all becomes quiet, and the store is held against what was approved and what the merchant did.
"""

import random
import sys
from collections import Counter

from chalicelib.errors import PackshotError
from chalicelib.handlers.connections import KINDS
from chalicelib.models import jobs as job_rows, plans as plan_rows
from chalicelib.services import connection_runs, jobs, plans, shop_hooks, shop_schedule, signing
from tests.faults.memory_aws import KEY, World, running, through
from tests.faults.push_merchant import Merchant
from tests.faults.push_problems import problem_of
from tests.faults.push_run import FAR, MOST_WORKERS, Run
from tests.faults.push_shelf import words_are_pictures
from tests.faults.push_world import NAMES, Team


def simulate(world: World, seed: int, *, sweeps: bool = True, points: Counter[str] | None = None) -> str:
    """Run one schedule; what is wrong in the end, empty when nothing is."""
    world.choke = through
    world.reset(seed)
    rng = random.Random(seed)
    team = Team(world, is_auto=rng.random() < 0.7, clears=rng.random() < 0.4)
    run = Run(team, Merchant(team), rng)
    team.around, world.choke = run.around, run.choke
    for product in team.products:
        run.merchant.hang(product)
    for name in NAMES[: rng.randrange(2, 6)]:
        team.approve(name, run.body())
    if rng.random() < 0.6:
        _calm(run)
    left = rng.randrange(2, 7)
    while left or rng.random() < 0.98:
        left -= _rough(run, left)
    if points is not None:
        points.update(run.points)
    while run.running:
        run.step(is_rough=False)
    unrest = _calm(run, sweeps=sweeps)
    world.choke = through
    return problem_of(team, run.merchant) or unrest


def _rough(run: Run, left: int) -> int:
    chance = run.rng.random()
    if left and chance < 0.08:
        (run.edit if run.rng.random() < 0.5 else run.meddle)()
        return 1
    if chance < 0.16:
        run.world.aws.pass_time(run.rng.choice((1, 4, 12, 40, 70)))
    elif chance < 0.35 and len(run.running) < MOST_WORKERS:
        run.begin()
    elif run.running:
        run.step(is_rough=True)
    else:
        run.begin()
    return 0


def _calm(run: Run, *, sweeps: bool = True) -> str:
    """Everything comes to an end, and a last plan has nothing to do; else what did not."""
    team, workspace = run.team, run.world.workspace
    shop_schedule.library_changed(team.ctx, workspace)
    for _ in range(12):
        _work(run, sweeps=sweeps)
        caller = signing.caller_of(team.ctx, KEY, None)
        try:
            for one in list(plan_rows.of(workspace, team.connection.id)):
                one = plans.as_it_stands(workspace, one)
                if one.state == "approved":
                    plans.apply(team.ctx, caller, one)
            _work(run, sweeps=sweeps)
            plan_id = plans.begin(team.ctx, caller, team.connection, None).plan.id
            _work(run, sweeps=sweeps)
            plan = plans.load(caller, plan_id)
            if plan.state == "ready" and not plan.counts["matched"]:
                return ""
            plans.approve(team.ctx, caller, plan, ())
            plans.apply(team.ctx, caller, plans.load(caller, plan_id))
        except PackshotError:
            continue
    return "it never came to rest"


def _work(run: Run, *, sweeps: bool) -> None:
    """What schedules and queues do until no job is left."""
    team, workspace = run.team, run.world.workspace
    for _ in range(40):
        run.world.aws.pass_time(70)
        for headers, body in team.shelf.posted():
            shop_hooks.take(team.ctx, team.connection.id, headers, body)
        team.shelf.tables["event"].clear()
        connection_runs.run(team.ctx, KINDS, workspace, team.connection.id)
        told = [one["id"] for one in run.world.aws.messages.pop("jobs", [])]
        if sweeps:
            told = [job_id for _, job_id, _ in job_rows.due(run.world.aws.now, 50)]
        for one in dict.fromkeys(told):
            jobs.run(team.ctx, run.works, workspace, one)
        if not job_rows.due(FAR, 50):
            return


def main(count: int, first: int = 0) -> int:
    """Run so many schedules, from seed `first` on, and print what went wrong."""
    bad: dict[str, list[int]] = {}
    points: Counter[str] = Counter()
    with running() as world, words_are_pictures():
        for seed in range(first, first + count):
            if problem := simulate(world, seed, points=points):
                bad.setdefault(problem, []).append(seed)
    print(f"{count} schedules, {points.total()} workers killed at {dict(points)}")
    print("the store is as it should be" if not bad else f"problems, with the seeds of each: {bad}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
