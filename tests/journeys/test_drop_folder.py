"""A person drops files into a folder, of any name and in any manner, and finds each once."""

import threading
import time
from pathlib import Path

import pytest

from infra.local.polling import await_true
from tests.journeys.instance import Instance
from tests.journeys.photos import move_in, photo

pytestmark = pytest.mark.journey
ODD_NAMES = [
    "two words.jpg",
    "plus+plus.jpg",
    "percent%2Fslash.jpg",
    "coat 🧥.jpg",
    "حقيبة حمراء.jpg",
    "x" * 251 + ".jpg",
    "CON.jpg",
    "C:\\photos\\front.jpg",
    'quoted "front"?.jpg',
    "100% linen & <b>.jpg",
    "no ending",
    "semi;colon=1,2.jpg",
]


@pytest.mark.requirement("R41")
def test_a_dropped_photo_is_seen_with_its_thumbnail(packshot: Instance, folder: str) -> None:
    (packshot.drop / folder).mkdir()
    (packshot.drop / folder / "TS-100.jpg").write_bytes(photo())

    (asset,) = packshot.await_assets(folder, 1).values()
    picture = packshot.http.get(asset["thumb_url"], timeout=10)

    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")
    assert (asset["width_px"], asset["height_px"]) == (320, 240)


@pytest.mark.requirement("R45")
def test_a_folder_moved_in_comes_whole_whatever_its_files_are_called(
    packshot: Instance, folder: str, tmp_path: Path
) -> None:
    inner = f"{folder}/Früh+ling %2F 🧥/ربيع"
    outside = tmp_path / "Shoot"
    move_in(tmp_path / "beside", outside / inner.partition("/")[2], [*ODD_NAMES, ".hidden.jpg", "~$front.jpg"])

    outside.rename(packshot.drop / folder)
    found = packshot.await_assets(folder, len(ODD_NAMES))

    assert set(found) == {f"{inner}/{name}" for name in ODD_NAMES}
    assert {one["newest_version"] for one in found.values()} == {1}


def test_a_file_that_takes_seconds_to_write_appears_once_and_whole(packshot: Instance, folder: str) -> None:
    whole, place = photo() + b"\0" * 300_000, packshot.drop / folder / "slow.jpg"
    place.parent.mkdir()
    with place.open("wb", buffering=0) as out:
        for start in range(0, len(whole), 60_000):
            out.write(whole[start : start + 60_000])
            time.sleep(0.5)  # the writer's pace, longer than a file must rest
        assert packshot.assets(folder) == {}

    (asset,) = packshot.await_assets(folder, 1).values()

    detail = packshot.get(f"/v1/assets/{asset['id']}")
    assert (detail["size_bytes"], detail["newest_version"]) == (len(whole), 1)


def test_a_file_that_is_taken_away_again_harms_nothing(packshot: Instance, folder: str) -> None:
    before, place = packshot.children(), packshot.drop / folder
    place.mkdir()
    for number in range(5):
        (place / f"gone-{number}.bin").write_bytes(bytes([number]) * 8_000_000)
        (place / f"gone-{number}.bin").unlink()
    (place / "stays.jpg").write_bytes(photo(1))

    assert await_true(lambda: f"{folder}/stays.jpg" in packshot.assets(folder), 30, 0.2)

    assert packshot.children() == before


@pytest.mark.requirement("RF3")
def test_the_same_bytes_under_twenty_names_are_twenty_assets_that_know_of_each_other(
    packshot: Instance, folder: str
) -> None:
    place, body = packshot.drop / folder, photo(4711)
    place.mkdir()
    writers = [threading.Thread(target=(place / f"copy-{n:02}.jpg").write_bytes, args=(body,)) for n in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = packshot.await_assets(folder, 20)

    ids = {one["id"] for one in found.values()}
    named = [packshot.get(f"/v1/assets/{one}").get("duplicate_of") for one in ids]
    first = {one for one in named if one}
    assert (len(ids), named.count(None)) == (20, 1)
    assert len(first) == 1
    assert first <= ids
