"""Pictures that look alike, from the drop to the inbox of duplicates and what becomes of a pair."""

import io
import time
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageDraw

from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.domain.ids import AssetId, CollectionId, make_id
from chalicelib.models import assets, audit, base
from chalicelib.services import duplicates, indexing
from tests.builders import Shop, call
from tests.handlers.people import may, somebody
from tests.libraries import an_asset
from tests.principals import a_key

RED, GREEN = (190, 30, 45), (30, 140, 70)


def a_thing(color: tuple[int, int, int] = RED, side: int = 500, kind: str = "PNG", **options: Any) -> bytes:
    """A thing of one colour with marks, on white."""
    picture = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((side * 0.2, side * 0.2, side * 0.8, side * 0.8), fill=color)
    pen.rectangle((side * 0.25, side * 0.5, side * 0.45, side * 0.75), fill=tuple(part // 3 for part in color))
    pen.polygon([(side * 0.5, side * 0.2), (side * 0.8, side * 0.5), (side * 0.55, side * 0.4)], fill="black")
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def another(seed: int) -> bytes:
    """A picture that looks like no other."""
    out = io.BytesIO()
    spots = Image.effect_mandelbrot((300, 300), (-2 + seed / 7, -1.2, 1, 1.2 - seed / 9), 60)
    spots.rotate(37 * seed).convert("RGB").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def library(shop: Shop) -> Shop:
    shop.drop("Spring/shoe.png", a_thing(), keywords="red,shoe", title="Red shoe")
    shop.drop("Web/shoe-small.jpg", a_thing(side=200, kind="JPEG", quality=70), keywords="Web,red", skus="SH-1")
    shop.drop("Spring/shoe-green.png", a_thing(GREEN), keywords="green")
    for seed in range(3):
        shop.drop(f"other{seed}.png", another(seed))
    indexing.catch_up(shop.ctx, shop.workspace)
    return shop


def pairs(shop: Shop, key: str | None = None) -> list[dict[str, Any]]:
    reply = call("GET", "/v1/duplicates", Authorization=f"Bearer {key or shop.key}")
    assert reply.status == 200
    return list(reply.body["items"])


def ids(shop: Shop) -> dict[str, str]:
    found = shop.call("GET", "/v1/search?limit=50").body["items"]
    return {one["name"]: one["id"] for one in found}


def home(shop: Shop, path: str) -> str:
    found = shop.call("GET", "/v1/collections").body["items"]
    return str(next(one["id"] for one in found if one["path"] == path))


def blind_to_web(shop: Shop) -> str:
    """A key that may everything, but for which one collection does not exist."""
    web = CollectionId(home(shop, "Web"))
    return a_key(shop, Grant(allow=ALL), Grant(collection_id=web, deny=Right.SEE.bit))


@pytest.mark.requirement("R59")
def test_similar_pictures_are_found_nearest_first_whatever_their_size_or_colour(library: Shop) -> None:
    found = library.call("GET", f"/v1/assets/{ids(library)['shoe.png']}/similar").body["items"]
    blind = blind_to_web(library)
    theirs = call("GET", f"/v1/assets/{ids(library)['shoe.png']}/similar", Authorization=f"Bearer {blind}")
    unlike = library.call("GET", f"/v1/assets/{ids(library)['other1.png']}/similar").body

    assert {one["name"] for one in found} == {"shoe-small.jpg", "shoe-green.png"}
    assert [one["distance"] for one in found] == sorted(one["distance"] for one in found)
    assert max(one["distance"] for one in found) < 0.3
    assert [one["name"] for one in theirs.body["items"]] == ["shoe-green.png"]
    assert unlike == {"items": []}


@pytest.mark.requirement("RF3")
def test_the_inbox_has_the_same_picture_twice_but_not_the_same_thing_in_another_colour(library: Shop) -> None:
    found = pairs(library)
    blind = blind_to_web(library)

    assert [{one["name"] for one in pair["assets"]} for pair in found] == [{"shoe.png", "shoe-small.jpg"}]
    assert found[0]["distance"] < 0.28
    assert pairs(library, blind) == []
    assert call("POST", f"/v1/duplicates/{found[0]['id']}", {"decision": "ignore"},
                Authorization=f"Bearer {blind}").status == 404  # fmt: skip


@pytest.mark.requirement("RF3")
@pytest.mark.parametrize("decision", ["ignore", "keep_both"])
def test_what_was_decided_is_remembered_and_cannot_be_decided_otherwise(library: Shop, decision: str) -> None:
    path = f"/v1/duplicates/{pairs(library)[0]['id']}"

    told = library.call("POST", path, {"decision": decision})
    again = library.call("POST", path, {"decision": decision})
    otherwise = library.call("POST", path, {"decision": "merge"})
    library.drop("Web/shoe-small.jpg", a_thing(side=210, kind="JPEG", quality=60))
    indexing.catch_up(library.ctx, library.workspace)

    assert (told.status, told.body["decision"]) == (200, decision)
    assert again.status == 200
    assert (otherwise.status, otherwise.body["code"]) == (409, "decided")
    assert pairs(library) == []


@pytest.mark.requirement("RF3")
@pytest.mark.parametrize("decision", ["ignore", "keep_both"])
def test_a_decided_pair_is_listed_with_what_by_whom_and_when_and_can_be_opened_again(
    library: Shop, decision: str
) -> None:
    pair = pairs(library)[0]["id"]
    ann = somebody(library, may(Right.SEE, Right.VIEW, Right.EDIT))
    open_ = library.call("POST", f"/v1/duplicates/{pair}/reopen")
    assert ann.call("POST", f"/v1/duplicates/{pair}", {"decision": decision}).status == 200

    listed = library.call("GET", "/v1/duplicates?state=decided").body["items"]
    theirs = call("GET", "/v1/duplicates?state=decided", Authorization=f"Bearer {blind_to_web(library)}").body["items"]
    again = library.call("POST", f"/v1/duplicates/{pair}/reopen")
    otherwise = library.call("POST", f"/v1/duplicates/{pair}", {"decision": "merge"})

    assert (open_.status, open_.body["code"]) == (409, "not_decided")
    assert [(one["id"], one["decided"]["decision"], one["decided"]["by_name"]) for one in listed] == [
        (pair, decision, "test")]  # fmt: skip
    assert listed[0]["decided"]["at"] >= listed[0]["found_at"]
    assert theirs == []
    assert (again.status, again.body["id"], again.body["decided"]) == (200, pair, None)
    assert (otherwise.status, otherwise.body["decision"]) == (200, "merge"), "as if it had never been decided"
    trail = [one.action for one in audit.of(library.workspace, f"duplicate:{pair}")]
    assert sorted(trail) == sorted([f"duplicate.{decision}", "duplicate.reopened", "duplicate.merge"])


@pytest.mark.requirement("RF3")
def test_a_pair_that_was_opened_again_waits_and_is_not_listed_as_decided(library: Shop) -> None:
    pair = pairs(library)[0]
    library.call("POST", f"/v1/duplicates/{pair['id']}", {"decision": "ignore"})
    assert pairs(library) == []

    library.call("POST", f"/v1/duplicates/{pair['id']}/reopen")

    assert [one["id"] for one in pairs(library)] == [pair["id"]]
    assert library.call("GET", "/v1/duplicates?state=decided").body["items"] == []


@pytest.mark.requirement("RF3")
def test_a_merged_pair_opens_again_only_when_both_are_back(library: Shop) -> None:
    pair = pairs(library)[0]["id"]
    told = library.call("POST", f"/v1/duplicates/{pair}", {"decision": "merge"}).body

    listed = library.call("GET", "/v1/duplicates?state=decided").body["items"]
    refused = library.call("POST", f"/v1/duplicates/{pair}/reopen")
    library.call("POST", f"/v1/assets/{told['trashed']}/restore")
    done = library.call("POST", f"/v1/duplicates/{pair}/reopen")

    assert [one["decided"]["decision"] for one in listed] == ["merge"]
    assert listed[0]["decided"]["by"].startswith("key:")
    assert listed[0]["decided"]["by_name"]
    assert refused.status == 409
    assert (done.status, [one["id"] for one in pairs(library)]) == (200, [pair])


def test_two_that_do_not_look_alike_any_more_stay_decided(library: Shop) -> None:
    pair = pairs(library)[0]["id"]
    library.call("POST", f"/v1/duplicates/{pair}", {"decision": "ignore"})
    library.drop("Web/shoe-small.jpg", another(5))

    refused = library.call("POST", f"/v1/duplicates/{pair}/reopen")

    assert (refused.status, refused.body["code"]) == (409, "not_alike")
    assert library.call("GET", "/v1/duplicates?state=decided").body["items"][0]["distance"] == 1


def test_who_may_not_edit_both_opens_nothing_again(library: Shop) -> None:
    pair = pairs(library)[0]["id"]
    library.call("POST", f"/v1/duplicates/{pair}", {"decision": "ignore"})
    path, viewer = f"/v1/duplicates/{pair}/reopen", a_key(library, Grant(allow=Right.SEE.bit | Right.VIEW.bit))
    web = CollectionId(home(library, "Web"))
    half = a_key(library, Grant(allow=ALL), Grant(collection_id=web, deny=Right.EDIT.bit))

    replies = [call("POST", path, Authorization=f"Bearer {key}") for key in (viewer, half, blind_to_web(library))]

    assert [one.status for one in replies] == [403, 403, 404]
    assert pairs(library) == []
    assert library.call("GET", "/v1/duplicates?state=undecided").status == 422


@pytest.mark.requirement("RF3")
def test_a_merge_keeps_the_older_with_the_metadata_of_both_and_can_be_undone(library: Shop) -> None:
    known, pair = ids(library), pairs(library)[0]["id"]
    kept, other = f"/v1/assets/{known['shoe.png']}", f"/v1/assets/{known['shoe-small.jpg']}"

    told = library.call("POST", f"/v1/duplicates/{pair}", {"decision": "merge"}).body
    merged, gone = library.call("GET", kept).body, library.call("GET", other).body
    versions = library.call("GET", f"{other}/versions").body["items"]

    assert (told["kept"], told["trashed"]) == (known["shoe.png"], known["shoe-small.jpg"])
    assert (merged["keywords"], merged["skus"], merged["title"]) == (["red", "shoe", "Web"], ["SH-1"], "Red shoe")
    assert {one["path"] for one in merged["collections"]} == {"Spring", "Web"}
    assert (gone["state"], len(versions)) == ("trashed", 1)
    assert pairs(library) == []

    library.call("POST", f"{other}/restore")
    library.call("PATCH", kept, told["before"])
    for collection in told["put_into"]:
        library.call("DELETE", f"/v1/collections/{collection}/assets/{known['shoe.png']}")
    back = library.call("GET", kept).body

    assert (back["keywords"], back["skus"], [one["path"] for one in back["collections"]]) == (
        ["red", "shoe"], [], ["Spring"],
    )  # fmt: skip
    assert library.call("GET", other).body["state"] == "live"


def test_who_may_not_edit_or_delete_decides_nothing(library: Shop) -> None:
    pair = pairs(library)[0]["id"]
    viewer = a_key(library, Grant(allow=Right.SEE.bit | Right.VIEW.bit))
    editor = a_key(library, Grant(allow=ALL, deny=Right.DELETE.bit))

    replies = [
        call("POST", f"/v1/duplicates/{pair}", {"decision": decision}, Authorization=f"Bearer {key}")
        for key, decision in ((viewer, "ignore"), (editor, "merge"), (editor, "steal"))
    ]

    assert [one.status for one in replies] == [403, 403, 422]
    assert len(pairs(library)) == 1


def test_many_equal_pictures_make_a_few_pairs_each(shop: Shop) -> None:
    for number in range(8):
        shop.drop(f"same{number}.png", a_thing())
    indexing.catch_up(shop.ctx, shop.workspace)

    assert 7 <= len(pairs(shop)) <= 24


@pytest.mark.requirement("RF3")
@pytest.mark.parametrize("many", [1_500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_one_more_of_thousands_of_equal_pictures_costs_as_little_as_one_more_of_a_few(shop: Shop, many: int) -> None:
    facts = {"phash": "a5" * 32, "colors": [{"name": "red", "hex": "#ff0000", "share": 1}]}
    base_id = int(shop.ctx.now().timestamp() * 1000)
    same = [replace(an_asset(number, facts=facts), id=AssetId(make_id(base_id + number, b"a" * 11)))
            for number in range(many)]  # fmt: skip
    for one in same[:15]:
        base.transact([assets.add(shop.workspace, one)])

    def spent(count: int) -> float:
        shop.ctx.search.build(shop.workspace, [indexing.document(one, ()) for one in same[:count]])
        generation, begun = shop.ctx.search.state(shop.workspace).generation, time.process_time()
        duplicates.notice(shop.ctx, shop.workspace, same[:5], generation)
        return time.process_time() - begun

    few_s = spent(20)
    took_s = spent(many)
    found = pairs(shop)

    assert 5 <= len(found) <= 15, "three pairs each at most, and the same again is the same"
    assert took_s < 5 * 0.25 + 2 * few_s, "a quarter of a second of CPU each, or what few take on a machine as busy"
