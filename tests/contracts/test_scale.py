"""The index with a whole shop's library in it, built straight from the generator: exact at any size, and quick."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.search import MANAGER, W, documents, search_over
from chalicelib.domain.queries import All, Ask, Everything, FacetAsk, Term
from chalicelib.domain.reach import Reach, Sight
from infra.seed import believable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LIVE = Term("state", ("live",))
PLACES = frozenset(believable.collection_id(place) for place in range(5, 55))
QUICK_MS = 250.0
"""Far above what it takes, so that only a walk over everything, or a busy machine gone wild, passes it."""


@pytest.mark.parametrize("total", [100_000, 1_000_000], ids=["100 thousand", "1 million"])
@pytest.mark.requirement("R04")
def test_totals_and_facets_are_exact_for_everybody_in_a_large_library(tmp_path: Path, total: int) -> None:
    keywords: Counter[str] = Counter()
    live = seen = 0
    for one in believable.library(total):
        if one.state == "live":
            live += 1
            keywords.update(one.fields.keywords)
            until = one.fields.available_until
            seen += bool(PLACES.intersection(one.collection_ids)) and (until is None or until > believable.END)
    search_over(tmp_path, "writer").build(W, documents(total))
    search = search_over(tmp_path, "reader")

    everything = search.find(W, Ask(All((Everything(), LIVE)), MANAGER, facets={"keyword": FacetAsk(LIVE, limit=100)}))
    some = search.find(W, Ask(All((LIVE,)), _sight(PLACES), sort="-uploaded"))
    took = min(_took_ms(lambda: search.find(W, Ask(All((LIVE,)), _sight(PLACES)))) for _ in range(5))

    assert search.state(W).documents == total
    assert everything.total == live
    assert dict(everything.facets["keyword"]) == dict(sorted(keywords.items(), key=lambda one: (-one[1], one[0]))[:100])
    assert some.total == seen
    assert all(PLACES.intersection(card["collection_ids"]) for card in some.cards)  # type: ignore[call-overload]
    assert took < QUICK_MS


def _sight(places: frozenset[believable.CollectionId]) -> Sight:
    return Sight(Reach(allow=places), Reach(), int(believable.END.timestamp()))


def _took_ms(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return (time.process_time() - begun) * 1000
