"""Links made and revoked, crashed before and after every AWS call: there whole or not at all, and over at once."""

from typing import Any

import pytest

from tests.builders import Shop, a_photo, a_shop
from tests.faults.crashes import Crashed, dying
from tests.shares import a_share, opened

MOST_CALLS = 40
POINTS = pytest.mark.parametrize("before", [True, False], ids=["before each", "after each"])


def ready(shop: Shop) -> dict[str, Any]:
    """What a link can be made of."""
    shop.drop("a.jpg", a_photo())
    return {"asset_ids": [one["id"] for one in shop.assets(collection_id="root")]}


def entries(shop: Shop, action: str) -> int:
    return len(shop.call("GET", f"/v1/audit?action={action}").body["items"])


@pytest.mark.requirement("R15")
@POINTS
def test_a_crash_while_a_link_is_made_leaves_one_that_is_whole_and_audited_or_none(stack: object, before: bool) -> None:
    tried = 0
    for at in range(1, MOST_CALLS):
        shop = a_shop()
        target = ready(shop)
        try:
            with dying(at, before=before):
                a_share(shop, target)
        except Crashed:
            tried += 1
        else:
            break
        left = shop.call("GET", "/v1/shares").body["items"]

        made = a_share(shop, target)

        assert len(left) == entries(shop, "share.created") - 1 <= 1, f"crashed at call {at}"
        assert opened(made["url"].rpartition("/")[2]).status == 201
    assert tried > 1


@pytest.mark.requirement("R15")
@POINTS
def test_a_crash_while_a_link_is_revoked_leaves_it_open_or_over_and_once_more_ends_it(
    stack: object, before: bool
) -> None:
    tried = 0
    for at in range(1, MOST_CALLS):
        shop = a_shop()
        made = a_share(shop, ready(shop))
        token = made["url"].rpartition("/")[2]
        try:
            with dying(at, before=before):
                shop.call("DELETE", f"/v1/shares/{made['id']}")
        except Crashed:
            tried += 1
        else:
            break
        between, revoked = opened(token).status, entries(shop, "share.revoked")

        shop.call("DELETE", f"/v1/shares/{made['id']}")

        assert (between, revoked) in ((201, 0), (410, 1)), f"crashed at call {at}"
        assert (opened(token).status, entries(shop, "share.revoked")) == (410, 1), f"crashed at call {at}"
    assert tried > 1
