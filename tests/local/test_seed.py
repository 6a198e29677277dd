"""`make seed`: a made-up library that is like a real one in all but its bytes."""

from collections import Counter
from typing import Any

import pytest
import requests

from chalicelib.domain.assets import has_own_rules
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.models import assets, collection_items, collections, sources, versions
from chalicelib.services import fsck, indexing
from infra.local.stack import Stack
from infra.seed import believable, fill, pictures
from tests.builders import Shop, a_shop

TOTAL, DRAWN = 300, 4


@pytest.fixture(scope="module")
def seeded(stack: Stack) -> Shop:
    """A workspace whose library was filled in two runs, the second of which tops up."""
    shop = a_shop()
    assert run(shop, 200) == 200
    assert run(shop, TOTAL) == TOTAL - 200
    return shop


def run(shop: Shop, total: int) -> int:
    return fill.fill(shop.ctx, shop.workspace, total, lambda *_: None, with_pictures=DRAWN)


def found(shop: Shop, query: str) -> Any:
    reply = shop.call("GET", f"/v1/search?{query}")
    assert reply.status == 200, reply.body
    return reply.body


def live() -> list[Any]:
    return [one for one in map(made, range(TOTAL)) if one.state == "live"]


def made(number: int) -> Any:
    return believable.asset(number, believable.USUAL)


def newest_live(*, drawn: bool) -> Any:
    places = range(DRAWN) if drawn else range(DRAWN, TOTAL)
    return next(one for one in map(made, places) if one.state == "live" and one.newest.kind == "image"
                and one.fields.available_until is None)  # fmt: skip


def test_no_two_of_the_words_it_is_made_of_are_the_same() -> None:
    words = Counter(believable.word(place) for place in range(believable.WORDS))

    assert [word for word, count in words.items() if count > 1] == []


def test_search_counts_and_facets_what_was_seeded(seeded: Shop) -> None:
    answer = found(seeded, "facets=keyword,state,format")
    keywords = Counter(one for each in live() for one in each.fields.keywords)

    assert answer["total"] == len(live())
    assert {one["value"]: one["count"] for one in answer["facets"]["keyword"][:3]} == dict(keywords.most_common(3))
    assert sum(one["count"] for one in answer["facets"]["format"]) == len(live())
    assert {one["value"]: one["count"] for one in answer["facets"]["state"]} == Counter(
        made(number).state for number in range(TOTAL)
    )


def test_a_seeded_library_is_sound(seeded: Shop) -> None:
    assert fsck.check(seeded.ctx, seeded.workspace).findings == ()


def test_the_same_n_again_changes_nothing_and_keeps_what_people_changed(seeded: Shop) -> None:
    one = newest_live(drawn=False)
    assert seeded.call("PATCH", f"/v1/assets/{one.id}", {"title": "Mine"}).status == 200
    before = list(assets.every(seeded.workspace))
    state = seeded.ctx.search.state(seeded.workspace)

    assert run(seeded, TOTAL) == 0

    assert list(assets.every(seeded.workspace)) == before
    assert seeded.ctx.search.state(seeded.workspace) == state


def test_a_run_goes_on_where_a_killed_one_left_gaps(stack: Stack) -> None:
    shop = a_shop()

    def killed_after_some(what: str, done: int, total: int) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill.fill(shop.ctx, shop.workspace, TOTAL, killed_after_some, with_pictures=0)
    left = len(list(assets.every(shop.workspace)))
    new = fill.fill(shop.ctx, shop.workspace, TOTAL, lambda *_: None, with_pictures=0)

    assert 0 < left < TOTAL
    assert new == TOTAL - left
    assert found(shop, "")["total"] == len(live())


def test_every_asset_has_its_versions_memberships_and_source(seeded: Shop) -> None:
    rows = list(assets.every(seeded.workspace))
    tree = collections.tree(seeded.workspace)

    assert len(rows) == TOTAL
    for one in rows:
        history = versions.page(seeded.workspace, one.id, limit=10).items
        (source,) = one.sources
        pointer = sources.find(seeded.workspace, source.kind, source.path)
        assert [each.number for each in history] == list(range(one.versions, 0, -1))
        assert (history[0].id, source.kind) == (one.newest.id, "seed")
        assert pointer is not None
        assert pointer.asset_id == one.id
        assert set(one.collection_ids) <= tree.living
    homes = {CollectionId(home) for one in rows for home in one.collection_ids}
    lying = Counter(one for home in homes for one in collection_items.every(seeded.workspace, home))
    assert lying == Counter({one.id: len(one.collection_ids) for one in rows})


def test_collections_form_a_tree_below_one_that_can_be_trashed(seeded: Shop) -> None:
    tree = collections.tree(seeded.workspace)

    assert [one.name for one in tree.children(ROOT)] == [fill.TOP_NAME]
    assert len(tree.subtree(fill.TOP)) == believable.COLLECTIONS + 1
    home = max(
        {one for each in live() for one in each.collection_ids},
        key=lambda one: sum(one in a.collection_ids for a in live()),
    )
    listed = seeded.call("GET", f"/v1/assets?collection_id={home}&limit=200").body["items"]
    counted = seeded.call("GET", f"/v1/collections/{home}").body["asset_count"]
    assert len(listed) == counted == sum(home in one.collection_ids for one in live())


def test_only_the_newest_have_pictures_and_every_image_a_thumbhash(seeded: Shop) -> None:
    drawn = seeded.call("GET", f"/v1/assets/{newest_live(drawn=True).id}").body
    plain = seeded.call("GET", f"/v1/assets/{newest_live(drawn=False).id}").body
    keys = [one.key for one in seeded.ctx.store.versions("renditions", f"{seeded.workspace}/")]

    assert [one["name"] for one in drawn["renditions"]] == ["medium", "small"]
    assert len(keys) == 2 * sum("width_px" in made(number).newest.facts for number in range(DRAWN))
    assert plain["thumb_url"] is None
    assert plain["thumbhash"]
    assert drawn["thumbhash"] == pictures.hash_of(newest_live(drawn=True).newest)


def test_a_seeded_asset_is_edited_trashed_and_restored_like_any_other(seeded: Shop) -> None:
    one = [each for each in live() if not has_own_rules(each)][5]

    edited = seeded.call("PATCH", f"/v1/assets/{one.id}", {"title": "Zebra"})
    trashed = seeded.call("DELETE", f"/v1/assets/{one.id}")
    indexing.catch_up(seeded.ctx, seeded.workspace)
    gone = found(seeded, "q=title:zebra")["total"]
    restored = seeded.call("POST", f"/v1/assets/{one.id}/restore")
    indexing.catch_up(seeded.ctx, seeded.workspace)

    assert (edited.status, trashed.status, restored.status) == (200, 204, 200)
    assert gone == 0
    assert found(seeded, f"q=title:zebra&fresh_for={restored.headers['packshot-token']}")["total"] == 1


def test_a_seeded_original_is_refused_in_clear_words_and_a_drawn_picture_leaves(seeded: Shop) -> None:
    drawn, plain = newest_live(drawn=True), newest_live(drawn=False)

    original = seeded.call("GET", f"/v1/assets/{drawn.id}/download?original=true")
    nothing = seeded.call("GET", f"/v1/assets/{plain.id}/download")
    picture = seeded.call("GET", f"/v1/assets/{drawn.id}/download")

    assert (original.status, original.body["code"]) == (409, "no_original")
    assert (nothing.status, nothing.body["code"]) == (409, "no_original")
    assert "make seed" in nothing.body["detail"]
    assert requests.get(picture.headers["location"], timeout=30).content[8:12] == b"WEBP"


def test_a_library_in_the_trash_is_not_filled_any_further(stack: Stack) -> None:
    shop = a_shop()
    fill.fill(shop.ctx, shop.workspace, 10, lambda *_: None, with_pictures=0)
    assert shop.call("DELETE", f"/v1/collections/{fill.TOP}").status == 204

    with pytest.raises(fill.Conflict, match="trash"):
        fill.fill(shop.ctx, shop.workspace, 20, lambda *_: None, with_pictures=0)


def test_a_collection_that_has_the_librarys_name_already_is_left_alone(stack: Stack) -> None:
    shop = a_shop()
    assert shop.call("POST", "/v1/collections", {"name": fill.TOP_NAME}).status == 201

    fill.fill(shop.ctx, shop.workspace, 5, lambda *_: None, with_pictures=0)

    names = sorted(one.name for one in collections.tree(shop.workspace).children(ROOT))
    assert names == [fill.TOP_NAME, f"{fill.TOP_NAME} 2"]
