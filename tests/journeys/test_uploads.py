"""A program uploads over the API: bytes go straight to the store, in one piece or in parts."""

import os

import pytest
import requests

from infra.local.polling import await_true
from tests.journeys.instance import Instance
from tests.journeys.photos import photo

pytestmark = [pytest.mark.journey, pytest.mark.requirement("R10")]


@pytest.mark.parametrize(
    ("name", "body"),
    [("one.jpg", photo(9)), ("many.bin", os.urandom(1_000_000) * 20)],
    ids=["in one piece", "in parts"],
)
def test_an_upload_becomes_an_asset_in_its_folder(packshot: Instance, folder: str, name: str, body: bytes) -> None:
    asked = {"file_name": name, "size_bytes": len(body), "collection_path": folder, "fields": {"title": "Red"}}
    begun = packshot.call("POST", "/v1/uploads", asked)
    assert begun.status_code == 201
    upload = begun.json()
    size = upload["part_size_bytes"]
    for part in upload["parts"]:
        piece = body[(part["number"] - 1) * size : part["number"] * size]
        assert requests.put(part["url"], data=piece, headers=part["headers"], timeout=30).status_code == 200

    done = packshot.call("POST", f"/v1/uploads/{upload['id']}/complete", {})
    assert done.status_code == 202
    ingest = f"/v1/ingest/{done.json()['ingest_id']}"
    assert await_true(lambda: packshot.get(ingest)["state"] == "done", 30, 0.1)

    asset = packshot.get(f"/v1/assets/{packshot.get(ingest)['asset_id']}")
    assert (asset["name"], asset["title"], asset["size_bytes"]) == (name, "Red", len(body))
    assert [one["path"] for one in asset["collections"]] == [folder]
