"""Pictures whose prints have bands in common, most in common first."""

import tantivy as t

from chalicelib.adapters.search_clauses import SHOULD
from chalicelib.adapters.search_schema import SCHEMA
from chalicelib.domain.queries import Alike

_COMMON, _PART = 1_000, 100
_FEWEST = 8


def alike(searcher: t.Searcher, node: Alike) -> t.Query:
    """Documents with at least so many of the bands; each counts one.

    Bands that more than 1,000 documents and more than one in a hundred have say little and cost much: they are passed
    over, but for the eight rarest.
    """
    by_rarity = sorted((int(searcher.doc_freq("band", band)), band) for band in node.bands)
    most = max(_COMMON, int(searcher.num_docs) // _PART)
    kept = [band for place, (count, band) in enumerate(by_rarity) if count <= most or place < _FEWEST]
    if not kept:
        return t.Query.empty_query()
    terms = (t.Query.term_query(SCHEMA, "band", band, "basic") for band in kept)
    clauses = [(SHOULD, t.Query.const_score_query(term, 1.0)) for term in terms]
    return t.Query.boolean_query(clauses, minimum_number_should_match=node.at_least)
