"""Nobody finds, counts, or is offered more or less than they may view: random shops against brute force.

Collections, assets and grants are rows written through the models; each caller is one that signs in by a key. What may
be seen is asked of `authorize`, asset by asset; what matches is asked of the plain evaluation of the grammar.
"""

import random
from collections import Counter
from dataclasses import dataclass, replace

import pytest

from chalicelib.domain.access import ALL, Grant, Right, mask
from chalicelib.domain.assets import Asset
from chalicelib.domain.collections import Collection
from chalicelib.domain.documents import SPELLED, content, exact
from chalicelib.domain.ids import ROOT, AssetId, CollectionId
from chalicelib.domain.queries import All, Node, Term
from chalicelib.domain.search import BadQuery, parse
from chalicelib.domain.search_tree import names_state, resolve, without_field
from chalicelib.errors import NotAllowed, NotFound
from chalicelib.models import assets, base, collections, workspaces
from chalicelib.services import access, indexing, search, signing, suggestions
from chalicelib.services.search import Request
from chalicelib.services.signing import Caller
from tests.builders import Shop, a_shop
from tests.libraries import WORDS, any_asset
from tests.principals import a_key
from tests.properties.plain_search import matches

COLLECTIONS, ASSETS, CALLERS, QUERIES = 12, 60, 8, 30
FACETS = ("collection", "keyword", "format", "state", "approval")
PIECES = (
    *WORDS, "keyword:red", "-keyword:blue", "sku:TS-100", "rating:>=2", "approval:approved", "has:keyword",
    "missing:sku", "missing:collection", "state:archived", "format:jpeg", "red*", '"red jeans"', "(red OR blue)",
    "taken:2025", "uploaded:2d",
)  # fmt: skip


@dataclass(frozen=True)
class Library:
    """A shop with all that is in it."""

    shop: Shop
    collections: list[CollectionId]
    assets: list[Asset]


def a_library(chance: random.Random) -> Library:
    """A random shop: a nested tree with something in the trash, and assets in one to three collections."""
    shop = a_shop()
    places: list[CollectionId] = [ROOT]
    for number in range(COLLECTIONS):
        one = CollectionId(shop.ctx.new_id())
        is_gone = chance.random() < 0.1
        row = Collection(one, f"c{number}", chance.choice(places), revision=1, created_at=shop.ctx.now(),
                         state="trashed" if is_gone else "live", trash_id="t" if is_gone else None)  # fmt: skip
        base.transact([collections.add(shop.workspace, row)])
        places.append(one)
    base.transact([workspaces.raise_epoch(shop.workspace)])
    made = []
    for number in range(ASSETS):
        drawn = any_asset(chance, number)
        homes = tuple(chance.sample(places, chance.choice([1, 1, 1, 2, 3])))
        homes = (*homes, ROOT) if drawn.state == "trashed" and ROOT not in homes else homes
        made.append(replace(drawn, id=AssetId(shop.ctx.new_id()), collection_ids=homes))
    for one_asset in made:
        base.transact([assets.add(shop.workspace, one_asset)])
    shop.ctx.search.build(shop.workspace, (indexing.document(one, ()) for one in made))
    return Library(shop, places, made)


def a_caller(chance: random.Random, library: Library) -> Caller:
    """Somebody with random grants on collections, assets and the whole library, perhaps by a limited key."""

    def rights() -> int:
        return mask(chance.sample(list(Right), chance.choice([1, 2, 4]))) if chance.random() < 0.8 else ALL

    given = [
        Grant(
            collection_id=chance.choice([None, *library.collections[1:]]),
            allow=rights() if chance.random() < 0.8 else 0,
            deny=rights() if chance.random() < 0.25 else 0,
        )
        for _ in range(chance.choice([0, 1, 2, 4]))
    ]
    given += [
        Grant(asset_id=chance.choice(library.assets).id, allow=rights(), deny=rights() if chance.random() < 0.5 else 0)
        for _ in range(chance.choice([0, 0, 3]))
    ]
    distinct = {(one.collection_id, one.asset_id): one for one in given}
    limits: dict[str, list[str]] = {}
    if chance.random() < 0.25:
        limits["collection_ids"] = [str(one) for one in chance.sample(library.collections, 2)]
    if chance.random() < 0.2:
        limits["rights"] = ["view", "download"]
    key = a_key(library.shop, *distinct.values(), limits=limits)
    return signing.caller_of(library.shop.ctx, key, None)


def may_view(library: Library, caller: Caller, asset: Asset) -> bool:
    """What `authorize` says of reading it; with all of its collections in the trash nobody finds it."""
    if not any(caller.tree.is_live(one) for one in asset.collection_ids):
        return False
    try:
        access.asset(library.shop.ctx, caller, asset.id, Right.VIEW)
    except (NotFound, NotAllowed):
        return False
    return True


def expected(library: Library, seen: list[Asset], node: Node) -> list[Asset]:
    return [one for one in seen if matches(node, content(one))]


def _compared(name: str, value: str) -> str:
    return exact(value) if name in SPELLED else value


def check(library: Library, caller: Caller, seen: list[Asset], text: str) -> None:
    ctx = library.shop.ctx
    try:
        asked = resolve(parse(text, ctx.now()), {"collection": search.within(caller)})
    except BadQuery:
        return
    live = Term("state", ("live",))
    wanted = asked if names_state(asked) else All((asked, live))

    found = search.find(ctx, caller, Request(text, limit=200, facets=FACETS))

    hits = expected(library, seen, wanted)
    assert {one.id for one in found.assets} == {one.id for one in hits}, text
    assert found.total == len(hits), text
    for name in FACETS:
        others = without_field(asked, name)
        counted = others if name == "state" or names_state(asked) else All((others, live))
        among = expected(library, seen, counted)
        values = Counter(value for one in among for value in content(one).exact.get(name, ()))
        if name == "collection":
            visible = {str(one) for one in caller.tree.living if caller.access.on_collection(one) & Right.SEE.bit}
            values = Counter({value: number for value, number in values.items() if value in visible})
        assert {_compared(name, one.value): one.count for one in found.facets[name]} == dict(values), (text, name)


@pytest.mark.requirement("RA6")
@pytest.mark.requirement("R17")
@pytest.mark.parametrize("seed", range(4))
def test_search_gives_everybody_exactly_what_they_may_view(stack: object, seed: int) -> None:
    chance = random.Random(seed)
    library = a_library(chance)

    for _ in range(CALLERS):
        caller = a_caller(chance, library)
        seen = [one for one in library.assets if may_view(library, caller, one)]
        for _ in range(QUERIES):
            check(library, caller, seen, " ".join(chance.sample(PIECES, chance.choice([0, 1, 1, 2, 3]))) + " ")
        for place in library.collections[1:4]:
            check(library, caller, seen, f"collection:{place} ")
        words = Counter(value for one in expected(library, seen, Term("state", ("live",)))
                        for value in content(one).exact.get("keyword", ()) if value.startswith("r"))  # fmt: skip
        offers = suggestions.suggest(library.shop.ctx, caller, "r", 50)
        assert {exact(one.text): one.count for one in offers if one.kind == "keyword"} == dict(words)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_search_gives_everybody_exactly_what_they_may_view_in_many_shops(stack: object, seed: int) -> None:
    test_search_gives_everybody_exactly_what_they_may_view(stack, seed)
