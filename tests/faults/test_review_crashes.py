"""Approving and deciding, crashed before and after every AWS call: both happen whole or not at all, and end alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.access import Right
from chalicelib.models import audit
from chalicelib.services import indexing, outbox
from tests.builders import Shop, a_photo, a_shop, deliver_all
from tests.faults.crashes import Crashed, dying
from tests.handlers.people import Person, may, somebody
from tests.handlers.reviewing import an_asset, seen, states

MOST_CALLS = 60
_LATER = iter(range(1, 10**6))


def tell_onward_later(shop: Shop) -> None:
    """What a dead run had leased is told by the next one."""
    later = shop.ctx.now() + timedelta(seconds=2 * shop.ctx.settings.lease_s * next(_LATER))
    ctx = replace(shop.ctx, now=lambda: later)
    deliver_all(ctx)
    indexing.catch_up(shop.ctx, shop.workspace)


def approve(shop: Shop, asset: str, ann: Person, request: str) -> None:
    ann.call("POST", f"/v1/assets/{asset}/versions/1/approve", {"note": "n"})


def decide(shop: Shop, asset: str, ann: Person, request: str) -> None:
    ann.call("POST", f"/v1/approvals/{request}/decisions", {"asset_id": asset, "decision": "approve"})


def asked(shop: Shop) -> tuple[str, Person, Person, str]:
    """An asset, who approves it, who asked for that, and the request."""
    asset, ann = an_asset(shop), somebody(shop, may(Right.VIEW, Right.APPROVE))
    asker = somebody(shop, may(Right.VIEW, Right.SUBMIT))
    body = {"items": [{"asset_id": asset}], "approver_ids": [ann.id], "rule": "any"}
    return asset, ann, asker, asker.call("POST", "/v1/approvals", body).body["id"]


def ended(shop: Shop, asset: str, asker: Person, request: str) -> tuple[object, ...]:
    """Everything that an approval leaves behind."""
    found = shop.call("GET", "/v1/search?q=approval:approved").body["items"]
    entries = [one.action for one in audit.of(shop.workspace, f"asset:{asset}") if one.action == "version.approved"]
    return (
        states(seen(shop, asset)),
        shop.call("GET", f"/v1/approvals/{request}").body["state"],
        [(one["id"], one["shown_version"]) for one in found],
        [one["kind"] for one in asker.call("GET", "/v1/notices").body["items"]],
        entries,
    )


@pytest.mark.requirement("R54")
@pytest.mark.parametrize(
    ("before", "every"),
    [
        pytest.param(True, 5, id="before every fifth"),
        pytest.param(True, 1, id="before each", marks=pytest.mark.slow),
        pytest.param(False, 1, id="after each", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("act", [approve, decide])
def test_a_crash_at_any_aws_call_of_a_decision_leaves_all_of_it_or_nothing(
    stack: object, act: Callable[[Shop, str, Person, str], None], before: bool, every: int
) -> None:
    tried = 0
    for at in range(1, MOST_CALLS, every):
        shop = a_shop()
        asset, ann, asker, request = asked(shop)
        try:
            with dying(at, before=before):
                act(shop, asset, ann, request)
        except Crashed:
            tried += 1
        else:
            break
        first = states(seen(shop, asset))
        assert first in ((1, 1, None, "pending"), (1, 1, 1, "approved")), f"crashed at call {at}"
        act(shop, asset, ann, request)
        tell_onward_later(shop)

        assert ended(shop, asset, asker, request) == (
            (1, 1, 1, "approved"), "approved", [(asset, 1)], ["version.decided"], ["version.approved"],
        ), f"crashed at call {at}"  # fmt: skip
    assert tried > 5 / every


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)], ids=["every fifth", "each"])
def test_a_crash_at_any_aws_call_of_telling_onward_loses_and_doubles_nothing(stack: object, every: int) -> None:
    tried = 0
    for at in range(1, 2 * MOST_CALLS, every):
        shop = a_shop()
        asset, ann, _, request = asked(shop)
        tell_onward_later(shop)
        shop.drop("a.jpg", a_photo(9))
        try:
            with dying(at, before=at % 2 == 0):
                outbox.deliver(shop.ctx)
        except Crashed:
            tried += 1
        else:
            break
        tell_onward_later(shop)

        (following,) = ann.call("GET", "/v1/approvals?assigned=me&state=open").body["items"]
        told = [one["kind"] for one in ann.call("GET", "/v1/notices").body["items"]]
        assert (following["items"][0]["version"], following["approver_ids"]) == (2, [ann.id]), f"crashed at call {at}"
        assert shop.call("GET", f"/v1/approvals/{request}").body["state"] == "replaced"
        assert sorted(told) == ["approval.requested", "version.pending"], f"crashed at call {at}"
        assert states(seen(shop, asset)) == (2, 2, None, "pending")
    assert tried > 5 / every
