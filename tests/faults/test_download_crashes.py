"""A ZIP in the making, crashed before and after every AWS call and taken up again: it ends as if undisturbed.

Every file is in it once, audited once and counted once, whatever was refused is listed and audited once.
"""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import recipes
from chalicelib.domain.assets import Asset, Fields, Restriction, Version
from chalicelib.domain.ids import ROOT, AssetId, VersionId
from chalicelib.handlers.jobs import WORKS
from chalicelib.models import assets, audit, base, collection_items, jobs as rows
from chalicelib.services import bundle_parts, bundles, jobs
from tests.builders import Shop, a_shop
from tests.downloads import asked, seen, unpacked
from tests.faults.crashes import Crashed, dying
from tests.shares import a_share, a_visitor

MOST_CALLS = 200
BODIES = (b"first " * 40, b"withheld", b"third " * 50, b"")


def an_original(shop: Shop, number: int, body: bytes) -> str:
    """An asset with bytes and no picture; the second is restricted. Its id."""
    asset_id, version_id, now = AssetId(shop.ctx.new_id()), VersionId(shop.ctx.new_id()), shop.ctx.now()
    shop.ctx.store.put("originals", recipes.original_key(shop.workspace, version_id), body)
    version = Version(
        version_id, 1, ("", "", ""), now, None, None, "a.txt", "0" * 64, len(body), "document", "text/plain", "txt", {},
        None, (),
    )  # fmt: skip
    fields = Fields(f"{number}.txt", restriction=Restriction("legal") if number == 1 else None)
    asset = Asset(asset_id, 1, fields, (ROOT,), (), version, 1, now, now)
    base.transact([assets.add(shop.workspace, asset), collection_items.put(shop.workspace, ROOT, asset)])
    return asset_id


def begun(shop: Shop) -> tuple[str, str, str, list[str]]:
    """A queued download by a visitor: the session, the share, the job and the assets."""
    ids = [an_original(shop, number, body) for number, body in enumerate(BODIES)]
    switches = {"view": True, "download": True}
    share = a_share(shop, {"collection_id": "root"}, switches=switches, download="original")
    visitor = a_visitor(share["token"]).session
    return visitor, share["id"], asked(shop, visitor, {"ids": ids}), ids


def run(shop: Shop, job_id: str, leases: int = 0) -> None:
    moment = shop.ctx.now() + timedelta(seconds=leases * shop.ctx.settings.lease_s)
    jobs.run(replace(shop.ctx, now=lambda: moment), WORKS, shop.workspace, job_id)


def ended(shop: Shop, visitor: str, share: str, job_id: str, ids: list[str]) -> tuple[Any, ...]:
    """Everything that a download leaves behind, with places in the selection instead of ids."""
    job = seen(visitor, job_id)
    kept = {name: value for name, value in job["result"].items() if name in ("files", "refused", "size_bytes")}
    trail = [
        (number, one.action, one.result, one.actor.partition(":")[0])
        for number, asset_id in enumerate(ids)
        for one in audit.of(shop.workspace, f"asset:{asset_id}")
    ]
    of_job = [one.action for one in audit.of(shop.workspace, f"job:{job_id}")]
    errors = [(ids.index(one["subject"].partition(":")[2]), one["code"]) for one in job["errors"]]
    told = shop.call("GET", f"/v1/shares/{share}/stats").body["downloads"]
    return job["state"], job["done"], json.dumps(kept), unpacked(job), trail, of_job, errors, told


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of two assets, reads and parts of a few bytes: the emulated store joins parts of any size."""
    monkeypatch.setattr(bundles, "_STEP", 2)
    monkeypatch.setattr(bundles, "_READ_BYTES", 100)
    monkeypatch.setattr(bundle_parts.bundles, "part_bytes", lambda _: 300)


@pytest.mark.requirement("R27", "R23")
@pytest.mark.parametrize(
    ("before", "every"),
    [
        pytest.param(True, 7, id="before every seventh"),
        pytest.param(True, 1, id="before each", marks=pytest.mark.slow),
        pytest.param(False, 1, id="after each", marks=pytest.mark.slow),
    ],
)
def test_a_crash_at_any_aws_call_of_a_download_ends_as_if_undisturbed(
    stack: object, small: None, before: bool, every: int
) -> None:
    calm = a_shop()
    told = begun(calm)
    run(calm, told[2])
    expected = ended(calm, *told)
    assert expected[:2] == ("done", 4)
    assert expected[3] == {"a.txt": BODIES[0], "a (2).txt": BODIES[2], "a (3).txt": b""}

    tried = 0
    for at in range(1, MOST_CALLS, every):
        shop = a_shop()
        told = begun(shop)
        try:
            with dying(at, before=before):
                run(shop, told[2])
        except Crashed:
            tried += 1
        else:
            break
        run(shop, told[2], leases=2)
        run(shop, told[2], leases=4)

        assert ended(shop, *told) == expected, f"crashed at call {at}"
    assert tried > 4


def test_a_large_file_is_read_over_several_runs_and_its_checksum_is_right(shop: Shop, small: None) -> None:
    visitor, share, job_id, _ = begun(shop)
    ticks = iter(range(10**6))
    begin = shop.ctx.now()
    slow = replace(
        shop.ctx,
        now=lambda: begin + timedelta(seconds=next(ticks)),
        settings=shop.ctx.settings.model_copy(update={"job_run_s": 5, "lease_s": 5}),
    )

    runs = 0
    while not rows.get(shop.workspace, job_id).is_over:  # type: ignore[union-attr]
        for _ in range(20):
            next(ticks)
        jobs.run(slow, WORKS, shop.workspace, job_id)
        runs += 1
        assert runs < 50

    assert runs > 4
    assert unpacked(seen(visitor, job_id)) == {"a.txt": BODIES[0], "a (2).txt": BODIES[2], "a (3).txt": b""}
    assert shop.call("GET", f"/v1/shares/{share}/stats").body["downloads"] == 3
