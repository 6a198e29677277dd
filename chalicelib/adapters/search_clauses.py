"""Clauses that filter: they match and score nothing."""

from collections.abc import Sequence
from typing import Any

import tantivy as t

from chalicelib.adapters.search_schema import SCHEMA

MUST, SHOULD, MUST_NOT = t.Occur.Must, t.Occur.Should, t.Occur.MustNot
_MOST_CLAUSES = 100
"""More values than this are looked up as a set instead of one by one."""


def any_of(field: str, values: Sequence[Any]) -> t.Query:
    """The field has one of these values; scores nothing. No values match nothing."""
    if not values:
        return t.Query.empty_query()
    if len(values) == 1:
        return silent(t.Query.term_query(SCHEMA, field, values[0], "basic"))
    if len(values) > _MOST_CLAUSES:
        return silent(t.Query.term_set_query(SCHEMA, field, values))
    return silent(t.Query.boolean_query([(SHOULD, t.Query.term_query(SCHEMA, field, one, "basic")) for one in values]))


def span(field: str, kind: t.FieldType, low: float | None, high: float | None) -> t.Query:
    """The number of a field lies within, both ends included; scores nothing."""
    return silent(t.Query.range_query(SCHEMA, field, kind, low, high))


def silent(query: t.Query) -> t.Query:
    """The same matches, without a score."""
    return t.Query.const_score_query(query, 0.0)


def everything() -> t.Query:
    """Every document."""
    return silent(t.Query.all_query())


def either(queries: Sequence[t.Query]) -> t.Query:
    """At least one matches; none match nothing. Scores add up."""
    if not queries:
        return t.Query.empty_query()
    return queries[0] if len(queries) == 1 else t.Query.boolean_query([(SHOULD, one) for one in queries])
