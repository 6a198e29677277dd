"""How fast names are matched: 50,000 names against 40,000 SKUs, one core, after one warm-up.

python -m benchmarks.matching
"""

import random
import sys
import time

from chalicelib.domain.matching import Catalogue, match

SKUS, NAMES, A_STORE = 40_000, 50_000, 5_000


def main() -> None:
    """Measure and print one line each."""
    chance = random.Random(1)
    kinds, ends = ["TS", "AB", "MUG", "WM", "SHOE"], ["RED", "BLU", "S"]
    skus = [f"{chance.choice(kinds)}-{chance.randrange(10**6)}-{chance.choice(ends)}" for _ in range(SKUS)]
    endings = ["_1", "_02_back", "_front", "", "-3", "-BLUE"]
    names = [
        f"{chance.choice(skus).replace('-', chance.choice('-_'))}{chance.choice(endings)}.jpg" for _ in range(NAMES)
    ]
    begun = time.process_time()
    catalogue = Catalogue.of(skus)
    indexed = time.process_time()
    for name in names[:A_STORE]:
        match(catalogue, name)
    some = time.process_time() - indexed
    for name in names[A_STORE:]:
        match(catalogue, name)
    took = time.process_time() - indexed
    sys.stdout.write(f"catalogue of {SKUS:,} SKUs: {indexed - begun:.2f} s of CPU\n")
    sys.stdout.write(f"{A_STORE:,} names: {some:.2f} s of CPU\n")
    sys.stdout.write(f"names a second: {NAMES / took:,.0f}\n")


if __name__ == "__main__":
    main()
