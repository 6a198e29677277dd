"""A Drive is followed: what the team does there happens in the library, and nothing people said is ever lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.domain.drive import DriveFile
from chalicelib.models import drive_files
from tests.builders import Shop, a_photo
from tests.drives import Following, Place, a_drive, following
from tests.policies import acting_as


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with a_drive(tmp_path) as found:
        yield found


def paths(asset: dict[str, Any]) -> list[str]:
    return [one["path"] for one in asset["collections"]]


def source(asset: dict[str, Any]) -> dict[str, Any]:
    (one,) = asset["sources"]
    return dict(one)


def lines(drive: Following) -> str:
    return "\n".join(line["text"] for one in drive.runs() for line in one["log"])


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
def test_new_bytes_in_drive_are_a_new_version_and_a_mere_touch_is_none(shop: Shop, place: Place) -> None:
    file = place.file("a.jpg", a_photo(1))
    drive = following(shop, place)
    drive.sync()

    place.update(file, description="only words")
    drive.sync()
    touched = drive.assets()["a.jpg"]["newest_version"]
    place.replace(file, a_photo(2))
    drive.sync()

    assert touched == 1
    assert drive.assets()["a.jpg"]["newest_version"] == 2
    assert len(drive.assets()) == 1


@pytest.mark.requirement("R40")
def test_a_file_trashed_in_drive_is_trashed_and_comes_back_with_its_metadata(shop: Shop, place: Place) -> None:
    file = place.file("a.jpg", a_photo())
    drive = following(shop, place)
    drive.sync()
    asset = drive.assets()["a.jpg"]
    shop.call("PATCH", f"/v1/assets/{asset['id']}", {"keywords": ["linen"], "rating": 4})

    place.update(file, trashed=True)
    drive.sync()
    gone = drive.assets()["a.jpg"]
    place.update(file, trashed=False)
    drive.sync()
    back = drive.assets()["a.jpg"]

    assert (gone["state"], source(gone)["state"]) == ("trashed", "trashed")
    assert (back["id"], back["state"], back["keywords"], back["rating"]) == (asset["id"], "live", ["linen"], 4)
    assert source(back)["state"] == "linked"


@pytest.mark.requirement("R40")
def test_a_trashed_folder_takes_all_below_along_and_back(shop: Shop, place: Place) -> None:
    top = place.folder("Top")
    below = place.folder("Below", top)
    place.file("a.jpg", a_photo(), below)
    drive = following(shop, place)
    drive.sync()

    place.update(top, trashed=True)
    drive.sync()
    gone = drive.assets()["a.jpg"]["state"]
    place.update(top, trashed=False)
    drive.sync()

    assert gone == "trashed"
    assert drive.assets()["a.jpg"]["state"] == "live"


@pytest.mark.requirement("R40")
def test_a_file_moved_out_is_detached_kept_and_linked_again_when_it_returns(shop: Shop, place: Place) -> None:
    file = place.file("a.jpg", a_photo())
    drive = following(shop, place)
    drive.sync()
    first = drive.assets()["a.jpg"]

    place.move(file, "root")
    drive.sync()
    out = drive.assets()["a.jpg"]
    place.move(file, place.photos)
    drive.sync()
    back = drive.assets()["a.jpg"]

    assert "“a.jpg” is kept, but not followed any more: moved out of the folders that are followed." in lines(drive)
    assert (out["state"], source(out)["state"]) == ("live", "detached")
    assert "moved out" in source(out)["because"]
    assert (back["id"], source(back)["state"], back["newest_version"]) == (first["id"], "linked", 1)


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
        with acting_as("api_handler"):
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


@pytest.mark.requirement("R40")
def test_a_lost_share_asks_and_deletes_nothing(shop: Shop, place: Place) -> None:
    place.file("a.jpg", a_photo())
    drive = following(shop, place, credentials=place.service_account)
    drive.sync()

    found = place.world.store.files[place.photos]
    found["_shared"] = []
    place.world.store.save(found)
    drive.run()
    asking = drive.shown()
    kept = drive.assets()["a.jpg"]
    shop.call("POST", f"/v1/connections/{drive.id}/decide", {"decision": "detach"})
    drive.sync()
    detached = drive.assets()["a.jpg"]

    assert (asking["state"], asking["question"]["code"]) == ("needs_decision", "folder_lost")
    assert place.world.accounts.service_email in asking["because"]
    assert (kept["state"], source(kept)["state"]) == ("live", "linked")
    assert (detached["state"], source(detached)["state"]) == ("live", "detached")


@pytest.mark.requirement("R40")
def test_many_files_gone_at_once_are_asked_about_and_a_few_are_detached(shop: Shop, place: Place) -> None:
    files = [place.file(f"{number}.jpg", a_photo(number)) for number in range(12)]
    drive = following(shop, place)
    drive.sync()

    place.delete(files[0])
    drive.sync()
    few = drive.shown()["state"], source(drive.assets()["0.jpg"])["state"]
    for one in files[1:9]:
        place.delete(one)
    drive.run()
    many = drive.shown()
    untouched = {source(one)["state"] for name, one in drive.assets().items() if name != "0.jpg"}

    assert few == ("ok", "detached")
    assert "“0.jpg” is kept, but not followed any more: deleted in Drive, or not shared with us any more." in lines(
        drive
    )
    assert (many["state"], many["question"]["code"]) == ("needs_decision", "many_gone")
    assert untouched == {"linked"}


@pytest.mark.requirement("R40")
def test_google_documents_come_as_pdf_and_forms_do_not_come(shop: Shop, place: Place) -> None:
    place.native("Brief")
    place.native("Survey", "form")
    drive = following(shop, place)

    drive.sync()

    found = drive.assets()
    assert list(found) == ["Brief.pdf"]
    assert found["Brief.pdf"]["format"] == "pdf"


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


def test_a_flagged_file_is_left_out_with_its_reason_and_the_others_come(shop: Shop, place: Place) -> None:
    bad = place.file("bad.jpg", a_photo(1))
    place.file("good.jpg", a_photo(2))
    place.control("set", id=bad, flags={"abusive": True})
    drive = following(shop, place)

    drive.sync()

    lines = [line["text"] for one in drive.runs() for line in one["log"]]
    assert list(drive.assets()) == ["good.jpg"]
    assert any("bad.jpg" in line and "malware" in line for line in lines)


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


def test_a_large_file_comes_in_parts_goes_on_after_a_cut_and_is_fetched_pinned(shop: Shop, place: Place) -> None:
    body = bytes(range(256)) * 80_000  # 20 MB
    file = place.file("film.bin", body, mime="application/octet-stream")
    drive = following(shop, place)
    place.control("fault", method="revisions.get", kind="cut_body", after=13_000_000)

    drive.run()
    cut = drive.assets()
    drive.sync()

    (asset,) = drive.assets().values()
    ranges = [one["range"] for one in place.journal() if one["method"] == "revisions.get"]
    assert cut == {}
    assert asset["size_bytes"] == len(body)
    assert ranges == [f"bytes=0-{len(body) - 1}", f"bytes={8 * 1024**2}-{len(body) - 1}"]
    assert {one["path"]["fileId"] for one in place.journal() if one["method"] == "revisions.get"} == {file}


def test_a_large_file_whose_parts_the_store_has_dropped_is_fetched_anew(shop: Shop, place: Place) -> None:
    body = bytes(range(256)) * 80_000  # 20 MB
    file = place.file("film.bin", body, mime="application/octet-stream")
    drive = following(shop, place)
    place.control("fault", method="revisions.get", kind="cut_body", after=13_000_000)
    drive.run()
    entry = drive_files.get(shop.workspace, drive.id, file)
    assert entry is not None
    assert entry.copying is not None
    key = f"{shop.workspace}/_drive/{drive.id}/{file}"
    drive.ctx.store.drop_parts("inbox", key, entry.copying["parts_id"])

    for _ in range(4):
        drive.run()

    (asset,) = drive.assets().values()
    assert (asset["size_bytes"], asset["newest_version"]) == (len(body), 1)


def test_bytes_that_are_not_those_announced_never_come_in(shop: Shop, place: Place) -> None:
    file = place.file("a.jpg", a_photo(1))
    place.world.store.files[file]["md5Checksum"] = "0" * 32
    drive = following(shop, place)

    for _ in range(4):
        drive.run()

    assert drive.assets() == {}
    lines = [line["text"] for one in drive.runs() for line in one["log"]]
    assert any("damaged" in line for line in lines)


@pytest.mark.requirement("R42")
def test_disconnecting_keeps_assets_versions_and_words(shop: Shop, place: Place) -> None:
    file = place.file("a.jpg", a_photo(1))
    drive = following(shop, place)
    drive.sync()
    place.replace(file, a_photo(2))
    drive.sync()
    asset = drive.assets()["a.jpg"]
    shop.call("PATCH", f"/v1/assets/{asset['id']}", {"title": "Kept"})

    reply = shop.call("DELETE", f"/v1/connections/{drive.id}")

    after = drive.assets()["a.jpg"]
    assert reply.status == 204
    assert (after["id"], after["title"], after["newest_version"], after["state"]) == (asset["id"], "Kept", 2, "live")


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
