"""What tests of review begin with: assets with versions, uploads by people, what has been told onward."""

from typing import Any

import requests

from chalicelib.domain.ids import VersionId
from chalicelib.models import ingest as rows
from chalicelib.services import indexing
from tests.builders import Shop, a_photo, call, deliver_all, was_written


def an_asset(shop: Shop, versions: int = 1, path: str = "a.jpg") -> str:
    """An asset with so many versions, dropped into the folder of the path; its id."""
    for number in range(versions):
        shop.drop(path, a_photo(number + 1))
    homes = shop.call("GET", "/v1/collections").body["items"]
    home = next(one["id"] for one in homes if one["path"] == path.rpartition("/")[0])
    return str(next(one["id"] for one in shop.assets(collection_id=home) if one["name"] == path.rpartition("/")[2]))


def uploaded(shop: Shop, key: str, shade: int, **asked: Any) -> str:
    """Upload a picture with this key, to the end; the asset's id."""
    body = a_photo(shade)
    given = {"file_name": "up.jpg", "size_bytes": len(body), **asked}
    begun = call("POST", "/v1/uploads", given, Authorization=f"Bearer {key}").body
    part = begun["parts"][0]
    version = requests.put(part["url"], data=body, headers=part["headers"], timeout=10).headers["x-amz-version-id"]
    was_written(version)
    done = call("POST", f"/v1/uploads/{begun['id']}/complete", {}, Authorization=f"Bearer {key}")
    assert done.status == 202, done.body
    shop.take(f"_uploads/{begun['id']}", version)
    arrival = rows.get(shop.workspace, VersionId(done.body["ingest_id"]))
    assert arrival is not None
    assert arrival.state == "done", arrival.reason
    return str(arrival.asset_id)


def tell_onward(shop: Shop) -> None:
    """Let the outbox and the index do their work, until nothing is left."""
    deliver_all(shop.ctx)
    indexing.catch_up(shop.ctx, shop.workspace)


def seen(shop: Shop, asset_id: str, key: str = "") -> dict[str, Any]:
    """The asset as the owner, or the holder of this key, is told of it."""
    return dict(call("GET", f"/v1/assets/{asset_id}", Authorization=f"Bearer {key or shop.key}").body)


def states(asset: dict[str, Any]) -> tuple[Any, ...]:
    """Newest, shown and approved version, and the newest one's approval."""
    return asset["newest_version"], asset["shown_version"], asset["approved_version"], asset["approval"]
