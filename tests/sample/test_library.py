"""The drawn pictures: they are what the catalogue says, in name, size, format and words."""

import re
from collections import Counter

import pytest
from PIL import Image

from infra.sample import catalogue, draw
from infra.sample.catalogue import LIBRARY, Picture
from media import sniff
from media.metadata import merge

MAX_LIBRARY_BYTES, MAX_WALL_BYTES = 8_000_000, 12_000
PICTURES = catalogue.load().pictures


def facts(picture: Picture) -> dict[str, object]:
    return merge.facts(merge.read((LIBRARY / picture.path).read_bytes(), picture.format))


def test_the_files_are_those_of_the_catalogue_and_small_enough_to_carry_along() -> None:
    found = {path.relative_to(LIBRARY).as_posix(): path.stat().st_size for path in LIBRARY.rglob("*") if path.is_file()}

    assert set(found) == catalogue.load().paths
    assert sum(found.values()) <= MAX_LIBRARY_BYTES


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.path)
def test_each_picture_opens_at_its_size_in_its_format(picture: Picture) -> None:
    body = (LIBRARY / picture.path).read_bytes()

    with Image.open(LIBRARY / picture.path) as opened:
        opened.load()

        assert opened.size == (picture.width_px, picture.height_px)
        assert (opened.mode == "RGBA") == picture.is_cut_out
    assert sniff.sniff(body).format == picture.format


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.path)
def test_each_picture_says_of_itself_what_was_embedded_and_no_more(picture: Picture) -> None:
    found = facts(picture)

    worded = bool(picture.embed & {"xmp", "iptc"})
    assert found.get("title") == (picture.title if worded else None)
    assert found.get("description") == (picture.description if worded else None)
    assert found.get("keywords", []) == (list(picture.keywords) if worded else [])
    assert ("camera" in found) == ("exif" in picture.embed)
    assert ("gps" in found) == ("gps" in picture.embed)
    assert ("color_profile" in found) == ("icc" in picture.embed)
    assert found.get("rating") == (picture.rating if "xmp" in picture.embed else None)
    if picture.embed & {"exif", "xmp", "iptc"}:
        assert str(found["captured_at"]).startswith(picture.shot_at.strftime("%Y-%m-%dT%H:%M:%S"))


def test_names_are_sku_and_view_and_every_product_has_one_folder() -> None:
    folders: dict[str, set[str]] = {}
    for picture in PICTURES:
        folder, _, name = picture.path.rpartition("/")
        folders.setdefault(picture.sku, set()).add(folder)

        assert re.fullmatch(r"AUR-[A-Z]{3}-\d\d", picture.sku)
        assert name.startswith(f"{picture.sku}_{picture.view}.")

    assert {len(found) for found in folders.values()} == {1}


def test_there_is_some_of_everything_that_a_shop_has() -> None:
    formats = Counter(picture.format for picture in PICTURES)
    views = Counter(picture.view for picture in PICTURES)
    embedded = Counter(word for picture in PICTURES for word in picture.embed)
    large = [picture for picture in PICTURES if max(picture.width_px, picture.height_px) >= 2048]

    assert 38 <= len(PICTURES) <= 50
    assert set(formats) == {"jpeg", "png", "webp", "tiff", "gif"}
    assert set(views) == {"front", "angle", "detail", "in-use", "cutout"}
    assert set(embedded) == catalogue.EMBEDDED
    assert len(large) >= 4
    assert any(not picture.embed for picture in PICTURES)


def test_a_copy_has_the_same_bytes_under_another_name() -> None:
    copies = catalogue.load().copies

    assert copies
    for path, of in copies.items():
        assert (LIBRARY / path).read_bytes() == (LIBRARY / of).read_bytes()


def test_the_wall_is_ten_small_pictures() -> None:
    files = sorted(draw.WALL.iterdir())

    assert len(files) == len(catalogue.load().wall) == 10
    for file in files:
        with Image.open(file) as opened:
            opened.load()
            assert opened.format == "WEBP"
        assert file.stat().st_size <= MAX_WALL_BYTES


def test_no_two_pictures_have_the_same_bytes_but_the_copies() -> None:
    bodies = Counter((LIBRARY / picture.path).read_bytes() for picture in PICTURES)

    assert set(bodies.values()) == {1}
