"""Mail about notices, crashed before and after every AWS call: nothing is lost, and doubled only where it must be."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from chalicelib.domain.access import Right
from chalicelib.models import mailings as rows
from chalicelib.services import mailings
from infra.local import mailbox
from infra.local.stack import Stack
from tests import policies
from tests.builders import Shop, a_shop
from tests.faults.crashes import Crashed, dying
from tests.handlers.people import may, somebody
from tests.handlers.reviewing import an_asset, tell_onward


def send_all(shop: Shop, after: timedelta) -> None:
    """Send every mail that is due so much later, of other tests too."""
    ctx = policies.at(shop.ctx, shop.ctx.now() + after)
    while rows.due(ctx.now(), limit=1):
        mailings.send_due(ctx)


@pytest.mark.requirement("R31")
@pytest.mark.parametrize(
    ("before", "points"),
    [
        pytest.param(True, (2, 10, 11), id="before the claim, the mail and its mark"),
        pytest.param(True, range(1, 60), id="before each", marks=pytest.mark.slow),
        pytest.param(False, range(1, 60), id="after each", marks=pytest.mark.slow),
    ],
)
def test_a_crash_at_any_aws_call_of_mailing_loses_no_notice_and_doubles_one_only_right_after_it_was_sent(
    stack: Stack, before: bool, points: Iterable[int]
) -> None:
    tried = []
    for at in points:
        shop = a_shop()
        send_all(shop, timedelta(minutes=9))  # the crash is to come in this test's own work
        asset, ann = an_asset(shop), somebody(shop, may(Right.VIEW, Right.COMMENT))
        shop.call("POST", f"/v1/assets/{asset}/comments", {"version": 1, "body": f"@[{ann.id}] look"})
        tell_onward(shop)
        due = policies.at(shop.ctx, shop.ctx.now() + timedelta(minutes=3))
        calls: list[str] = []
        try:
            with dying(at, before=before) as calls:
                mailings.send_due(due)
        except Crashed:
            tried.append(calls[-1])
        else:
            break
        send_all(shop, timedelta(minutes=9))

        address = shop.call("GET", f"/v1/members/{ann.id}").body["email"]
        mails = [one for one in mailbox.sent(stack.settings.addresses.aws_url) if one["to"] == [address]]
        once_more = "SendEmail" in (calls[-1:] if not before else calls[:-1])  # sent, and not marked yet
        assert len(mails) == (2 if once_more else 1), f"crashed at call {at}: {calls}"
    assert {"UpdateItem", "SendEmail", "TransactWriteItems"} <= set(tried)
