"""Many pictures go into a store unattended, while the store fails in every way it can and our processes die."""

import random
import time
from collections import Counter as Tally
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Shop
from tests.plans import Killer, playing
from tests.stores import Counter, a_counter

EACH = 5
"""Pictures of one product."""
FAULTS = (
    {"kind": "lost_reply", "chance": 0.01}, {"kind": "http", "status": 502, "chance": 0.01},
    {"kind": "throttle", "chance": 0.01}, {"kind": "drop", "chance": 0.01}, {"kind": "internal", "chance": 0.005},
    {"kind": "cut_body", "after": 20, "chance": 0.005},
    {"kind": "lost_reply", "operation": "FileCreate", "chance": 0.1},
    {"kind": "lost_reply", "operation": "Reorder", "chance": 0.1},
    {"kind": "lost_reply", "operation": "FileUpdate", "chance": 0.1},
)  # fmt: skip


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path) as found:
        yield found


@pytest.mark.journey
@pytest.mark.requirement("R36")
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(200, marks=pytest.mark.timeout(900)),
        pytest.param(5_000, marks=[pytest.mark.slow, pytest.mark.timeout(7_200)]),
    ],
)
def test_many_pictures_arrive_once_each_in_order_whatever_breaks(
    shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    dice = random.Random(count)
    counter.control("seed", count=count // EACH * 2, variants_each=2, prefix="P")
    with playing(shop, counter, monkeypatch) as play:
        play.mirror()
        products = {one["id"]: one["variants"] for one in play.dump()["products"]}
        wanted: dict[str, list[str]] = {}
        for product_id, variants in products.items():
            names = [f"{variants[0]['sku']}_{number:02d}.jpg" for number in range(1, EACH + 1)]
            wanted[product_id] = names
            for name in dice.sample(names, EACH):
                play.picture(name)
        began, morning = time.process_time(), play.moment
        plan = play.plan()
        assert plan["counts"]["matched"] == count
        play.turn(plan, "approve")
        for one in FAULTS:
            counter.control("fault", times=10**9, **one)
        play.killer = Killer(0.02 if count < 1_000 else 0.004, dice=dice)

        done = play.turn(plan, "apply", most=5_000)
        again = 0
        while done["state"] != "applied":
            again += 1
            assert again < 20, Tally(str(one["result"]) for one in play.lines(plan))
            done = play.turn(plan, "apply", most=5_000)

        killed, play.killer = play.killer.kills, None
        counter.control("clear")
        told = play.dump()
        names_of = {file_id: play.name_of(one["name"]) for file_id, one in told["files"].items()}
        print(f"{count} pictures: {killed} kills, {again} times taken up by hand, {play.invocations} runs,"
              f" {time.process_time() - began:.0f} s of CPU, {(play.moment - morning).total_seconds() / 60:.0f} minutes"
              " of the store's clock")  # fmt: skip
        assert len(told["files"]) == count
        assert {one["id"]: [names_of[each] for each in one["media"]] for one in told["products"]} == wanted
        assert all(one["variants"][0]["medium"] == one["media"][0] for one in told["products"])
        second = play.plan()
        assert (second["counts"]["matched"], second["counts"]["unchanged"]) == (0, count)
        assert killed > count / 100
