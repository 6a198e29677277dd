"""Whatever is typed: a tree or a refusal with a place, soon; and what is written down is found again."""

import random
import string
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain.queries import All, AnyOf, Node, Not, Text
from chalicelib.domain.search import MAX_DEPTH, BadQuery, parse
from chalicelib.domain.search_signs import FIELDS
from chalicelib.domain.tokens import chunks, fold, forms, positioned, singular, whole
from tests.properties.plain_search import a_record, edits, matches

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BITS = (
    *'()"":*-\\ \\.,', "..", ">=", "<", " OR ", " AND ", " NOT ", "\u200f", "שלום", "🔥", "👩\u200d👧",
    "é", "e\u0301", "ß", "赤", "\x00",
    "\ud800", "\t", "“", "’", "red", "jeans", "TS-100", "2025-06", "7d", "5km", "48.85,2.35,", "12:30", "l'été", "IN",
    "%", "{", "[", "~", "^", "/", "custom.x:", "custom.", *(f"{name}:" for name in sorted(FIELDS)),
)  # fmt: skip
RECORD = a_record(name="red jeans TS-100.jpg", sku="TS-100", keyword=["red", "l'été"], rating=3)


def depth(node: Node) -> int:
    match node:
        case All(parts) | AnyOf(parts):
            return 1 + max(map(depth, parts), default=0)
        case Not(part):
            return 1 + depth(part)
        case _:
            return 1


def try_out(text: str) -> bool:
    """Whether it became a tree. Fails on anything but a tree or a refusal with a place in the text."""
    answer = parsed(text)
    if isinstance(answer, BadQuery):
        assert 0 <= answer.position < max(len(text), 1)
        assert answer.message
        return False
    assert depth(answer) <= 4 * MAX_DEPTH + 8
    assert matches(answer, RECORD) in (True, False)
    return True


def parsed(text: str) -> Node | BadQuery:
    try:
        return parse(text, NOW)
    except BadQuery as refusal:
        return refusal


@pytest.mark.parametrize("seed", range(4))
def test_random_texts_become_a_tree_or_a_refusal_with_its_place(seed: int) -> None:
    chance = random.Random(seed)
    begun = time.process_time()

    trees = [try_out("".join(chance.choices(BITS, k=chance.choice((2, 5, 12, 30))))) for _ in range(5_000)]

    assert 250 < sum(trees) < 4_750
    assert time.process_time() - begun < 60


@pytest.mark.parametrize("alphabet", ["()", '"\\', "-", "(-", '(":)', "a:", "OR ", "🔥(", "א)", "*", ".<>=", "\\"])
def test_2000_characters_of_anything_are_answered_in_bounded_time(alphabet: str) -> None:
    chance = random.Random(alphabet)
    begun = time.process_time()

    for length in (1_999, 2_000, 2_001, 70_000):
        try_out("".join(chance.choices(alphabet, k=length)))

    assert time.process_time() - begun < 5


@given(st.text(max_size=200))
def test_any_unicode_text_becomes_a_tree_or_a_refusal(text: str) -> None:
    try_out(text)


@given(st.text(max_size=80))
def test_folding_is_idempotent_and_blind_to_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1, max_size=60))
def test_a_document_is_found_by_its_own_text_in_quotes(text: str) -> None:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        node = parse(quoted, NOW)
    except BadQuery:
        assert len(text.split()) > 32
        return

    assert matches(node, a_record(title=text))


@given(st.lists(st.text(string.ascii_letters + "éß-_'.", min_size=1, max_size=12), min_size=1, max_size=8))
def test_a_document_is_found_by_its_own_words_in_any_order(words: list[str]) -> None:
    plain = [word.lstrip("-") for word in words if word not in ("OR", "AND", "NOT")]

    node = parse(" ".join(reversed(plain)) + " ", NOW)

    assert matches(node, a_record(description=" ".join(plain)))


@given(st.text(string.ascii_letters, min_size=1, max_size=4), st.integers(0, 10**6), st.sampled_from("-_. "))
def test_a_code_is_found_in_every_spelling_and_no_longer_one_is(letters: str, number: int, sign: str) -> None:
    spellings = [
        f"{letters}{sign}{number}",
        f"{letters}{number}",
        f"{letters.upper()}-{number}",
        f"{letters.lower()}_{number}",
    ]

    for one in spellings[1:]:
        assert whole(one) == whole(spellings[2])
        for other in spellings[1:]:
            assert matches(parse(f"sku:{one}", NOW), a_record(sku=other))
            assert matches(parse(f"{spellings[2]} ", NOW), a_record(name=f"{spellings[2]}.jpg"))
        assert not matches(parse(f"sku:{one}", NOW), a_record(sku=f"{one}0"))
        assert not matches(parse(f"sku:{one}", NOW), a_record(sku=f"{one}-red"))


@given(st.text(string.ascii_lowercase, min_size=3, max_size=10))
def test_a_word_and_its_regular_plural_find_each_other(word: str) -> None:
    if word.endswith("y") and word[-2] not in "aeiou" and len(word) > 3:
        many = f"{word[:-1]}ies"
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        many = f"{word}es"
    else:
        many = f"{word}s"
    if singular(word) in ("man", "woman", "child", "news", "person") or word.endswith("ss") or len(many) < 4:
        return

    assert forms(many)[-1] in forms(word) or word[-1] in "sxz"
    assert singular(singular(word)) == singular(word)


@given(
    st.text(string.ascii_lowercase, min_size=4, max_size=14),
    st.integers(0, 12),
    st.sampled_from(["swap", "drop", "add", "change"]),
)
def test_one_typing_error_is_forgiven(word: str, at: int, kind: str) -> None:
    at %= len(word) - 1
    typed = {
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "drop": word[:at] + word[at + 1 :],
        "add": f"{word[:at]}x{word[at:]}",
        "change": f"{word[:at]}x{word[at + 1 :]}",
    }[kind]
    if len(typed) < 4:
        return

    assert edits(typed, word) <= 1
    assert matches(Text((typed,)), a_record(title=word))
    assert not matches(Text((typed,), is_phrase=True), a_record(title=word)) or typed in [
        token for _, token in positioned(word)
    ]


def test_a_chunk_of_a_document_has_as_many_positions_as_parts() -> None:
    chance = random.Random(7)
    for _ in range(3_000):
        text = "".join(chance.choices(BITS, k=8))
        parts = [part for parts in chunks(text) for part in parts]
        positions = [position for position, _ in positioned(text)]

        assert sorted(set(positions)) == list(range(len(parts)))
        assert positions == sorted(positions)
