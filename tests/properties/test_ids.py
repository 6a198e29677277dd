"""Ids sort by time, never meet, and hashes of arrivals are the same everywhere."""

import os

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import ids, recipes
from chalicelib.domain.ids import VersionId, WorkspaceId

moments = st.integers(0, 2**48 - 1)
noises = st.binary(min_size=11, max_size=16)
words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)


@given(moments, noises)
def test_an_id_has_26_signs_of_its_alphabet_and_says_when_it_was_made(milliseconds: int, noise: bytes) -> None:
    made = ids.make_id(milliseconds, noise)

    assert ids.is_id(made)
    assert set(made) <= set(ids.SIGNS)
    assert ids.id_milliseconds(made) == milliseconds


@given(moments, noises, moments, noises)
def test_ids_of_different_moments_sort_by_time_as_text(one: int, noise: bytes, other: int, more: bytes) -> None:
    if one != other:
        assert (ids.make_id(one, noise) < ids.make_id(other, more)) == (one < other)


@given(moments, st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_80_bits_of_noise_are_kept_whole(milliseconds: int, one: bytes, other: bytes) -> None:
    assert (ids.make_id(milliseconds, one + b"\x00") == ids.make_id(milliseconds, other + b"\x00")) == (one == other)


def test_a_hundred_thousand_ids_of_one_millisecond_never_meet() -> None:
    made = {ids.make_id(1_700_000_000_000, os.urandom(11)) for _ in range(100_000)}

    assert len(made) == 100_000


@given(st.text(max_size=40))
def test_only_the_shape_of_our_ids_is_an_id(text: str) -> None:
    assert ids.is_id(text) == (len(text) == 26 and set(text) <= set(ids.SIGNS))
    assert not ids.is_id(f"{'2' * 26}\n")


@given(words, words, st.none() | words.filter(bool))
def test_an_arrival_has_one_id_however_often_it_is_announced(bucket: str, key: str, version: str | None) -> None:
    assert ids.arrival_id(bucket, key, version) == ids.arrival_id(bucket, key, version)
    assert ids.is_id(ids.arrival_id(bucket, key, version))


@given(st.tuples(words, words, words.filter(bool)), st.tuples(words, words, words.filter(bool)))
def test_different_object_versions_are_different_arrivals(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (ids.arrival_id(*one) == ids.arrival_id(*other)) == (one == other)


def test_the_hash_of_an_arrival_is_this_one_for_ever() -> None:
    assert ids.arrival_id("inbox", "w/a.jpg", "v1") == "t3fpzlrf2kgh37g3kzipahxzoe"


@given(st.text(ids.SIGNS, min_size=26, max_size=26), st.text(ids.SIGNS, min_size=26, max_size=26))
def test_keys_of_bytes_follow_from_the_version_and_the_recipe_alone(workspace: str, version: str) -> None:
    home, brought = WorkspaceId(workspace), VersionId(version)

    original, renditions = recipes.original_key(home, brought), recipes.rendition_keys(home, brought)

    assert original == f"{workspace}/{version}"
    assert len(set(renditions.values())) == len(recipes.STEPS)
    for name, key in renditions.items():
        assert key == f"{workspace}/{version}/{recipes.recipe_digest()}-{name}.webp"


def test_every_change_of_the_recipe_gives_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = {recipes.recipe_digest()}
    changes = [
        ("PIPELINE", recipes.PIPELINE + 1),
        ("STEPS", recipes.STEPS[1:]),
        ("STEPS", (*recipes.STEPS[:2], recipes.Step("small", 255))),
        ("STEPS", (*recipes.STEPS[:2], recipes.Step("small", 256, quality=81))),
    ]
    for name, value in changes:
        with monkeypatch.context() as patch:
            patch.setattr(recipes, name, value)
            digests.add(recipes.recipe_digest())

    assert len(digests) == len(changes) + 1
