"""What becomes of an asset: whatever order its writes come in, and whatever its files say of themselves."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import assets
from chalicelib.domain.arrivals import KnownSource, decide, metadata_fields
from chalicelib.domain.assets import Asset, Fields, Version
from chalicelib.domain.ids import ROOT, AssetId, VersionId

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FRESH, HELD = AssetId("fresh"), AssetId("held")
words = st.text(min_size=1, max_size=6)
zones = st.integers(-12, 12).map(lambda hours: timezone(timedelta(hours=hours)))
writes = st.tuples(
    st.integers(0, 3).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    st.none() | st.integers(1, 2**64).map(lambda number: f"{number:X}"),
    st.integers(0, 10**6).map(lambda number: VersionId(f"{number:026}")),
)


def a_version(number: int, order: assets.WriteOrder, sha256: str) -> Version:
    return Version(
        VersionId(order[2]), number, order, NOW, None, None, "a.jpg", sha256, 1, "image", "image/jpeg", "jpeg", {},
        None, (),
    )  # fmt: skip


def an_asset(newest: Version, versions: int = 1) -> Asset:
    return Asset(AssetId("it"), 1, Fields("a.jpg"), (ROOT,), (), newest, versions, NOW, NOW)


@given(writes, writes)
def test_two_writes_are_never_equally_new_unless_they_are_one(one: tuple, other: tuple) -> None:
    first, second = assets.write_order(*one), assets.write_order(*other)

    assert (first < second) + (first > second) + (first == second) == 1
    assert one[2] == other[2] or first != second


@given(writes, writes)
def test_the_later_write_is_the_newer_and_in_one_second_the_higher_sequencer(one: tuple, other: tuple) -> None:
    first, second = assets.write_order(*one), assets.write_order(*other)

    if one[0] != other[0]:
        assert (first < second) == (one[0] < other[0])
    elif one[1] and other[1] and one[1] != other[1]:
        assert (first < second) == (int(one[1], 16) < int(other[1], 16))


@given(writes, zones)
def test_a_moment_is_the_same_write_in_every_time_zone(write: tuple, zone: timezone) -> None:
    at, sequencer, version = write

    assert assets.write_order(at.astimezone(zone), sequencer, version) == assets.write_order(at, sequencer, version)


def replay(orders: list[assets.WriteOrder]) -> tuple[assets.WriteOrder, set[str], int]:
    """Take writes of one path in, as ingest does; the newest at the end, all versions, and the count."""
    source: KnownSource | None = None
    asset: Asset | None = None
    brought = set[str]()
    for order in orders:
        sha256 = order[2]
        plan = decide(source, asset, fresh_id=FRESH, order=order, sha256=sha256, holder=None)
        assert plan.kind == ("new_asset" if asset is None else "new_version")
        brought.add(order[2])
        version = a_version(plan.number, order, sha256)
        if asset is None:
            asset = an_asset(version)
        else:
            asset = replace(asset, newest=version if plan.is_newest else asset.newest, versions=plan.number)
        if source is None or plan.is_newest:
            source = KnownSource("s", asset.id, order, sha256, 1)
    assert asset is not None
    return asset.newest.order, brought, asset.versions


@pytest.mark.requirement("R25")
@given(st.lists(writes, min_size=1, max_size=5, unique_by=lambda one: one[2]))
def test_writes_of_one_path_end_in_the_same_newest_version_in_whatever_order_they_come(written: list) -> None:
    orders = [assets.write_order(*one) for one in written]

    ends = [replay(list(order)) for order in itertools.permutations(orders)]

    assert {newest for newest, _, _ in ends} == {max(orders)}
    assert all(brought == {order[2] for order in orders} for _, brought, _ in ends)
    assert all(count == len(orders) for _, _, count in ends)


@given(writes, writes, st.booleans())
def test_equal_bytes_at_one_path_change_nothing_but_what_counts_as_newest(one: tuple, other: tuple, seen: bool) -> None:
    first, second = assets.write_order(*one), assets.write_order(*other)
    asset = an_asset(a_version(1, first, "same"))
    source = KnownSource("s", asset.id, first, "same", 1) if seen else None

    plan = decide(source, asset, fresh_id=FRESH, order=second, sha256="same", holder=asset.id)

    assert (plan.kind, plan.asset_id, plan.number) == ("same_bytes", asset.id, 1)
    assert plan.moves_source == (second >= first or not seen)


@pytest.mark.requirement("RF3")
def test_known_bytes_at_a_new_path_are_a_new_asset_that_names_their_holder() -> None:
    order = assets.write_order(NOW, "1", VersionId("v"))

    plan = decide(None, None, fresh_id=FRESH, order=order, sha256="x", holder=HELD)
    own = decide(None, None, fresh_id=FRESH, order=order, sha256="x", holder=FRESH)

    assert (plan.kind, plan.asset_id, plan.duplicate_of) == ("new_asset", FRESH, HELD)
    assert own.duplicate_of is None


def test_a_path_whose_asset_lies_in_the_trash_begins_a_new_one() -> None:
    order = assets.write_order(NOW, "1", VersionId("v"))
    trashed = replace(an_asset(a_version(1, order, "x")), state="trashed")
    source = KnownSource("s", trashed.id, order, "x", 1)

    plan = decide(source, trashed, fresh_id=FRESH, order=order, sha256="x", holder=trashed.id)

    assert (plan.kind, plan.asset_id, plan.number) == ("new_asset", FRESH, 1)


facts = st.fixed_dictionaries(
    {},
    optional={
        "title": words,
        "description": words,
        "rating": st.integers(0, 5),
        "keywords": st.lists(words, min_size=1, max_size=4),
    },
)
fields = st.builds(
    Fields,
    name=words,
    title=st.none() | words,
    description=st.none() | words,
    rating=st.none() | st.integers(0, 5),
    keywords=st.lists(words, max_size=4).map(lambda found: assets.unite((), found)),
    skus=st.lists(words, max_size=2).map(tuple),
)


@pytest.mark.requirement("RF2")
@given(fields, facts, st.frozensets(st.sampled_from(["title", "description", "rating"])))
def test_people_win_over_files_and_files_fill_only_what_nobody_touched(
    given_fields: Fields,
    said: dict,
    touched: frozenset[str],
) -> None:
    merged = assets.merge_embedded(given_fields, said, touched)

    for name in ("title", "description", "rating"):
        kept = name in touched or name not in said
        assert getattr(merged, name) == (getattr(given_fields, name) if kept else said[name])
    assert (merged.name, merged.skus, merged.alt) == (given_fields.name, given_fields.skus, given_fields.alt)


@pytest.mark.requirement("RF2")
@given(fields, facts)
def test_keywords_are_united_and_no_keyword_is_there_twice(given_fields: Fields, said: dict) -> None:
    merged = assets.merge_embedded(given_fields, said, frozenset())

    folded = [word.casefold() for word in merged.keywords]
    assert merged.keywords[: len(given_fields.keywords)] == given_fields.keywords
    assert set(folded) == {word.casefold() for word in (*given_fields.keywords, *said.get("keywords", ()))}
    assert len(folded) == len(set(folded))


@given(fields, facts, st.frozensets(st.sampled_from(["title", "description", "rating"])))
def test_merging_the_same_file_again_changes_nothing(given_fields: Fields, said: dict, touched: frozenset[str]) -> None:
    once = assets.merge_embedded(given_fields, said, touched)

    assert assets.merge_embedded(once, said, touched) == once


anything = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.lists(st.text(max_size=5), max_size=3)


@pytest.mark.requirement("R41")
@given(st.dictionaries(st.sampled_from([*assets.EDITABLE, "other"]) | st.text(max_size=8), anything, max_size=6))
def test_whatever_stands_in_object_metadata_gives_fields_or_nothing(given_texts: dict) -> None:
    values = assets.read_texts(given_texts)

    assert set(values) <= set(assets.EDITABLE)
    assert Fields(**{"name": "a", **values})
    assert 0 <= values.get("rating", 0) <= 5
    assert 0 <= values.get("position", 0) <= 10_000
    assert all(word.strip() == word != "" for name in ("keywords", "skus") for word in values.get(name, ()))


def test_tags_win_over_metadata_and_percent_signs_are_undone_once() -> None:
    found = metadata_fields(
        {"title": "Rotes%20Kleid", "shot-type": "front", "sku": "a"}, {"sku": "b", "Alt": "100%2525"}
    )

    assert found == {"title": "Rotes Kleid", "shot_type": "front", "sku": "b", "alt": "100%25"}
