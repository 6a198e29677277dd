"""Approved versions are saved into a folder of Drive: each once, into one file, and nothing else is written there."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.domain.access import Grant, Right
from chalicelib.errors import UpstreamRejected
from chalicelib.handlers.connections import KINDS
from chalicelib.models import audit, connections
from chalicelib.services import access, drive_uploads
from tests.builders import Shop, a_photo, deliver_all
from tests.drives import Following, Place, following, logged
from tests.faults.crashes import Crashed, dying
from tests.handlers.people import may, somebody

REFUSED = {"method": "files.create", "kind": "refuse"}
WRITES = {"files.create", "files.update", "files.delete", "files.copy"}


def saving(shop: Shop, place: Place, folder: str, *, followed: str | None = None, **more: Any) -> Following:
    """A connection that follows a folder and saves into another."""
    drive = following(shop, place, followed or place.folder("Followed", "root"), **more)
    chosen = shop.call("PATCH", f"/v1/connections/{drive.id}", {"settings": {"write_back_folder_id": folder}})
    assert chosen.status == 200
    return drive


def approved(shop: Shop, name: str = "a.jpg", shade: int = 1, version: int = 1) -> str:
    """An asset whose newest version has just been approved."""
    shop.drop(name, a_photo(shade))
    (found,) = [one for one in shop.assets(collection_id="root", name=name) if one["name"] == name]
    assert shop.call("POST", f"/v1/assets/{found['id']}/versions/{version}/approve", {}).status == 200
    return str(found["id"])


def inside(place: Place, folder: str) -> list[dict[str, Any]]:
    """What lies in a folder of Drive and not in its trash, by name."""
    asked = f"'{folder}' in parents and trashed = false"
    fields = "files(id,name,sha256Checksum,appProperties,headRevisionId,size)"
    return sorted(place.api.files().list(q=asked, fields=fields).execute()["files"], key=lambda one: one["name"])


def written(place: Place) -> list[tuple[str, str | None]]:
    """Every write that the Drive saw since it was asked to forget."""
    found = [one for one in place.journal() if one["method"] in WRITES and "refused" not in one]
    return [(one["method"], one["path"].get("fileId")) for one in found]


def sha256(shop: Shop, asset: str) -> str:
    return str(shop.call("GET", f"/v1/assets/{asset}").body["sha256"])


@pytest.mark.requirement("R42")
def test_approved_versions_are_saved_and_later_ones_replace_the_bytes_of_the_same_file(
    shop: Shop, place: Place
) -> None:
    folder = place.folder("Approved", "root")
    asset = approved(shop)
    shop.drop("unapproved.jpg", a_photo(9))
    drive = saving(shop, place, folder)
    place.control("reset")

    drive.run(by="member:ann")
    (first,) = inside(place, folder)
    first_sha = sha256(shop, asset)
    drive.run()
    approved(shop, shade=2, version=2)
    deliver_all(shop.ctx)
    drive.run()
    (second,) = inside(place, folder)

    assert (first["name"], first["sha256Checksum"]) == ("a.jpg", first_sha)
    assert (second["id"], second["sha256Checksum"]) == (first["id"], sha256(shop, asset))
    assert second["appProperties"] == {
        "packshot_asset": asset, "packshot_file": first["id"], "packshot_version": "2",
    }  # fmt: skip
    assert written(place) == [("files.create", None), ("files.update", first["id"])]
    assert "“a.jpg” was saved to Drive: version 2." in logged(drive)
    who = {one.actor for one in audit.of(shop.workspace, f"asset:{asset}") if one.action == "asset.downloaded"}
    assert who == {f"connection:{drive.id}"}


@pytest.mark.requirement("R42")
def test_a_version_that_is_approved_in_the_middle_of_saving_is_the_one_that_is_saved(
    shop: Shop, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place.folder("Approved", "root")
    asset = approved(shop)
    drive = saving(shop, place, folder)
    genuine = access.asset

    def approved_meanwhile(*asked: Any) -> Any:
        monkeypatch.undo()
        approved(shop, shade=2, version=2)
        return genuine(*asked)

    monkeypatch.setattr(access, "asset", approved_meanwhile)
    drive.run()

    (found,) = inside(place, folder)
    assert found["sha256Checksum"] == sha256(shop, asset)
    assert found["appProperties"]["packshot_version"] == "2"


@pytest.mark.requirement("R42")
def test_what_was_saved_is_never_taken_in_as_new_by_any_connection(shop: Shop, place: Place) -> None:
    folder = place.folder("Approved")
    place.file("b.jpg", a_photo(5))
    drive = saving(shop, place, folder, followed=place.photos)
    other = following(shop, place)
    drive.sync()
    approved(shop)
    deliver_all(shop.ctx)

    drive.sync()
    (ours,) = inside(place, folder)
    place.update(ours["id"], name="renamed by people.jpg")
    place.move(ours["id"], place.photos)
    drive.run(by="member:ann")
    other.sync()

    names = [one["name"] for one in drive.assets().values()]
    copies = [one for one in shop.call("GET", "/v1/collections").body["items"] if one["path"].endswith("Approved")]
    assert sorted(names) == ["a.jpg", "b.jpg"]
    assert copies == []


@pytest.mark.requirement("R42")
def test_nothing_is_written_until_a_folder_is_chosen_nor_after_it_is_taken_back(shop: Shop, place: Place) -> None:
    folder = place.folder("Approved", "root")
    approved(shop)
    drive = following(shop, place)
    place.control("reset")
    drive.run()
    shop.call("PATCH", f"/v1/connections/{drive.id}", {"settings": {"write_back_folder_id": folder}})
    shop.call("PATCH", f"/v1/connections/{drive.id}", {"settings": {"write_back_folder_id": None}})

    drive.run(by="member:ann")

    assert written(place) == []
    assert inside(place, folder) == []


@pytest.mark.requirement("R42")
def test_people_rename_and_move_what_was_saved_and_it_stays_theirs(shop: Shop, place: Place) -> None:
    folder, elsewhere = place.folder("Approved", "root"), place.folder("Elsewhere", "root")
    approved(shop)
    drive = saving(shop, place, folder)
    drive.run()
    (first,) = inside(place, folder)
    place.update(first["id"], name="Ours.jpg")
    place.move(first["id"], elsewhere)
    place.replace(first["id"], a_photo(77))

    approved(shop, shade=2, version=2)
    deliver_all(shop.ctx)
    drive.run()

    (second,) = inside(place, elsewhere)
    assert (second["id"], second["name"]) == (first["id"], "Ours.jpg")
    assert inside(place, folder) == []
    assert "was edited in Drive" in logged(drive)


@pytest.mark.requirement("R42")
def test_unapproving_and_trashing_leave_what_was_saved_and_a_deleted_file_comes_with_the_next_approval(
    shop: Shop, place: Place
) -> None:
    folder = place.folder("Approved", "root")
    asset = approved(shop)
    drive = saving(shop, place, folder)
    drive.run()
    (first,) = inside(place, folder)

    shop.call("POST", f"/v1/assets/{asset}/versions/1/reject", {"reason": "no"})
    deliver_all(shop.ctx)
    drive.run(by="member:ann")
    kept = [one["id"] for one in inside(place, folder)]
    place.delete(first["id"])
    drive.run(by="member:ann")
    gone = inside(place, folder)
    approved(shop, shade=2, version=2)
    deliver_all(shop.ctx)
    drive.run()

    (second,) = inside(place, folder)
    assert (kept, gone) == ([first["id"]], [])
    assert second["id"] != first["id"]


@pytest.mark.requirement("R42", "R27")
def test_only_what_the_person_who_chose_the_folder_may_download_leaves(shop: Shop, place: Place) -> None:
    folder = place.folder("Approved", "root")
    hidden = shop.call("POST", "/v1/collections", {"name": "Hidden"}).body["id"]
    secret = approved(shop, "secret.jpg", 3)
    shop.call("PUT", f"/v1/collections/{hidden}/assets/{secret}")
    approved(shop, "open.jpg", 4)
    ann = somebody(
        shop, may(Right.VIEW, Right.DOWNLOAD_ORIGINAL, Right.MANAGE), Grant(collection_id=hidden, deny=Right.VIEW.bit)
    )
    drive = following(shop, place, place.folder("Followed", "root"))
    ann.call("PATCH", f"/v1/connections/{drive.id}", {"settings": {"write_back_folder_id": folder}})

    drive.run()

    assert [one["name"] for one in inside(place, folder)] == ["open.jpg"]
    assert "“secret.jpg” was not saved to Drive" in logged(drive)


def test_a_copy_that_somebody_made_is_not_taken_for_ours_and_a_file_of_ours_is_adopted(
    shop: Shop, place: Place
) -> None:
    folder = place.folder("Approved", "root")
    approved(shop)
    first = saving(shop, place, folder)
    first.run()
    (ours,) = inside(place, folder)
    place.api.files().copy(fileId=ours["id"], body={"name": "a copy.jpg"}).execute()
    shop.call("DELETE", f"/v1/connections/{first.id}")
    again = saving(shop, place, folder)
    place.control("reset")

    again.run()

    assert [one["name"] for one in inside(place, folder)] == ["a copy.jpg", "a.jpg"]
    assert written(place) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "lost_reply"},
        {"kind": "refuse", "reason": "userRateLimitExceeded", "times": 2},
        {"kind": "refuse", "status": 503, "reason": "backendError"},
        {"kind": "html"},
        {"kind": "broken_json"},
        {"kind": "cut"},
    ],
    ids=lambda one: f"{one['kind']} {one.get('reason', '')}",
)
def test_a_drive_that_stumbles_while_it_is_written_to_ends_with_one_whole_file(
    shop: Shop, place: Place, fault: dict[str, Any]
) -> None:
    folder = place.folder("Approved", "root")
    asset = approved(shop)
    drive = saving(shop, place, folder)
    place.control("fault", method="files.create", **fault)

    drive.run()
    drive.run()

    (found,) = inside(place, folder)
    assert found["sha256Checksum"] == sha256(shop, asset)


def test_a_large_file_is_sent_in_parts_and_goes_on_where_it_was_left(
    shop: Shop, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drive_uploads, "CHUNK_BYTES", 256 * 1024)
    folder = place.folder("Approved", "root")
    body = bytes(range(256)) * 3_000
    shop.drop("film.bin", body)
    (asset,) = shop.assets(collection_id="root")
    shop.call("POST", f"/v1/assets/{asset['id']}/versions/1/approve", {})
    drive = saving(shop, place, folder)
    sent: list[int] = []
    genuine = GoogleDrive.send

    def send(self: GoogleDrive, address: str, start: int, part: bytes, size: int) -> Any:
        sent.append(start if part else -1)
        if len(sent) == 2:
            raise Crashed
        return genuine(self, address, start, part, size)

    monkeypatch.setattr(GoogleDrive, "send", send)
    with suppress(Crashed):
        drive.run()
    drive.run()

    (found,) = inside(place, folder)
    assert (found["name"], int(found["size"])) == ("film.bin", len(body))
    assert found["sha256Checksum"] == sha256(shop, asset["id"])
    assert sent == [0, 262144, -1, 262144, 524288]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place, folder: place.delete(folder), "not there for"),
        (lambda place, folder: place.update(folder, trashed=True), "in the trash"),
        (lambda place, _: place.control("scope", scope="https://www.googleapis.com/auth/drive.readonly"), "the scope"),
        (lambda place, _: place.control("fault", **REFUSED, reason="storageQuotaExceeded"), "no room there"),
        (lambda place, _: place.control("fault", **REFUSED, reason="insufficientFilePermissions"), "was not saved"),
    ],
    ids=["deleted folder", "trashed folder", "read-only token", "no storage", "one file refused"],
)  # fmt: skip
def test_a_folder_that_takes_nothing_is_said_and_following_goes_on(
    shop: Shop, place: Place, spoil: Callable[[Place, str], Any], words: str
) -> None:
    folder = place.folder("Approved", "root")
    approved(shop)
    drive = saving(shop, place, folder, followed=place.photos)
    place.file("b.jpg", a_photo(5))
    spoil(place, folder)

    drive.sync()

    assert words in logged(drive)
    assert drive.shown()["state"] == "ok"
    assert "b.jpg" in drive.assets()


def test_a_check_says_when_files_cannot_be_put_into_the_folder(shop: Shop, place: Place) -> None:
    folder = place.folder("Approved")
    drive = saving(shop, place, folder, followed=place.photos, credentials=place.service_account)

    one = connections.get(shop.workspace, drive.id)
    assert one is not None

    with pytest.raises(UpstreamRejected, match="Make it an editor of that folder"):
        KINDS["drive"].check(drive.ctx, one)


def saved_once(shop: Shop, place: Place, folder: str, asset: str, drive: Following) -> None:
    (found,) = inside(place, folder)
    assert found["sha256Checksum"] == sha256(shop, asset)
    assert sorted(drive.assets()) == ["a.jpg"]


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("every", [pytest.param(11, id="sample"), pytest.param(1, id="all", marks=pytest.mark.slow)])
def test_saving_killed_before_and_after_every_call_ends_with_one_file_and_no_new_asset(
    shop: Shop, place: Place, every: int
) -> None:
    at, tried = 1, 0
    folder = place.folder("Approved")
    asset = approved(shop)
    while True:
        drive = saving(shop, place, folder, followed=place.photos)
        for one in inside(place, folder):
            place.delete(one["id"])
        try:
            with dying(at // 2 + 1, before=at % 2 == 0):
                drive.run(takes_in=False)
        except Crashed:
            tried += 1
        else:
            break
        drive.sync()
        saved_once(shop, place, folder, asset, drive)
        shop.call("DELETE", f"/v1/connections/{drive.id}")
        at += every
    assert tried > 3


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("call", ["new_id", "marked", "begin_upload", "send", "get"])
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_saving_killed_at_a_call_of_drive_ends_with_one_file(
    shop: Shop, place: Place, monkeypatch: pytest.MonkeyPatch, call: str, before: bool
) -> None:
    folder = place.folder("Approved", "root")
    asset = approved(shop)
    drive = saving(shop, place, folder)
    genuine, died = getattr(GoogleDrive, call), []

    def dies(self: GoogleDrive, *asked: Any) -> Any:
        if died:
            return genuine(self, *asked)
        died.append(call)
        if not before:
            genuine(self, *asked)
        raise Crashed

    monkeypatch.setattr(GoogleDrive, call, dies)
    with suppress(Crashed):
        drive.run()
    drive.sync()

    assert died
    saved_once(shop, place, folder, asset, drive)
