"""What a file turns out to be, and what its key and its metadata mean."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.arrivals import Decision, KnownSource, Place, Refusal, decide, metadata_fields, read_key
from chalicelib.domain.assets import Asset, Fields, Version, WriteOrder, write_order
from chalicelib.domain.ids import ROOT, AssetId, VersionId

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
A, FRESH, OTHER = AssetId("a"), AssetId("fresh"), AssetId("other")
WORKSPACE = "2" * 26


def at(second: int) -> WriteOrder:
    return write_order(NOON.replace(second=second), None, VersionId("e"))


def an_asset(order: WriteOrder, sha256: str = "old", state: str = "live") -> Asset:
    version = Version(
        VersionId("v"), 1, order, NOON, None, None, "a.jpg", sha256, 3, "image", "image/jpeg", "jpeg", {}, None, ()
    )
    return Asset(A, 1, Fields("a.jpg"), (ROOT,), (), version, 1, NOON, NOON, state=state)  # type: ignore[arg-type]


def a_source(order: WriteOrder, sha256: str = "old") -> KnownSource:
    return KnownSource("drop#x", A, order, sha256, 1)


def decided(source: KnownSource | None, asset: Asset | None, order: WriteOrder, sha256: str = "new") -> Decision:
    return decide(source, asset, fresh_id=FRESH, order=order, sha256=sha256, holder=OTHER)


def test_a_path_nobody_knows_is_a_new_asset_that_names_the_first_holder_of_its_bytes() -> None:
    assert decided(None, None, at(1)) == Decision("new_asset", FRESH, 1, True, True, OTHER)


def test_new_bytes_are_the_next_version_and_the_newest() -> None:
    assert decided(a_source(at(1)), an_asset(at(1)), at(2)) == Decision("new_version", A, 2, True, True)


def test_a_late_older_write_is_a_version_but_not_the_newest() -> None:
    assert decided(a_source(at(5)), an_asset(at(5)), at(2)) == Decision("new_version", A, 2, False, False)


def test_a_write_older_than_one_that_only_confirmed_the_bytes_is_not_the_newest() -> None:
    assert not decided(a_source(at(5)), an_asset(at(1)), at(3)).is_newest


def test_a_drop_older_than_an_upload_moves_its_source_but_is_not_the_newest() -> None:
    plan = decided(a_source(at(1)), an_asset(at(5), "uploaded"), at(3))

    assert (plan.is_newest, plan.moves_source) == (False, True)


def test_the_bytes_of_the_sources_newest_version_add_nothing() -> None:
    assert decided(a_source(at(1)), an_asset(at(1)), at(2), "old") == Decision("same_bytes", A, 1, False, True)


def test_a_path_whose_asset_is_in_the_trash_begins_anew() -> None:
    assert decided(a_source(at(1)), an_asset(at(1), state="trashed"), at(2)).kind == "new_asset"


def test_a_late_older_write_stays_in_the_past_of_an_asset_in_the_trash() -> None:
    plan = decided(a_source(at(5)), an_asset(at(5), state="trashed"), at(2))

    assert (plan.kind, plan.asset_id, plan.is_newest) == ("new_version", A, False)


def test_writes_of_one_second_are_ordered_by_sequencer_whatever_its_length() -> None:
    orders = [write_order(NOON, sequencer, VersionId("e")) for sequencer in (None, "FF", "100", "0055AED6DCD90281E5")]

    assert orders == sorted(orders)


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("Spring/a.jpg", "Spring/a.jpg"),
        ("/Spring//a.jpg", "Spring/a.jpg"),
        ("../../Spring/./a.jpg", "Spring/a.jpg"),
        ("Sommer/fu\u0308r.jpg", "Sommer/für.jpg"),
        ("a%2Fb.jpg", "a%2Fb.jpg"),
    ],
)
def test_a_key_means_a_path_in_its_workspace(key: str, path: str) -> None:
    place = read_key(f"{WORKSPACE}/{key}")

    assert isinstance(place, Place)
    assert place.path == path


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("a.jpg", "outside"),
        (f"{WORKSPACE}/", "folder"),
        (f"{WORKSPACE}/Spring/", "folder"),
        (f"{WORKSPACE}/..", "folder"),
        (f"{WORKSPACE}/_x/a.jpg", "reserved"),
        (f"{WORKSPACE}/_uploads/x/y", "reserved"),
        (f"{WORKSPACE}//_uploads/x", "reserved"),
        (f"{WORKSPACE}/./_uploads/x", "reserved"),
        (f"{WORKSPACE}/_uploads//x", "reserved"),
    ],
)
def test_a_key_that_means_nothing_is_refused(key: str, code: str) -> None:
    place = read_key(key)

    assert isinstance(place, Refusal)
    assert place.code == code


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("Red dress", "Red dress"),
        ("Gr%C3%BCn", "Grün"),
        ("=?UTF-8?B?R3LDvG4=?=", "Grün"),
        ("100% cotton", "100% cotton"),
        ("=?broken", "=?broken"),
        ("=?x-unknown?B?R3LDvG4=?=", "=?x-unknown?B?R3LDvG4=?="),
    ],
)
def test_metadata_is_read_however_it_was_encoded(sent: str, meant: str) -> None:
    assert metadata_fields({"Shot-Type": sent}, {}) == {"shot_type": meant}
