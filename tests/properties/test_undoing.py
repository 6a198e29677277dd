"""A change taken back: as if it had never been when nobody else worked on the asset, and never at others' expense."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st

from chalicelib.domain import undoing
from chalicelib.domain.assets import Fields, Restriction
from chalicelib.services.assets import plain
from tests.libraries import an_asset

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WORDS = st.lists(st.sampled_from(["red", "Red dress", "linen", "été", "new"]), unique=True, max_size=5).map(tuple)
MOMENTS = st.none() | st.integers(0, 9).map(lambda days: NOW + timedelta(days=days))
FIELDS = st.builds(
    Fields,
    name=st.sampled_from(["a.jpg", "b.jpg"]),
    title=st.none() | st.sampled_from(["", "Red", "Blue"]),
    keywords=WORDS,
    skus=WORDS,
    custom=st.dictionaries(st.sampled_from(["price", "fabric"]), st.sampled_from([1, 2.5, "Linen", ["a"], True])),
    rating=st.none() | st.integers(0, 5),
    available_from=MOMENTS,
    restriction=st.none() | st.builds(Restriction, st.just("legal"), MOMENTS, MOMENTS),
)


def told(old: Fields, new: Fields) -> tuple[Any, Any]:
    """The difference as the audit trail keeps it."""
    before, after = undoing.difference(an_asset(1, **vars(old)), an_asset(1, **vars(new)))
    return plain(before), plain(after)


@given(FIELDS, FIELDS)
def test_a_change_and_its_undo_leave_the_asset_as_it_was(old: Fields, new: Fields) -> None:
    values, clashes = undoing.reverted(new, *told(old, new))

    assert clashes == []
    assert {**vars(new), **values} == vars(old)


@given(FIELDS, FIELDS, FIELDS)
def test_what_others_made_of_it_since_stays(old: Fields, new: Fields, now: Fields) -> None:
    values, clashes = undoing.reverted(now, *told(old, new))

    for name, value in values.items():
        if name in ("keywords", "skus"):
            added = set(getattr(new, name)) - set(getattr(old, name))
            theirs = [one for one in getattr(now, name) if one not in added]
            assert set(theirs) <= set(value)
            assert not added & set(value)
        elif name != "custom":
            assert getattr(now, name) == getattr(new, name)
    assert not set(clashes) & set(values)
