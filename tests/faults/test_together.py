"""Many at once, in threads against the emulators: one holder, one collection, one asset, whoever is first."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.errors import PackshotError
from chalicelib.models import audit, usage
from tests.builders import Shop, a_photo

THREADS = 8
TRIES = 6


def take_all(shop: Shop, arrived: list[tuple[str, str | None]]) -> None:
    """Take these in at once; what has to wait is tried again, as the queue would."""

    def take(one: tuple[str, str | None]) -> tuple[str, str | None] | None:
        try:
            shop.take(*one)
        except PackshotError:
            return one
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(TRIES):
            arrived = [one for one in pool.map(take, arrived) if one is not None]
    assert arrived == []


def in_all_collections(shop: Shop) -> list[dict[str, object]]:
    found = shop.call("GET", "/v1/collections").body["items"]
    return [one for each in found for one in shop.assets(collection_id=each["id"], limit="200")]


@pytest.mark.requirement("RF3")
def test_the_same_bytes_at_twenty_paths_at_once_have_one_first_holder(shop: Shop) -> None:
    body = a_photo(7, (64, 48))
    arrived = [(f"{number}.jpg", shop.put(f"{number}.jpg", body)) for number in range(20)]

    take_all(shop, arrived)

    wholes = [shop.call("GET", f"/v1/assets/{one['id']}").body for one in shop.assets(limit="200")]
    firsts = [one["id"] for one in wholes if not one.get("duplicate_of")]
    assert len(wholes) == 20
    assert len(firsts) == 1
    assert {one["duplicate_of"] for one in wholes if one["id"] != firsts[0]} == set(firsts)
    assert shop.waiting() == []


@pytest.mark.requirement("R41")
def test_fifty_files_of_a_new_folder_at_once_make_one_collection(shop: Shop) -> None:
    names = [f"{'Spring' if number % 2 else 'SPRING'}/Front/{number}.jpg" for number in range(50)]
    arrived = [(name, shop.put(name, a_photo(number, (64, 48)))) for number, name in enumerate(names)]

    take_all(shop, arrived)

    collections = shop.call("GET", "/v1/collections").body["items"]
    assert sorted(one["path"].casefold() for one in collections) == ["", "spring", "spring/front"]
    assert {one["path"].casefold(): one["asset_count"] for one in collections}["spring/front"] == 50
    made = [len(audit.of(shop.workspace, f"collection:{one['id']}")) for one in collections]
    assert sum(made) == 2


@pytest.mark.requirement("R25")
def test_ten_writes_to_one_path_at_once_are_ten_versions_and_the_last_one_is_shown(shop: Shop) -> None:
    arrived = [("a.jpg", shop.put("a.jpg", a_photo(number, (40 + number, 30)))) for number in range(10)]

    take_all(shop, list(reversed(arrived)))

    (asset,) = shop.assets()
    versions = shop.call("GET", f"/v1/assets/{asset['id']}/versions").body["items"]
    assert sorted(one["number"] for one in versions) == list(range(1, 11))
    assert asset["width_px"] == 49
    assert usage.total(shop.workspace, "ingest", "2000010100", "3000010100") == 10


def test_one_event_to_eight_workers_at_once_is_one_version(shop: Shop) -> None:
    version = shop.put("a.jpg", a_photo(3, (64, 48)))

    take_all(shop, [("a.jpg", version)] * THREADS)

    (asset,) = shop.assets()
    told = Counter(entry.action for entry in audit.of(shop.workspace, f"asset:{asset['id']}"))
    assert told == {"ingest.new_asset": 1}
    assert usage.total(shop.workspace, "ingest", "2000010100", "3000010100") == 1
