"""Evaluates the tree of a query over plain values: slow, and simple enough to be believed."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.domain.queries import Alike, All, AnyOf, Between, Everything, Has, Near, Node, Not, Term, Text, Withheld
from chalicelib.domain.tokens import WEIGHTS, fold, tokens_of, typos

Tokens = Sequence[tuple[int, str]]


class Record(Protocol):
    """What a search knows of one asset; `exact` values are folded, `numbers` whole, moments in seconds."""

    @property
    def texts(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def exact(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def numbers(self) -> Mapping[str, int]: ...
    @property
    def custom(self) -> Mapping[str, tuple[str | float, ...]]: ...
    @property
    def place(self) -> tuple[float, float] | None: ...
    @property
    def has(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class PlainRecord:
    """A record written down by hand."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    custom: Mapping[str, tuple[str | float, ...]] = field(default_factory=dict)
    place: tuple[float, float] | None = None
    has: frozenset[str] = frozenset()


def a_record(**given: Any) -> PlainRecord:
    """A record of values by field: texts and lists of texts, numbers, `near=(north, east)`, `custom={…}`."""
    custom = {name: _listed(value) for name, value in given.pop("custom", {}).items()}
    place = given.pop("near", None)
    listed = {name: _listed(value) for name, value in given.items()}
    words = {name: value for name, value in listed.items() if isinstance(value[0], str)}
    return PlainRecord(
        texts={name: value for name, value in words.items() if name in WEIGHTS},
        exact={name: tuple(fold(one).strip() for one in value) for name, value in words.items()},
        numbers={name: value[0] for name, value in listed.items() if name not in words},
        custom={
            name: tuple(fold(one) if isinstance(one, str) else one for one in value) for name, value in custom.items()
        },
        place=place,
        has=frozenset([*listed, *(f"custom.{name}" for name in custom), *(["near"] if place else [])]),
    )


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def matches(node: Node, found: Record) -> bool:  # noqa: C901 one line a kind
    """Whether a record is what a query asks for."""
    match node:
        case Everything():
            return True
        case All(parts):
            return all(matches(part, found) for part in parts)
        case AnyOf(parts):
            return any(matches(part, found) for part in parts)
        case Not(part):
            return not matches(part, found)
        case Text():
            return text_matches(node, found)
        case Term(name, values):
            return term_matches(name, {fold(value).strip() for value in values}, found)
        case Between(name, low, high):
            return between(name, low, high, found)
        case Near(north, east, radius_m):
            return found.place is not None and distance_m((north, east), found.place) <= radius_m
        case Alike(bands, at_least):
            return len(set(bands) & set(found.bands)) >= at_least
        case Has(name):
            return name in found.has
        case Withheld(at_s):
            begins, ends, restricted, lifted = found.withheld
            is_early, is_late = begins is not None and at_s < begins, ends is not None and at_s >= ends
            return is_early or is_late or (restricted is not None and restricted <= at_s < (lifted or 0))


def term_matches(name: str, values: set[str], found: Record) -> bool:
    """A value in digits also finds the custom number."""
    if not name.startswith("custom."):
        return bool(values & set(found.exact.get(name, ())))
    held = found.custom.get(name.removeprefix("custom."), ())
    whole = {str(int(one)) for one in held if not isinstance(one, str) and one == int(one)}
    return bool(values & ({one for one in held if isinstance(one, str)} | whole))


def between(name: str, low: int | None, high: int | None, found: Record) -> bool:
    """Both ends belong to the range; without ends, whether the field is set."""
    if low is None and high is None:
        return name in found.has
    if name.startswith("custom."):
        values = [one for one in found.custom.get(name.removeprefix("custom."), ()) if not isinstance(one, str)]
    else:
        values = [found.numbers[name]] if name in found.numbers else []
    return any((low is None or value >= low) and (high is None or value <= high) for value in values)


def text_matches(node: Text, found: Record) -> bool:
    """In one of the fields, in one of its texts when it is a phrase."""
    names = tuple(WEIGHTS) if node.field is None else (node.field,)
    streams = [[tokens_of(name, text) for text in found.texts.get(name, ())] for name in names if name in WEIGHTS]
    if not node.words:
        return False
    if node.is_phrase:
        return any(has_phrase(node, tokens) for texts in streams for tokens in texts)
    held = {token for texts in streams for tokens in texts for _, token in tokens}
    last = len(node.words) - 1
    return all(
        word_matches(word, held, is_prefix=node.is_prefix and place == last) for place, word in enumerate(node.words)
    )


def word_matches(word: str, held: set[str], *, is_prefix: bool) -> bool:
    """A beginning forgives no typing error."""
    if is_prefix:
        return any(token.startswith(word) for token in held)
    errors = typos(word)
    return word in held or (errors > 0 and any(edits(word, token) <= errors for token in held))


def has_phrase(node: Text, tokens: Tokens) -> bool:
    """The words stand side by side, each at the position after the one before."""
    at: dict[int, set[str]] = defaultdict(set)
    for position, token in tokens:
        at[position].add(token)
    last = len(node.words) - 1

    def fits(place: int, word: str, held: set[str]) -> bool:
        return word in held or (node.is_prefix and place == last and any(one.startswith(word) for one in held))

    return any(
        all(fits(place, word, at.get(start + place, set())) for place, word in enumerate(node.words)) for start in at
    )


def edits(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours from one word to the other; at most 3."""
    if abs(len(one) - len(other)) > 2:
        return 3
    rows = [list(range(len(other) + 1))]
    for i, sign in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (sign != theirs))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return min(rows[-1][-1], 3)


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance, by the chord between two points of the ball."""

    def point(place: tuple[float, float]) -> tuple[float, float, float]:
        north, east = map(math.radians, place)
        return (math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north))

    return 2 * 6_371_008.8 * math.asin(min(1.0, math.dist(point(one), point(other)) / 2))
