"""What we hand out sealed comes back as it was, or is refused; no text of anybody's makes an error of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import sealing
from chalicelib.errors import Gone, InvalidInput, NotFound

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
positions = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
scopes = st.text(max_size=30)


@given(scopes, positions)
def test_a_cursor_opens_to_what_was_put_in(scope: str, position: object) -> None:
    cursor = sealing.seal_cursor(KEY, scope, position)

    assert sealing.open_cursor(KEY, scope, cursor) == position
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?# ")


@pytest.mark.requirement("RA6")
@given(scopes, scopes, positions)
def test_a_cursor_of_another_workspace_or_query_is_refused(scope: str, other: str, position: object) -> None:
    cursor = sealing.seal_cursor(KEY, scope, position)

    if scope != other:
        with pytest.raises(InvalidInput) as caught:
            sealing.open_cursor(KEY, other, cursor)
        assert caught.value.code == "bad_cursor"
    with pytest.raises(InvalidInput):
        sealing.open_cursor(OTHER, scope, cursor)


@given(scopes, st.text(max_size=80) | st.binary(max_size=40).map(lambda raw: raw.hex()))
def test_random_text_is_no_cursor_and_no_error_either(scope: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        sealing.open_cursor(KEY, scope, text)


@given(positions, st.data())
def test_a_cursor_with_any_sign_changed_is_refused_or_says_the_same(position: object, data: st.DataObject) -> None:
    cursor = sealing.seal_cursor(KEY, "scope", position)
    place = data.draw(st.integers(0, len(cursor) - 1))
    sign = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
    changed = cursor[:place] + sign + cursor[place + 1 :]

    try:
        assert sealing.open_cursor(KEY, "scope", changed) == position
        assert place == len(cursor) - 1 or changed == cursor
    except InvalidInput:
        assert changed != cursor


@given(st.text(max_size=60), st.integers(0, 2**31).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_a_picture_address_opens_for_its_hour_and_ten_minutes_more(key: str, now: datetime) -> None:
    path = sealing.seal_media_path(KEY, key, now)
    ends = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, minutes=10)

    assert sealing.open_media_path(KEY, path, now) == key
    assert sealing.open_media_path(KEY, path, ends - timedelta(seconds=1)) == key
    with pytest.raises(Gone):
        sealing.open_media_path(KEY, path, ends)


@given(st.text(max_size=60))
def test_a_picture_address_is_the_same_all_hour(key: str) -> None:
    begins = NOW.replace(minute=0)

    assert sealing.seal_media_path(KEY, key, begins) == sealing.seal_media_path(KEY, key, NOW)
    assert sealing.seal_media_path(KEY, key, begins) != sealing.seal_media_path(KEY, key, begins - timedelta(seconds=1))


@given(st.text(max_size=120) | st.tuples(st.integers(0, 10**12), st.text(max_size=40)).map(lambda p: f"/{p[0]}/{p[1]}"))
def test_a_forged_picture_address_is_not_found(path: str) -> None:
    with pytest.raises(NotFound):
        sealing.open_media_path(KEY, path, NOW)


def test_an_hour_cannot_be_moved_on() -> None:
    hour, mac, key = sealing.seal_media_path(KEY, "w/v/r", NOW).lstrip("/").split("/", 2)

    with pytest.raises(NotFound):
        sealing.open_media_path(KEY, f"/{int(hour) + 1}/{mac}/{key}", NOW)


@given(st.text(max_size=40), st.text(max_size=40))
def test_keys_of_different_purposes_and_hashes_of_different_secrets_differ(one: str, other: str) -> None:
    assert (sealing.keyed_hash(KEY, one) == sealing.keyed_hash(KEY, other)) == (one == other)
    assert sealing.matches("abc", one) == (one == "abc")
    assert sealing.subkey(KEY, "cursors") != sealing.subkey(KEY, "media")
