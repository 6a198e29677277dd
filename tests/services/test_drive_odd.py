"""A Drive that is odd, gone, cut off or of another time: people are told, and what they have stays."""

from typing import Any

import pytest

from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.errors import UpstreamUnavailable
from chalicelib.models import assets
from tests.builders import Shop, a_photo
from tests.drives import Following, Place, following, paths


def states(drive: Following) -> dict[str, tuple[str, str]]:
    return {name: (one["state"], one["sources"][0]["state"]) for name, one in drive.assets().items()}


def test_a_folder_that_contains_itself_by_shortcuts_is_listed_once(shop: Shop, place: Place) -> None:
    below = place.folder("Below")
    deep = place.folder("Deep", below)
    for name, home, target in [("Up", deep, place.photos), ("Self", below, below), ("Down", place.photos, deep)]:
        place.native(name, "shortcut", home, shortcutDetails={"targetId": target})
    file = place.file("a.jpg", a_photo(), deep)
    place.native("The same again", "shortcut", place.photos, shortcutDetails={"targetId": file})
    drive = following(shop, place)
    place.control("reset")

    drive.sync()

    listed = [one["parameters"]["q"] for one in place.journal() if one["method"] == "files.list"]
    assert list(drive.assets()) == ["a.jpg"]
    assert len(listed) == len(set(listed)) == 3


@pytest.mark.requirement("R39")
def test_names_of_any_letters_slashes_blanks_and_lengths_are_kept_apart_and_safe(shop: Shop, place: Place) -> None:
    names = ["a/b ../é🙂.jpg", "e\u0301.jpg", "\u00e9.jpg", "../../etc/passwd", "line\nbreak.jpg", " ", "x" * 1_000,
             "\u202egpj.exe"]  # fmt: skip
    folder = place.folder(" x/y\tz ")
    files = [place.file(name, f"{number}".encode(), folder, "text/plain") for number, name in enumerate(names)]
    drive = following(shop, place)

    drive.sync()

    found = [shop.call("GET", f"/v1/assets/{one.id}").body for one in assets.every(shop.workspace)]
    assert len({one["sha256"] for one in found}) == len(found) == len(files)
    assert {tuple(paths(one)) for one in found} == {("Photos/x_y_z",)}
    assert {"../../etc/passwd", "file", "x" * 1_000} <= {one["name"] for one in found}
    assert shop.waiting() == []


@pytest.mark.requirement("R40")
def test_a_followed_folder_that_was_deleted_is_asked_about_and_one_below_it_too(shop: Shop, place: Place) -> None:
    top = place.folder("Top", "root")
    below = place.folder("Below", top)
    place.file("a.jpg", a_photo(1), top)
    place.file("b.jpg", a_photo(2), below)
    drive = following(shop, place, top)
    drive.sync()

    place.delete(below)
    drive.run()
    first = drive.shown(), states(drive)
    shop.call("POST", f"/v1/connections/{drive.id}/decide", {"decision": "keep"})
    drive.run()
    place.delete(top)
    drive.run()
    second = drive.shown(), states(drive)

    untouched = {"a.jpg": ("live", "linked"), "b.jpg": ("live", "linked")}
    assert (first[0]["question"]["code"], first[1]) == ("many_gone", untouched)
    assert (second[0]["question"]["code"], second[1]) == ("folder_lost", untouched)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"client_secret": "wrong"}, "does not accept these credentials"),
        ({"refresh_token": "é"}, "does not accept these credentials"),
        ({"service_account": {"type": "service_account", "client_email": "a@b.test", "private_key": "none"}},
         "cannot be read"),
    ],
    ids=["wrong secret", "odd token", "no key"],
)  # fmt: skip
def test_wrong_credentials_are_shown_as_such_and_never_an_error_of_ours(
    shop: Shop, place: Place, spoil: dict[str, Any], words: str
) -> None:
    whole = spoil if "service_account" in spoil else {**place.credentials, **spoil}
    drive = following(shop, place, credentials=whole)

    drive.run()

    assert (drive.shown()["state"], words in drive.shown()["because"]) == ("needs_reconnect", True)


def test_a_clock_that_is_wrong_is_named_and_a_drive_of_tomorrow_is_followed(shop: Shop, place: Place) -> None:
    place.file("a.jpg", a_photo(), modifiedTime="2046-01-01T00:00:00Z")
    drive = following(shop, place, credentials=place.service_account)
    place.control("skew", seconds=-4 * 3600)

    drive.run()
    wrong = drive.shown()
    place.control("skew", seconds=0)
    shop.call("PATCH", f"/v1/connections/{drive.id}", {"credentials": place.service_account})
    drive.sync()

    assert (wrong["state"], "wrong clock here" in wrong["because"]) == ("needs_reconnect", True)
    assert states(drive) == {"a.jpg": ("live", "linked")}


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("changes.list", {"kind": "cut"}),
        ("changes.list", {"kind": "broken_json", "times": 9}),
        ("revisions.get", {"kind": "cut_body", "after": 100}),
        ("revisions.get", {"kind": "html", "times": 2}),
    ],
    ids=lambda one: one if isinstance(one, str) else one["kind"],
)
def test_answers_that_are_cut_off_leave_everything_to_the_next_run(
    shop: Shop, place: Place, method: str, fault: dict[str, Any]
) -> None:
    drive = following(shop, place)
    drive.sync()
    place.file("a.jpg", a_photo(1, (900, 700)))
    place.control("fault", method=method, **fault)

    for _ in range(4):
        drive.run()

    assert states(drive) == {"a.jpg": ("live", "linked")}
    assert drive.assets()["a.jpg"]["newest_version"] == 1
    assert drive.shown()["state"] == "ok"


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("files.list", []),
        ("files.list", {"files": "many"}),
        ("files.list", {"files": ["a.jpg"]}),
        ("files.list", {"files": [{"name": "a.jpg"}]}),
        ("files.list", {"files": [{"id": "1", "name": ["a.jpg"], "parents": 5}]}),
        ("files.list", {"files": [{"id": "1", "name": "a.jpg", "size": "large"}]}),
        ("changes.list", {"changes": [{"fileId": {"a": 1}}], "newStartPageToken": "9"}),
        ("changes.list", {"changes": [None], "newStartPageToken": "9"}),
        ("changes.list", {"changes": [{"fileId": "1", "file": []}], "newStartPageToken": "9"}),
        ("changes.getStartPageToken", {"startPageToken": None}),
        ("files.get", {"id": 5}),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_drive_that_is_away_never_an_error_of_ours(
    place: Place, method: str, body: Any
) -> None:
    drive = GoogleDrive(place.url, place.credentials, spread=lambda: 0.5, sleep=lambda _seconds: None)
    asks = {
        "files.list": lambda: drive.children(photos, None),
        "changes.list": lambda: drive.changes(token, None),
        "changes.getStartPageToken": lambda: drive.start_token(None),
        "files.get": lambda: drive.get(place.photos),
    }
    photos, token = drive.get(place.photos), drive.start_token(None)
    place.control("fault", method=method, kind="odd", body=body)

    with pytest.raises(UpstreamUnavailable):
        asks[method]()
    asks[method]()
    drive.close()


def test_a_service_account_that_sees_nothing_is_told_whom_to_share_with(shop: Shop, place: Place) -> None:
    alone = place.folder("Not shared", "root")
    drive = following(shop, place, alone, credentials=place.service_account)

    drive.run()

    words = f"not there for {place.world.accounts.service_email}: deleted, or not shared with it"
    assert (drive.shown()["state"], words in drive.shown()["because"]) == ("needs_decision", True)
