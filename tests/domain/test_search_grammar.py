"""What a query text becomes, and what it is refused for."""

import time
from datetime import UTC, datetime

import pytest

from chalicelib.domain.queries import All, AnyOf, Between, Everything, Has, Near, Node, Not, Term, Text
from chalicelib.domain.search import BadQuery, parse
from chalicelib.errors import InvalidInput

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RED, BIG = Text(("red",)), Text(("big",))


def seconds(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", Everything()),
        (" \t\n ", Everything()),
        ("red ", RED),
        ("red big ", All((RED, BIG))),
        ("red AND big ", All((RED, BIG))),
        ("red OR big ", AnyOf((RED, BIG))),
        ("red big OR red ", AnyOf((All((RED, BIG)), RED))),
        ("(red OR big) red ", All((AnyOf((RED, BIG)), RED))),
        ("-red", Not(RED)),
        ("NOT red", Not(RED)),
        ("NOT -red ", RED),
        ("((((red))))", RED),
        ("()", Everything()),
        ("red () ", RED),
        ("red", AnyOf((RED, Text(("red",), is_prefix=True)))),
        ("big red*", All((BIG, Text(("red",), is_prefix=True)))),
        ('"red big"', Text(("red", "big"), is_phrase=True)),
        ('"Red-Big"*', Text(("red", "big"), is_phrase=True, is_prefix=True)),
        ("“red big”", Text(("red", "big"), is_phrase=True)),
        ("jeans ", AnyOf((Text(("jeans",)), Text(("jean",), is_phrase=True)))),
        ("ts-100 ", AnyOf((Text(("ts", "100"), is_phrase=True), Text(("ts100",))))),
        ("title:red", Text(("red",), "title")),
        ("Title:red", Text(("red",), "title")),
        ("sku:TS-100", Text(("=ts100",), "sku", is_phrase=True)),
        ("keyword:Été", Term("keyword", ("ete",))),
        ("keyword:a,b", Term("keyword", ("a", "b"))),
        ('keyword:"a, b"', Term("keyword", ("a, b",))),
        ("keyword:(a OR b)", AnyOf((Term("keyword", ("a",)), Term("keyword", ("b",))))),
        ('collection:"Summer 26/Été"', Term("collection", ("Summer 26/Été",))),
        ("collection:a,b", Term("collection", ("a,b",))),
        ("state:*", Has("state")),
        ("has:sku", Has("sku")),
        ("missing:gps", Not(Has("near"))),
        ("has:custom.Fabric", Has("custom.Fabric")),
        ("custom.Fabric:Linen", Term("custom.Fabric", ("linen",))),
        ("custom.price:>=10", Between("custom.price", 10, None)),
        ('custom.note:"1..2"', Term("custom.note", ("1..2",))),
        ("rating:3", Between("rating", 3, 3)),
        ("rating:3.5..", Between("rating", 4, None)),
        ("rating:>3.5", Between("rating", 4, None)),
        ("width:<2000", Between("width", None, 1999)),
        ("size:>2MB", Between("size", 2_000_001, None)),
        ("size:1.5KiB..2kB", Between("size", 1536, 2000)),
        ("taken:2024-02", Between("taken", seconds(2024, 2, 1), seconds(2024, 2, 29, 23, 59, 59))),
        ("taken:2025-06-03T14:30", Between("taken", seconds(2025, 6, 3, 14, 30), seconds(2025, 6, 3, 14, 30, 59))),
        ("taken:>2025", Between("taken", seconds(2026, 1, 1), None)),
        ("taken:<=2025", Between("taken", None, seconds(2025, 12, 31, 23, 59, 59))),
        ("taken:9999", Between("taken", seconds(9999, 1, 1), seconds(9999, 12, 31, 23, 59, 59))),
        ("changed:today", Between("changed", seconds(2026, 11, 24), seconds(2026, 11, 24, 23, 59, 59))),
        ("uploaded:7d", Between("uploaded", seconds(2026, 11, 17, 12), None)),
        ("uploaded:30d..7d", Between("uploaded", seconds(2026, 10, 25, 12), seconds(2026, 11, 17, 12))),
        ("near:-33.9,18.4,5km", Near(-33.9, 18.4, 5000.0)),
        ('near:"48.85, 2.35, 1mi"', Near(48.85, 2.35, 1609.344)),
    ],
)
def test_a_text_becomes_this_tree(text: str, node: Node) -> None:
    assert parse(text, NOW) == node


@pytest.mark.parametrize(
    "text", ["12:30 ", "http://x.example ", "C:\\temp ", "foo:bar ", "l'été ", "{a} [b] ~ ^ ", "a\\:b "]
)
def test_what_looks_like_syntax_elsewhere_is_plain_text_here(text: str) -> None:
    assert parse(text, NOW) != Everything()


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("x" * 2001, 2000), ("x" * 70_000, 2000), ("(" * 2000, 200), ("(" * 21 + "a", 20),
        (")" * 99, 0), ('"' * 9, 8), ('a "b', 2),
        ("a (b", 2), ("a b)", 3), ("OR", 0), ("a OR", 2), ("a AND", 2), ("a OR OR b", 2), ("AND a", 0), ("NOT", 0),
        ("a NOT OR b", 2), ("title:", 0), ("a title: b", 2), ("title:!!!", 6), ("keyword:()", 8),
        ("keyword:(a title:b)", 11), ("rating:5..3", 7), ("rating:x", 7), ("rating:..", 7), ("taken:2025-13", 6),
        ("taken:2026..2025", 6), ("taken:0000", 6), ("taken:2025-00", 6), ("uploaded:1d..2d", 9), ("size:2mb..1mb", 5),
        ("size:2PB", 5), ("width:>", 6), ("near:1,2", 5), ("near:91,0,1km", 5), ("near:1,2,0m", 5), ("has:", 0),
        ("has:everything", 4), ("missing:custom.", 8), ("state:gone", 6), ("approval:yes", 9), ("type:png", 5),
        ("b*na", 1), ("*na", 0), ("a*", 0), ("sku:-", 4), ("format:jp*", 7), ("keyword:,", 8), ("custom.p:>1.5", 9),
        ("rating:٣", 7), ("a " * 33, 64), ("(a) " * 80, 129),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_understood_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(BadQuery) as refused:
        parse(text, NOW)

    assert isinstance(refused.value, InvalidInput)
    assert (refused.value.code, refused.value.position) == ("bad_query", position)
    assert refused.value.extra == {"position": position}
    assert refused.value.message[0].isupper() or refused.value.message.partition(":")[0] in text.lower()


def test_brackets_may_be_20_deep() -> None:
    assert parse("(" * 20 + "red" + ")" * 20, NOW) == RED


def test_2000_minus_signs_cost_nothing() -> None:
    begun = time.process_time()

    with pytest.raises(BadQuery):
        parse("-" * 1999 + "a", NOW)

    assert parse("-" * 100 + "red", NOW) == RED
    assert time.process_time() - begun < 1


def test_only_the_unfinished_last_word_may_go_on() -> None:
    open_words = [
        any(isinstance(part, Text) and part.is_prefix for part in getattr(parse(text, NOW), "parts", ()))
        for text in ("red", "red ", "-red", "(red)", '"red"', "ts-100", "2041", "title:red", "r")
    ]

    assert open_words == [True] + [False] * 8
