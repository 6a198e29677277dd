"""A dropped file becomes an asset, once, whatever happens on the way."""

import dataclasses

import pytest

from chalicelib.errors import Busy
from chalicelib.services import ingest
from chalicelib.services.arrivals import hint_of
from tests.builders import Shop, a_photo


@pytest.mark.requirement("R41")
def test_a_dropped_photo_is_an_asset_with_thumbnail_in_the_collection_of_its_folder(shop: Shop) -> None:
    shop.drop("Spring/Front/TS-100.jpg", a_photo())

    paths = {one["path"]: one["id"] for one in shop.call("GET", "/v1/collections").body["items"]}
    (asset,) = shop.assets(collection_id=paths["Spring/Front"])
    whole = shop.call("GET", f"/v1/assets/{asset['id']}").body

    assert asset["name"] == "TS-100.jpg"
    assert asset["thumb_url"]
    assert [one["name"] for one in whole["renditions"]] == ["large", "medium", "small"]
    assert (whole["width_px"], whole["height_px"]) == (640, 480)
    assert shop.waiting() == []


@pytest.mark.requirement("R41")
def test_the_same_event_twice_is_one_version(shop: Shop) -> None:
    version = shop.drop("a.jpg", a_photo())

    shop.take("a.jpg", version)

    (asset,) = shop.assets()
    assert asset["newest_version"] == 1


@pytest.mark.requirement("R25")
def test_the_same_path_with_new_bytes_is_a_new_version(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo(1))

    shop.drop("a.jpg", a_photo(2))

    (asset,) = shop.assets()
    assert asset["newest_version"] == 2


def test_the_same_bytes_at_the_same_path_change_nothing(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo())

    shop.drop("a.jpg", a_photo())

    (asset,) = shop.assets()
    assert asset["newest_version"] == 1
    assert shop.waiting() == []


def test_an_older_write_that_comes_late_does_not_become_the_newest(shop: Shop) -> None:
    first = shop.put("a.jpg", a_photo(1, (300, 200)))
    second = shop.put("a.jpg", a_photo(2, (640, 480)))
    shop.take("a.jpg", second)

    shop.take("a.jpg", first)

    (asset,) = shop.assets()
    versions = shop.call("GET", f"/v1/assets/{asset['id']}/versions").body["items"]
    assert [one["width_px"] for one in versions] == [300, 640]
    assert (asset["newest_version"], asset["width_px"]) == (1, 640)


@pytest.mark.requirement("RF3")
def test_known_bytes_at_another_path_are_an_asset_of_their_own_that_names_the_first(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo())
    shop.drop("b.jpg", a_photo())

    by_name = {one["name"]: one["id"] for one in shop.assets()}
    copy = shop.call("GET", f"/v1/assets/{by_name['b.jpg']}").body

    assert copy["duplicate_of"] == by_name["a.jpg"]


@pytest.mark.requirement("RF4")
@pytest.mark.parametrize(
    ("name", "body", "words"),
    [("empty.jpg", b"", "empty"), ("cut.jpg", a_photo()[:2000], "ends"), ("_mine/a.jpg", a_photo(), "begin with _")],
)
def test_a_file_that_cannot_be_taken_in_is_kept_with_a_reason(shop: Shop, name: str, body: bytes, words: str) -> None:
    shop.drop(name, body)

    (arrival,) = shop.call("GET", "/v1/ingest?state=quarantined").body["items"]
    assert words in arrival["reason"]
    assert len(shop.waiting()) == 1


@pytest.mark.requirement("RF4")
def test_a_quarantined_file_can_be_tried_again(shop: Shop) -> None:
    shop.drop("cut.jpg", a_photo()[:2000])
    (arrival,) = shop.call("GET", "/v1/ingest?state=quarantined").body["items"]

    reply = shop.call("POST", f"/v1/ingest/{arrival['id']}/retry")

    assert (reply.status, reply.body["state"]) == (200, "pending")
    assert shop.call("POST", f"/v1/ingest/{arrival['id']}/retry").status == 409


def test_a_file_of_another_type_is_kept_without_a_picture(shop: Shop) -> None:
    shop.drop("notes.jpg", b"only words\n" * 20)

    (asset,) = shop.assets()
    assert asset["thumb_url"] is None
    assert asset["type"] != "image"


def test_object_metadata_becomes_fields(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo(), title="Red dress", keywords="jeans, summer", skus="TS-100")

    asset = shop.call("GET", f"/v1/assets/{shop.assets()[0]['id']}").body
    assert (asset["title"], asset["keywords"], asset["sku"]) == ("Red dress", ["jeans", "summer"], "TS-100")


def test_a_file_that_another_worker_owns_is_left_to_it(shop: Shop) -> None:
    version = shop.put("a.jpg", a_photo())
    seen: list[str] = []

    class Second:
        def make(self, message: object) -> dict[str, object]:
            with pytest.raises(Busy):
                shop.take("a.jpg", version)
            seen.append("busy")
            return dict(shop.ctx.media.make(message))  # type: ignore[arg-type]

    ctx = dataclasses.replace(shop.ctx, media=Second())
    ingest.take(ctx, hint_of(ctx, f"{shop.workspace}/a.jpg", version))

    assert seen == ["busy"]
    assert len(shop.assets()) == 1
