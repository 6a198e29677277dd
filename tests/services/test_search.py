"""Search as people meet it: through the API, over the index that the outbox keeps up."""

from typing import Any

import pytest

from chalicelib.domain.ids import ROOT
from chalicelib.models import base, outbox
from chalicelib.services import indexing
from tests import costs
from tests.builders import Shop, a_photo, a_shop


def found(shop: Shop, q: str = "", **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in {"q": q, **query}.items())
    return shop.call("GET", f"/v1/search?{asked.replace(' ', '+')}").body


def names(shop: Shop, q: str = "", **query: Any) -> list[str]:
    return [one["name"] for one in found(shop, q, **query)["items"]]


@pytest.fixture
def library(shop: Shop) -> Shop:
    shop.drop("Spring/TS-100_front.jpg", a_photo(1), keywords="studio,gift", skus="TS-100")
    shop.drop("Spring/TS-100_back.jpg", a_photo(2), keywords="studio", skus="TS-100")
    shop.drop("Autumn/lamp.png", a_photo(3, kind="PNG"), title="Brass lamp")
    indexing.catch_up(shop.ctx, shop.workspace)
    return shop


@pytest.mark.requirement("R07")
def test_a_dropped_file_is_found_by_words_skus_keywords_and_its_collection(library: Shop) -> None:
    assert names(library, "ts100", sort="name") == ["TS-100_back.jpg", "TS-100_front.jpg"]
    assert names(library, "keyword:gift") == ["TS-100_front.jpg"]
    assert names(library, "lamps") == ["lamp.png"]
    assert names(library, "collection:Autumn") == ["lamp.png"]
    assert names(library, "brsas") == ["lamp.png"]


@pytest.mark.requirement("R60")
def test_what_still_wants_work_is_a_search_never_tagged_without_sku_in_no_collection_without_picture(
    library: Shop,
) -> None:
    library.drop("loose.jpg", a_photo(4))
    library.drop("Spring/notes.txt", b"no picture")
    indexing.catch_up(library.ctx, library.workspace)

    wanting = {q: sorted(names(library, q)) for q in (
        "missing:keyword", "missing:sku -type:document", "missing:collection", "missing:width")}  # fmt: skip

    assert wanting == {
        "missing:keyword": ["lamp.png", "loose.jpg", "notes.txt"],
        "missing:sku -type:document": ["lamp.png", "loose.jpg"],
        "missing:collection": ["loose.jpg"],
        "missing:width": ["notes.txt"],
    }


def test_the_answer_has_an_exact_total_facets_and_what_else_could_be_ticked(library: Shop) -> None:
    answer = found(library, "keyword:studio", facets="keyword,format,collection", limit=1)

    assert (answer["total"], len(answer["items"])) == (2, 1)
    assert answer["facets"]["keyword"] == [{"value": "studio", "count": 2}, {"value": "gift", "count": 1}]
    assert [one["value"] for one in answer["facets"]["format"]] == ["jpeg"]
    assert [(one["label"], one["count"]) for one in answer["facets"]["collection"]] == [("Spring", 2)]


def test_windows_of_a_snapshot_do_not_shift_while_files_arrive(library: Shop) -> None:
    first = found(library, sort="name", limit=2)
    library.drop("Autumn/aaa.jpg", a_photo(9))
    indexing.catch_up(library.ctx, library.workspace)

    window = found(library, sort="name", limit=2, snapshot=first["snapshot"], **{"from": 2})
    page = found(library, sort="name", limit=2, cursor=first["next"])

    assert [one["name"] for one in window["items"]] == ["TS-100_front.jpg"]
    assert [one["name"] for one in page["items"]] == [one["name"] for one in window["items"]]


def test_windows_of_the_newest_state_read_no_assets_and_those_of_an_older_one_do(library: Shop) -> None:
    first = found(library, sort="name")

    def calls() -> int:
        tallies: dict[str, costs.Tally] = {}
        with costs.counted(tallies):
            found(library, sort="name", snapshot=first["snapshot"])
        return sum(tally.calls["dynamodb.read"] for tally in tallies.values())

    newest = calls()
    library.drop("Autumn/aaa.jpg", a_photo(9))
    indexing.catch_up(library.ctx, library.workspace)
    found(library)

    assert (newest, calls()) == (2, 3)


def test_a_write_says_when_search_holds_it(library: Shop) -> None:
    asset = found(library, "lamp")["items"][0]["id"]
    token = library.call("PATCH", f"/v1/assets/{asset}", {"title": "Copper lamp"}).headers["packshot-token"]

    before = found(library, "copper", fresh_for=token)
    indexing.catch_up(library.ctx, library.workspace)
    after = found(library, "copper", fresh_for=token)

    assert (before["fresh"], before["total"]) == (False, 0)
    assert (after["fresh"], after["total"]) == (True, 1)
    assert found(library, "copper")["fresh"] is None


@pytest.mark.requirement("R21")
def test_an_asset_that_was_trashed_is_gone_before_the_index_knows(library: Shop) -> None:
    asset = found(library, "lamp")["items"][0]["id"]

    library.call("DELETE", f"/v1/assets/{asset}")

    assert names(library, "lamp") == []
    indexing.catch_up(library.ctx, library.workspace)
    assert names(library, "lamp") == []
    assert names(library, "lamp state:trashed") == ["lamp.png"]


def test_another_shop_finds_suggests_and_hears_nothing(library: Shop) -> None:
    other = a_shop()
    place = other.call("GET", "/v1/changes").body["next"]

    assert found(other, facets="keyword,collection")["total"] == 0
    assert other.call("GET", "/v1/search/suggest?q=stu").body["items"] == []
    assert other.call("GET", f"/v1/changes?since={place}").body["items"] == []


def test_suggestions_are_keywords_skus_and_collections_with_counts(library: Shop) -> None:
    offers = library.call("GET", "/v1/search/suggest?q=s").body["items"]
    skus = library.call("GET", "/v1/search/suggest?q=ts-1").body["items"]

    assert {("keyword", "studio", 2), ("collection", "Spring", 0)} <= {
        (o["kind"], o["text"], o["count"]) for o in offers
    }
    assert ("sku", "TS-100", 2) in {(one["kind"], one["text"], one["count"]) for one in skus}


def test_the_feed_tells_each_change_once_it_can_be_found_and_what_went(library: Shop) -> None:
    place = library.call("GET", "/v1/changes").body["next"]
    library.drop("Spring/new.jpg", a_photo(7))
    lamp = found(library, "lamp")["items"][0]["id"]
    early = library.call("GET", f"/v1/changes?since={place}").body
    library.call("DELETE", f"/v1/assets/{lamp}")
    indexing.catch_up(library.ctx, library.workspace)

    feed = library.call("GET", f"/v1/changes?since={early['next']}").body
    again = library.call("GET", f"/v1/changes?since={feed['next']}").body

    new = found(library, "new")["items"][0]["id"]
    assert {(one["id"], one["change"]) for one in feed["items"]} >= {(new, "upserted"), (lamp, "gone")}
    assert again["items"] == []


def test_the_feed_tells_a_flood_of_changes_within_one_minute_to_its_end(shop: Shop) -> None:
    place = shop.call("GET", "/v1/changes").body["next"]
    ids = [shop.ctx.new_id() for _ in range(1200)]
    messages = [outbox.Message(shop.workspace, one, "collection.changed", f"collection:{ROOT}", shop.ctx.now())
                for one in ids]  # fmt: skip
    for start in range(0, len(ids), 100):
        base.transact([outbox.add(one) for one in messages[start : start + 100]])
    shop.drop("last.jpg", a_photo(9))
    indexing.catch_up(shop.ctx, shop.workspace)

    told: list[str] = []
    for _ in range(5):
        feed = shop.call("GET", f"/v1/changes?since={place}").body
        told += [one["id"] for one in feed["items"]]
        place = feed["next"]

    last = found(shop, "last")["items"][0]["id"]
    assert last in told
    assert feed["items"] == []
    assert len(place) < 8000


def test_the_feed_tells_a_change_that_commits_after_younger_ones(shop: Shop) -> None:
    place = shop.call("GET", "/v1/changes").body["next"]
    early = outbox.Message(
        shop.workspace, shop.ctx.new_id(), "collection.changed", f"collection:{ROOT}", shop.ctx.now()
    )
    shop.drop("young.jpg", a_photo(9))
    indexing.catch_up(shop.ctx, shop.workspace)
    feed = shop.call("GET", f"/v1/changes?since={place}").body

    base.transact([outbox.add(early)])

    later = shop.call("GET", f"/v1/changes?since={feed['next']}").body
    again = shop.call("GET", f"/v1/changes?since={later['next']}").body
    assert str(ROOT) not in [one["id"] for one in feed["items"]]
    assert str(ROOT) in [one["id"] for one in later["items"]]
    assert again["items"] == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [("q=(red", 422, "bad_query"), ("cursor=forged", 422, "invalid"), ("snapshot=forged", 422, "invalid"),
     ("facets=wings", 422, "invalid"), ("limit=0", 422, "invalid"), ("sort=colour", 422, "invalid"),
     ("since=x", 422, "invalid"), ("q=" + "(" * 2001, 422, "bad_query")],
)  # fmt: skip
def test_a_bad_search_says_what_is_wrong(shop: Shop, query: str, status: int, code: str) -> None:
    path = "/v1/changes" if query.startswith("since") else "/v1/search"

    reply = shop.call("GET", f"{path}?{query}")

    assert (reply.status, reply.body["code"]) == (status, code) or reply.body["code"] == "bad_cursor"


@pytest.mark.requirement("R48")
def test_a_saved_search_is_ones_own_until_it_is_shared_and_is_asked_anew(library: Shop) -> None:
    saved = library.call("POST", "/v1/searches", {"name": "Studio", "q": "keyword:studio", "sort": "name"})
    bad = library.call("POST", "/v1/searches", {"name": "Bad", "q": "(("})

    listed = library.call("GET", "/v1/searches").body["items"]
    renamed = library.call("PATCH", f"/v1/searches/{saved.body['id']}", {"name": "Studio shots", "shared": True})
    library.call("DELETE", f"/v1/searches/{saved.body['id']}")

    assert (saved.status, saved.body["count"], bad.status, bad.body["code"]) == (201, 2, 422, "bad_query")
    assert [(one["name"], one["count"]) for one in listed] == [("Studio", 2)]
    assert (renamed.body["name"], renamed.body["shared"]) == ("Studio shots", True)
    assert library.call("GET", "/v1/searches").body["items"] == []


@pytest.mark.requirement("R44")
def test_assets_of_a_collection_are_gone_with_it_though_the_index_does_not_know_yet(library: Shop) -> None:
    spring = next(one["id"] for one in library.call("GET", "/v1/collections").body["items"] if one["path"] == "Spring")

    library.call("DELETE", f"/v1/collections/{spring}")

    answer = found(library, facets="keyword")
    assert ([one["name"] for one in answer["items"]], answer["facets"]["keyword"]) == (["lamp.png"], [])
    assert library.call("GET", "/v1/search/suggest?q=stu").body["items"] == []
