"""Assets over the API: what PATCH takes and refuses, archive, trash, and what search must leave out at once."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ids import AssetId
from chalicelib.models import outbox, unindexed
from tests.builders import Shop, a_photo, call
from tests.handlers.people import somebody

LATER, SOONER = "2031-01-01T00:00:00Z", "2030-01-01T00:00:00Z"


@pytest.fixture
def asset(shop: Shop) -> str:
    shop.drop("a.jpg", a_photo())
    return str(shop.assets(collection_id="root")[0]["id"])


def patch(shop: Shop, asset: str, body: Any, **headers: str) -> Any:
    return shop.call("PATCH", f"/v1/assets/{asset}", body, **headers)


@pytest.mark.requirement("R46")
def test_every_field_is_set_read_back_and_cleared_by_null(shop: Shop, asset: str) -> None:
    person = somebody(shop).id
    given = {
        "title": "Red dress", "description": "Long", "alt": "A dress", "keywords": ["red", "Dress"], "skus": ["TS-1"],
        "position": 2, "shot_type": "front", "rating": 4, "responsible_id": person, "available_from": SOONER,
        "available_until": LATER, "restriction": {"reason": "model release", "from": SOONER, "until": LATER},
        "custom": {"season": "SS31", "weight_g": 120.5, "vegan": True, "sizes": ["S", "M"]},
    }  # fmt: skip

    told = patch(shop, asset, given)
    kept = shop.call("GET", f"/v1/assets/{asset}").body
    cleared = patch(shop, asset, dict.fromkeys(given)).body

    assert told.status == 200
    assert {name: kept[name] for name in given} == given
    assert {name: cleared[name] for name in given} == {
        name: [] if name in ("keywords", "skus") else {} if name == "custom" else None for name in given
    }


def test_lists_replace_and_custom_fields_and_restriction_are_merged(shop: Shop, asset: str) -> None:
    patch(shop, asset, {"keywords": ["a", "b"], "custom": {"x": 1, "y": 2}, "restriction": {"reason": "r"}})

    told = patch(
        shop, asset, {"keywords": ["b", "B", "c"], "custom": {"x": None, "z": 3}, "restriction": {"until": LATER}}
    ).body

    assert (told["keywords"], told["custom"]) == (["b", "c"], {"y": 2, "z": 3})
    assert told["restriction"] == {"reason": "r", "from": None, "until": LATER}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"title": 5}, "title"),
        ({"title": "x" * 20_001}, "title"),
        ({"keywords": "red"}, "keywords"),
        ({"keywords": ["ok", 5]}, "keywords.1"),
        ({"keywords": [f"word {n}" for n in range(10_000)]}, "keywords"),
        ({"position": "2"}, "position"),
        ({"position": -1}, "position"),
        ({"position": 1.5}, "position"),
        ({"rating": 6}, "rating"),
        ({"rating": True}, "rating"),
        ({"responsible_id": "nobody"}, "responsible_id"),
        ({"available_from": "tomorrow"}, "available_from"),
        ({"available_from": "2030-01-01T00:00:00"}, "available_from"),
        ({"available_from": "0001-01-01T00:00:00+14:00"}, "available_from"),
        ({"available_from": 5}, "available_from"),
        ({"available_from": LATER, "available_until": SOONER}, "available_until"),
        ({"restriction": {}}, "restriction.reason"),
        ({"restriction": {"reason": "r", "from": LATER, "until": SOONER}}, "restriction.until"),
        ({"restriction": {"reason": "r", "because": "x"}}, "restriction.because"),
        ({"custom": {"deep": {"er": 1}}}, "custom.deep"),
        ({"custom": {"big": 10**16}}, "custom.big"),
        ({"custom": []}, "custom"),
        ({"colour": "red"}, "colour"),
        ([], "body"),
        ("text", "body"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_in_plain_words(shop: Shop, asset: str, body: Any, field: str) -> None:
    reply = patch(shop, asset, body)

    assert (reply.status, reply.body["code"], list(reply.body["fields"])) == (422, "invalid", [field])
    assert "Input should" not in str(reply.body)


def test_more_text_than_a_row_holds_is_refused_and_the_asset_stays_whole(shop: Shop, asset: str) -> None:
    reply = patch(shop, asset, {"description": "é" * 20_000, "keywords": [f"{'ü' * 100} {n}" for n in range(500)]})

    assert (reply.status, reply.body["code"]) == (422, "too_much_text")
    assert patch(shop, asset, {"keywords": [f"word {n}" for n in range(1_000)]}).status == 200


def test_archived_assets_are_read_only_keep_their_reason_and_come_back(shop: Shop, asset: str) -> None:
    path = f"/v1/assets/{asset}"

    archived = shop.call("POST", f"{path}/archive", {"reason": "last season"})
    edited = patch(shop, asset, {"title": "x"})
    again = shop.call("POST", f"{path}/archive", {"reason": "x"})
    listed = shop.assets(collection_id="root")
    back = shop.call("POST", f"{path}/unarchive")
    twice = shop.call("POST", f"{path}/unarchive")

    assert (archived.body["state"], archived.body["archived_because"]) == ("archived", "last season")
    assert [(one.status, one.body["code"]) for one in (edited, again, twice)] == [
        (409, "not_live"), (409, "not_live"), (409, "not_archived"),
    ]  # fmt: skip
    assert (listed, back.body["state"], back.body["archived_because"]) == ([], "live", None)
    assert shop.call("POST", f"{path}/archive", {}).body["fields"] == {"reason": "is required"}


def test_refusals_come_in_their_order(shop: Shop, asset: str) -> None:
    path, wrong = f"/v1/assets/{asset}", {"rating": 9}

    stale = patch(shop, asset, wrong, If_Match='"999"')
    shop.call("DELETE", path)
    trashed = patch(shop, asset, wrong, If_Match='"999"')
    malformed = patch(shop, "3" * 26, b"{", If_Match='"999"')
    unknown = patch(shop, "3" * 26, wrong, If_Match='"999"')
    nobody = call("PATCH", path, b"{", Authorization="Bearer nonsense")

    assert [one.status for one in (nobody, malformed, unknown, trashed, stale)] == [401, 400, 404, 409, 412]


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"available_until": "2020-01-01T00:00:00Z"}),
        ("PATCH", "", {"restriction": {"reason": "r"}}),
        ("DELETE", "", None),
        ("POST", "/archive", {"reason": "r"}),
    ],
)
def test_what_narrows_an_asset_leaves_it_out_of_search_until_the_index_knows(
    shop: Shop, asset: str, method: str, path: str, body: Any
) -> None:
    assert unindexed.every(shop.workspace) == {}

    reply = shop.call(method, f"/v1/assets/{asset}{path}", body)

    token = unindexed.every(shop.workspace)[AssetId(asset)].token
    assert token == reply.headers["packshot-token"]
    assert outbox.get(shop.workspace, token) is not None


def test_a_later_narrowing_is_not_taken_for_indexed_with_an_earlier_one(shop: Shop, asset: str) -> None:
    first = patch(shop, asset, {"restriction": {"reason": "one"}}).headers["packshot-token"]
    second = patch(shop, asset, {"restriction": {"reason": "two"}}).headers["packshot-token"]

    unindexed.held(shop.workspace, frozenset({first}), generation=1, now=shop.ctx.now())
    kept = dict(unindexed.every(shop.workspace))
    unindexed.held(shop.workspace, frozenset({second}), generation=2, now=shop.ctx.now())
    held = dict(unindexed.every(shop.workspace))
    unindexed.held(shop.workspace, frozenset(), generation=3, now=shop.ctx.now() + timedelta(minutes=2))

    assert kept == {asset: unindexed.Narrowed(second)}
    assert (held[AssetId(asset)].token, held[AssetId(asset)].generation) == (second, 2)
    assert unindexed.every(shop.workspace) == {}


def test_what_only_describes_an_asset_does_not_hide_it_from_search(shop: Shop, asset: str) -> None:
    patch(shop, asset, {"title": "x", "keywords": ["y"], "name": "z.jpg"})
    patch(shop, asset, {"restriction": None, "available_from": None})

    assert unindexed.every(shop.workspace) == {}


@pytest.mark.parametrize("sort", ["name", "-name", "uploaded", "-uploaded"])
def test_a_list_narrowed_by_name_is_whole_page_by_page_in_every_order(shop: Shop, sort: str) -> None:
    for shade, name in enumerate(("Shoe b", "Hat", "shoe a", "SHOE c")):
        shop.drop(f"{name}.jpg", a_photo(shade * 20))

    found, cursor = list[str](), ""
    while cursor is not None:
        page = shop.call("GET", f"/v1/assets?name=shoe&sort={sort}&limit=1{cursor}").body
        found += [one["name"] for one in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None  # type: ignore[assignment]

    by_name, by_age = ["shoe a.jpg", "Shoe b.jpg", "SHOE c.jpg"], ["Shoe b.jpg", "shoe a.jpg", "SHOE c.jpg"]
    wanted = by_name if sort.endswith("name") else by_age
    assert found == (wanted[::-1] if sort.startswith("-") else wanted)
