"""What a plan will cost in the store, told before it is applied. Pure; estimates, in the store's own points."""

import math
from collections.abc import Iterable, Mapping

POINTS: Mapping[str, int] = {
    "create": 24, "replace": 24, "attach": 2, "alt": 2, "reorder": 2, "assign": 2, "unlink": 2,
}  # fmt: skip
"""Points an action: bytes are staged (11), a file is made or changed (10 and its share of a request), then polled."""
A_PRODUCT = 130
"""Points a product: it is read before, between and after, its order and its variants are changed once."""
POINTS_A_SECOND = 100
"""What the smallest plan of a store restores."""
SECONDS_A_PICTURE = 0.5


def estimate(lines: Iterable[tuple[str | None, Iterable[str]]]) -> tuple[int, int]:
    """Points and whole minutes, at least one where anything is to do, for (product, actions) of each line."""
    products: set[str | None] = set()
    points = pictures = 0
    for product_id, actions in lines:
        done = list(actions)
        if done:
            products.add(product_id)
        points += sum(POINTS[one] for one in done)
        pictures += sum(one in ("create", "replace") for one in done)
    points += A_PRODUCT * len(products)
    seconds = max(points / POINTS_A_SECOND, pictures * SECONDS_A_PICTURE)
    return points, math.ceil(seconds / 60)
