"""Questions as Tantivy takes them: the tree of a query, and what its caller may see.

Scores are sums over the words, each the greatest of its matches: a constant for how it matched (exact above
prefix above typo, far enough apart that 32 words cannot bridge it) plus the weight of the field. Filters score nothing.
"""

from collections.abc import Callable, Iterable, Sequence

import tantivy as t

from chalicelib.adapters.search_clauses import MUST, MUST_NOT, any_of, either, everything, silent
from chalicelib.adapters.search_ranges import between
from chalicelib.adapters.search_schema import SCHEMA, number_place, number_term, text_term
from chalicelib.adapters.search_sight import sight_clauses, withheld
from chalicelib.domain.documents import EXACT, exact
from chalicelib.domain.queries import Alike, All, AnyOf, Between, Everything, Has, Near, Node, Not, Term, Text, Withheld
from chalicelib.domain.reach import Sight
from chalicelib.domain.tokens import WEIGHTS, typos

_EXACT, _PREFIX, _TYPO, _WEIGHT = 4000.0, 2000.0, 1000.0, 4.0
Resolve = Callable[[Near | Alike], t.Query]


def compiled(node: Node, sight: Sight, resolve: Resolve) -> t.Query:
    """The whole question: what is asked, and of that only what may be seen."""
    clauses = [(MUST, _node(node, resolve)), *sight_clauses(sight)]
    if sight.asked is not None:
        clauses.append((MUST, silent(_node(sight.asked, resolve))))
    return clauses[0][1] if len(clauses) == 1 else t.Query.boolean_query(clauses)


def _node(node: Node, resolve: Resolve) -> t.Query:
    match node:
        case All():
            return _all(node.parts, resolve)
        case AnyOf():
            return either([_node(part, resolve) for part in node.parts])
        case Not():
            return _all((node,), resolve)
        case Near() | Alike():
            return resolve(node)
        case _:
            return _leaf(node)


def _leaf(node: Everything | Text | Term | Between | Has | Withheld) -> t.Query:
    match node:
        case Everything():
            return everything()
        case Text():
            return _text(node)
        case Term():
            return _term(node)
        case Between():
            return between(node)
        case Has():
            return any_of("has", [node.field])
        case Withheld():
            return withheld(node.at_s)


def _all(parts: Sequence[Node], resolve: Resolve) -> t.Query:
    wanted = [(MUST, _node(part, resolve)) for part in parts if not isinstance(part, Not)]
    barred = [(MUST_NOT, _node(part.part, resolve)) for part in parts if isinstance(part, Not)]
    if len(wanted) == 1 and not barred:
        return wanted[0][1]
    return t.Query.boolean_query([*(wanted or [(MUST, everything())]), *barred])


def _text(node: Text) -> t.Query:
    fields = tuple(WEIGHTS) if node.field is None else (node.field,) if node.field in WEIGHTS else ()
    if not fields or not node.words:
        return t.Query.empty_query()
    if len(node.words) == 1:
        return _word(fields, node.words[0], is_prefix=node.is_prefix, is_strict=node.is_phrase)
    if node.is_phrase:
        score = _EXACT * len(node.words)
        return _greatest(_scored(_phrase(field, node), score, field) for field in fields)
    last = len(node.words) - 1
    return t.Query.boolean_query(
        [
            (MUST, _word(fields, word, is_prefix=node.is_prefix and place == last, is_strict=False))
            for place, word in enumerate(node.words)
        ]
    )


def _phrase(field: str, node: Text) -> t.Query:
    if node.is_prefix:
        return t.Query.regex_phrase_query(SCHEMA, f"t_{field}", [*node.words[:-1], f"{node.words[-1]}.*"])
    return t.Query.phrase_query(SCHEMA, f"t_{field}", list(node.words))


def _word(fields: Sequence[str], word: str, *, is_prefix: bool, is_strict: bool) -> t.Query:
    found = [_scored(t.Query.term_query(SCHEMA, f"t_{field}", word, "basic"), _EXACT, field) for field in fields]
    errors = 0 if is_strict or is_prefix else typos(word)
    for field in fields:
        if is_prefix:
            begun = t.Query.fuzzy_term_query(SCHEMA, f"t_{field}", word, 0, prefix=True)
            found.append(_scored(begun, _PREFIX, field))
        if errors:
            alike = t.Query.fuzzy_term_query(SCHEMA, f"t_{field}", word, errors)
            found.append(_scored(alike, _TYPO, field))
    return _greatest(found)


def _scored(query: t.Query, score: float, field: str) -> t.Query:
    return t.Query.const_score_query(query, score + _WEIGHT * WEIGHTS[field])


def _greatest(queries: Iterable[t.Query]) -> t.Query:
    every = list(queries)
    return every[0] if len(every) == 1 else t.Query.disjunction_max_query(every, 0.0)


def _term(node: Term) -> t.Query:
    values = list(dict.fromkeys(exact(value) for value in node.values))
    if node.field.startswith("custom."):
        return _custom_term(node.field.removeprefix("custom."), values)
    return any_of(f"x_{node.field}", values) if node.field in EXACT else t.Query.empty_query()


def _custom_term(name: str, values: Sequence[str]) -> t.Query:
    """A value in digits also finds the number."""
    terms = [text_term(name, value) for value in values]
    for value in values:
        if value.removeprefix("-").isascii() and value.removeprefix("-").isdigit() and len(value) < 19:
            terms.append(number_term(name, 0, number_place(int(value))))
    return any_of("custom", terms)
