"""What every Drive must do. Each sentence runs against Google's client (on the stand-in) and against memory."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.domain.drive import FOLDER, DriveFile, Upload
from chalicelib.errors import Conflict, Gone, NotFound, UpstreamUnavailable
from chalicelib.ports.drive import Drive
from infra.local.loopback import free_port
from tests.contracts.memory_drive import STEP, MemoryDrive, World
from tests.drives import Place, a_drive

MARK = "packshot_asset"
UNKNOWN = "1unknown-unknown-unknown"


@dataclass
class Bench:
    """One adapter, a folder in its Drive, and the hands of the Drive's user."""

    drive: Drive
    folder: str
    make: Callable[..., str]
    """(name, body, parent) -> id"""
    make_folder: Callable[[str], str]
    document: Callable[[str], str]
    change: Callable[..., Any]
    """(id, name= | trashed= | body= | to=)"""
    copy: Callable[[str], str]
    delete: Callable[[str], Any]
    dead: Callable[[], Drive]


def google(place: Place) -> Bench:
    def adapter(url: str) -> GoogleDrive:
        return GoogleDrive(url, place.credentials, writes=True, spread=lambda: 0.5, sleep=lambda _seconds: None)

    def change(file_id: str, **asked: Any) -> None:
        if "body" in asked:
            place.replace(file_id, asked["body"])
        elif "to" in asked:
            place.move(file_id, asked["to"])
        else:
            place.update(file_id, **asked)

    return Bench(
        adapter(place.url), place.photos, lambda name, body, parent=None: place.file(name, body, parent),
        lambda name: place.folder(name), lambda name: place.native(name), change,
        lambda one: str(place.api.files().copy(fileId=one, body={}).execute()["id"]), place.delete,
        lambda: adapter(f"http://127.0.0.1:{free_port()}"),
    )  # fmt: skip


def memory() -> Bench:
    world = World()
    folder = world.make("Photos", FOLDER, "root").id

    def change(file_id: str, **asked: Any) -> None:
        file = world.files[file_id]
        if "body" in asked:
            world.fill(file, asked["body"])
        elif "to" in asked:
            world.keep(replace(file, parents=(asked["to"],)))
        else:
            world.keep(replace(file, **asked))

    def copy(file_id: str) -> str:
        file = world.files[file_id]
        return world.fill(replace(file, id=world.name("f")), world.bodies[str(file.revision)]).id

    def make(name: str, body: bytes, parent: str | None = None) -> str:
        return world.make(name, "image/jpeg", parent or folder, body).id

    def dead() -> Drive:
        world.is_down = True
        return MemoryDrive(world)

    return Bench(
        MemoryDrive(world), folder, make,
        lambda name: world.make(name, FOLDER, folder).id,
        lambda name: world.make(name, "application/vnd.google-apps.document", folder).id,
        change, copy, world.delete, dead,
    )  # fmt: skip


@pytest.fixture(params=["google", "memory"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "memory":
        yield memory()
        return
    with a_drive(tmp_path) as place:
        found = google(place)
        yield found
        found.drive.close()
        found.drive.close()


def news(bench: Bench, token: str) -> tuple[dict[str, DriveFile | None], str]:
    """Everything since a token, and the next one."""
    found: dict[str, DriveFile | None] = {}
    while True:
        page = bench.drive.changes(token, None)
        found |= {one.file_id: one.file for one in page.changes}
        if page.next is None:
            assert page.start is not None
            return found, page.start
        token = page.next


def uploaded(bench: Bench, body: bytes, asset: str = "a1", **more: Any) -> DriveFile:
    """A file that was put there by an upload."""
    file_id = more.pop("file_id", None) or bench.drive.new_id()
    asked = {"folder_id": bench.folder, "name": "saved.jpg", **more}
    upload = Upload(file_id, "image/jpeg", len(body), {MARK: asset, "packshot_file": file_id}, **asked)
    address = bench.drive.begin_upload(upload)
    at, sent = 0, bench.drive.send(address, 0, b"", len(body)) if not body else None
    while sent is None or sent.file is None:
        sent = bench.drive.send(address, at, body[at : at + STEP], len(body))
        at = sent.next
    return sent.file


def test_a_file_is_described_by_id_and_what_is_not_there_is_not_found(bench: Bench) -> None:
    file_id = bench.make("a b.jpg", b"12345")

    found = bench.drive.get(file_id)
    folder = bench.drive.get(bench.folder)

    assert (found.id, found.name, found.parents, found.size_bytes) == (file_id, "a b.jpg", (bench.folder,), 5)
    assert found.md5 == hashlib.md5(b"12345").hexdigest()
    assert found.revision
    assert (folder.is_folder, folder.can_add, found.is_folder, found.trashed) == (True, True, False, False)
    with pytest.raises(NotFound):
        bench.drive.get(UNKNOWN)


def test_children_are_what_lies_in_a_folder_itself_and_not_in_the_trash(bench: Bench) -> None:
    below = bench.make_folder("Below")
    bench.make("deep.jpg", b"1", below)
    bench.make("same.jpg", b"2")
    bench.make("same.jpg", b"3")
    bench.change(bench.make("gone.jpg", b"4"), trashed=True)

    page = bench.drive.children(bench.drive.get(bench.folder), None)

    assert sorted(one.name for one in page.files) == ["Below", "same.jpg", "same.jpg"]
    assert (page.next, page.is_complete) == (None, True)
    with pytest.raises(Gone):
        bench.drive.children(bench.drive.get(bench.folder), "no such page")


def test_the_feed_tells_the_newest_state_of_each_file_once_and_goes_on_from_its_end(bench: Bench) -> None:
    kept, moved, gone = (bench.make(name, name.encode()) for name in ("kept.jpg", "moved.jpg", "gone.jpg"))
    below = bench.make_folder("Below")
    start = bench.drive.start_token(None)
    bench.change(kept, name="first.jpg")
    bench.change(kept, name="second.jpg")
    bench.change(moved, to=below)
    bench.delete(gone)

    found, after = news(bench, start)
    nothing, again = news(bench, after)
    bench.change(kept, body=b"other")
    later, _ = news(bench, again)

    assert found[gone] is None
    assert {one: file.name for one, file in found.items() if file} == {kept: "second.jpg", moved: "moved.jpg"}
    assert found[moved] is not None
    assert found[moved].parents == (below,)
    assert nothing == {}
    assert list(later) == [kept]
    with pytest.raises(Gone):
        bench.drive.changes("no such place", None)


def test_bytes_come_from_any_place_and_stay_those_of_the_revision_that_was_asked_for(bench: Bench) -> None:
    body = bytes(range(256)) * 20
    file = bench.drive.get(bench.make("a.jpg", body))
    bench.change(file.id, body=b"other")

    whole = b"".join(bench.drive.read(file, 0, 0))
    part = b"".join(bench.drive.read(file, 100, 50))
    rest = b"".join(bench.drive.read(file, 5000, len(body)))

    assert (whole, part, rest) == (body, body[100:150], body[5000:])
    assert b"".join(bench.drive.read(bench.drive.get(file.id), 0, 0)) == b"other"


def test_a_document_is_exported_as_pdf_and_what_is_gone_is_not_found(bench: Bench) -> None:
    assert bench.drive.export(bench.document("Brief")).startswith(b"%PDF")
    with pytest.raises(NotFound):
        bench.drive.export(UNKNOWN)


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("size", [0, 1, STEP, 2 * STEP + 7], ids=["empty", "one byte", "one part", "three parts"])
def test_an_upload_makes_one_file_of_the_id_that_was_known_before(bench: Bench, size: int) -> None:
    body, file_id = b"x" * size, bench.drive.new_id()

    made = uploaded(bench, body, file_id=file_id)

    assert (made.id, made.name, made.parents, made.size_bytes) == (file_id, "saved.jpg", (bench.folder,), size)
    assert b"".join(bench.drive.read(bench.drive.get(file_id), 0, 0)) == body
    assert bench.drive.new_id() != file_id


@pytest.mark.requirement("R42")
def test_an_id_makes_no_second_file_not_even_after_the_first_was_deleted(bench: Bench) -> None:
    made = uploaded(bench, b"one")

    with pytest.raises(Conflict):
        uploaded(bench, b"two", file_id=made.id)
    bench.delete(made.id)

    assert len(bench.drive.children(bench.drive.get(bench.folder), None).files) == 0


@pytest.mark.requirement("R42")
def test_an_upload_says_how_far_it_is_and_nothing_is_there_before_its_last_byte(bench: Bench) -> None:
    body, file_id = bytes(range(256)) * (STEP // 256) + b"rest", bench.drive.new_id()
    upload = Upload(file_id, "image/jpeg", len(body), {}, folder_id=bench.folder, name="a.jpg")
    address = bench.drive.begin_upload(upload)

    none = bench.drive.send(address, 0, b"", len(body))
    some = bench.drive.send(address, 0, body[:STEP], len(body))
    asked = bench.drive.send(address, 0, b"", len(body))
    with pytest.raises(NotFound):
        bench.drive.get(file_id)
    done = bench.drive.send(address, STEP, body[STEP:], len(body))

    assert (none.next, some.next, asked.next) == (0, STEP, STEP)
    assert done.file is not None
    assert done.file.sha256 == hashlib.sha256(body).hexdigest()
    with pytest.raises(Gone):
        bench.drive.send(address, 0, b"", len(body))


@pytest.mark.requirement("R42")
def test_an_upload_into_a_file_that_is_there_replaces_its_bytes_and_its_name_only_if_given(bench: Bench) -> None:
    made = uploaded(bench, b"one")
    bench.change(made.id, name="theirs.jpg")

    second = uploaded(bench, b"two", file_id=made.id, folder_id=None, name=None)
    third = uploaded(bench, b"three", file_id=made.id, folder_id=None, name="ours.jpg")

    assert (second.id, second.name) == (made.id, "theirs.jpg")
    assert (third.id, third.name, third.parents) == (made.id, "ours.jpg", (bench.folder,))
    assert second.revision != third.revision
    with pytest.raises((NotFound, Gone)):
        uploaded(bench, b"four", file_id=UNKNOWN, folder_id=None, name=None)


@pytest.mark.requirement("R42")
def test_files_are_found_by_our_property_unless_they_are_in_the_trash_and_copies_carry_it(bench: Bench) -> None:
    made = uploaded(bench, b"one", asset="a'1")
    uploaded(bench, b"two", asset="a2")
    copied = bench.copy(made.id)

    both = bench.drive.marked(bench.folder, MARK, "a'1")
    bench.change(copied, trashed=True)

    assert {one.id for one in both} == {made.id, copied}
    assert {one.properties["packshot_file"] for one in both} == {made.id}
    assert [one.id for one in bench.drive.marked(bench.folder, MARK, "a'1")] == [made.id]
    assert bench.drive.marked(bench.folder, MARK, "a3") == []


def test_every_question_costs_and_a_drive_that_is_away_is_unavailable(bench: Bench) -> None:
    file = bench.drive.get(bench.make("a.jpg", b"1"))
    before = bench.drive.units
    bench.drive.children(bench.drive.get(bench.folder), None)
    list(bench.drive.read(file, 0, 0))
    costs = bench.drive.units - before
    away = bench.dead()

    assert costs == 305
    for ask in (
        lambda: away.get(file.id), lambda: away.changes("100", None), lambda: list(away.read(file, 0, 0)),
        away.new_id, lambda: away.begin_upload(Upload(file.id, "image/jpeg", 1, {})),
    ):  # fmt: skip
        with pytest.raises(UpstreamUnavailable):
            ask()
