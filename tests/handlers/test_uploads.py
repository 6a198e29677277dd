"""Uploads over the API: bytes go straight to the store, and become versions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from chalicelib import wiring
from chalicelib.domain.access import Right
from chalicelib.errors import Conflict
from chalicelib.services import indexing, signing, uploads
from tests.builders import Shop, a_photo
from tests.handlers.people import may, somebody


def begin(shop: Shop, **asked: object) -> dict[str, object]:
    reply = shop.call("POST", "/v1/uploads", {"file_name": "a.jpg", "size_bytes": len(a_photo()), **asked})
    assert reply.status == 201
    return dict(reply.body)


def send(upload: dict[str, object]) -> None:
    (part,) = upload["parts"]  # type: ignore[misc]
    assert requests.put(part["url"], data=a_photo(), headers=part["headers"], timeout=10).status_code == 200


@pytest.mark.requirement("R10")
def test_uploaded_bytes_become_an_asset_in_the_named_folder_with_its_fields(shop: Shop) -> None:
    upload = begin(shop, collection_path="Spring/Front", fields={"title": "Red dress"})
    send(upload)

    done = shop.call("POST", f"/v1/uploads/{upload['id']}/complete", {})
    shop.take(
        f"_uploads/{upload['id']}", next(one.version for one in shop.ctx.store.versions("inbox", str(shop.workspace)))
    )

    arrival = shop.call("GET", f"/v1/ingest/{done.body['ingest_id']}").body
    asset = shop.call("GET", f"/v1/assets/{arrival['asset_id']}").body
    assert (done.status, arrival["state"]) == (202, "done")
    assert (asset["name"], asset["title"], asset["collections"][0]["path"]) == ("a.jpg", "Red dress", "Spring/Front")


def test_an_upload_is_not_complete_before_its_bytes_are_there(shop: Shop) -> None:
    upload = begin(shop)

    reply = shop.call("POST", f"/v1/uploads/{upload['id']}/complete", {})

    assert reply.status == 409


def test_completing_twice_is_one_arrival(shop: Shop) -> None:
    upload = begin(shop)
    send(upload)

    first = shop.call("POST", f"/v1/uploads/{upload['id']}/complete", {})
    second = shop.call("POST", f"/v1/uploads/{upload['id']}/complete", {})

    assert first.body == second.body


def test_a_file_over_the_limit_is_refused_before_a_byte_is_sent(shop: Shop) -> None:
    reply = shop.call("POST", "/v1/uploads", {"file_name": "a.tif", "size_bytes": 10**12})

    assert (reply.status, reply.body["code"]) == (413, "too_large")


def test_a_repeated_key_gets_the_first_answer_and_another_request_under_it_is_refused(shop: Shop) -> None:
    asked = {"file_name": "a.jpg", "size_bytes": 5}

    first = shop.call("POST", "/v1/uploads", asked, Idempotency_Key="once")
    second = shop.call("POST", "/v1/uploads", asked, Idempotency_Key="once")
    other = shop.call("POST", "/v1/uploads", {**asked, "size_bytes": 6}, Idempotency_Key="once")

    assert first.body["id"] == second.body["id"]
    assert (other.status, other.body["code"]) == (422, "key_reused")


PART = 8 * 1024 * 1024
BIG = 13 * PART


def put_part(part: dict[str, Any], body: bytes) -> str:
    answer = requests.put(part["url"], data=body, headers=part["headers"], timeout=30)
    assert answer.status_code == 200
    return str(answer.headers["ETag"])


@pytest.mark.requirement("R10")
def test_a_large_upload_resumes_from_the_parts_that_arrived(shop: Shop) -> None:
    upload = begin(shop, file_name="big.bin", size_bytes=BIG)
    path, parts = f"/v1/uploads/{upload['id']}", upload["parts"]
    put_part(parts[0], b"\x00" * PART)  # type: ignore[index]
    put_part(parts[2], b"\x00" * PART)  # type: ignore[index]

    midway = shop.call("GET", path).body["arrived"]
    early = shop.call("POST", f"{path}/complete", {})
    again = shop.call("POST", f"{path}/parts", {"numbers": [one for one in range(1, 14) if one not in midway]}).body
    etags = {one["number"]: put_part(one, b"\x00" * PART) for one in again["parts"]}
    wrong = shop.call("POST", f"{path}/complete", {"parts": [{"number": 2, "etag": '"0"'}, {"number": 99}]})
    told = [{"number": number, "etag": etag} for number, etag in etags.items()]
    done = [shop.call("POST", f"{path}/complete", {"parts": told}) for _ in range(2)]

    assert (len(parts), midway) == (13, [1, 3])  # type: ignore[arg-type]
    assert (early.status, early.body["code"]) == (409, "parts_missing")
    assert (wrong.status, wrong.body["fields"]) == (422, {"parts": "differ: 2, 99"})
    assert [one.status for one in done] == [202, 202]
    assert done[0].body == done[1].body
    assert shop.call("GET", path).body["arrived"] == list(range(1, 14))
    assert shop.call("POST", f"{path}/parts", {"numbers": [1]}).body["code"] == "upload_complete"


def test_addresses_of_many_parts_come_fifty_at_first_and_the_others_on_demand(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy = replace(shop.ctx, settings=shop.ctx.settings.model_copy(update={"max_object_bytes": 10**12}))
    monkeypatch.setattr(wiring, "context", lambda: roomy)
    upload = begin(shop, file_name="film.mov", size_bytes=PART * 60 + 1)
    path = f"/v1/uploads/{upload['id']}/parts"

    rest = shop.call("POST", path, {"numbers": list(range(51, 62))}).body["parts"]
    beyond = shop.call("POST", path, {"numbers": [62]})

    assert [one["number"] for one in (*upload["parts"], *rest)] == list(range(1, 62))  # type: ignore[misc]
    assert (beyond.status, beyond.body["fields"]) == (422, {"numbers": "are from 1 to 61"})


def test_an_upload_is_over_after_two_days(shop: Shop) -> None:
    upload = begin(shop)
    caller = signing.caller_of(shop.ctx, shop.key, None)
    now = shop.ctx.now()
    later = replace(shop.ctx, now=lambda: now + timedelta(days=3))

    with pytest.raises(Conflict) as refused:
        uploads.addresses(later, caller, uploads.load(caller, str(upload["id"])), [1])

    assert refused.value.code == "upload_over"


def arrive(shop: Shop, upload: dict[str, object]) -> dict[str, Any]:
    send(upload)
    done = shop.call("POST", f"/v1/uploads/{upload['id']}/complete", {})
    waiting = next(one for one in shop.ctx.store.versions("inbox", f"{shop.workspace}/_uploads/{upload['id']}"))
    shop.take(f"_uploads/{upload['id']}", waiting.version)
    arrival = shop.call("GET", f"/v1/ingest/{done.body['ingest_id']}").body
    assert arrival["state"] == "done"
    return dict(shop.call("GET", f"/v1/assets/{arrival['asset_id']}").body)


@pytest.mark.requirement("R46")
def test_an_upload_brings_every_field_that_patch_takes(shop: Shop) -> None:
    member = somebody(shop).id
    fields = {
        "title": "Red dress", "keywords": ["red", "dress"], "skus": ["TS-1"], "position": 2, "rating": 4,
        "responsible_id": member, "available_until": "2031-01-01T00:00:00Z", "custom": {"season": "SS31"},
        "restriction": {"reason": "embargo", "from": "2030-01-01T00:00:00Z", "until": None},
    }  # fmt: skip

    asset = arrive(shop, begin(shop, fields=fields))

    assert {name: asset[name] for name in fields} == fields


@pytest.mark.requirement("R25")
def test_an_upload_to_an_asset_becomes_its_next_version(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo(99))
    asset = shop.assets(collection_id="root")[0]["id"]

    changed = arrive(shop, begin(shop, asset_id=asset, note="retouched", fields={"title": "New"}))

    versions = shop.call("GET", f"/v1/assets/{asset}/versions").body["items"]
    assert (changed["id"], changed["title"]) == (asset, "New")
    assert [(one["number"], one["note"]) for one in versions] == [(2, "retouched"), (1, None)]


def test_a_file_whose_collection_was_deleted_meanwhile_is_in_the_library_not_in_the_trash(shop: Shop) -> None:
    home = shop.call("POST", "/v1/collections", {"name": "Spring"}).body["id"]
    upload = begin(shop, collection_id=home)
    shop.call("DELETE", f"/v1/collections/{home}")

    asset = arrive(shop, upload)

    assert (asset["state"], asset["collections"]) == ("live", [{"id": "root", "path": ""}])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"file_name": ""}, "file_name"),
        ({"size_bytes": -1}, "size_bytes"),
        ({"size_bytes": "5"}, "size_bytes"),
        ({"sha256": "x"}, "sha256"),
        ({"content_type": "a\nb"}, "content_type"),
        ({"collection_path": "/".join("x" * 51)}, "collection_path"),
        ({"collection_path": "a/../b"}, "collection_path"),
        ({"fields": {"colour": "red"}}, "fields.colour"),
        ({"fields": {"rating": 9}}, "fields.rating"),
        ({"fields": {"responsible_id": "nobody"}}, "responsible_id"),
    ],
)
def test_an_upload_that_cannot_be_is_refused_by_name(shop: Shop, asked: dict[str, object], field: str) -> None:
    reply = shop.call("POST", "/v1/uploads", {"file_name": "a.jpg", "size_bytes": 5, **asked})

    assert (reply.status, list(reply.body["fields"])) == (422, [field])


def known(shop: Shop, path: str) -> str:
    """An asset that the index holds; the id of its collection."""
    shop.drop(path, a_photo())
    indexing.catch_up(shop.ctx, shop.workspace)
    return str(shop.call("GET", "/v1/collections").body["items"][-1]["id"])


def tried(shop: Shop, *names: str, **asked: object) -> list[tuple[str | None, str, bool]]:
    """What each file could be a new version of: the asset's name, why, and whether that is sure."""
    files = [{"file_name": name} if "/" not in name else _in_folder(name) for name in names]
    reply = shop.call("POST", "/v1/uploads/try", {"files": files, **asked})
    assert reply.status == 200, reply.body
    found = [one["likely"] for one in reply.body["items"]]
    return [(one["asset"]["name"], one["because"], one["is_sure"]) if one else (None, "", False) for one in found]


def _in_folder(path: str) -> dict[str, str]:
    folder, _, name = path.rpartition("/")
    return {"file_name": name, "collection_path": folder}


def test_a_file_named_as_the_only_asset_of_its_place_is_surely_its_next_version(shop: Shop) -> None:
    home = known(shop, "Spring/ECO-02_front.jpg")

    there = tried(shop, "eco-02_front.JPG", "ECO-02_back.jpg", collection_id=home)

    assert there == [("ECO-02_front.jpg", "name", True), (None, "", False)]


def test_a_name_known_from_elsewhere_and_a_known_shot_of_a_sku_are_told_but_not_sure(shop: Shop) -> None:
    known(shop, "Spring/ECO-02_front.jpg")

    assert tried(shop, "ECO-02_front.jpg", "ECO-02-front.png") == [
        ("ECO-02_front.jpg", "name_elsewhere", False), ("ECO-02_front.jpg", "sku", False),
    ]  # fmt: skip


def test_a_camera_name_says_nothing_elsewhere_and_little_where_it_stands(shop: Shop) -> None:
    home = known(shop, "Spring/IMG_2041.jpg")

    assert tried(shop, "IMG_2041.jpg") == [(None, "", False)]
    assert tried(shop, "IMG_2041.jpg", collection_id=home) == [("IMG_2041.jpg", "name", False)]


def test_a_file_of_a_folder_is_compared_with_what_that_folder_holds(shop: Shop) -> None:
    upload = begin(shop, file_name="front.jpg", collection_path="TS-1")
    send(upload)
    shop.call("POST", f"/v1/uploads/{upload['id']}/complete", {})
    version = next(one.version for one in shop.ctx.store.versions("inbox", str(shop.workspace)))
    shop.take(f"_uploads/{upload['id']}", version)
    indexing.catch_up(shop.ctx, shop.workspace)

    assert tried(shop, "TS-1/front.jpg", "TS-2/front.jpg") == [("front.jpg", "name", True), (None, "", False)]
    assert shop.call("GET", "/v1/collections").body["items"][-1]["name"] == "TS-1"


def test_nobody_is_told_of_an_asset_that_they_may_not_see_or_send_versions_of(shop: Shop) -> None:
    spring = known(shop, "Spring/ECO-02_front.jpg")
    home = shop.call("POST", "/v1/collections", {"name": "Open"}).body["id"]
    mine, looks = may(Right.VIEW, Right.UPLOAD, collection_id=home), may(Right.VIEW, collection_id=spring)
    asked = {"files": [{"file_name": "ECO-02_front.jpg"}], "collection_id": home}

    for person in (somebody(shop, mine), somebody(shop, mine, looks)):
        reply = person.call("POST", "/v1/uploads/try", asked)
        assert reply.body["items"] == [{"file_name": "ECO-02_front.jpg", "likely": None}]
    elsewhere = somebody(shop, mine).call("POST", "/v1/uploads/try", {"files": [], "collection_id": spring})
    assert elsewhere.status == 404
