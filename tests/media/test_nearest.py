"""Views compared: exact, with the permission laid over them before any is ranked, and whatever is sent."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from media import download, nearest, view
from media.message import BadMessage
from standins import shelf as standins

MAKER = 0x01020304


def a_file(keys: list[int], vectors: Any, maker: int = MAKER) -> bytes:
    rows = sorted(zip(keys, vectors, strict=True), key=lambda one: one[0])
    return b"".join(struct.pack("<QI", key, maker) + vector.astype(np.int8).tobytes() for key, vector in rows)


def a_question(vector: Any, parts: list[Any], **given: Any) -> dict[str, Any]:
    heads = b"".join(struct.pack("<I", one) for one in sorted(given.pop("heads", [])))
    near = {
        "view": base64.b64encode(vector.astype(np.int8).tobytes()).decode(), "maker": MAKER, "parts": parts,
        "heads": base64.b64encode(heads).decode(), "is_only": False, "most": 10, "least": -1, **given,
    }  # fmt: skip
    return {"v": 1, "near": near}


@pytest.fixture
def shelf() -> Iterator[Any]:
    """Gives stretches of what is laid on it as a part of a question; counts how often it was asked."""
    with standins.shelf() as store:

        def put(name: str, body: bytes) -> list[Any]:
            unique = f"{name}-{hashlib.sha256(body).hexdigest()}"
            return [unique, store.put(unique, b"before" + body), 6, len(body)]

        put.asked = store.asked  # type: ignore[attr-defined]
        yield put


@pytest.mark.requirement("R59")
def test_the_nearest_of_many_are_exactly_those_of_comparing_one_by_one(shelf: Any) -> None:
    chance = np.random.default_rng(7)
    old, new = chance.integers(-80, 80, (3000, 128)), chance.integers(-80, 80, (500, 128))
    keys = [int(one) for one in chance.integers(0, 2**63, 3000)]
    newer = [*keys[:250], *(int(one) for one in chance.integers(0, 2**63, 250))]
    parts = [shelf("old", a_file(keys, old)), shelf("new", a_file(newer, new)), shelf("other", a_file([5], old[:1], 9))]
    barred = {one >> 32 for one in keys[1000:2000]}
    query = old[300]

    told = [nearest.answer(a_question(query, parts, heads=barred))["near"] for _ in range(2)]
    only = nearest.answer(a_question(query, parts, heads=barred, is_only=True, most=5))["near"]

    last = {**dict(zip(keys, old, strict=True)), **dict(zip(newer, new, strict=True))}

    def plainly(may: Any, most: int) -> list[tuple[int, float]]:
        size = float(np.linalg.norm(query))
        cosines = (
            (key, float(query @ one) / size / float(np.linalg.norm(one))) for key, one in last.items() if may(key)
        )
        return sorted(cosines, key=lambda one: -one[1])[:most]

    assert told[0] == told[1]
    assert [(one[0], one[1]) for one in told[0]][:1] == [(keys[300], 1.0)]
    assert [one[0] for one in told[0]] == [key for key, _ in plainly(lambda key: key >> 32 not in barred, 10)]
    assert [one[0] for one in only] == [key for key, _ in plainly(lambda key: key >> 32 in barred, 5)]
    assert sorted(shelf.asked) == sorted({f"/{one[0]}" for one in parts}), "each file is fetched once"


@pytest.mark.parametrize(
    "spoil",
    [
        {"view": "AAAA"}, {"most": 0}, {"most": 5000}, {"is_only": 1}, {"heads": "?"}, {"parts": [["a"]]},
        {"maker": "x"}, {"heads": "AAA="},
    ],
    ids=str,
)  # fmt: skip
def test_a_question_that_breaks_the_contract_is_refused(spoil: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        nearest.answer({"v": 1, "near": {**a_question(np.ones(128), [])["near"], **spoil}})


def test_a_file_that_comes_short_is_asked_for_again_and_one_with_half_a_view_is_refused(shelf: Any) -> None:
    name, url, offset, length = shelf("short", a_file([1], np.ones((1, 128))))

    with pytest.raises(download.TransferFailed):
        nearest.answer(a_question(np.ones(128), [[name, url, offset, length + 9]]))
    with pytest.raises(BadMessage):
        nearest.answer(a_question(np.ones(128), [[name, url, offset, length - 9]]))
    assert [one[:2] for one in nearest.answer(a_question(np.ones(128), [[name, url, offset, length]]))["near"]] == [
        [1, 1.0]
    ]


def test_a_view_is_the_same_on_every_machine_and_near_for_what_is_near() -> None:
    chance = np.random.default_rng(1)
    one = chance.random(1280).astype(np.float32)
    nearly, other = one + chance.normal(0, 0.05, 1280), chance.random(1280)
    made = [np.frombuffer(view.of(each.astype(np.float32)) or b"", np.int8) / 1.0 for each in (one, nearly, other)]

    cosines = [float(made[0] @ each) / float(np.linalg.norm(made[0]) * np.linalg.norm(each)) for each in made]

    assert hashlib.sha256(view.projection(1280).astype(np.int8).tobytes()).hexdigest()[:16] == PROJECTION
    assert cosines[0] > 0.999 > cosines[1] > 0.95 > cosines[2]
    assert all(abs(float(np.linalg.norm(each)) - view.LENGTH) < 3 for each in made)
    assert view.of(np.zeros(1280, np.float32)) is None


PROJECTION = "9d06213fa9690d38"
