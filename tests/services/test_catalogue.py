"""The mirror of a store's catalogue, asked in the ways that matching, planning and pushing ask."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.shop import Variant
from chalicelib.models import base, catalogue
from chalicelib.models.catalogue import Mirror
from tests.builders import Shop, a_shop


def a_variant(number: int, sku: str, product: int = 1) -> Variant:
    return Variant(
        f"gid://shopify/ProductVariant/{number}", sku, "Red", f"gid://shopify/Product/{product}", "Shirt", "shirt", True
    )


@pytest.mark.requirement("R33")
def test_a_catalogue_is_asked_whole_by_product_by_sku_and_by_id(shop: Shop) -> None:
    one, twin, bare, other = a_variant(1, "A/1"), a_variant(2, "A/1", 2), a_variant(3, ""), a_variant(4, "a/1", 2)
    for _ in range(2):
        base.transact([catalogue.put(shop.workspace, "here", each) for each in (one, twin, bare, other)])
    base.transact([catalogue.put(shop.workspace, "there", a_variant(1, "THERE"))])

    assert list(catalogue.every(shop.workspace, "here")) == [one, twin, bare, other]
    assert catalogue.of_sku(shop.workspace, "here", "A/1") == [one, twin]
    assert catalogue.of_sku(shop.workspace, "here", "") == []
    assert catalogue.of_products(shop.workspace, "here", [one.product_id, one.product_id]) == [one, bare]
    assert catalogue.get_many(shop.workspace, "here", [one.id, "gone"]) == {one.id: one}
    assert list(catalogue.every(a_shop().workspace, "here")) == []


@pytest.mark.requirement("R33")
def test_a_catalogue_forgets_variants_and_says_when_it_was_whole(shop: Shop) -> None:
    whole = Mirror(datetime(2026, 11, 2, 9, tzinfo=UTC), 1)
    assert catalogue.mirror(shop.workspace, "here") is None
    base.transact(
        [catalogue.put(shop.workspace, "here", a_variant(1, "A")), catalogue.put_mirror(shop.workspace, "here", whole)]
    )
    assert catalogue.mirror(shop.workspace, "here") == whole
    assert len(list(catalogue.every(shop.workspace, "here"))) == 1

    for _ in range(2):
        base.transact([catalogue.drop(shop.workspace, "here", a_variant(1, "A").id)])
        base.transact([catalogue.drop_mirror(shop.workspace, "here")])

    assert list(catalogue.every(shop.workspace, "here")) == []
    assert catalogue.mirror(shop.workspace, "here") is None
