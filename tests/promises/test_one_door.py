"""A ZIP lets out exactly what downloads of one asset after the other would, and both write every refusal down."""

from dataclasses import dataclass

import pytest

from chalicelib.domain.access import Grant, Right, mask
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.models import audit
from tests.builders import Shop, a_photo, a_shop, call
from tests.downloads import downloaded, unpacked
from tests.handlers.people import Person, may, somebody
from tests.handlers.reviewing import an_asset
from tests.shares import a_share, a_visitor

LEAVING = (Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL, Right.DOWNLOAD_UNAPPROVED)


@dataclass(frozen=True)
class World:
    """Assets in every state that matters, by what they are."""

    shop: Shop
    ids: dict[str, str]
    blocked: CollectionId


@pytest.fixture(scope="module")
def world(stack: object) -> World:
    shop = a_shop()
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    ids = {one: an_asset(shop, path=f"{one}.jpg") for one in ("new", "approved", "withheld", "archived", "trashed")}
    shop.drop("Blocked/blocked.jpg", a_photo(7))
    homes = {one["path"]: one["id"] for one in shop.call("GET", "/v1/collections").body["items"]}
    shop.call("PATCH", f"/v1/collections/{homes['Blocked']}", {"policy": {"unapproved": "block"}})
    ids["blocked"] = shop.assets(collection_id=homes["Blocked"])[0]["id"]
    shop.drop("words.txt", b"words")
    ids["words"] = next(one["id"] for one in shop.assets(collection_id="root") if one["name"] == "words.txt")
    assert shop.call("POST", f"/v1/assets/{ids['approved']}/versions/1/approve", {}).status == 200
    shop.drop("approved.jpg", a_photo(99))
    shop.call("PATCH", f"/v1/assets/{ids['withheld']}", {"restriction": {"reason": "legal"}})
    shop.call("POST", f"/v1/assets/{ids['archived']}/archive", {"reason": "old"})
    shop.call("DELETE", f"/v1/assets/{ids['trashed']}")
    return World(shop, ids, CollectionId(homes["Blocked"]))


def people(world: World) -> list[Person]:
    """Everybody who may download something, each combination of rights, with exceptions, and by links."""
    sets = [[one for bit, one in enumerate(LEAVING) if number >> bit & 1] for number in range(1, 8)]
    found = [somebody(world.shop, may(*rights)) for rights in sets]
    found.append(somebody(world.shop, may(*LEAVING, Right.EDIT)))
    found.append(
        somebody(
            world.shop,
            may(Right.DOWNLOAD),
            Grant(collection_id=world.blocked, deny=mask([Right.SEE])),
            Grant(asset_id=AssetId(world.ids["new"]), deny=mask([Right.DOWNLOAD])),
        )
    )
    for level in ("preview", "approved", "original"):
        switches = {"view": True, "download": True}
        share = a_share(world.shop, {"collection_id": "root"}, switches=switches, download=level)
        found.append(Person("", a_visitor(share["token"]).session))
    return found


def refusals(world: World) -> dict[str, int]:
    """How many refused downloads of each asset are written down."""
    return {
        name: len([one for one in audit.of(world.shop.workspace, f"asset:{asset}", 1000)
                   if (one.action, one.result) == ("asset.download", "refused")])
        for name, asset in world.ids.items()
    }  # fmt: skip


@pytest.mark.requirement("R23", "R27")
@pytest.mark.parametrize(
    "asked",
    [{}, *(pytest.param({"original": one}, marks=pytest.mark.slow) for one in (True, False))],
    ids=str,
)
def test_a_zip_lets_out_what_single_downloads_do_and_both_write_every_refusal_down(
    world: World, asked: dict[str, bool]
) -> None:
    query = "".join(f"&{name}={str(value).lower()}" for name, value in asked.items())
    for who in people(world):
        before = refusals(world)
        single = {
            name: call("GET", f"/v1/assets/{asset}/download?redirect=false{query}", Authorization=f"Bearer {who.key}")
            for name, asset in world.ids.items()
        }
        between = refusals(world)
        job = downloaded(world.shop, who.key, {"ids": list(world.ids.values())}, **asked)

        codes = {name: one.body.get("code") for name, one in single.items() if one.status != 200}
        names = {asset: name for name, asset in world.ids.items()}
        errors = {names[one["subject"].partition(":")[2]]: one["code"] for one in job["errors"]}
        files = sorted(one.body["file_name"] for one in single.values() if one.status == 200)
        assert errors == codes
        assert sorted(unpacked(job) if files else []) == files
        refused = {name: int(one.status in (403, 409)) for name, one in single.items()}
        after = refusals(world)
        assert {name: between[name] - before[name] for name in world.ids} == refused
        assert {name: after[name] - between[name] for name in world.ids} == refused
