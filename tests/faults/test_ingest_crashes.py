"""The real ingest, crashed before and after every AWS call and redelivered, ends as if nothing had happened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.services import ingest
from chalicelib.services.arrivals import hint_of
from tests.builders import Shop, a_photo, a_shop
from tests.faults.crashes import Crashed, dying

MOST_CALLS = 60


def take_later(shop: Shop, path: str, version: str | None) -> None:
    """Redeliver after the dead worker's lease ran out."""
    later = shop.ctx.now() + timedelta(minutes=10)
    ctx = replace(shop.ctx, now=lambda: later)
    ingest.take(ctx, hint_of(ctx, f"{shop.workspace}/{path}", version))


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
        "waiting": shop.waiting(),
    }


def calls_of_one_ingest(shop: Shop) -> int:
    version = shop.put("Spring/a.jpg", a_photo())
    with dying(MOST_CALLS, before=True) as calls:
        shop.take("Spring/a.jpg", version)
    return len(calls)


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_crash_at_any_aws_call_of_ingest_changes_nothing_in_the_end(shop: Shop, before: bool) -> None:
    a_shop().drop("Spring/warm.jpg", a_photo())  # a process's first calls look addresses up and are made once
    total = calls_of_one_ingest(shop)
    undisturbed = end_state(shop)
    assert total > 15

    for at in range(1, total + 1):
        other = a_shop()
        version = other.put("Spring/a.jpg", a_photo())
        with dying(at, before=before), pytest.raises(Crashed):
            other.take("Spring/a.jpg", version)
        take_later(other, "Spring/a.jpg", version)
        take_later(other, "Spring/a.jpg", version)

        assert end_state(other) == undisturbed, f"crashed {'before' if before else 'after'} call {at} of {total}"
