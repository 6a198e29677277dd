"""Every answer of the stand-in of Shopify obeys the vendor's schema, whatever the schema lets one ask."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis_graphql
import pytest
import requests
from graphql import (
    OperationDefinitionNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)
from hypothesis import HealthCheck, given, settings, strategies as st

from chalicelib.adapters import shopify_operations as operations
from standins.shopify import contract, prune
from tests.stores import Counter, a_counter, picture

LAWS = {
    "ID": re.compile(r"gid://shopify/[A-Za-z]+/\d+"), "URL": re.compile(r"https?://\S+"),
    "UnsignedInt64": re.compile(r"\d+"),
}  # fmt: skip
KNOWN = {"BAD_REQUEST", "MAX_COST_EXCEEDED", "MAX_INPUT_SIZE_EXCEEDED", "INVALID_VARIABLE", "undefinedField"}


SCALARS = {name: st.just(StringValueNode(value="1")) for name in ("DateTime", "Decimal", "Money", "UnsignedInt64")} | {
    "URL": st.just(StringValueNode(value="https://example.test/a.jpg"))
}


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """A shop with a product, two pictures and everything else there can be."""
    with a_counter(Path(tmp_path_factory.mktemp("shop"))) as found:
        product, variants = found.product("A-1", "A-2")
        file_id = found.file("a.jpg", picture(), product)
        found.data(operations.VARIANT_IMAGES, productId=product, variants=[{"id": variants[0], "mediaId": file_id}])
        found.create("b.jpg", b"no picture")
        found.data(operations.BULK_RUN, query=operations.BULK_CATALOGUE)
        found.wait(60)
        yield found


def broken(text: str, data: Any) -> list[str]:
    """Scalars in an answer that are not written as the vendor writes them."""
    found: list[str] = []
    info = TypeInfo(contract.schema())
    places: list[list[Any]] = [[data]]

    class Walk(Visitor):
        def enter_field(self, node: Any, *_: Any) -> None:
            key = node.alias.value if node.alias else node.name.value
            values = [one[key] for one in places[-1] if isinstance(one, dict) and one.get(key) is not None]
            flat = [each for one in values for each in (one if isinstance(one, list) else [one])]
            kind = info.get_type()
            law = LAWS.get(get_named_type(kind).name) if kind else None
            found.extend(f"{key}: {one}" for one in flat if law and not law.fullmatch(str(one)))
            places.append(flat)

        def leave_field(self, *_: Any) -> None:
            places.pop()

    document = parse(text)
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    visit(operation, TypeInfoVisitor(info, Walk()))
    return found


def answered(counter: Counter, text: str, **variables: Any) -> None:
    """Ask, with a full bucket; the answer is one the vendor could have given."""
    counter.store.set("bucket", None)
    reply = counter.post(text, **variables)
    assert reply.status_code == 200
    told = reply.json()
    assert {one["extensions"]["code"] for one in told.get("errors", ())} <= KNOWN, told
    assert broken(text, told.get("data")) == []


@given(hypothesis_graphql.queries(contract.schema(), custom_scalars=SCALARS))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_may_be_asked_is_answered_as_the_schema_says(counter: Counter, text: str) -> None:
    answered(counter, text)


@given(hypothesis_graphql.mutations(contract.schema(), custom_scalars=SCALARS))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_may_be_changed_is_refused_or_done_but_never_breaks(counter: Counter, text: str) -> None:
    answered(counter, text)


def test_our_own_reads_are_answered_with_everything_in_them(counter: Counter) -> None:
    ids = [*counter.store.products, *counter.store.files, *counter.store.variants]
    answered(counter, operations.WHO_AM_I)
    answered(counter, operations.BULK_POLL, id=next(iter(counter.store.tables["bulk"])))
    answered(counter, operations.PRODUCT_MEDIA, id=ids[0], first=250)
    answered(counter, operations.POLL_FILES, ids=ids)
    answered(counter, operations.FILES_BY_NAME, q="filename:'a.jpg'", first=250)
    answered(counter, operations.STAGED_UPLOADS, input=[
        {"filename": "a b.jpg", "mimeType": "image/jpeg", "resource": "IMAGE", "httpMethod": "PUT"}
    ])  # fmt: skip


def test_the_merchants_own_operations_are_answered(counter: Counter) -> None:
    text = prune.MERCHANT.read_text()
    counter.store.set("bucket", None)
    for name, asked in (
        ("Products", {"first": 1}), ("Variants", {"first": 250, "query": "sku:'A-1'"}),
        ("Set", {"input": {"title": "New", "variants": [{"sku": "N-1", "optionValues": []}]}}),
        ("Update", {"product": {"id": next(iter(counter.store.products)), "title": "Renamed"}}),
        ("Delete", {"input": {"id": "gid://shopify/Product/1"}}),
    ):  # fmt: skip
        with counter.store.lock:
            call = contract.Call(counter.store, counter.base, "merchant")
            told = contract.carry_out(call, text, asked, name)
        assert "errors" not in told, (name, told)


def test_a_version_that_is_gone_falls_forward_and_says_so(counter: Counter) -> None:
    reply = requests.post(
        f"{counter.base}/admin/api/2024-01/graphql.json", json={"query": operations.WHO_AM_I},
        headers={"X-Shopify-Access-Token": counter.token()}, timeout=10,
    )  # fmt: skip
    assert (reply.status_code, reply.headers["X-Shopify-API-Version"]) == (200, "2026-10")
