"""Pictures put into a store: one plan of N pictures, five a product, and its push, at the cost limits of a real store.

python -m benchmarks.pushing [--count 1000]

Starts an AWS of its own on this machine and plays Shopify in this process, with a clock that moves only when somebody
waits: so minutes are the store's, whatever else this machine does. CPU and memory are this process's, with what the
stand-in takes of them.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from infra.local import stack

EACH = 5


@dataclass
class Seen:
    """How far clocks and counts are."""

    cpu_s: float
    store_s: float
    requests: int


def main() -> None:
    """Measure and print a line for plan, push and second plan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as kept, _aws(Path(kept)), pytest.MonkeyPatch.context() as patch:
        # Both read their addresses when they are imported, so the AWS comes first.
        shop = import_module("tests.builders").a_shop()
        playing, a_counter = import_module("tests.plans").playing, import_module("tests.stores").a_counter
        with a_counter(Path(kept) / "shop") as counter, playing(shop, counter, patch) as play:
            counter.control("seed", count=count // EACH, variants_each=1, prefix="P")
            play.mirror()
            for product in play.dump()["products"]:
                for number in range(1, EACH + 1):
                    play.picture(f"{product['variants'][0]['sku']}_{number:02d}.jpg")

            def seen() -> Seen:
                return Seen(time.process_time(), counter.world.clock.now().timestamp(), len(counter.world.journal))

            def told(what: str, before: Seen) -> Seen:
                after = seen()
                cpu_s, minutes = after.cpu_s - before.cpu_s, (after.store_s - before.store_s) / 60
                asked = after.requests - before.requests
                said = f"{cpu_s:.1f} s of CPU, {asked:,} requests, {minutes:.1f} store minutes, peak {_peak_mb()} MB"
                sys.stdout.write(f"{what}: {said}\n")
                sys.stdout.flush()
                return seen()

            sys.stdout.write(f"{count:,} pictures are there: peak {_peak_mb()} MB\n")
            begun = seen()
            plan = play.plan()
            planned = told(f"plan of {plan['counts']['matched']:,} pictures", begun)
            sys.stdout.write(f"  it says {plan['cost_points']:,} points, {plan['minutes']} minutes\n")
            play.turn(plan, "approve")
            done = play.turn(plan, "apply", most=5_000)
            kinds = Counter(one["operation"] for one in counter.world.journal)
            pushed = told(f"push, {done['state']}", planned)
            sys.stdout.write(f"  requests: {', '.join(f'{name} {many:,}' for name, many in kinds.most_common())}\n")
            again = play.plan()
            told(f"plan again, {again['counts']['unchanged']:,} unchanged", pushed)


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000


@contextmanager
def _aws(home: Path) -> Iterator[None]:
    running = stack.start(home / "aws")
    before = dict(os.environ)
    os.environ.update(running.env)
    try:
        yield
    finally:
        running.stop()
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main()
