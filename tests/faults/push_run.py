"""One schedule of pushes as it goes on: what people and the merchant do, what begins, and what befalls each call."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ReadTimeoutError

from chalicelib.errors import PackshotError, UpstreamUnavailable
from chalicelib.handlers.connections import KINDS
from chalicelib.handlers.jobs import WORKS
from chalicelib.models import jobs as job_rows, plans as plan_rows
from chalicelib.services import connection_runs, jobs, plans, shop_hooks, shop_schedule, signing
from tests.faults import workers
from tests.faults.crashes import Crashed
from tests.faults.memory_aws import KEY, World
from tests.faults.memory_tables import refused
from tests.faults.push_merchant import Merchant
from tests.faults.push_shelf import CALLS, Asked, Choked
from tests.faults.push_world import NAMES, Team
from tests.faults.workers import Worker

MOST_WORKERS = 4
FAR = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass
class Run:
    """One schedule as it goes on."""

    team: Team
    merchant: Merchant
    rng: random.Random
    running: list[Worker] = field(default_factory=list)
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)
    bodies: int = 0

    @property
    def world(self) -> World:
        return self.team.world

    def choke(self, service: str, name: str, asked: Any, answer: Callable[[], Any]) -> Any:
        """Stands before every call of AWS."""
        found = workers.choke(service, name, asked, answer)
        self.merchant.read(name, asked)
        return found

    def around(self, hand: Choked, name: str, given: tuple[Any, ...], genuine: Asked) -> Any:
        """Stands before every call of the store."""
        return workers.choke("store", name, {}, lambda: self.merchant.around(hand, name, given, genuine))

    def body(self) -> bytes:
        self.bodies += 1
        return f"{'torn' if self.rng.random() < 0.04 else 'content'} {self.bodies}".encode()

    def start(self, act: Callable[[], object]) -> None:
        lease_s = self.world.ctx.settings.lease_s
        self.running.append(Worker(act, self.world.aws.now.timestamp() + lease_s))

    def edit(self) -> None:
        """In the library a version is approved, or none any more; its place or words change."""
        team, rng = self.team, self.rng
        name, chance = rng.choice(NAMES), rng.random()
        if name not in team.made or chance < 0.5:
            team.approve(name, self.body())
        elif chance < 0.65:
            team.say(name, f"said {team.clock}")
        elif chance < 0.8:
            team.put(name, rng.randrange(9))
        elif team.is_live(name):
            team.withdraw(name)
            self.merchant.loosen("shown", *team.shelf.products[team.product_of(name)]["_variants"])
        if rng.random() < 0.7:
            self.start(lambda: shop_schedule.library_changed(team.ctx, self.world.workspace))

    def meddle(self) -> None:
        """The merchant changes something in the store."""
        team, merchant, rng = self.team, self.merchant, self.rng
        product = rng.choice(team.products)
        media, ours = team.shelf.products[product]["_media"], list(team.ours(product))
        act = rng.randrange(7)
        if act == 0 or not media:
            merchant.hang(product)
        elif act == 1:
            merchant.put_in_order(product, rng.sample(media, len(media)))
        elif act == 2:
            ready = [one for one in media if team.shelf.files[one]["_due"] is None]
            merchant.show(product, rng.choice(team.shelf.products[product]["_variants"]), rng.choice([None, *ready]))
        elif act == 3:
            merchant.take_off(product, rng.choice(media), rng.choice(("remove", "delete_file")))
        elif ours and act == 4:
            merchant.write_alt(product, rng.choice(ours))
        elif ours:
            merchant.give_bytes(product, rng.choice(ours))

    def follow(self) -> None:
        """A hint about the connection arrives: its run begins if it is due."""
        team = self.team
        self.start(lambda: connection_runs.run(team.ctx, KINDS, self.world.workspace, team.connection.id))

    def begin(self) -> None:
        """Something begins: mostly work that waits."""
        if job_rows.due(FAR, 1) and self.rng.random() < 0.5:
            self.hint()
            return
        acts = (self.follow, self.hint, self.post, self.ask, self.stop)
        self.rng.choices(acts, weights=(4, 2, 2, 5, 1))[0]()

    @property
    def works(self) -> dict[str, jobs.Work]:
        """What jobs do; an exception that no job may raise is held against us."""
        return {kind: self._watched(work) for kind, work in WORKS.items()}

    def _watched(self, work: jobs.Work) -> jobs.Work:
        def do(this: jobs.Run) -> Any:
            try:
                return work(this)
            except (PackshotError, jobs.Stopped, jobs.Paused, Crashed):
                raise
            except BaseException as problem:
                self.team.faults.append(f"a job broke: {type(problem).__name__} {problem}")
                raise

        return do

    def hint(self) -> None:
        """A message about a job, however old it is."""
        team, told = self.team, [one["id"] for one in self.world.aws.messages.get("jobs", [])[-6:]]
        if self.rng.random() < 0.7:
            told = [job_id for _, job_id, _ in job_rows.due(FAR, 3)]
        if told:
            job_id = self.rng.choice(told)
            self.start(lambda: jobs.run(team.ctx, self.works, self.world.workspace, job_id))

    def post(self) -> None:
        """Something that the store has posted arrives, once more perhaps."""
        self.posted += self.team.shelf.posted()
        self.team.shelf.tables["event"].clear()
        if self.posted:
            place = self.rng.randrange(len(self.posted))
            headers, body = self.posted[place] if self.rng.random() < 0.2 else self.posted.pop(place)
            team = self.team
            self.start(lambda: shop_hooks.take(team.ctx, team.connection.id, headers, body))

    def ask(self) -> None:
        """A person has a plan made, or approves and applies one."""
        team, workspace = self.team, self.world.workspace

        def act() -> None:
            caller = signing.caller_of(team.ctx, KEY, None)
            every = list(plan_rows.of(workspace, team.connection.id))
            for one in every:
                one = plans.as_it_stands(workspace, one)
                if one.state == "ready":
                    plans.approve(team.ctx, caller, one, ())
                    return
                if one.state in ("approved", "partly_applied"):
                    plans.apply(team.ctx, caller, one)
                    return
            plans.begin(team.ctx, caller, team.connection, None)

        self.start(act)

    def stop(self) -> None:
        """A person stops what is being done."""
        team = self.team

        def act() -> None:
            for _, job_id, _ in job_rows.due(FAR, 1):
                caller = signing.caller_of(team.ctx, KEY, None)
                jobs.cancel(team.ctx, caller, jobs.load(caller, job_id))

        self.start(act)

    def step(self, *, is_rough: bool) -> None:
        """Some calls of one worker, with what may befall it."""
        place = self.rng.randrange(len(self.running))
        worker = self.running[place]
        for _ in range(self.rng.choice((1, 8, 30, 120)) if is_rough else 1):
            self._call_of(worker, is_rough=is_rough)
            if worker.outcome is not None:
                self.running.pop(place)
                return

    def _call_of(self, worker: Worker, *, is_rough: bool) -> None:
        """One call: the rarer ones, of the store, go wrong more often."""
        now, lease_s = self.world.aws.now.timestamp(), self.world.ctx.settings.lease_s
        is_over, often = now > worker.lease_ends, 6 if worker.waits_at in CALLS else 1
        if is_rough and self.rng.random() < 0.003 * often + 0.01 * is_over:
            self.points[worker.waits_at] += 1
            worker.kill()
            return
        if worker.waits_at == "TransactWriteItems" and not is_over:
            worker.lease_ends = now + lease_s
        is_disturbed = is_rough and self.rng.random() < 0.008 * often
        worker.step(self.rng.choice((_away, _lose)) if is_disturbed else None)


def _away(name: str, _answer: Callable[[], object]) -> object:
    if name in CALLS:
        raise UpstreamUnavailable("The store is away.")
    raise refused(name, "ThrottlingException")


def _lose(name: str, answer: Callable[[], object]) -> object:
    answer()
    if name in CALLS:
        raise UpstreamUnavailable("The line broke.")
    raise ReadTimeoutError(endpoint_url="http://memory")
