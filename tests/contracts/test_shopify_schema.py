"""Every operation of ours against the vendor's own schema, of which the committed file is the part we use."""

import pytest
from graphql import GraphQLSchema, NoDeprecatedCustomRule, build_schema, parse, validate

from chalicelib.adapters import shopify_operations as operations
from standins.shopify import prune


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(prune.SCHEMA.read_text(), assume_valid=True)


@pytest.mark.parametrize(
    "text", prune.operations(), ids=lambda text: text.split("(")[0].split("{")[0].strip() or "bulk"
)
def test_every_operation_is_valid_and_uses_nothing_deprecated(schema: GraphQLSchema, text: str) -> None:
    document = parse(text)

    assert validate(schema, document) == []
    assert validate(schema, document, [NoDeprecatedCustomRule]) == []


def test_the_schema_is_sound_and_would_refuse_what_the_vendor_refuses(schema: GraphQLSchema) -> None:
    assert schema.query_type is not None
    assert schema.query_type.name == "QueryRoot"
    assert validate(schema, parse("{ product(id: 1) { nope } }"))
    assert validate(schema, parse("mutation { fileUpdate(files: [{alt: 3}]) { files { id } } }"))


def test_nothing_we_ask_for_deletes_what_is_not_listed() -> None:
    """`productSet` takes media away that are not named; only the merchant of the stand-in may ask for it."""
    for text in (*operations.READS, *operations.WRITES):
        assert "productSet" not in text
