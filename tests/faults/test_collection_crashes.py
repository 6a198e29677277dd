"""Trashing and restoring collections, crashed before and after every AWS call: nothing is lost, and all ends alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.assets import Asset, Fields, Version, settled
from chalicelib.domain.ids import AssetId, CollectionId, VersionId
from chalicelib.models import assets, base, collection_items, collections as rows, workspaces
from chalicelib.services import collections, settling, signing
from tests.builders import Shop, a_shop, deliver_all
from tests.faults.crashes import Crashed, dying

MOST_CALLS = 80


def filled(shop: Shop) -> tuple[str, list[str]]:
    spring = shop.call("POST", "/v1/collections", {"name": "Spring"}).body["id"]
    front = CollectionId(shop.call("POST", "/v1/collections", {"name": "Front", "parent_id": spring}).body["id"])
    asset_id, now = AssetId(shop.ctx.new_id()), shop.ctx.now()
    version = Version(
        VersionId(shop.ctx.new_id()), 1, ("", "", ""), now, None, None, "a.txt", "0" * 64, 1, "document", "text/plain",
        "txt", {}, None, (),
    )  # fmt: skip
    asset = Asset(asset_id, 1, Fields("a.txt"), (front,), (), version, 1, now, now)
    base.transact([assets.add(shop.workspace, asset), collection_items.put(shop.workspace, front, asset)])
    return spring, [asset_id]


def act(shop: Shop, name: str, collection_id: str) -> None:
    caller = signing.caller_of(shop.ctx, shop.key, None)
    one = caller.tree.by_id[CollectionId(collection_id)]
    getattr(collections, name)(shop.ctx, caller, one)


def deliver_later(shop: Shop) -> None:
    later = shop.ctx.now() + timedelta(seconds=2 * shop.ctx.settings.lease_s)
    ctx = replace(shop.ctx, now=lambda: later)
    deliver_all(ctx)


def states(shop: Shop, found: list[str]) -> set[tuple[str, bool]]:
    """Each asset's stored state, and whether the tree agrees with it."""
    tree = rows.tree(shop.workspace)
    kept = [assets.get(shop.workspace, AssetId(one)) for one in found]
    return {(one.state, settled(one, tree) is one) for one in kept}


@pytest.mark.requirement("R44")
@pytest.mark.parametrize(
    ("before", "every"),
    [
        pytest.param(True, 5, id="before every fifth"),
        pytest.param(True, 1, id="before each", marks=pytest.mark.slow),
        pytest.param(False, 1, id="after each", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize(("name", "end"), [("trash", "trashed"), ("restore", "live")])
def test_a_crash_at_any_aws_call_leaves_the_collection_as_it_was_or_ends_as_if_undisturbed(
    stack: object, name: str, end: str, before: bool, every: int
) -> None:
    tried = 0
    for at in range(1, MOST_CALLS, every):
        shop = a_shop()
        home, found = filled(shop)
        if name == "restore":
            act(shop, "trash", home)
        signing.caller_of(shop.ctx, shop.key, None)
        try:
            with dying(at, before=before):
                act(shop, name, home)
        except Crashed:
            tried += 1
        else:
            break
        deliver_later(shop)
        if rows.tree(shop.workspace).by_id[CollectionId(home)].state != {"trash": "trashed", "restore": "live"}[name]:
            assert states(shop, found) == {("live" if name == "trash" else "trashed", True)}
            act(shop, name, home)
        deliver_later(shop)

        assert states(shop, found) == {(end, True)}, f"crashed at call {at}"
    assert tried > 5 / every


@pytest.mark.requirement("R44")
def test_a_restore_that_overtakes_the_deletion_leaves_no_asset_in_the_trash(shop: Shop) -> None:
    home, found = filled(shop)
    act(shop, "trash", home)
    old = rows.tree(shop.workspace)
    genuine: Any = rows.tree
    act(shop, "restore", home)
    current = workspaces.get(shop.workspace)
    assert current is not None
    settling.collections.tree = lambda _: old  # type: ignore[assignment]
    seen = settling.workspaces.get
    settling.workspaces.get = lambda _: replace(current, epoch=current.epoch - 1)  # type: ignore[assignment]
    try:
        done = settling.settle(shop.ctx, shop.workspace, CollectionId(home), shop.ctx.now() + timedelta(seconds=9))
    finally:
        settling.collections.tree, settling.workspaces.get = genuine, seen

    assert done is False
    assert states(shop, found) == {("live", True)}


def test_settling_that_runs_out_of_time_goes_on_where_it_stood(shop: Shop) -> None:
    home, found = filled(shop)
    caller = signing.caller_of(shop.ctx, shop.key, None)
    slow = replace(shop.ctx, now=iter_now(shop.ctx))

    collections.trash(slow, caller, caller.tree.by_id[CollectionId(home)])
    at_once = {shop.call("GET", f"/v1/assets/{one}").body["state"] for one in found}
    deliver_later(shop)

    assert at_once == {"trashed"}
    assert states(shop, found) == {("trashed", True)}


def iter_now(ctx: Any) -> Any:
    """A clock that runs two seconds at each look."""
    looks = iter(range(0, 100_000, 2))
    begin = ctx.now()
    return lambda: begin + timedelta(seconds=next(looks))
