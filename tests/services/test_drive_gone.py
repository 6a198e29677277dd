"""What is trashed, moved out, deleted or not shared any more in a Drive: nothing people said of it is ever lost."""

import pytest

from chalicelib.models import drive_files
from tests.builders import Shop, a_photo
from tests.drives import Place, following, logged, source


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

    assert "“a.jpg” is kept, but not followed any more: moved out of the folders that are followed." in logged(drive)
    assert (out["state"], source(out)["state"]) == ("live", "detached")
    assert "moved out" in source(out)["because"]
    assert (back["id"], source(back)["state"], back["newest_version"]) == (first["id"], "linked", 1)


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
    told = logged(drive)
    for one in files[1:9]:
        place.delete(one)
    drive.run()
    many = drive.shown()
    untouched = {source(one)["state"] for name, one in drive.assets().items() if name != "0.jpg"}

    assert few == ("ok", "detached")
    assert "“0.jpg” is kept, but not followed any more: deleted in Drive, or not shared with us any more." in told
    assert (many["state"], many["question"]["code"]) == ("needs_decision", "many_gone")
    assert untouched == {"linked"}


@pytest.mark.requirement("R40")
def test_a_file_that_a_comparison_misses_but_drive_still_has_is_followed_in_the_same_run(
    shop: Shop, place: Place
) -> None:
    file = place.file("a.jpg", a_photo())
    drive = following(shop, place)
    drive.sync()
    place.move(file, "root")
    place.control("fault", method="changes.list", kind="odd", body={"changes": [], "newStartPageToken": "999999"})

    drive.run(by="member:owner")

    assert source(drive.assets()["a.jpg"])["state"] == "detached"


@pytest.mark.requirement("R40")
def test_a_lost_share_of_many_files_is_asked_about_without_looking_for_each_and_follows_the_answer(
    shop: Shop, place: Place
) -> None:
    files = [place.file(f"{number}.jpg", f"{number}".encode()) for number in range(40)]
    drive = following(shop, place)
    drive.run(takes_in=False)
    for one in files:
        place.delete(one)
    place.control("reset")

    drive.run(takes_in=False)
    asking, asked = drive.shown(), [one["method"] for one in place.journal()].count("files.get")
    shop.call("POST", f"/v1/connections/{drive.id}/decide", {"decision": "detach"})
    drive.run(takes_in=False)
    drive.run(takes_in=False)

    entries = drive_files.get_many(shop.workspace, drive.id, files)
    assert (asking["state"], asking["question"]["code"]) == ("needs_decision", "many_gone")
    assert asking["because"].startswith("40 files and 0 folders")
    assert asked == 6  # the followed folder, and as many files as it takes to be sure
    assert {one.state for one in entries.values()} == {"detached"}
    assert drive.shown()["state"] == "ok"


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
