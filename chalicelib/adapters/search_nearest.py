"""Which keys may be compared, and what became of those that are near: both within sight, in one generation."""

import json
from collections.abc import Mapping, Sequence

import tantivy as t

from chalicelib.adapters.search_clauses import MUST, MUST_NOT, any_of
from chalicelib.adapters.search_schema import SCHEMA
from chalicelib.domain.cards import view_check_of
from chalicelib.domain.views import Near
from chalicelib.errors import UpstreamUnavailable

MOST_HEADS = 1_000_000
"""As many as fit into one message to a function, in AWS 6 MB."""

_SHIFT = 32


def heads(searcher: t.Searcher, sight: t.Query) -> tuple[tuple[int, ...], bool]:
    """Upper halves of the keys of all that is live and seen, rising, and True; or of all that is not, and False.

    Whichever are fewer. Two keys of one head are told apart when the cards are read.

    Raises:
        UpstreamUnavailable: they are more than a message holds.
    """
    within = t.Query.boolean_query([(MUST, sight), (MUST, any_of("x_state", ["live"]))])
    seen = int(searcher.search(within, limit=1).count)  # type: ignore[attr-defined]
    documents = int(searcher.num_docs)
    is_only = 2 * seen <= documents
    wanted = within if is_only else t.Query.boolean_query([(MUST, t.Query.all_query()), (MUST_NOT, within)])
    many = seen if is_only else documents - seen
    if many > MOST_HEADS:
        raise UpstreamUnavailable("More assets are hidden than a comparison of views can leave out.")
    if many == 0:
        return (), is_only
    found = searcher.search(wanted, limit=many, count=False, order_by_field="key", order=t.Order.Asc)
    return tuple(dict.fromkeys(int(key) >> _SHIFT for key, _ in found.hits)), is_only


def cards(searcher: t.Searcher, sight: t.Query, near: Sequence[Near]) -> tuple[tuple[Mapping[str, object], float], ...]:
    """The cards of those that are live and seen, and whose view still is the one that was compared; nearest first."""
    told = []
    for one in near:
        key = t.Query.term_query(SCHEMA, "key", one.key, "basic")
        within = t.Query.boolean_query([(MUST, sight), (MUST, any_of("x_state", ["live"])), (MUST, key)])
        for _, address in searcher.search(within, limit=1, count=False).hits:
            card = json.loads(bytes(searcher.doc(address).get_first("card") or b"{}"))
            if view_check_of(card) == one.check:
                told.append((card, one.cosine))
    return tuple(told)
