"""The query grammar: a text becomes a tree.

    query = all {"OR" all}
    all   = unit {["AND"] unit}
    unit  = ("NOT" | "-") unit | "(" query ")" | field ":" value | '"' phrase '"' | word
    value = word | '"' phrase '"' | "(" query of values ")"

Words without a letter, digit or emoji ask nothing and are passed over. `docs/search.md` says it for people.
"""

from datetime import datetime

from chalicelib.domain.queries import All, AnyOf, Everything, Node, Not
from chalicelib.domain.search_signs import BadQuery, Sign, read_signs
from chalicelib.domain.search_values import field_node
from chalicelib.domain.search_words import text_node

__all__ = ["MAX_DEPTH", "BadQuery", "parse"]

MAX_DEPTH = 20
_NEEDS_MORE = {"or", "and", "close", "end"}


def parse(text: str, now: datetime) -> Node:
    """The tree of a query text; a text that asks nothing is `Everything`.

    A last word of letters right at the end of the text, outside brackets, may be unfinished: it also finds what
    begins so. `now` is what `today` and `7d` are counted from.

    Raises:
        BadQuery: the text cannot be understood; `position` says where.
    """
    reader = _Reader(read_signs(text), now)
    node = reader.query(0, None)
    if reader.next.kind == "close":
        raise BadQuery(reader.next.position, "This bracket was never opened.")
    return Everything() if node is None else node


class _Reader:
    """Goes through the signs once; each method takes what it names and leaves the next sign in `next`."""

    def __init__(self, signs: list[Sign], now: datetime) -> None:
        self._signs, self._at, self._now = signs, 0, now

    @property
    def next(self) -> Sign:
        return self._signs[self._at]

    def _take(self) -> Sign:
        self._at += 1
        return self._signs[self._at - 1]

    def query(self, depth: int, field: str | None) -> Node | None:
        parts = [self._all(depth, field)]
        while self.next.kind == "or":
            sign = self._take()
            if self.next.kind in _NEEDS_MORE:
                raise BadQuery(sign.position, 'OR stands between two words. Write "OR" to search for the word.')
            parts.append(self._all(depth, field))
        nodes = [part for part in parts if part is not None]
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes)) if nodes else None

    def _all(self, depth: int, field: str | None) -> Node | None:
        if self.next.kind in ("or", "and"):
            word = self.next.text
            raise BadQuery(self.next.position, f'{word} stands between two words. Write "{word}" to search for it.')
        nodes: list[Node] = []
        while self.next.kind not in ("or", "close", "end"):
            if self.next.kind == "and":
                sign = self._take()
                if self.next.kind in _NEEDS_MORE:
                    raise BadQuery(sign.position, 'AND stands between two words. Write "AND" to search for the word.')
            node = self._unit(depth, field)
            if node is not None:
                nodes.append(node)
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes)) if nodes else None

    def _unit(self, depth: int, field: str | None) -> Node | None:
        negations, sign = 0, self.next
        while self.next.kind in ("not", "minus"):
            negations, sign = negations + 1, self._take()
            if self.next.kind in _NEEDS_MORE:
                raise BadQuery(sign.position, "NOT and - say what to leave out; here nothing follows.")
        node = self._plain_unit(depth, field, is_typing=depth == 0 and negations == 0)
        return Not(node) if node is not None and negations % 2 else node

    def _plain_unit(self, depth: int, field: str | None, *, is_typing: bool) -> Node | None:
        sign = self._take()
        if sign.kind == "open":
            return self._bracket(sign, depth, field)
        if sign.kind == "field":
            if field is not None:
                raise BadQuery(sign.position, f"Inside the brackets of {field}: only its values can stand.")
            return self._field(sign, depth)
        if field is not None:
            return field_node(field, sign, self._now)
        return text_node(sign, is_typing=is_typing and sign.is_last)

    def _bracket(self, sign: Sign, depth: int, field: str | None) -> Node | None:
        if depth == MAX_DEPTH:
            raise BadQuery(sign.position, f"Brackets can be {MAX_DEPTH} deep at most.")
        node = self.query(depth + 1, field)
        if self._take().kind != "close":
            self._at -= 1
            raise BadQuery(sign.position, "This bracket is never closed.")
        return node

    def _field(self, sign: Sign, depth: int) -> Node | None:
        name = sign.text.lower()
        if name.startswith("custom."):
            name = f"custom.{sign.text[len('custom.') :]}"
        value = self.next
        if not value.is_value:
            field_node(name, Sign("word", "", sign.position), self._now)
        self._take()
        if value.kind == "open":
            node = self._bracket(value, depth, name)
            if node is None:
                raise BadQuery(value.position, f"{name}: needs a value inside the brackets.")
            return node
        if value.kind not in ("word", "quoted"):
            field_node(name, Sign("word", "", sign.position), self._now)
        return field_node(name, value, self._now)
