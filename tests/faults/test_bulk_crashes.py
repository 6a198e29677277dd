"""A change of many assets and its undo, crashed before and after every AWS call and taken up again.

Each asset is changed once, audited once and undone once; whom the request for approval asks is asked once.
"""

from typing import Any

import pytest

from chalicelib.domain.access import Right
from chalicelib.models import audit
from tests.builders import Shop, a_shop, call
from tests.bulk import asked, assets, ran
from tests.faults.crashes import Crashed, dying
from tests.handlers.people import Person, may, somebody

MOST_CALLS = 300


def begun(shop: Shop) -> tuple[list[str], Person, str]:
    """Three assets, one of them archived; who approves; and a queued change with a submission."""
    ids, ann = assets(shop, 3), somebody(shop, may(Right.VIEW, Right.APPROVE))
    shop.call("POST", f"/v1/assets/{ids[1]}/archive", {"reason": "old"})
    submit = {"approver_ids": [ann.id]}
    return ids, ann, asked(shop, shop.key, {"ids": ids}, add_keywords=["x"], submit=submit)


def ended(shop: Shop, ids: list[str], ann: Person, job: dict[str, Any]) -> tuple[Any, ...]:
    """Everything that a change leaves behind."""
    found = [shop.call("GET", f"/v1/assets/{one}").body for one in ids]
    trail = [[(one.action, one.result) for one in audit.of(shop.workspace, f"asset:{each}")] for each in ids]
    queue = ann.call("GET", "/v1/approvals").body["items"]
    return (
        job["state"], job["done"], job["result"], [(one["code"]) for one in job["errors"]],
        [(one["keywords"], one["approval"], one["state"], one["etag"]) for one in found],
        trail, [(one["state"], len(one["items"])) for one in queue],
    )  # fmt: skip


def undo_of(shop: Shop, job_id: str) -> str:
    return str(call("POST", f"/v1/jobs/{job_id}/undo", Authorization=f"Bearer {shop.key}").body["job_id"])


@pytest.mark.requirement("R05")
@pytest.mark.parametrize("act", ["change", "undo"])
@pytest.mark.parametrize(
    ("before", "every"),
    [
        pytest.param(True, 7, id="before every seventh"),
        pytest.param(True, 1, id="before each", marks=pytest.mark.slow),
        pytest.param(False, 1, id="after each", marks=pytest.mark.slow),
    ],
)
def test_a_crash_at_any_aws_call_ends_as_if_undisturbed(stack: object, act: str, before: bool, every: int) -> None:
    def prepared(shop: Shop) -> tuple[list[str], Person, str]:
        ids, ann, job_id = begun(shop)
        if act == "undo":
            ran(shop, shop.key, job_id)
            job_id = undo_of(shop, job_id)
        return ids, ann, job_id

    calm = a_shop()
    ids, ann, job_id = prepared(calm)
    expected = ended(calm, ids, ann, ran(calm, calm.key, job_id))
    assert expected[0] == "done"

    tried = 0
    for at in range(1, MOST_CALLS, every):
        shop = a_shop()
        ids, ann, job_id = prepared(shop)
        try:
            with dying(at, before=before):
                ran(shop, shop.key, job_id)
        except Crashed:
            tried += 1
        else:
            break
        ran(shop, shop.key, job_id, leases=2)

        assert ended(shop, ids, ann, ran(shop, shop.key, job_id, leases=4)) == expected, f"crashed at call {at}"
    assert tried > 2
