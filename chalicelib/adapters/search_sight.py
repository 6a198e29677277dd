"""What a caller may see, as clauses of every question; the same rules as `Access.on_asset`."""

from functools import lru_cache

import tantivy as t

from chalicelib.adapters.search_clauses import MUST, MUST_NOT, any_of, either, everything, silent, span
from chalicelib.adapters.search_schema import GUARDED, WITHHELD
from chalicelib.domain.reach import Reach, Sight

Clause = tuple[t.Occur, t.Query]


def sight_clauses(sight: Sight) -> list[Clause]:
    """Clauses that leave only what may be seen; none for those who see everything."""
    clauses = [clause for reach in (sight.view, *sight.also) for clause in _reach(reach)]
    if not sight.edit.is_everything:
        may_edit = t.Query.boolean_query([(MUST, everything()), *_reach(sight.edit)])
        kept_back = t.Query.boolean_query([(MUST, withheld(sight.now_s)), (MUST_NOT, may_edit)])
        clauses.append((MUST_NOT, kept_back))
    if sight.hidden:
        clauses.append((MUST_NOT, any_of("id", sorted(sight.hidden))))
    return clauses


@lru_cache(maxsize=256)
def _reach(reach: Reach) -> tuple[Clause, ...]:
    """Clauses of `Reach`; the same rules as `Access.on_asset`."""
    clauses: list[Clause] = []
    if reach.only is not None:
        clauses.append((MUST, any_of("id", sorted(reach.only))))
    if reach.inside is not None:
        clauses.append((MUST, any_of("x_collection", sorted(reach.inside))))
    by_place: list[Clause] = []
    if reach.allow is not None:
        by_place.append((MUST, any_of("x_collection", sorted(reach.allow))))
    if reach.deny:
        by_place.append((MUST_NOT, any_of("x_collection", sorted(reach.deny))))
    if reach.own_allow and by_place:
        if reach.allow is None:
            by_place.insert(0, (MUST, everything()))
        own = any_of("id", sorted(reach.own_allow))
        clauses.append((MUST, silent(either([t.Query.boolean_query(by_place), own]))))
    else:
        clauses += by_place
    if reach.own_deny:
        clauses.append((MUST_NOT, any_of("id", sorted(reach.own_deny))))
    return tuple(clauses)


def withheld(now_s: int) -> t.Query:
    """Out of its dates, or under a restriction that has begun and not ended."""
    available_from, available_until, restricted_from, restricted_until = WITHHELD
    integer = t.FieldType.Integer
    restricted = t.Query.boolean_query(
        [
            (MUST, span(restricted_from, integer, None, now_s)),
            (MUST, span(restricted_until, integer, now_s + 1, None)),
        ]
    )
    is_out = either(
        [span(available_from, integer, now_s + 1, None), span(available_until, integer, None, now_s), restricted]
    )
    return t.Query.boolean_query([(MUST, any_of("flag", [GUARDED])), (MUST, is_out)])
