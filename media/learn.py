"""Learns a shop's own words from views of pictures that it gave them to: a ridge head, in closed form.

How well each word is told is measured on pictures that had no part in telling it: whole groups are held out in five
folds, and a fold's threshold comes from the other four, so that a measured share right is no promise to oneself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from media.message import VERSION, BadMessage
from media.view import LENGTH, SIZE

FOLDS = 5
MOST_EXAMPLES, MOST_WORDS = 20_000, 200
_RIDGE = 0.5
_FEWEST_SHOWN = 3
"""A threshold is not set by fewer than this."""


@dataclass(frozen=True)
class Lesson:
    """Views as rows with a one behind, which words each has (1 or 0), its fold and its group, and the share right aimed
    at."""

    rows: Any
    truth: Any
    folds: Any
    groups: Any
    target: float


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """Return the head of a `learn` message and, a word, its threshold and what was held out: told, told rightly, and of
    how many groups.

    The same lesson gives the same head. Raises BadMessage for a message that breaks the contract.
    """
    lesson = parse(message)
    told = held_out(lesson)
    weights = _fitted(lesson.rows, lesson.truth)
    scale = float(np.abs(weights).max()) / 32767 or 1.0
    whole = np.rint(weights.T / scale).astype("<i2")
    words = []
    for number in range(lesson.truth.shape[1]):
        threshold = _threshold(told[:, number], lesson.truth[:, number], lesson.target)
        words.append([None if threshold is None else round(threshold, 4), *_measured(told[:, number], lesson, number)])
    made = {"scale": scale, "weights": base64.b64encode(whole.tobytes()).decode(), "words": words}
    version = hashlib.sha256(whole.tobytes() + repr(words).encode()).hexdigest()[:12]
    return {"v": VERSION, "outcome": "ok", "head": {**made, "version": version}}


def held_out(lesson: Lesson) -> Any:
    """The score of each word for each picture, by a head that saw nothing of its fold."""
    told = np.zeros(lesson.truth.shape)
    for fold in range(FOLDS):
        out = lesson.folds == fold
        if out.any() and not out.all():
            told[out] = lesson.rows[out] @ _fitted(lesson.rows[~out], lesson.truth[~out])
    return told


def _fitted(rows: Any, truth: Any) -> Any:
    """A column of weights a word."""
    return np.linalg.solve(rows.T @ rows + _RIDGE * np.eye(rows.shape[1]), rows.T @ truth)


def _threshold(scores: Any, truth: Any, target: float) -> float | None:
    """The least score from which on as many are right as the target asks; None when there is none."""
    order = np.argsort(-scores, kind="stable")
    ranked, right = scores[order], np.cumsum(truth[order])
    share = right / np.arange(1, len(order) + 1)
    good = np.flatnonzero((share >= target) & (np.arange(1, len(order) + 1) >= _FEWEST_SHOWN))
    return float(ranked[good[-1]]) if len(good) else None


def _measured(scores: Any, lesson: Lesson, number: int) -> tuple[int, int, int]:
    shown = right = 0
    groups: set[int] = set()
    truth = lesson.truth[:, number]
    for fold in range(FOLDS):
        out = lesson.folds == fold
        threshold = _threshold(scores[~out], truth[~out], lesson.target)
        if threshold is not None:
            told = scores[out] >= threshold
            shown, right = shown + int(told.sum()), right + int(truth[out][told].sum())
            groups.update(lesson.groups[out][told].tolist())
    return shown, right, len(groups)


def parse(message: dict[str, Any]) -> Lesson:
    """The lesson of a `learn` message. Raises BadMessage."""
    try:
        learn = message["learn"]
        views = np.frombuffer(base64.b64decode(learn["views"], validate=True), np.int8).reshape(-1, SIZE)
        count, target, folds = int(learn["words"]), float(learn["target"]), np.array(learn["folds"], np.int64)
        groups = np.array(learn["groups"], np.int64)
        truth = np.zeros((len(views), count))
        for row, has in enumerate(learn["labels"]):
            truth[row, list(map(int, has))] = 1.0
        is_sound = (
            message["v"] == VERSION
            and 1 <= len(views) <= MOST_EXAMPLES
            and 1 <= count <= MOST_WORDS
            and len(learn["labels"]) == len(views) == len(folds) == len(groups)
            and 0 < target <= 1
            and bool(((folds >= 0) & (folds < FOLDS)).all())
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, binascii.Error) as problem:
        raise BadMessage(f"The request lacks a field or has one of the wrong type: {problem!r}.") from problem
    if not is_sound:
        raise BadMessage("The lesson cannot be learnt as it is.")
    return Lesson(np.hstack([views / LENGTH, np.full((len(views), 1), 1.0)]), truth, folds, groups, target)
