"""The real ingest, crashed before and after every AWS call and redelivered, ends as if nothing had happened."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.models import audit, usage
from chalicelib.services import fsck
from infra.local.stack import Stack
from tests.builders import Shop, a_photo, a_shop
from tests.faults.crashes import Crashed, dying


def take_later(shop: Shop, path: str, version: str | None) -> None:
    """Redeliver after the dead worker's lease ran out."""
    later = shop.ctx.now() + timedelta(minutes=10)
    replace(shop, ctx=replace(shop.ctx, now=lambda: later)).take(path, version)


def end_state(shop: Shop) -> dict[str, Any]:
    """What people see in the end, without ids and times."""
    collections = shop.call("GET", "/v1/collections").body["items"]
    items = [asset for one in collections for asset in shop.assets(collection_id=one["id"])]
    return {
        "collections": sorted((one["path"], one["asset_count"]) for one in collections),
        "assets": sorted(
            (one["name"], one["newest_version"], one["width_px"], bool(one["thumb_url"])) for one in items
        ),
        "states": sorted((one["file_name"], one["state"]) for one in shop.call("GET", "/v1/ingest").body["items"]),
        "waiting": [key.partition("/")[2] for key in shop.waiting()],
        "usage": usage.total(shop.workspace, "ingest", "2000010100", "3000010100"),
        "audit": sorted(entry.action for one in items for entry in audit.of(shop.workspace, f"asset:{one['id']}")),
    }


def no_history(shop: Shop) -> None:
    """Nothing has happened yet."""


def one_version(shop: Shop) -> None:
    """The path has one version."""
    shop.drop("Spring/a.jpg", a_photo(1))


def the_same_bytes_elsewhere(shop: Shop) -> None:
    """Another path has these bytes."""
    shop.drop("Autumn/b.jpg", a_photo(2))


HISTORIES = {
    "new": (no_history, a_photo(2)),
    "new version": (one_version, a_photo(2)),
    "known bytes": (the_same_bytes_elsewhere, a_photo(2)),
    "cut short": (no_history, a_photo(2)[:2000]),
}


LOOKED_AT = 4
"""Every so many crash points the whole library is checked against itself too."""


def disturbed(history: str, at: int, *, before: bool) -> tuple[dict[str, Any], int]:
    """The end after a crash at this call and two redeliveries, and how many calls were made until then."""
    tell, body = HISTORIES[history]
    shop = a_shop()
    tell(shop)
    version = shop.put("Spring/a.jpg", body)
    with dying(at, before=before) as calls, suppress(Crashed):
        shop.take("Spring/a.jpg", version)
    take_later(shop, "Spring/a.jpg", version)
    take_later(shop, "Spring/a.jpg", version)
    if at % LOOKED_AT == 0:
        assert fsck.check(shop.ctx, shop.workspace).findings == ()
    return end_state(shop), len(calls)


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(
    ("before", "every"),
    [
        pytest.param(True, 5, id="before every fifth"),
        pytest.param(True, 1, id="before each", marks=pytest.mark.slow),
        pytest.param(False, 1, id="after each", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("history", HISTORIES)
def test_a_crash_at_any_aws_call_of_ingest_changes_nothing_in_the_end(
    stack: Stack, history: str, before: bool, every: int
) -> None:
    a_shop().drop("Spring/warm.jpg", a_photo())  # a process's first calls look addresses up and are made once
    undisturbed, total = disturbed(history, 0, before=True)
    assert total > 8

    for at in range(1, total + 1, every):
        state, _ = disturbed(history, at, before=before)
        assert state == undisturbed, f"crashed {'before' if before else 'after'} call {at} of {total}"
