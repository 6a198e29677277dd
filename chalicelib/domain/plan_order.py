"""The order of a product's media: where ours belong, and the fewest moves that bring them there. Pure.

What hangs on a product beside ours keeps its place. The merchant's own order of ours is never undone: what is new is
put beside what it follows, and the rest stays as it lies.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """Where everything on the product is to be. `is_foreign`: the merchant has put ours into another order."""

    target: tuple[str, ...]
    is_foreign: bool


def order(now: Sequence[str], wanted: Sequence[str], base: Sequence[str], *, may_overwrite: bool = False) -> Order:
    """The order of what hangs on a product `now`, with ours as `wanted`, which may be more than hangs there.

    `base` is the order that the last push left. Ours come first, but after a picture of the merchant's that was first
    before we came.
    """
    there = [one for one in wanted if one in set(now)]
    known = set(base) & set(there)
    settled = [one for one in now if one in known]
    is_foreign = settled != [one for one in base if one in known]
    if not settled:
        return Order(_first_time(now, wanted), is_foreign=False)
    kept = list(now)
    if may_overwrite or not is_foreign:
        refilled = iter([one for one in wanted if one in known])
        kept = [next(refilled) if one in known else one for one in now]
    for one in wanted:
        if one not in known:
            kept = beside(kept, one, wanted, known)
            known.add(one)
    return Order(tuple(kept), is_foreign)


def _first_time(now: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    foreign = [one for one in now if one not in set(wanted)]
    featured = foreign[:1] if foreign and now[0] == foreign[0] else []
    return (*featured, *wanted, *foreign[len(featured) :])


def beside(kept: Sequence[str], one: str, wanted: Sequence[str], known: set[str]) -> list[str]:
    """With this one behind the nearest of the `known` that it follows, else before the first of them."""
    rest = [each for each in kept if each != one]
    before = [each for each in wanted[: wanted.index(one)] if each in known]
    place = rest.index(before[-1]) + 1 if before else min((rest.index(each) for each in known), default=0)
    return [*rest[:place], one, *rest[place:]]


def moves(now: Sequence[str], target: Sequence[str]) -> list[tuple[str, int]]:
    """The fewest moves, one after the other, that turn `now` into `target`; both hold the same."""
    place = {one: at for at, one in enumerate(target)}
    staying = _longest_rising([place[one] for one in now])
    lies, done = list(now), []
    for at, one in enumerate(target):
        if place[one] in staying:
            continue
        lies.remove(one)
        behind = lies.index(target[at - 1]) + 1 if at else 0
        lies.insert(behind, one)
        done.append((one, behind))
    return done


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """A longest rising part of these different numbers."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(ends, number)
        previous.append(tails[length - 1] if length else -1)
        if length == len(ends):
            ends.append(number)
            tails.append(at)
        else:
            ends[length], tails[length] = number, at
    found: set[int] = set()
    at = tails[-1] if tails else -1
    while at >= 0:
        found.add(numbers[at])
        at = previous[at]
    return found
