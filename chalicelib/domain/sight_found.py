"""Through which seen words a search has found something: the same rules as the index, for the few words of one hit."""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain import sight
from chalicelib.domain.documents import exact
from chalicelib.domain.queries import All, AnyOf, Node, Term, Text
from chalicelib.domain.tokens import tokens_of, typos

_FIELD = "auto_tag"


def through(asked: Node, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the seen words that a part of the query matches, by a name of theirs or by what else it is called.

    The asset may have been found by something else as well. What the query leaves out counts nothing.
    """
    seen = tuple(names)
    parts = list(_asking(asked)) if seen else []
    return tuple(one for one in seen if any(_matches(part, one) for part in parts))


def _asking(node: Node) -> Iterator[Text | Term]:
    match node:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _asking(part)
        case Text(_, field) if field in (None, _FIELD):
            yield node
        case Term(field, _) if field == _FIELD:
            yield node
        case _:
            return


def _matches(part: Text | Term, name: str) -> bool:
    if isinstance(part, Term):
        return exact(name) in {exact(value) for value in part.values}
    return any(_has(tokens_of(_FIELD, text), part) for text in (name, *sight.others_of(name)))


def _has(tokens: Sequence[tuple[int, str]], part: Text) -> bool:
    if not part.is_phrase or len(part.words) == 1:
        errors = 0 if part.is_phrase or part.is_prefix else None
        return any(_is_like(token, word, part, errors) for _, token in tokens for word in part.words)
    held, last = set(tokens), len(part.words) - 1
    return any(
        all((at + place, word) in held for place, word in enumerate(part.words[:last]))
        and any(place == at + last and _begins(token, part.words[last], part) for place, token in tokens)
        for at, _ in tokens
    )


def _begins(token: str, word: str, part: Text) -> bool:
    return token.startswith(word) if part.is_prefix else token == word


def _is_like(token: str, word: str, part: Text, errors: int | None) -> bool:
    return _begins(token, word, part) or _edits(token, word) <= (typos(word) if errors is None else errors)


def _edits(one: str, other: str) -> int:
    """Letters too many, missing, wrong or swapped with a neighbour; 3 for more than two."""
    if abs(len(one) - len(other)) > 2:
        return 3
    rows = [list(range(len(other) + 1))]
    for i, sign in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (sign != theirs))
            is_swap = i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == theirs
            row.append(min(cost, rows[-2][j - 2] + 1) if is_swap else cost)
        rows.append(row)
    return min(rows[-1][-1], 3)
