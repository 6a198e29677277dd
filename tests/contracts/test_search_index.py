"""What every search index promises. Tantivy over the emulated S3, and the plain one that looks at everything."""

import base64
import os
import random
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_tantivy import TantivySearch
from chalicelib.domain import cards, prints
from chalicelib.domain.documents import SPELLED, exact
from chalicelib.domain.ids import ROOT, CollectionId, WorkspaceId
from chalicelib.domain.queries import AnyOf, Ask, Document, Everything, FacetAsk, Found, Near, Node, Term, Text
from chalicelib.domain.reach import Reach, Sight
from chalicelib.domain.views import View
from chalicelib.errors import Conflict, Gone
from chalicelib.ports.search import SearchIndex
from chalicelib.services import alike, pictures
from infra.local.stack import Stack
from tests.contracts.plain_index import PlainIndex, order
from tests.libraries import (
    ALL_SIGHT,
    COLLECTIONS,
    EVERYTHING,
    a_document,
    an_asset,
    any_asset,
    any_node,
    any_sight,
)

SORTS = (
    "relevance",
    *(f"{way}{by}" for by in ("name", "uploaded", "taken", "size", "rating") for way in ("", "-")),
    "position",
)
FACETS = ("keyword", "type", "state", "approval", "color", "year", "orientation")


def tantivy_search(folder: Path, budget_bytes: int = 2**30) -> TantivySearch:
    """A process's own search over the emulated S3."""
    ctx = wiring.context()
    store: Any = ctx.store
    objects = IndexObjects(store._s3, ctx.settings.bucket("index"))
    return TantivySearch(objects, folder, budget_bytes, now=ctx.now, new_id=ctx.new_id)


@pytest.fixture
def workspace(stack: Stack) -> WorkspaceId:
    return WorkspaceId(wiring.context().new_id())


@pytest.fixture(params=["tantivy", "plain"])
def index(request: pytest.FixtureRequest, stack: Stack, tmp_path: Path) -> SearchIndex:
    return tantivy_search(tmp_path) if request.param == "tantivy" else PlainIndex()


def names(found: Found) -> list[str]:
    return [str(card["name"]) for card in found.cards]


def ask(query: Node = Everything(), sight: Sight = ALL_SIGHT, **more: Any) -> Ask:  # noqa: B008 frozen
    return Ask(query, sight, **{"limit": 200, **more})


def test_what_was_read_before_another_batch_does_not_replace_that(index: SearchIndex, workspace: WorkspaceId) -> None:
    old = an_asset(1)
    new = replace(old, revision=2)
    grounds = [index.ground(workspace)]
    index.apply(workspace, [a_document(old)], [], grounds[0])
    grounds.append(index.ground(workspace))
    generation = index.apply(workspace, [a_document(new)], [])

    for ground in grounds:
        with pytest.raises(Conflict):
            index.apply(workspace, [a_document(old)], [], ground)

    found = index.find(workspace, ask(at_least=generation))
    assert [one["revision"] for one in found.cards] == [2]
    assert index.apply(workspace, [a_document(old)], [], index.ground(workspace)) == generation + 1


def test_a_workspace_without_an_index_answers_like_an_empty_one(index: SearchIndex, workspace: WorkspaceId) -> None:
    found = index.find(workspace, ask(facets={"type": FacetAsk(Everything())}))

    assert found == Found((), 0, {"type": ()}, 0)
    assert index.suggest(workspace, "keyword", "a", Ask(Everything(), ALL_SIGHT, limit=5)) == ()
    assert index.state(workspace).generation == 0


def test_what_was_applied_is_found_with_its_card_and_what_is_gone_is_not(
    index: SearchIndex, workspace: WorkspaceId
) -> None:
    red, blue = an_asset(1, title="red jeans"), an_asset(2, title="blue jeans")

    first = index.apply(workspace, [a_document(red), a_document(blue)], [])
    second = index.apply(workspace, [a_document(replace(red, revision=2))], [blue.id])

    found = index.find(workspace, ask(Text(("jeans",)), at_least=second))
    assert second > first
    assert found.cards == ({"id": red.id, "name": red.fields.name, "revision": 2},)
    assert (found.total, found.generation) == (1, second)


def test_applying_the_same_again_doubles_nothing(index: SearchIndex, workspace: WorkspaceId) -> None:
    documents = [a_document(an_asset(number)) for number in range(5)]

    for _ in range(3):
        index.apply(workspace, [*documents, documents[0]], [])
    generation = index.apply(workspace, documents, [])

    assert index.find(workspace, ask(at_least=generation)).total == 5
    assert index.state(workspace).documents == 5


@pytest.mark.requirement("R02")
def test_every_exact_match_comes_before_every_prefix_and_that_before_every_typo(
    index: SearchIndex, workspace: WorkspaceId
) -> None:
    texts = ("vlevet", "velveta", "velvet", "velvet velvet trousers of the long description kind", "velve")
    index.apply(workspace, [a_document(an_asset(n, name="x", description=text)) for n, text in enumerate(texts)], [])
    cards = {str(an_asset(n).id): text for n, text in enumerate(texts)}

    typos = index.find(workspace, ask(Text(("velvet",)), sort="relevance"))
    prefixes = index.find(workspace, ask(Text(("velve",), is_prefix=True), sort="relevance"))

    assert {cards[str(one["id"])] for one in typos.cards[:2]} == {texts[2], texts[3]}
    assert {cards[str(one["id"])] for one in typos.cards[2:]} == {"vlevet", "velveta", "velve"}
    assert cards[str(prefixes.cards[0]["id"])] == "velve"
    assert {cards[str(one["id"])] for one in prefixes.cards[1:]} == {"velveta", texts[2], texts[3]}


def test_many_words_found_exactly_come_before_one_word_less_in_a_weightier_field(
    index: SearchIndex, workspace: WorkspaceId
) -> None:
    words = tuple(f"{first}{second}word" for first in "abcd" for second in "stuvwxyz")
    exactly = an_asset(10_000, name="x", description=" ".join(words))
    nearly = an_asset(1, name=" ".join([*words[:-1], "dzward"]), skus=words[:-1])
    index.apply(workspace, [a_document(nearly), a_document(exactly)], [])

    found = index.find(workspace, ask(Text(words), sort="relevance"))

    assert found.cards[0]["id"] == exactly.id


def test_values_are_told_as_they_are_written_most_often_and_counted_however_they_are_written(
    index: SearchIndex, workspace: WorkspaceId
) -> None:
    words = (("Été", "Red"), ("été", "RED"), ("Été",))
    documents = [a_document(an_asset(n, keywords=these, skus=("TS-100",))) for n, these in enumerate(words)]
    generation = index.apply(workspace, documents, [])
    among = Ask(Everything(), ALL_SIGHT, limit=5)

    found = index.find(workspace, ask(facets={"keyword": FacetAsk(Everything())}, at_least=generation))

    assert found.facets["keyword"][0] == ("Été", 3)
    assert folded(found.facets["keyword"]) == [("ete", 3), ("red", 2)]
    assert index.suggest(workspace, "keyword", "e", among) == (("Été", 3),)
    assert index.suggest(workspace, "sku", "ts", among) == (("TS-100", 3),)


@pytest.mark.requirement("R18")
def test_facets_of_collections_name_only_those_the_caller_may_know(index: SearchIndex, workspace: WorkspaceId) -> None:
    seen, foreign = COLLECTIONS[1], COLLECTIONS[2]
    shared = an_asset(1, collection_ids=(seen, foreign), keywords=("shared",))
    secret = an_asset(2, collection_ids=(foreign,), keywords=("secret",))
    generation = index.apply(workspace, [a_document(shared), a_document(secret)], [])
    sight = replace(ALL_SIGHT, view=Reach(allow=frozenset({seen})))
    facets = {"collection": FacetAsk(Everything(), frozenset({seen})), "keyword": FacetAsk(Everything())}

    found = index.find(workspace, ask(sight=sight, facets=facets, at_least=generation))

    assert found.total == 1
    assert found.facets == {"collection": ((seen, 1),), "keyword": (("shared", 1),)}
    assert index.suggest(workspace, "keyword", "s", Ask(Everything(), sight, limit=9)) == (("shared", 1),)
    nothing = index.find(workspace, ask(facets={"collection": FacetAsk(Everything(), frozenset())}))
    assert nothing.facets == {"collection": ()}


@pytest.mark.parametrize("count", [1, 100, 101, 700])
def test_any_number_of_allowed_collections_lets_the_same_be_seen(
    index: SearchIndex, workspace: WorkspaceId, count: int
) -> None:
    places = [CollectionId(f"place{number:04d}") for number in range(count + 1)]
    generation = index.apply(
        workspace, [a_document(an_asset(n, collection_ids=(place,))) for n, place in enumerate(places)], []
    )

    found = index.find(
        workspace, ask(sight=replace(ALL_SIGHT, view=Reach(allow=frozenset(places[:count]))), at_least=generation)
    )

    assert found.total == count


def test_windows_of_a_generation_do_not_shift_while_others_are_made(index: SearchIndex, workspace: WorkspaceId) -> None:
    pinned = index.apply(workspace, [a_document(an_asset(number)) for number in range(30)], [])
    whole = index.find(workspace, ask(generation=pinned))
    windows: list[str] = []
    for start in range(0, 30, 7):
        index.apply(workspace, [a_document(an_asset(-1 - start)), a_document(an_asset(start, name="renamed"))], [])
        windows += names(index.find(workspace, ask(generation=pinned, skip=start, limit=7)))

    assert windows == names(whole)
    assert index.find(workspace, ask(generation=pinned)).generation == pinned


def test_an_answer_says_whether_its_generation_is_the_newest(index: SearchIndex, workspace: WorkspaceId) -> None:
    first = index.apply(workspace, [a_document(an_asset(1))], [])
    assert index.find(workspace, ask(generation=first, at_least=first)).is_newest

    second = index.apply(workspace, [a_document(an_asset(2))], [])

    assert not index.find(workspace, ask(generation=first, at_least=second)).is_newest
    assert index.find(workspace, ask(at_least=second)).is_newest


def test_a_generation_that_never_was_is_gone(index: SearchIndex, workspace: WorkspaceId) -> None:
    index.apply(workspace, [a_document(an_asset(1))], [])

    with pytest.raises(Gone):
        index.find(workspace, ask(generation=9))


def test_a_build_replaces_all_and_keeps_what_changed_meanwhile(index: SearchIndex, workspace: WorkspaceId) -> None:
    index.apply(workspace, [a_document(an_asset(number)) for number in range(4)], [])
    documents = (a_document(an_asset(number)) for number in range(2, 6))
    changed = ([a_document(an_asset(3, name="renamed")), a_document(an_asset(9))], [an_asset(4).id])

    generation = index.build(workspace, documents, lambda: changed)

    found = index.find(workspace, ask(sort="name", at_least=generation))
    assert names(found) == ["photo 2.jpg", "photo 5.jpg", "photo 9.jpg", "renamed"]
    assert index.state(workspace).documents == 4


def test_odd_questions_get_an_answer(index: SearchIndex, workspace: WorkspaceId) -> None:
    many = tuple(f"k{n}" for n in range(10_000))
    index.apply(workspace, [a_document(an_asset(1, keywords=many, title="w" * 70_000))], [])
    long = Text(("w" * 70_000,))

    assert index.find(workspace, ask(limit=0)).cards == ()
    assert index.find(workspace, ask(limit=0)).total == 1
    assert index.find(workspace, ask(skip=10**6)).total == 1
    assert index.find(workspace, ask(long)).total == 0
    assert index.find(workspace, ask(Text(()))).total == 0
    assert index.find(workspace, ask(Text(("one",), is_phrase=True))).total == 0
    assert index.find(workspace, ask(Text(("x", ""), is_phrase=True, is_prefix=True))).total == 0
    assert index.find(workspace, ask(Term("keyword", ()))).total == 0
    assert index.find(workspace, ask(AnyOf(()))).total == 0
    assert index.find(workspace, ask(Near(90.0, 180.0, 10.0**9))).total == 0
    assert index.suggest(workspace, "nothing", "k", Ask(Everything(), ALL_SIGHT, limit=5)) == ()
    assert index.find(workspace, ask(Term("keyword", many[:5000]))).total == 1


@pytest.mark.parametrize("latitude", [0.0, 59.9, 60.5, 85.0, -89.99])
@pytest.mark.parametrize("radius_m", [500.0, 49_000.0, 400_000.0, 12_000_000.0])
def test_near_counts_exactly_what_lies_within_the_radius_also_at_poles_and_the_date_line(
    index: SearchIndex, workspace: WorkspaceId, latitude: float, radius_m: float
) -> None:
    chance = random.Random(f"{latitude} {radius_m}")
    spread = radius_m / 111_000 * 1.5
    places = [
        {
            "lat": max(-90.0, min(90.0, latitude + chance.uniform(-spread, spread))),
            "lon": (180 + chance.uniform(-spread * 3, spread * 3) + 180) % 360 - 180,
        }
        for _ in range(300)
    ]
    documents = [a_document(an_asset(number, facts={"gps": place})) for number, place in enumerate(places)]
    plain = PlainIndex()
    for one in (index, plain):
        one.apply(workspace, documents, [])
    near = ask(Near(latitude, 180.0, radius_m), limit=300)

    assert index.find(workspace, near).total == plain.find(workspace, near).total


def folded(values: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted((exact(value), count) for value, count in values)


def folded_facets(found: Found) -> dict[str, list[tuple[str, int]]]:
    return {name: folded(values) if name in SPELLED else list(values) for name, values in found.facets.items()}


def compare(index: SearchIndex, plain: PlainIndex, workspace: WorkspaceId, chance: random.Random, ids: Any) -> None:
    """One random question to both."""
    query, sight, sort = any_node(chance), any_sight(chance, ids), chance.choice(SORTS)
    other = any_node(chance)
    facets = {name: FacetAsk(chance.choice([query, other]), limit=1000) for name in FACETS}
    facets["collection"] = FacetAsk(query, frozenset(chance.sample(COLLECTIONS, 4)), 1000)
    question = ask(query, sight, sort=sort, facets=facets, limit=1000)

    found, expected = index.find(workspace, question), plain.find(workspace, question)

    assert found.total == expected.total == len(found.cards), question
    assert folded_facets(found) == folded_facets(expected), question
    by_id = {str(one.asset.id): one for one in plain.generations[workspace][-1].values()}
    assert {str(card["id"]) for card in found.cards} == {str(card["id"]) for card in expected.cards}, question
    ranks = [order(sort, query, by_id[str(card["id"])]) for card in found.cards]
    assert ranks == [order(sort, query, by_id[str(card["id"])]) for card in expected.cards], question
    skip, limit = chance.randrange(5), chance.randrange(1, 5)
    window = index.find(workspace, replace(question, skip=skip, limit=limit, facets={}))
    assert window.cards == found.cards[skip : skip + limit], question
    for field, prefix in (("keyword", "r"), ("keyword", "summer"), ("sku", "TS"), ("color", "b")):
        among = Ask(Everything(), sight, limit=1000)
        offered = index.suggest(workspace, field, prefix, among)
        assert folded(offered) == folded(plain.suggest(workspace, field, prefix, among)), (field, sight)
        assert [count for _, count in offered] == sorted((count for _, count in offered), reverse=True)


def compare_many(workspace: WorkspaceId, tmp_path: Path, seed: int, questions: int) -> None:
    chance = random.Random(seed)
    index, plain = tantivy_search(tmp_path / str(seed)), PlainIndex()
    ids = [an_asset(number).id for number in range(80)]
    for _ in range(4):
        documents = [a_document(any_asset(chance, chance.randrange(80))) for _ in range(40)]
        gone = chance.sample(ids, 5)
        unique = list({one.asset.id: one for one in documents}.values())
        for one in (index, plain):
            one.apply(workspace, unique, gone)
    assert index.find(workspace, ask(at_least=4)).generation == 4
    for _ in range(questions):
        compare(index, plain, workspace, chance, ids)


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("seed", range(2))
def test_hits_totals_facets_and_suggestions_equal_those_of_looking_at_everything(
    workspace: WorkspaceId, tmp_path: Path, seed: int
) -> None:
    compare_many(workspace, tmp_path, seed, 50)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(100, 100 + int(os.environ.get("SEARCH_LIBRARIES", "20"))))
def test_thousands_of_questions_equal_those_of_looking_at_everything(
    workspace: WorkspaceId, tmp_path: Path, seed: int
) -> None:
    compare_many(workspace, tmp_path, seed, 250)


def test_nobody_sees_anything_without_a_right(index: SearchIndex, workspace: WorkspaceId) -> None:
    index.apply(workspace, [a_document(an_asset(1, collection_ids=(ROOT,)))], [])

    assert index.find(workspace, ask(sight=Sight(Reach(), Reach(), 0))).total == 0
    assert index.find(workspace, ask(sight=Sight(EVERYTHING, EVERYTHING, 0))).total == 1


@pytest.mark.requirement("R15")
def test_of_a_shared_search_nothing_else_is_found_counted_suggested_or_ranked_by(
    index: SearchIndex, workspace: WorkspaceId
) -> None:
    blue = an_asset(1, name="dress.jpg", keywords=("blue", "dress"))
    named = an_asset(2, name="blue dress.jpg", keywords=("blue", "dress"))
    other = an_asset(3, name="dress.jpg", keywords=("blank",))
    index.apply(workspace, [a_document(one) for one in (blue, named, other)], [])
    shared = replace(ALL_SIGHT, asked=Text(("blue",)))
    facets = {"keyword": FacetAsk(Everything())}

    found = index.find(workspace, ask(sight=shared, facets=facets))
    ranked = index.find(workspace, ask(Text(("dress",)), shared, sort="relevance"))
    unbound = index.find(workspace, ask(Text(("dress",)), sort="relevance"))

    assert (found.total, found.facets["keyword"]) == (2, (("blue", 2), ("dress", 2)))
    assert index.suggest(workspace, "keyword", "bl", Ask(Everything(), shared, limit=5)) == (("blue", 2),)
    assert [one for one in names(unbound) if one in names(ranked)][: ranked.total] == names(ranked)


def a_view(chance: random.Random) -> View:
    """One of a few kinds of things, a little otherwise each time, by one of two models."""
    kind = random.Random(chance.randrange(4))
    numbers = [kind.randrange(-90, 90) + chance.randrange(-30, 30) for _ in range(128)]
    return View(chance.choice([b"\1\2\3\4", b"\5\6\7\x88"]), bytes(number % 256 for number in numbers))


def with_view(asset: Any, view: View | None) -> Document:
    """A document of an asset in whose picture a model saw that."""
    made = {"model": "m", "model_version": "", "classes": [], "view": None}
    if view is not None:
        made |= {"model_version": view.maker.hex() + "0000", "view": base64.b64encode(view.body).decode()}
    version = prints.shown_to_all(asset)
    seen = replace(asset, seen={version.id: made} if version else {})
    return Document(seen, cards.card(seen))


@pytest.mark.requirement("R59")
def test_the_nearest_views_within_sight_are_those_of_looking_at_everything(
    stack: Stack, workspace: WorkspaceId, tmp_path: Path
) -> None:
    chance, ctx = random.Random(59), wiring.context()
    ours, plain = tantivy_search(tmp_path), PlainIndex()
    assets = [any_asset(chance, number) for number in range(120)]
    documents = [with_view(one, a_view(chance)) for one in assets]
    changed = [with_view(one, a_view(chance) if chance.random() < 0.7 else None) for one in assets[:30]]
    for index in (ours, plain):
        index.build(workspace, documents[:60])
        for at in range(60, 120, 7):
            index.apply(workspace, documents[at : at + 7], [])
        index.apply(workspace, changed, [assets[40].id])

    def asked(index: SearchIndex, view: View, sight: Sight) -> list[tuple[Any, float]]:
        found = index.alike(
            workspace, view, sight, lambda near: pictures.nearest(ctx, near), at_least=0, most=200, least=0.5
        )
        return sorted((card["id"], round(cosine, 3)) for card, cosine in found)

    ids = [one.id for one in assets]
    sights = [ALL_SIGHT, *(any_sight(chance, ids) for _ in range(12))]
    questions = [(a_view(chance), sight) for sight in sights for _ in range(2)]
    told = [asked(ours, *one) for one in questions]

    assert told == [asked(plain, *one) for one in questions]
    assert sum(map(len, told)) > 50


def test_views_beside_an_index_lie_in_few_files_and_are_swept_with_their_packs(
    workspace: WorkspaceId, stack: Stack, tmp_path: Path
) -> None:
    chance, ours = random.Random(3), tantivy_search(tmp_path)
    for number in range(40):
        ours.apply(workspace, [with_view(an_asset(number), a_view(chance))], [])

    snapshot = ours._reader.newest(workspace, 40)

    assert snapshot is not None
    assert len(snapshot.manifest.views) <= 4
    assert sum(one.length for one in snapshot.manifest.views.values()) == 40 * 140
    assert not [name for name in snapshot.manifest.files if name.startswith("views")], "nobody mirrors them"


@pytest.mark.slow
@pytest.mark.requirement("R59")
def test_ten_thousand_identical_pictures_are_told_of_a_page_at_a_time(
    stack: Stack, workspace: WorkspaceId, tmp_path: Path
) -> None:
    ctx, view = wiring.context(), a_view(random.Random(1))
    ours = tantivy_search(tmp_path)
    print_ = "a5" * 32
    ours.build(workspace, (with_view(an_asset(number, facts={"phash": print_}), view) for number in range(10_000)))
    ctx = replace(ctx, search=ours)

    begun = time.process_time()
    near = ours.alike(
        workspace, view, ALL_SIGHT, lambda asked: pictures.nearest(ctx, asked), at_least=0, most=21, least=0.6
    )
    same = alike.near(ctx, workspace, print_, ALL_SIGHT, at_least=0, most_bits=prints.ALIKE)
    took_s = time.process_time() - begun

    assert [round(cosine, 3) for _, cosine in near] == [1.0] * 21
    assert [one.bits for one in same] == [0] * 200
    assert took_s < 5
