"""What one decision about an asset costs, warm, beside the cheapest thing a decision could be: one look into a set.

python -m benchmarks.decisions [--rounds N]

600 collections in a tree four deep, 20 grants of which five deny, 5,000 assets in one to three collections each.
Interleaved rounds of CPU time; the smallest of each counts, since the machine may be busy.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from chalicelib.domain.access import Access, Grant, Principal, PrincipalKind, Resource, Right, mask
from chalicelib.domain.ids import ROOT, AssetId, CollectionId, WorkspaceId

COLLECTIONS, GRANTS, ASSETS, DEPTH = 600, 20, 5_000, 4
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def a_tree(chance: random.Random) -> dict[CollectionId, CollectionId]:
    """Each collection's parent; nothing lies deeper than `DEPTH` below the root."""
    parents: dict[CollectionId, CollectionId] = {}
    depths = {ROOT: 0}
    for number in range(COLLECTIONS):
        one = CollectionId(f"{number:026}")
        parent = chance.choice([place for place, depth in depths.items() if depth < DEPTH])
        parents[one], depths[one] = parent, depths[parent] + 1
    return parents


def a_principal(chance: random.Random, places: list[CollectionId]) -> Principal:
    """One who may view and download everywhere, with exceptions."""
    grants = [Grant(allow=mask((Right.VIEW, Right.DOWNLOAD)))]
    for number in range(GRANTS - 1):
        some = mask(chance.sample(list(Right), 3))
        is_denial = number < 5
        grants.append(Grant(chance.choice(places), None, 0 if is_denial else some, some if is_denial else 0))
    return Principal(PrincipalKind.KEY, "k", WorkspaceId("w"), "key", tuple(grants))


def nanoseconds(decide: Callable[[Resource], object], assets: list[Resource]) -> float:
    """CPU time of one decision, averaged over all assets."""
    begun = time.process_time_ns()
    for asset in assets:
        decide(asset)
    return (time.process_time_ns() - begun) / len(assets)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    chance = random.Random(1)
    parents = a_tree(chance)
    places = list(parents)
    access = Access(a_principal(chance, places), parents)
    assets = [
        Resource(AssetId(f"{number:026}"), tuple(chance.sample(places, chance.choice([1, 1, 1, 2, 3]))))
        for number in range(ASSETS)
    ]
    visible = {asset.id for asset in assets if access.on_asset(asset, NOW) & Right.VIEW.bit}
    ours, peer = [], []
    for _ in range(rounds):
        ours.append(nanoseconds(lambda asset: access.on_asset(asset, NOW) & Right.VIEW.bit, assets))
        peer.append(nanoseconds(lambda asset: asset.id in visible, assets))
    sys.stdout.write(
        f"{COLLECTIONS} collections, {GRANTS} grants, {ASSETS} assets, {len(visible)} of them visible\n"
        f"Access.on_asset       {min(ours) / 1000:.2f} µs a decision\n"
        f"id in a set           {min(peer) / 1000:.2f} µs a decision\n"
        f"ratio                 {min(ours) / min(peer):.1f}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
