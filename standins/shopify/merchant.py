"""What only a merchant does to products: to set one as a whole, to change what it says, to delete it."""

from typing import Any

from standins.shopify import hooks, seed
from standins.shopify.contract import Call, answers
from standins.shopify.files import attach, detach, free_name
from standins.shopify.media import new_file
from standins.shopify.pages import bad
from standins.shopify.sources import digest_at, name_in
from standins.shopify.store import Record, Store

Asked = dict[str, Any]
_SAID = ("title", "handle", "status")


@answers("Mutation", "productUpdate")
def update(
    call: Call, _source: Any, product: Any = None, input: Any = None, media: Any = None, identifier: Any = None
) -> Record:
    """Change what a product says of itself, and add pictures to it."""
    asked = product or input or {}
    found = _found(call, identifier, asked)
    if found is None:
        return {"product": None, "userErrors": [{"field": ["id"], "message": "Product does not exist"}]}
    found |= {name: asked[name] for name in _SAID if asked.get(name)}
    for one in media or ():
        call.breaches.append("A picture was made and attached in one step: it has no stable name.")
        attach(call, found, _made(call, one))
    hooks.product_changed(call.store, found)
    return {"product": call.store.put("product", found), "userErrors": []}


@answers("Mutation", "productDelete")
def delete(call: Call, _source: Any, input: Asked, **_asked: Any) -> Record:
    """Delete a product with its variants; its files stay."""
    found = call.store.products.get(input["id"])
    if found is None:
        told = {"field": ["id"], "message": "Product does not exist"}
        return {"deletedProductId": None, "userErrors": [told]}
    remove(call.store, found)
    return {"deletedProductId": input["id"], "userErrors": []}


def remove(store: Store, product: Record) -> None:
    """The product and its variants are gone."""
    hooks.product_changed(store, product, "PRODUCTS_DELETE")
    for each in product["_variants"]:
        store.drop("variant", each)
    store.drop("product", product["id"])


@answers("Mutation", "productSet")
def set_product(call: Call, _source: Any, input: Asked, identifier: Any = None, **_asked: Any) -> Record:
    """Make a product be as told: variants and media of a list that is given and does not name them are taken away."""
    call.breaches.append("productSet takes away what it does not list.")
    found = _found(call, identifier, input)
    if found is None and ((identifier or {}).get("id") or input.get("id")):
        return _refused("PRODUCT_DOES_NOT_EXIST", "Product does not exist", "input")
    wrong = _wrong_files(call, input)
    if wrong:
        return wrong
    topic = "PRODUCTS_UPDATE"
    if found is None:
        if not input.get("title"):
            return _refused("INVALID_PRODUCT", "Title can't be blank", "title")
        handle = input.get("handle") or (identifier or {}).get("handle")
        found = seed.add_product(call.store, {**input, "handle": handle, "status": input.get("status") or "ACTIVE",
                                              "variants": [{}]})  # fmt: skip
        topic = "PRODUCTS_CREATE"
    found |= {name: input[name] for name in _SAID if input.get(name)}
    if input.get("files") is not None:
        _set_files(call, found, input["files"])
    if input.get("variants") is not None:
        _set_variants(call, found, input["variants"])
    call.store.put("product", found)
    hooks.product_changed(call.store, found, topic)
    return {"product": call.store.put("product", found), "userErrors": []}


def _found(call: Call, identifier: Any, asked: Asked) -> Record | None:
    if (identifier or {}).get("handle"):
        return next((one for one in call.store.products.values() if one["handle"] == identifier["handle"]), None)
    return call.store.products.get((identifier or {}).get("id") or asked.get("id") or "")


def _wrong_files(call: Call, asked: Asked) -> Record | None:
    told = [*(asked.get("files") or ()), *(one["file"] for one in asked.get("variants") or () if one.get("file"))]
    for one in told:
        if one.get("id") and one["id"] not in call.store.files:
            return _refused("INVALID_INPUT", "File does not exist", "files")
        if not one.get("id") and not one.get("originalSource"):
            raise bad("A file needs an id or an original source.")
    return None


def _set_files(call: Call, product: Record, files: list[Asked]) -> None:
    listed = [_made(call, one) for one in files]
    for each in [one for one in product["_media"] if one not in listed]:
        detach(call, product, each)
    for each in listed:
        attach(call, product, each)
    product["_media"] = list(dict.fromkeys(listed))


def _set_variants(call: Call, product: Record, variants: list[Asked]) -> None:
    """A variant that is told by its id, or else by its SKU, stays the one it was."""
    store = call.store
    old = [store.variants[one] for one in product["_variants"]]
    kept: list[str] = []
    for asked in variants:
        sku = asked.get("sku") or (asked.get("inventoryItem") or {}).get("sku") or ""
        left = [one for one in old if one["id"] not in kept]
        one = next((each for each in left if each["id"] == asked.get("id")), None) or next(
            (each for each in left if sku and each["sku"] == sku and not asked.get("id")), None
        )
        if one is None:
            one = seed.new_variant(store, product["id"], {})
        title = " / ".join(each.get("name") or "" for each in asked["optionValues"])
        one |= {"sku": sku or one["sku"], "title": title or one["title"]}
        one["barcode"] = asked.get("barcode") or one["barcode"]
        if asked.get("file"):
            one["_medium"] = _made(call, asked["file"])
            attach(call, product, one["_medium"])
        kept.append(store.put("variant", one)["id"])
    for gone in old:
        if gone["id"] not in kept:
            store.drop("variant", gone["id"])
    product["_variants"] = kept


def _made(call: Call, one: Asked) -> str:
    """The file that is told by its id, or one that is made of what lies at its source."""
    if one.get("id"):
        found = call.store.files[one["id"]]
        if one.get("alt") is not None:
            call.store.put("file", found | {"alt": one["alt"]})
        return str(found["id"])
    url = one["originalSource"]
    name = free_name(call, one.get("filename") or name_in(url) or f"{call.store.number()}.jpg")
    return str(new_file(call.store, name, one.get("alt"), digest_at(call, url), call.who)["id"])


def _refused(code: str, message: str, field: str) -> Record:
    return {"product": None, "userErrors": [{"field": [field], "message": message, "code": code}]}
