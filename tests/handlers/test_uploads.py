"""Uploads over the API: bytes go straight to the store, and become versions."""

import pytest
import requests

from tests.builders import Shop, a_photo


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
