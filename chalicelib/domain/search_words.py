"""Words and phrases of a query as the nodes that find them."""

from chalicelib.domain.queries import All, AnyOf, Node, Text
from chalicelib.domain.search_signs import BadQuery, Sign
from chalicelib.domain.tokens import MAX_TOKEN, chunks, singular

MIN_BEGINNING = 2
"""Letters that must stand before a star."""

_MAX_PARTS = 200


def text_node(sign: Sign, field: str | None = None, *, is_typing: bool = False) -> Node | None:
    """What a word or phrase asks of a field, None of all fields; None when it has no letter, digit or emoji.

    `is_typing`: the word may be unfinished, so words that begin so are found as well, after those that match.

    Raises:
        BadQuery: a beginning of one letter, or a text of over 200 parts.
    """
    found = chunks(sign.text)
    if not found:
        if sign.is_open and sign.text.strip():
            raise BadQuery(sign.position, "A star needs at least two letters before it.")
        return None
    if sum(map(len, found)) > _MAX_PARTS:
        raise BadQuery(sign.position, f"This is more than {_MAX_PARTS} words.")
    ending = found[-1]
    if sign.is_open and _is_short(ending[-1]) and (len(ending) == 1 or sign.kind == "quoted"):
        raise BadQuery(sign.position, "A star needs at least two letters before it.")
    if sign.kind == "quoted":
        return Text(tuple(part for parts in found for part in parts), field, is_phrase=True, is_prefix=sign.is_open)
    last = len(found) - 1
    nodes = [
        _chunk(parts, field, sign.is_open and place == last, is_typing and place == last)
        for place, parts in enumerate(found)
    ]
    return nodes[0] if len(nodes) == 1 else All(tuple(nodes))


def _is_short(word: str) -> bool:
    return len(word) < MIN_BEGINNING and word.isascii()


def _chunk(parts: tuple[str, ...], field: str | None, is_open: bool, is_typing: bool) -> Node:
    """A chunk of several parts is found as they stand side by side, or written as one."""
    if len(parts) == 1:
        return _either(_word(parts[0], field, is_open, is_typing))
    joined = "".join(parts)[:MAX_TOKEN]
    written_as_one = _word(joined, field, is_open, False)
    if is_open and _is_short(parts[-1]):
        return _either(written_as_one)
    return _either([Text(parts, field, is_phrase=True, is_prefix=is_open), *written_as_one])


def _word(word: str, field: str | None, is_open: bool, is_typing: bool) -> list[Text]:
    """As typed (with typos), by what it shares with its singular or plural, and as a beginning."""
    if is_open:
        return [Text((word,), field, is_prefix=True)]
    stem = singular(word)
    found = [Text((word,), field)]
    if stem != word:
        found.append(Text((stem,), field, is_phrase=True))
    if is_typing and len(word) >= MIN_BEGINNING and word.isalpha():
        found.append(Text((word,), field, is_prefix=True))
    return found


def _either(nodes: list[Text]) -> Node:
    return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))
