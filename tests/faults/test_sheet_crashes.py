"""A sheet that is read and applied, crashed before and after every AWS call and taken up again.

Each asset is changed once and audited once, and each row says what came of it.
"""

from typing import Any

import pytest

from chalicelib.models import audit
from tests.builders import Shop, a_shop
from tests.bulk import assets, ran
from tests.faults.crashes import Crashed, dying
from tests.sheets import asked

MOST_CALLS = 300


def begun(shop: Shop, *, dry_run: bool) -> tuple[list[str], str]:
    """Three assets, one of them in the trash; and a queued sheet with a row too many and one that contradicts."""
    ids = assets(shop, 3)
    assert shop.call("DELETE", f"/v1/assets/{ids[1]}", **{"If-Match": '"1"'}).status == 204
    text = (
        "asset_id,sku,position,alt\n"
        f"{ids[0]},TS-1,1,A shirt\n{ids[0]},TS-2,1,A shirt\n"
        f"{ids[1]},TS-1,2,\n{ids[2]},,3,Its back\n01nobody,TS-1,,\n"
    )
    reply = asked(shop, text, dry_run=dry_run)
    assert reply.status == 202, reply.body
    return ids, str(reply.body["job_id"])


def ended(shop: Shop, ids: list[str], job: dict[str, Any]) -> tuple[Any, ...]:
    """Everything that a sheet leaves behind."""
    found = [shop.call("GET", f"/v1/assets/{one}").body for one in ids]
    trail = [[(one.action, one.result) for one in audit.of(shop.workspace, f"asset:{each}")] for each in ids]
    rows = shop.call("GET", f"/v1/metadata/import/{job['id']}/rows").body["items"]
    return (
        job["state"], job["done"], job["total"], job["result"], [one["code"] for one in job["errors"]],
        [(one["skus"], one["position"], one["alt"], one["etag"]) for one in found],
        trail, [(one["number"], one["state"], one["code"], one["after"]) for one in rows],
    )  # fmt: skip


@pytest.mark.requirement("R37")
@pytest.mark.parametrize("dry_run", [False, True], ids=["applied", "tried"])
@pytest.mark.parametrize(
    ("before", "every"),
    [
        pytest.param(True, 5, id="before every fifth"),
        pytest.param(True, 1, id="before each", marks=pytest.mark.slow),
        pytest.param(False, 1, id="after each", marks=pytest.mark.slow),
    ],
)
def test_a_crash_at_any_aws_call_ends_as_if_undisturbed(
    stack: object, dry_run: bool, before: bool, every: int
) -> None:  # fmt: skip
    calm = a_shop()
    ids, job_id = begun(calm, dry_run=dry_run)
    expected = ended(calm, ids, ran(calm, calm.key, job_id))
    assert expected[0] == "done"

    tried = 0
    for at in range(1, MOST_CALLS, every):
        shop = a_shop()
        ids, job_id = begun(shop, dry_run=dry_run)
        try:
            with dying(at, before=before):
                ran(shop, shop.key, job_id)
        except Crashed:
            tried += 1
        else:
            break
        ran(shop, shop.key, job_id, leases=2)

        assert ended(shop, ids, ran(shop, shop.key, job_id, leases=4)) == expected, f"crashed at call {at}"
    assert tried > 2
