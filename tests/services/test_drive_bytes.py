"""Bytes of a Drive: whole, once each, of their revision; and what keeps them away is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.handlers.jobs import WORKS
from chalicelib.models import drive_files
from chalicelib.services import jobs
from tests.builders import Shop, a_photo
from tests.drives import Place, following, logged, paths, source


@pytest.mark.requirement("R40")
def test_google_documents_come_as_pdf_and_forms_do_not_come(shop: Shop, place: Place) -> None:
    place.native("Brief")
    place.native("Deck", "presentation")
    place.native("Survey", "form")
    drive = following(shop, place)

    drive.sync()

    found = drive.assets()
    assert sorted(found) == ["Brief.pdf", "Deck.pdf"]
    assert {one["format"] for one in found.values()} == {"pdf"}


def test_a_flagged_file_is_left_out_with_its_reason_and_the_others_come(shop: Shop, place: Place) -> None:
    bad = place.file("bad.jpg", a_photo(1))
    place.file("good.jpg", a_photo(2))
    place.control("set", id=bad, flags={"abusive": True})
    drive = following(shop, place)

    drive.sync()

    lines = [line["text"] for one in drive.runs() for line in one["log"]]
    assert list(drive.assets()) == ["good.jpg"]
    assert any("bad.jpg" in line and "malware" in line for line in lines)


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


def test_a_large_file_comes_in_parts_by_a_run_that_a_person_asks_for(shop: Shop, place: Place) -> None:
    body = bytes(range(256)) * 40_000  # 10 MB
    place.file("film.bin", body, mime="application/octet-stream")
    drive = following(shop, place)

    asked = shop.call("POST", f"/v1/connections/{drive.id}/run").body
    jobs.run(drive.ctx, WORKS, shop.workspace, asked["job_id"])
    drive.take_in()

    (asset,) = drive.assets().values()
    assert asset["size_bytes"] == len(body)


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


@pytest.mark.requirement("R40")
def test_other_bytes_of_a_file_that_never_became_an_asset_are_fetched_whatever_else_changed(
    shop: Shop, place: Place
) -> None:
    file = place.file("a.jpg", a_photo(1))
    drive = following(shop, place)
    drive.run(takes_in=False)
    (lost,) = shop.ctx.store.versions("inbox", f"{shop.workspace}/_drive/{drive.id}/{file}")
    shop.ctx.store.delete("inbox", lost.key, lost.version)

    place.update(file, name="b.jpg")
    place.replace(file, a_photo(2))
    drive.run()

    assert [(one["name"], one["newest_version"]) for one in drive.assets().values()] == [("b.jpg", 1)]


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
@pytest.mark.parametrize("way", ["renamed", "moved", "restored", "returned"])
def test_what_comes_together_with_new_bytes_is_followed_in_the_same_run(shop: Shop, place: Place, way: str) -> None:
    old, new = place.folder("Old"), place.folder("New")
    file = place.file("a.jpg", a_photo(1), old)
    drive = following(shop, place)
    drive.sync()
    before: dict[str, Callable[[], None]] = {
        "restored": lambda: place.update(file, trashed=True),
        "returned": lambda: place.move(file, "root"),
    }
    change: dict[str, Callable[[], None]] = {
        "renamed": lambda: place.update(file, name="b.jpg"),
        "moved": lambda: place.move(file, new),
        "restored": lambda: place.update(file, trashed=False),
        "returned": lambda: place.move(file, old),
    }
    if way in before:
        before[way]()
        drive.sync()

    change[way]()
    place.replace(file, a_photo(2))
    drive.run()

    (asset,) = drive.assets().values()
    seen = (asset["name"], paths(asset), asset["state"], source(asset)["state"], asset["newest_version"])
    name, home = ("b.jpg" if way == "renamed" else "a.jpg"), ("New" if way == "moved" else "Old")
    assert seen == (name, [f"Photos/{home}"], "live", "linked", 2)
    assert source(asset)["path"] == f"Photos/{home}/{name}"


@pytest.mark.requirement("R40")
def test_a_folder_renamed_while_a_file_in_it_gets_new_bytes_is_told_in_the_same_run(shop: Shop, place: Place) -> None:
    spring = place.folder("Spring")
    file = place.file("a.jpg", a_photo(1), spring)
    drive = following(shop, place)
    drive.sync()

    place.update(spring, name="Spring 2027")
    place.replace(file, a_photo(2))
    drive.run()

    asset = drive.assets()["a.jpg"]
    assert (paths(asset), asset["newest_version"]) == (["Photos/Spring 2027"], 2)
    assert source(asset)["path"] == "Photos/Spring 2027/a.jpg"


def test_a_document_that_is_too_large_to_be_exported_is_left_out_until_it_is_smaller(shop: Shop, place: Place) -> None:
    large = place.native("Large")
    place.control("set", id=large, flags={"export_bytes": 11_000_000})
    place.native("Small")
    drive = following(shop, place)

    drive.sync()
    first = sorted(drive.assets())
    place.control("set", id=large, flags={"export_bytes": 0})
    drive.sync()

    assert first == ["Small.pdf"]
    assert "Large was left out: this document is larger than the 10 MB that Drive exports." in logged(drive)
    assert sorted(drive.assets()) == ["Large.pdf", "Small.pdf"]
    assert drive.shown()["state"] == "ok"


def test_a_file_over_the_limit_of_the_stage_is_left_out_and_not_asked_for(shop: Shop, place: Place) -> None:
    large = place.file("large.jpg", a_photo(1, (900, 700)))
    place.file("small.jpg", b"small")
    settings = shop.ctx.settings.model_copy(update={"max_object_bytes": 1_000})
    drive = following(replace(shop, ctx=replace(shop.ctx, settings=settings)), place)
    place.control("reset")

    drive.sync()

    assert list(drive.assets()) == ["small.jpg"]
    assert "large.jpg was left out: it has " in logged(drive)
    assert "the limit is 1,000" in logged(drive)
    assert large not in [one["path"].get("fileId") for one in place.journal() if one["method"] == "revisions.get"]
