"""A Drive is followed: what the team does there happens in the library."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.domain.drive import DriveFile
from tests.builders import Shop, a_photo
from tests.drives import Place, following, paths, source


@pytest.mark.requirement("R39")
def test_folders_and_files_of_a_drive_are_mirrored_as_collections(shop: Shop, place: Place) -> None:
    spring = place.folder("Spring")
    front = place.folder("Front", spring)
    place.file("a.jpg", a_photo(1))
    place.file("b.jpg", a_photo(2), front)
    drive = following(shop, place)

    drive.sync()

    found = drive.assets()
    assert {name: paths(one) for name, one in found.items()} == {"a.jpg": ["Photos"], "b.jpg": ["Photos/Spring/Front"]}
    assert source(found["b.jpg"])["kind"] == "drive"
    assert source(found["b.jpg"])["state"] == "linked"
    assert source(found["b.jpg"])["path"] == "Photos/Spring/Front/b.jpg"
    assert drive.shown()["state"] == "ok"
    assert shop.waiting() == []


@pytest.mark.requirement("R40")
def test_a_file_renamed_in_drive_is_the_same_asset_renamed(shop: Shop, place: Place) -> None:
    file = place.file("a.jpg", a_photo())
    drive = following(shop, place)
    drive.sync()
    before = drive.assets()["a.jpg"]
    shop.call("PATCH", f"/v1/assets/{before['id']}", {"title": "Kept"})

    place.update(file, name="New name.jpg")
    drive.sync()

    (after,) = drive.assets().values()
    assert (after["id"], after["name"], after["title"]) == (before["id"], "New name.jpg", "Kept")
    assert after["newest_version"] == 1


@pytest.mark.requirement("R40")
def test_a_file_moved_in_drive_changes_its_collection_and_stays_in_those_people_added(shop: Shop, place: Place) -> None:
    old, new = place.folder("Old"), place.folder("New")
    file = place.file("a.jpg", a_photo(), old)
    drive = following(shop, place)
    drive.sync()
    asset = drive.assets()["a.jpg"]
    own = shop.call("POST", "/v1/collections", {"name": "Ours"}).body["id"]
    shop.call("PUT", f"/v1/collections/{own}/assets/{asset['id']}")

    place.move(file, new)
    drive.sync()

    assert sorted(paths(drive.assets()["a.jpg"])) == ["Ours", "Photos/New"]


@pytest.mark.requirement("R40")
def test_a_file_moved_before_it_was_followed_once_lies_only_where_it_is_now(shop: Shop, place: Place) -> None:
    old, between, new = (place.folder(name) for name in ("Old", "Between", "New"))
    file = place.file("a.jpg", a_photo(), old)
    drive = following(shop, place)
    drive.run()

    place.move(file, between)
    drive.run()
    first = paths(drive.assets()["a.jpg"])
    place.move(file, new)
    drive.sync()

    assert first == ["Photos/Between"]
    assert paths(drive.assets()["a.jpg"]) == ["Photos/New"]


@pytest.mark.requirement("R40")
def test_a_folder_that_is_moved_in_brings_its_files_which_the_feed_does_not_tell(shop: Shop, place: Place) -> None:
    outside = place.folder("Outside", "root")
    place.file("a.jpg", a_photo(), outside)
    drive = following(shop, place)
    drive.sync()
    before = drive.assets()

    place.move(outside, place.photos)
    drive.sync()

    assert before == {}
    assert paths(drive.assets()["a.jpg"]) == ["Photos/Outside"]


@pytest.mark.requirement("R39")
def test_a_run_says_how_far_it_is_and_a_first_look_at_an_empty_folder_is_told(shop: Shop, place: Place) -> None:
    drive = following(shop, place)
    drive.run()
    first = [(one["state"], one["total"]) for one in drive.runs()]
    for number in range(3):
        place.file(f"{number}.jpg", a_photo(number))
    place.file("none.bin", b"")
    far: list[tuple[int, int | None]] = []
    genuine = GoogleDrive.read

    def read(self: GoogleDrive, file: DriveFile, start: int, length: int) -> Iterator[bytes]:
        now = drive.runs()[0]
        far.append((now["done"], now["total"]))
        return genuine(self, file, start, length)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GoogleDrive, "read", read)
        drive.run()
    drive.run()

    assert first == [("done", None)]
    assert far == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert next((one["done"], one["total"]) for one in drive.runs()) == (4, 4)


@pytest.mark.requirement("R39")
def test_a_folder_renamed_or_moved_in_drive_is_the_same_collection(shop: Shop, place: Place) -> None:
    spring, archive = place.folder("Spring"), place.folder("Archive")
    place.file("a.jpg", a_photo(), spring)
    drive = following(shop, place)
    drive.sync()
    (home,) = drive.assets()["a.jpg"]["collections"]

    place.update(spring, name="Spring 2027")
    place.move(spring, archive)
    drive.sync()

    (after,) = drive.assets()["a.jpg"]["collections"]
    assert after == {"id": home["id"], "path": "Photos/Archive/Spring 2027"}


def test_odd_names_and_equal_names_stay_apart_and_safe(shop: Shop, place: Place) -> None:
    place.file("a/b ../é🙂.jpg", a_photo(1))
    place.file("same.jpg", a_photo(2))
    place.file("same.jpg", a_photo(3))
    folder = place.folder("x/y")
    place.file("in.jpg", a_photo(4), folder)
    drive = following(shop, place)

    drive.sync()

    names = sorted(one["name"] for one in shop.assets(collection_id=drive.assets()["same.jpg"]["collections"][0]["id"]))
    assert names == ["a/b ../é🙂.jpg", "same.jpg", "same.jpg"]
    assert paths(drive.assets()["in.jpg"]) == ["Photos/x_y"]


def test_shortcuts_are_not_followed_in_circles(shop: Shop, place: Place) -> None:
    below = place.folder("Below")
    place.native("Up", "shortcut", below, shortcutDetails={"targetId": place.photos})
    place.file("a.jpg", a_photo(), below)
    drive = following(shop, place)

    drive.sync()

    assert list(drive.assets()) == ["a.jpg"]


def test_a_file_created_while_the_first_listing_runs_is_there_once(shop: Shop, place: Place) -> None:
    place.file("a.jpg", a_photo(1))
    drive = following(shop, place)
    drive.run(takes_in=False)
    place.file("b.jpg", a_photo(2))

    drive.sync()

    assert sorted(drive.assets()) == ["a.jpg", "b.jpg"]
    assert {one["newest_version"] for one in drive.assets().values()} == {1}


def test_a_token_that_drive_has_forgotten_leads_to_a_comparison_that_doubles_nothing(shop: Shop, place: Place) -> None:
    place.file("a.jpg", a_photo(1))
    drive = following(shop, place)
    drive.sync()
    place.control("fault", method="changes.list", kind="refuse", status=410, reason="invalid")
    place.file("b.jpg", a_photo(2))

    drive.sync()

    assert sorted(drive.assets()) == ["a.jpg", "b.jpg"]
    assert {one["newest_version"] for one in drive.assets().values()} == {1}


def test_a_revoked_token_is_shown_where_people_look(shop: Shop, place: Place) -> None:
    drive = following(shop, place)
    place.control("revoke")

    drive.run()

    assert drive.shown()["state"] == "needs_reconnect"
    assert "revoked" in drive.shown()["because"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "refuse", "reason": "userRateLimitExceeded", "times": 3},
        {"kind": "refuse", "status": 429, "reason": "rateLimitExceeded", "headers": {"Retry-After": "7"}},
        {"kind": "html", "times": 2},
        {"kind": "broken_json"},
        {"kind": "cut"},
    ],
    ids=lambda one: f"{one['kind']} {one.get('status', '')}",
)
def test_a_drive_that_stumbles_is_asked_again(shop: Shop, place: Place, fault: dict[str, Any]) -> None:
    place.file("a.jpg", a_photo(1))
    drive = following(shop, place)
    place.control("fault", method="files.list", **fault)

    drive.sync()

    assert list(drive.assets()) == ["a.jpg"]


def test_every_request_asks_for_all_drives(shop: Shop, place: Place) -> None:
    drive_id = place.api.drives().create(requestId="1", body={"name": "Shared"}).execute()["id"]
    place.file("s.jpg", a_photo(1), drive_id)
    drive = following(shop, place, drive_id)
    place.control("reset")

    drive.sync()
    place.file("later.jpg", a_photo(2), drive_id)
    drive.sync()

    asked = [one for one in place.journal() if one["method"] in ("files.list", "files.get", "changes.list")]
    ours = [one for one in asked if "supportsAllDrives" in one["parameters"]]
    assert sorted(drive.assets()) == ["later.jpg", "s.jpg"]
    assert ours == asked
