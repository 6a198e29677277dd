"""Looking again at pictures that were here before, crashed before and after every AWS call and taken up again.

Each picture ends with what one has that came today: what is seen in it, its print, its place in the index, and its pair
in the inbox of duplicates.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.assets import Asset, Rendition
from chalicelib.domain.ids import AssetId
from chalicelib.handlers.jobs import WORKS
from chalicelib.models import assets, base, versions
from chalicelib.services import indexing, jobs, relooking
from tests.builders import Shop, a_shop
from tests.faults.crashes import Crashed, dying
from tests.libraries import an_asset
from tests.services.test_visual_tags import Seeing, seeing

MOST_CALLS = 120
MANY = 3
FACTS = {"background": "plain", "colors": [{"name": "red", "hex": "#ff0000", "share": 1}], "phash": "a5" * 32}


def begun() -> tuple[Shop, Seeing, list[Asset], str]:
    """A workspace with pictures that nobody has looked at, all alike, and the queued job."""
    shop, eyes = seeing(a_shop())
    eyes.facts = FACTS
    found = []
    for number in range(MANY):
        asset = replace(an_asset(number), id=AssetId(shop.ctx.new_id()))
        picture = (Rendition("medium", f"{shop.workspace}/{number}.webp", 9, 9, 9, "webp"),)
        asset = replace(asset, newest=replace(asset.newest, renditions=picture))
        base.transact([assets.add(shop.workspace, asset), versions.add(shop.workspace, asset.id, asset.newest)])
        found.append(asset)
    channels = indexing.channels_of(shop.workspace)
    shop.ctx.search.build(shop.workspace, [indexing.document(one, channels) for one in found])
    return shop, eyes, found, shop.call("POST", "/v1/auto-tags", {"do": "look"}).body["job_id"]


def run(shop: Shop, job_id: str, leases: int = 0) -> None:
    moment = shop.ctx.now() + timedelta(seconds=leases * shop.ctx.settings.lease_s)
    jobs.run(replace(shop.ctx, now=lambda: moment), WORKS, shop.workspace, job_id)


def ended(shop: Shop, found: list[Asset], job_id: str) -> tuple[Any, ...]:
    """Everything that looking leaves behind."""
    indexing.catch_up(shop.ctx, shop.workspace)
    job = shop.call("GET", f"/v1/jobs/{job_id}").body
    kept = [assets.get(shop.workspace, one.id) for one in found]
    rows = [versions.get(shop.workspace, one.id, 1) for one in found]
    hits = shop.call("GET", "/v1/search?q=auto_tag:trainers+background:plain").body["total"]
    return (
        job["state"], job["done"], job["total"], job["errors"], job["result"]["looked_at"],
        [(dict(one.newest.facts), dict(one.seen[one.newest.id]), one.revision) for one in kept],
        [dict(one.facts) for one in rows if one is not None],
        hits, len(shop.call("GET", "/v1/duplicates").body["items"]),
    )  # fmt: skip


@pytest.mark.requirement("R01", "RF3")
@pytest.mark.parametrize(
    ("before", "every"),
    [
        pytest.param(True, 7, id="before every seventh"),
        pytest.param(True, 1, id="before each", marks=pytest.mark.slow),
        pytest.param(False, 1, id="after each", marks=pytest.mark.slow),
    ],
)
def test_a_crash_at_any_aws_call_of_a_look_ends_as_if_undisturbed(
    stack: object, monkeypatch: pytest.MonkeyPatch, before: bool, every: int
) -> None:
    monkeypatch.setattr(relooking, "_STEP", 2)
    calm, eyes, found, job_id = begun()
    run(calm, job_id)
    expected, looks = ended(calm, found, job_id), eyes.looked
    assert (expected[0], expected[1], expected[-2], expected[-1], looks) == ("done", MANY, MANY, 3, MANY)

    tried = 0
    for at in range(1, MOST_CALLS, every):
        shop, eyes, found, job_id = begun()
        try:
            with dying(at, before=before):
                run(shop, job_id)
        except Crashed:
            tried += 1
        else:
            break
        run(shop, job_id, leases=2)
        run(shop, job_id, leases=4)

        assert ended(shop, found, job_id) == expected, f"crashed at call {at}"
        assert eyes.looked <= looks + 2, "at most a step is looked at again"
    assert tried > 2
