"""Changes of many assets, for tests: ask, let the job run, look at what became of it."""

from datetime import timedelta
from typing import Any

from chalicelib.handlers.jobs import WORKS
from chalicelib.services import jobs
from tests import policies
from tests.builders import Shop, call


def asked(shop: Shop, key: str, selection: dict[str, Any], **change: Any) -> str:
    """The id of a queued change."""
    body = {"selection": selection, "change": change}
    reply = call("POST", "/v1/bulk", body, Authorization=f"Bearer {key}")
    assert reply.status == 202, reply.body
    return str(reply.body["job_id"])


def ran(shop: Shop, key: str, job_id: str, leases: int = 0) -> dict[str, Any]:
    """The job after a run, as the holder of this key sees it."""
    moment = shop.ctx.now() + timedelta(seconds=leases * shop.ctx.settings.lease_s)
    jobs.run(policies.at(shop.ctx, moment), WORKS, shop.workspace, job_id)
    return dict(call("GET", f"/v1/jobs/{job_id}", Authorization=f"Bearer {key}").body)


def changed(shop: Shop, key: str, selection: dict[str, Any], **change: Any) -> dict[str, Any]:
    """The job of a change that was asked for and run."""
    return ran(shop, key, asked(shop, key, selection, **change))


def undone(shop: Shop, key: str, job_id: str) -> dict[str, Any]:
    """The job that took a change back."""
    reply = call("POST", f"/v1/jobs/{job_id}/undo", Authorization=f"Bearer {key}")
    assert reply.status == 202, reply.body
    return ran(shop, key, reply.body["job_id"])


def assets(shop: Shop, count: int) -> list[str]:
    """Ids of so many assets without bytes, the same but for their names."""
    from chalicelib.domain.assets import Asset, Fields, Version
    from chalicelib.domain.ids import ROOT, AssetId, VersionId
    from chalicelib.models import assets as rows, base, collection_items

    made = []
    for number in range(count):
        asset_id, version_id, now = AssetId(shop.ctx.new_id()), VersionId(shop.ctx.new_id()), shop.ctx.now()
        version = Version(
            version_id, 1, ("", "", ""), now, None, None, "a.txt", "0" * 64, 1, "document", "text/plain", "txt", {},
            None, (),
        )  # fmt: skip
        asset = Asset(asset_id, 1, Fields(f"{number}.txt", keywords=("old",)), (ROOT,), (), version, 1, now, now)
        base.transact([rows.add(shop.workspace, asset), collection_items.put(shop.workspace, ROOT, asset)])
        made.append(str(asset_id))
    return made
