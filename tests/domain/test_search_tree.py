"""What a service does with a tree: ids for names, the state it names, what a facet leaves out."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.queries import All, AnyOf, Everything, Not, Term
from chalicelib.domain.search import parse
from chalicelib.domain.search_tree import asks_words, fields_named, names_state, resolve, without_field

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def lookup(name: str) -> tuple[str, ...]:
    return {"Spring": ("c1", "c2"), "Front": ("c2",)}.get(name, ())


def test_a_collection_becomes_its_id_and_those_below() -> None:
    tree = parse("red (collection:Spring OR -collection:Front) ", NOW)

    found = resolve(tree, {"collection": lookup})

    assert isinstance(found, All)
    assert found.parts[1] == AnyOf((Term("collection", ("c1", "c2")), Not(Term("collection", ("c2",)))))


@pytest.mark.requirement("R18")
def test_a_hidden_collection_and_one_that_does_not_exist_become_the_same() -> None:
    hidden, unknown = (resolve(parse(f"collection:{name}", NOW), {"collection": lookup}) for name in ("Hidden", "Nope"))

    assert hidden == unknown == Term("collection", ())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("red", False),
        ("state:trashed", True),
        ("red -state:archived", True),
        ("(a OR state:*)", True),
        ('"state"', False),
    ],
)
def test_a_query_names_the_state_wherever_it_stands(text: str, named: bool) -> None:
    assert names_state(parse(text, NOW)) is named


@pytest.mark.parametrize(
    ("text", "field", "left"),
    [
        ("red keyword:a ", "keyword", "red "),
        ("red (keyword:a OR keyword:b) ", "keyword", "red "),
        ("red keyword:a,b -keyword:c ", "keyword", "red "),
        ("keyword:a", "keyword", ""),
        ("red (keyword:a OR color:b) ", "keyword", "red (keyword:a OR color:b) "),
        ("red (keyword:a color:b) ", "keyword", "red (keyword:a color:b) "),
        ("red keyword:a color:b ", "keyword", "red color:b "),
        ("red OR keyword:a", "keyword", "red OR keyword:a"),
        ("red taken:2025 ", "year", "red "),
        ("red keyword:a ", "color", "red keyword:a "),
    ],
)
def test_a_facet_leaves_out_the_clauses_that_name_only_its_field(text: str, field: str, left: str) -> None:
    assert without_field(parse(text, NOW), field) == parse(left, NOW)


def test_a_facet_leaves_out_its_field_after_names_became_ids_too() -> None:
    tree = resolve(parse("collection:Nope", NOW), {"collection": lookup})

    assert without_field(tree, "collection") == Everything()


@pytest.mark.parametrize(
    ("text", "ranked"), [("red", True), ("title:red", True), ("keyword:red", False), ("sku:a1", False), ("-red", False)]
)
def test_words_are_what_a_result_is_ranked_by(text: str, ranked: bool) -> None:
    assert asks_words(parse(text, NOW)) is ranked


def test_every_kind_of_clause_names_its_field() -> None:
    tree = parse("red near:1,2,3km has:sku rating:1..2 -(type:image title:x)", NOW)

    assert fields_named(tree) == {None, "near", "sku", "rating", "type", "title"}
