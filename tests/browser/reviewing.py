"""Pictures with two versions that the owner is asked to approve, for tests of review and of comparing."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from infra.local.polling import await_true
from tests.browser import gallery
from tests.journeys.instance import Instance


def owner(packshot: Instance) -> str:
    """The member who is signed in."""
    return next(str(one["id"]) for one in packshot.every("/v1/members") if one["email"] == "owner@localhost")


def asked(
    packshot: Instance, folder: str, many: int, first: int, versions: int = 2, renewed: Collection[int] = ()
) -> list[dict[str, Any]]:
    """So many pictures in one request to the owner, in the queue's order; those `renewed` have several versions."""
    names = [f"{folder[:3].upper()}-{10 + at}-front.jpg" for at in range(many)]
    found = sorted(gallery.dropped(packshot, folder, names, first), key=lambda one: str(one["name"]))
    for number in range(1, versions):
        for at in renewed:
            name = names[at]
            place: Path = packshot.drop / folder / name
            place.write_bytes(gallery.picture(first + 100 * number + at, (240, 180)))
        assert await_true(
            lambda at_least=number + 1: all(newest(packshot, found[at]["id"]) == at_least for at in renewed), 60, 0.3
        )
    items = [{"asset_id": one["id"]} for one in found]
    body = {"items": items, "approver_ids": [owner(packshot)], "note": "Please check the colour."}
    made = packshot.call("POST", "/v1/approvals", body)
    assert made.status_code == 201, made.text
    return found


def newest(packshot: Instance, asset_id: str) -> int:
    number: int = packshot.get(f"/v1/assets/{asset_id}")["newest_version"]
    return number


def approval(packshot: Instance, asset_id: str, number: int) -> str:
    """What is decided of a version."""
    found = packshot.get(f"/v1/assets/{asset_id}/versions")["items"]
    return next(str(one["approval"]) for one in found if one["number"] == number)


def becomes(packshot: Instance, asset_id: str, number: int, state: str) -> bool:
    """Whether that is decided of a version before long."""
    return await_true(lambda: approval(packshot, asset_id, number) == state, 30, 0.2)
