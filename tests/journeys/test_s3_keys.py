"""Somebody else's script puts objects into the inbox with the printed keys."""

import os
from pathlib import Path

import pytest

from infra.local.polling import await_true
from tests.journeys.instance import MAX_OBJECT_BYTES, Instance
from tests.journeys.photos import photo

pytestmark = pytest.mark.journey


def put(packshot: Instance, key: str, body: bytes, **more: object) -> None:
    packshot.s3().put_object(Bucket=packshot.connection["s3"]["inbox_bucket"], Key=key, Body=body, **more)


@pytest.mark.requirement("R41")
def test_metadata_and_tags_of_an_object_become_fields(packshot: Instance, folder: str) -> None:
    put(
        packshot,
        f"{packshot.connection['workspace']}/{folder}/front.jpg",
        photo(1),
        Metadata={"title": "Rotes%20Kleid%20%C3%BC", "skus": "TS-100,TS-101", "unknown": "x"},
        Tagging="keywords=linen&rating=4&position=2",
    )

    (asset,) = packshot.await_assets(folder, 1).values()

    detail = packshot.get(f"/v1/assets/{asset['id']}")
    told = {name: detail[name] for name in ("title", "skus", "keywords", "rating", "position")}
    assert told == {
        "title": "Rotes Kleid ü",
        "skus": ["TS-100", "TS-101"],
        "keywords": ["linen"],
        "rating": 4,
        "position": 2,
    }


def test_thirty_megabytes_come_in_by_parts(packshot: Instance, folder: str, tmp_path: Path) -> None:
    large = tmp_path / "film.bin"
    large.write_bytes(os.urandom(1_000_000) * 30)

    told = packshot.connection
    packshot.s3().upload_file(str(large), told["s3"]["inbox_bucket"], f"{told['workspace']}/{folder}/film.bin")
    (asset,) = packshot.await_assets(folder, 1).values()

    assert packshot.get(f"/v1/assets/{asset['id']}")["size_bytes"] == 30_000_000


@pytest.mark.requirement("RF4")
@pytest.mark.parametrize(
    ("key", "size_bytes", "words"),
    [
        ("outside-any.jpg", 10, "outside any workspace"),
        (f"{'a' * 26}/foreign.jpg", 10, "no such workspace"),
        ("{workspace}/_private/reserved.jpg", 10, "begin with _"),
        ("{workspace}/_uploads/nobody-began-this.jpg", 10, "upload"),
        ("{workspace}/Spring/empty.jpg", 0, "empty"),
        ("{workspace}/Spring/enormous.tif", MAX_OBJECT_BYTES + 1, "limit"),
    ],
)
def test_what_cannot_come_in_is_kept_and_says_why(packshot: Instance, key: str, size_bytes: int, words: str) -> None:
    named = key.rpartition("/")[2]

    put(packshot, key.format(workspace=packshot.connection["workspace"]), b"\1" * size_bytes)
    assert await_true(lambda: named in packshot.quarantined(), 30, 0.2), packshot.quarantined()

    assert words in packshot.quarantined()[named]


def test_a_file_too_large_for_the_drop_folder_says_so_too(packshot: Instance, folder: str) -> None:
    (packshot.drop / folder).mkdir()
    with (packshot.drop / folder / "sparse.psd").open("wb") as out:
        out.truncate(MAX_OBJECT_BYTES + 1)

    assert await_true(lambda: "sparse.psd" in packshot.quarantined(), 30, 0.2)

    assert "too large" in packshot.quarantined()["sparse.psd"]
