"""A shop's own words: learnt where there is something to learn, and measured without fooling oneself."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from media import learn
from media.message import BadMessage

SCHEMA = json.loads((Path(learn.__file__).parent / "message.schema.json").read_text())


def a_lesson(views: Any, labels: list[list[int]], groups: list[int], words: int = 2) -> dict[str, Any]:
    whole = np.clip(views, -127, 127).astype(np.int8)
    body = base64.b64encode(whole.tobytes()).decode()
    folds = [group % 5 for group in groups]
    lesson = {"views": body, "labels": labels, "folds": folds, "groups": groups, "words": words, "target": 0.95}
    return {"v": 1, "learn": lesson}


@pytest.mark.requirement("R01")
def test_a_word_that_shows_is_told_rightly_on_held_out_products_and_one_that_does_not_is_not() -> None:
    chance = np.random.default_rng(5)
    dress = chance.normal(0, 35, 128)
    is_dress = chance.random(300) < 0.4
    views = chance.normal(0, 30, (300, 128)) + np.where(is_dress[:, None], dress, 0)
    labels = [[0] * bool(one) + [1] * bool(chance.random() < 0.3) for one in is_dress]
    lesson = a_lesson(views, labels, list(range(300)))

    answer, again = learn.answer(lesson), learn.answer(lesson)

    Draft202012Validator(SCHEMA).validate(lesson)
    Draft202012Validator(SCHEMA).validate(answer)
    (_, told, right, groups), (_, guessed, guessed_right, _) = answer["head"]["words"]
    assert answer == again
    assert told > 80
    assert groups == told, "each is a product of its own here"
    assert right / told >= 0.93
    assert guessed < 40
    assert guessed == 0 or guessed_right / guessed < 0.7, "chance is not taken for knowledge"


def test_pictures_of_one_product_never_vouch_for_each_other() -> None:
    chance = np.random.default_rng(6)
    looks = chance.normal(0, 35, (12, 128))
    groups = [number // 10 for number in range(120)]
    views = np.array([looks[group] + chance.normal(0, 3, 128) for group in groups])
    named = {group: bool(chance.random() < 0.5) for group in range(12)}
    lesson = a_lesson(views, [[0] if named[group] else [] for group in groups], groups, 1)

    ((_, told, right, told_of),) = learn.answer(lesson)["head"]["words"]
    parsed = learn.parse(lesson)
    by_heart = learn.Lesson(parsed.rows, parsed.truth, np.arange(120) % 5, np.arange(120), 0.95)
    known, known_right, _ = learn._measured(learn.held_out(by_heart)[:, 0], by_heart, 0)

    assert known > 60
    assert known_right / known > 0.95, "known by heart"
    assert told == 0 or right / told < 0.9
    assert told_of <= 12


@pytest.mark.parametrize(
    "spoil",
    [
        {"views": "AAAA"}, {"views": ""}, {"words": 0}, {"words": 1000}, {"labels": [[5]]}, {"labels": []},
        {"folds": [9]}, {"folds": []}, {"groups": []}, {"groups": None},
        {"target": 2}, {"target": None}, {"labels": [["x"]]},
    ],
    ids=str,
)  # fmt: skip
def test_a_lesson_that_breaks_the_contract_is_refused(spoil: dict[str, Any]) -> None:
    plain = a_lesson(np.ones((1, 128)), [[0]], [0])

    with pytest.raises(BadMessage):
        learn.answer({"v": 1, "learn": {**plain["learn"], **spoil}})
