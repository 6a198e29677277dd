"""Products to begin with. The first shop sells what the pictures of the sample library show."""

import re
import tomllib
from typing import Any

from infra.sample import catalogue
from standins.shopify.store import Record, Store

DOMAIN = "packshot-sample.myshopify.com"
NAME = "Aurum Living"


def add_product(store: Store, asked: dict[str, Any]) -> Record:
    """A product; its variants are `{sku, title, barcode}`, one without SKU if none are given."""
    title = str(asked.get("title") or "Untitled")
    now = store.clock.stamp()
    product: Record = {
        "__typename": "Product", "id": store.gid("Product"), "title": title,
        "handle": asked.get("handle") or _handle(store, title), "status": asked.get("status", "ACTIVE"),
        "_media": [], "_variants": [], "_updated_at": now,
    }  # fmt: skip
    for each in asked.get("variants") or [{}]:
        product["_variants"].append(new_variant(store, product["id"], each)["id"])
    return store.put("product", product)


def new_variant(store: Store, product_id: str, asked: dict[str, Any]) -> Record:
    """A variant of a product, which does not list it yet."""
    one = {
        "__typename": "ProductVariant", "id": store.gid("ProductVariant"), "sku": asked.get("sku", ""),
        "title": asked.get("title") or "Default Title", "barcode": asked.get("barcode"), "_product": product_id,
        "_medium": None,
    }  # fmt: skip
    return store.put("variant", one)


def _handle(store: Store, title: str) -> str:
    wanted = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "product"
    taken = {one["handle"] for one in store.products.values()}
    return next(one for number in range(10**6) if (one := f"{wanted}-{number}" if number else wanted) not in taken)


def sample(store: Store) -> None:
    """The products of the sample library, one a SKU; a shop that has products is left as it is."""
    if store.products:
        return
    store.set("name", NAME)
    for one in tomllib.loads((catalogue.HERE / "library.toml").read_text())["product"]:
        add_product(store, {"title": one["name"], "variants": [{"sku": one["sku"]}]})


def many(store: Store, count: int, *, variants_each: int, prefix: str) -> None:
    """This many variants, with the SKUs PREFIX-00001 and so on."""
    for first in range(1, count + 1, variants_each):
        numbers = range(first, min(first + variants_each, count + 1))
        skus = [{"sku": f"{prefix}-{one:05d}", "title": f"No. {one}"} for one in numbers]
        add_product(store, {"title": f"{prefix} {first}", "handle": f"{prefix}-{first}".lower(), "variants": skus})
