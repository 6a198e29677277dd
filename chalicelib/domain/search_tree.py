"""What a service does with the tree of a query before an index sees it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from chalicelib.domain.queries import Alike, All, AnyOf, Between, Everything, Has, Near, Node, Not, Term, Text, Withheld

Lookup = Callable[[str], Iterable[str]]
"""The values that a written one stands for: a collection's path or id gives its id and those below it."""

ANY = "*"
"""Asked of the lookup of collections for `has:collection`: every one that the caller may know of, but the root."""
_RANKED = (None, "name", "title", "description")
_NAMED_BY = {"year": "taken"}


def resolve(node: Node, lookups: Mapping[str, Lookup]) -> Node:
    """The tree with the values of each field in `lookups` replaced by what they stand for.

    A lookup answers nothing for what does not exist and for what the caller may not know of: such a term has no
    values and matches nothing, so the two cannot be told apart. Being in a collection is being in one of those.
    """
    match node:
        case Term(field, values) if field in lookups:
            found = (one for value in values for one in lookups[field](value))
            return Term(field, tuple(dict.fromkeys(found)))
        case Has("collection") if "collection" in lookups:
            return Term("collection", tuple(lookups["collection"](ANY)))
        case All(parts) | AnyOf(parts):
            return replace(node, parts=tuple(resolve(part, lookups) for part in parts))
        case Not(part):
            return Not(resolve(part, lookups))
        case _:
            return node


def usable_at(node: Node, at_s: int) -> Node:
    """The tree in which what `usable:` finds is also not kept back at this moment."""
    match node:
        case Term("usable", _):
            return All((node, Not(Withheld(at_s))))
        case All(parts) | AnyOf(parts):
            return replace(node, parts=tuple(usable_at(part, at_s) for part in parts))
        case Not(part):
            return Not(usable_at(part, at_s))
        case _:
            return node


def fields_named(node: Node) -> frozenset[str | None]:
    """The fields that the tree asks; None among them when it asks the text of all fields."""
    return frozenset(_fields(node))


def _fields(node: Node) -> Iterator[str | None]:
    match node:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _fields(part)
        case Not(part):
            yield from _fields(part)
        case Near():
            yield "near"
        case Text() | Term() | Between() | Has():
            yield node.field
        case Everything() | Withheld() | Alike():
            pass


def names_state(node: Node) -> bool:
    """Whether the query says anything of the state; otherwise only live assets are meant."""
    return "state" in fields_named(node)


def asks_words(node: Node) -> bool:
    """Whether there are words to rank by, of all texts or of a name, title or description."""
    match node:
        case Text(_, field):
            return field in _RANKED
        case All(parts) | AnyOf(parts):
            return any(asks_words(part) for part in parts)
        case _:
            return False


def without_field(node: Node, field: str) -> Node:
    """The tree without those top-level clauses that name only this field; `year` is named by `taken:`."""
    own = frozenset({_NAMED_BY.get(field, field)})
    parts = node.parts if isinstance(node, All) else (node,)
    kept = tuple(part for part in parts if fields_named(part) != own)
    if len(kept) == len(parts):
        return node
    return kept[0] if len(kept) == 1 else All(kept) if kept else Everything()
