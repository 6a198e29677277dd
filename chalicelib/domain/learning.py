"""A shop's own words, learnt from the pictures it gave them to: who teaches, what is used, what a picture is called.

Every live picture to which people gave any keyword teaches: the words it has, and those it has not. What a machine said
never teaches, until somebody accepts it: then it is a keyword.
"""

import base64
import hashlib
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain import prints
from chalicelib.domain.assets import Asset
from chalicelib.domain.tokens import fold
from chalicelib.domain.views import SIZE, View, view_in

FEWEST = 10
"""Pictures of at least three products that a word needs to be learnt."""
FEWEST_GROUPS = 3
MOST_WORDS, MOST_EXAMPLES = 100, 10_000
TARGET, GOOD_ENOUGH = 0.95, 0.9
"""Right of what is told that a word's threshold aims at, and that the held-out pictures must confirm."""
FEWEST_CONFIRMED = 5
"""Held-out pictures that must have been called so, of as many products as the word needs: those of one product are no
witnesses for each other."""
FOLDS = 5
LENGTH = 400.0
"""How long a view is: `media/view.py`."""


@dataclass(frozen=True)
class Example:
    """A picture that teaches: its words, folded and as people write them. One `group` is held out together."""

    rank: bytes
    view: View
    has: Mapping[str, str]
    group: str

    @property
    def fold(self) -> int:
        """Which of the folds its group is held out in."""
        return hashlib.sha256(self.group.encode()).digest()[0] % FOLDS


@dataclass(frozen=True)
class Word:
    """One word: of how many pictures, and of how many held-out ones, of how many products, told how many rightly.

    `threshold` None: no score is sure enough.
    """

    name: str
    examples: int
    threshold: float | None
    shown: int
    right: int
    groups: int = 0

    @property
    def precision(self) -> float | None:
        """The share right of the held-out pictures that it was told of."""
        return round(self.right / self.shown, 3) if self.shown else None

    @property
    def is_used(self) -> bool:
        """Whether pictures are called so."""
        share = self.precision
        return (
            self.threshold is not None
            and share is not None
            and share >= GOOD_ENOUGH
            and self.shown >= FEWEST_CONFIRMED
            and self.groups >= FEWEST_GROUPS
        )


@dataclass(frozen=True)
class Head:
    """What was learnt of a workspace, at a generation of its index; `weights` are 129 numbers a word, times `scale`."""

    version: str
    fitted_at: datetime
    generation: int
    maker: bytes
    examples: int
    words: tuple[Word, ...]
    scale: float = 0.0
    weights: bytes = b""


def example(asset: Asset) -> Example | None:
    """What a live asset teaches: none without a view or without a keyword."""
    view = view_in(asset, prints.shown_to_all(asset))
    if view is None or asset.state != "live" or not asset.fields.keywords:
        return None
    has = {fold(one): one for one in asset.fields.keywords}
    group = next(iter(asset.fields.skus), asset.id)
    return Example(hashlib.sha256(asset.id.encode()).digest(), view, has, fold(group))


def lesson(examples: Sequence[Example]) -> tuple[list[Example], list[Word]]:
    """Those by the commonest model, and the words that enough of them have, commonest first."""
    makers = Counter(one.view.maker for one in examples)
    if not makers:
        return [], []
    maker = max(makers, key=lambda one: (makers[one], one))
    some = sorted((one for one in examples if one.view.maker == maker), key=lambda one: one.rank)
    counts: Counter[str] = Counter()
    groups: dict[str, set[str]] = {}
    spelled: dict[str, Counter[str]] = {}
    for one in some:
        for word, written in one.has.items():
            counts[word] += 1
            groups.setdefault(word, set()).add(one.group)
            spelled.setdefault(word, Counter())[written] += 1
    taught = [
        word
        for word, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        if count >= FEWEST and len(groups[word]) >= FEWEST_GROUPS and count < len(some)
    ][:MOST_WORDS]
    names = {word: max(spelled[word].items(), key=lambda one: (one[1], one[0]))[0] for word in taught}
    return some, [Word(names[word], counts[word], None, 0, 0) for word in taught]


def message(examples: Sequence[Example], words: Sequence[Word]) -> dict[str, Any]:
    """What the picture function learns from: views, which of the words each has by their places, folds and groups."""
    place = {fold(one.name): number for number, one in enumerate(words)}
    groups = {name: number for number, name in enumerate(dict.fromkeys(one.group for one in examples))}
    return {
        "views": base64.b64encode(b"".join(one.view.body for one in examples)).decode(),
        "labels": [sorted(place[word] for word in one.has if word in place) for one in examples],
        "folds": [one.fold for one in examples],
        "groups": [groups[one.group] for one in examples],
        "words": len(words),
        "target": TARGET,
    }


def told(head: Head, view: View) -> list[tuple[str, float]]:
    """What a picture of this view is called, surest first, each with the share right of its word."""
    if view.maker != head.maker or not head.weights:
        return []
    numbers = struct.unpack(f"<{SIZE}b", view.body)
    found = []
    for place, word in enumerate(head.words):
        if word.is_used and word.threshold is not None:
            row = struct.unpack_from(f"<{SIZE + 1}h", head.weights, place * 2 * (SIZE + 1))
            score = head.scale * (sum(a * b for a, b in zip(row, numbers, strict=False)) / LENGTH + row[SIZE])
            if score >= word.threshold:
                found.append((word.name, word.precision or 0.0))
    return sorted(found, key=lambda one: (-one[1], one[0]))


def head_of(answer: Mapping[str, Any], words: Sequence[Word], plain: Head) -> Head:
    """The head that the picture function answers for these words; what it is of, `plain` says."""
    made = tuple(
        replace(word, threshold=threshold, shown=int(shown), right=int(right), groups=int(groups))
        for word, (threshold, shown, right, groups) in zip(words, answer["words"], strict=True)
    )
    weights = base64.b64decode(answer["weights"])
    return replace(plain, version=str(answer["version"]), words=made, scale=float(answer["scale"]), weights=weights)
