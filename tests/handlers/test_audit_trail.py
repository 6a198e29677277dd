"""The audit trail as managers read it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.models import audit, base
from tests.builders import Shop


def read(shop: Shop, query: str = "") -> list[dict[str, Any]]:
    """Every entry, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        reply = shop.call("GET", f"/v1/audit?limit=3{query}{cursor}")
        assert reply.status == 200, reply.body
        assert len(reply.body["items"]) <= 3
        found += reply.body["items"]
        if reply.body["next"] is None:
            return found
        cursor = f"&cursor={reply.body['next']}"


def make_entries(shop: Shop) -> str:
    role = shop.call("POST", "/v1/roles", {"name": "A"}).body["id"]
    for number in range(7):
        shop.call("PATCH", f"/v1/roles/{role}", {"name": f"A{number}"})
    return str(role)


@pytest.mark.requirement("R51")
def test_entries_are_read_page_by_page_newest_first_without_gap_or_double(shop: Shop) -> None:
    role = make_entries(shop)
    stored = audit.day(shop.workspace, shop.ctx.now())

    everything, of_role = read(shop), read(shop, f"&subject=role:{role}")

    assert [one["id"] for one in everything] == sorted((one.id for one in stored), reverse=True)
    assert [one["id"] for one in of_role] == [one["id"] for one in everything if one["subject"] == f"role:{role}"]
    assert len(of_role) == 8
    assert (of_role[0]["action"], of_role[0]["result"]) == ("role.changed", "ok")
    assert (of_role[0]["before"]["name"], of_role[0]["after"]["name"]) == ("A5", "A6")


@pytest.mark.requirement("R51")
def test_entries_are_narrowed_by_actor_action_and_time(shop: Shop) -> None:
    make_entries(shop)
    now = shop.ctx.now()
    old = audit.Entry(shop.ctx.new_id(), now - timedelta(days=3), "system:x", "old.thing", "asset:x")
    base.transact([audit.add(shop.workspace, old)])
    actor = f"key:{shop.key.split('_')[1]}"

    def at(days: float) -> str:
        return (now - timedelta(days=days)).isoformat().replace("+00:00", "Z")

    assert {one["action"] for one in read(shop, "&action=role.changed")} == {"role.changed"}
    assert {one["actor"] for one in read(shop, f"&actor={actor}")} == {actor}
    assert read(shop, f"&from={at(1)}&to={at(0.5)}") == []
    assert [one["id"] for one in read(shop, f"&subject=asset:x&from={at(4)}&to={at(2)}")] == [old.id]
    assert read(shop, f"&subject=asset:x&from={at(2)}") == []


@pytest.mark.parametrize(
    "query", ["from=x", "to=2020-01-01", "from=2025-01-02T00:00:00Z&to=2025-01-01T00:00:00Z", "who=me"]
)
def test_what_cannot_be_asked_of_the_trail_is_refused(shop: Shop, query: str) -> None:
    assert shop.call("GET", f"/v1/audit?{query}").status == 422
