"""Changing products: the order of their media, what a variant shows."""

from typing import Any

from standins.shopify import hooks
from standins.shopify.contract import Call, answers
from standins.shopify.media import shown_status
from standins.shopify.pages import bad
from standins.shopify.store import Record, Store

MOST_MOVES = MOST_VARIANTS = 250


@answers("Mutation", "productReorderMedia")
def reorder(call: Call, _source: Any, id: str, moves: list[dict[str, Any]]) -> Record:
    """Begin a job that moves media, one after the other."""
    product = call.store.products.get(id)
    if product is None:
        return _not_moved("PRODUCT_DOES_NOT_EXIST", "Product does not exist", ["id"])
    if len(moves) > MOST_MOVES:
        raise bad(f"The input array size of {len(moves)} is greater than the maximum allowed of {MOST_MOVES}.")
    for at, one in enumerate(moves):
        if not str(one["newPosition"]).isdigit():
            raise bad("newPosition must be an unsigned 64-bit integer", "INVALID_VARIABLE")
        if one["id"] not in product["_media"]:
            return _not_moved("MEDIA_DOES_NOT_EXIST_ON_PRODUCT", "Media does not exist on the product",
                              ["moves", str(at), "id"])  # fmt: skip
    due = call.store.clock.seconds() + float(call.store.setting("job_s"))
    told = [{"id": one["id"], "to": int(one["newPosition"])} for one in moves]
    job = {"__typename": "Job", "id": call.store.gid("Job"), "done": False, "_product": id, "_moves": told, "_due": due}
    return {"job": call.store.put("job", job), "mediaUserErrors": []}


def _not_moved(code: str, message: str, field: list[str]) -> Record:
    return {"job": None, "mediaUserErrors": [{"field": field, "message": message, "code": code}]}


def finish_job(store: Store, job: Record) -> None:
    """The moves of a job happen; a medium that has gone meanwhile is passed over."""
    product = store.products.get(job["_product"])
    if product is not None:
        for one in job["_moves"]:
            move(product, one["id"], one["to"])
        hooks.product_changed(store, product)
        store.put("product", product)
    store.put("job", job | {"done": True, "_due": None})


def move(product: Record, file_id: str, to: int) -> None:
    """Put a medium at a place, the last one if there are fewer."""
    if file_id in product["_media"]:
        product["_media"].remove(file_id)
        product["_media"].insert(to, file_id)


@answers("Mutation", "productVariantsBulkUpdate")
def update_variants(
    call: Call, _source: Any, productId: str, variants: list[dict[str, Any]], allowPartialUpdates: bool = False,
    media: Any = None,
) -> Record:  # fmt: skip
    """Change variants of a product: what they show, and their SKUs."""
    product = call.store.products.get(productId)
    if product is None:
        told = {"field": ["productId"], "message": "Product does not exist", "code": "PRODUCT_DOES_NOT_EXIST"}
        return {"productVariants": None, "userErrors": [told]}
    if len(variants) > MOST_VARIANTS:
        raise bad(f"The input array size of {len(variants)} is greater than the maximum allowed of {MOST_VARIANTS}.")
    if media or any(one.get("mediaSrc") for one in variants):
        call.breaches.append("Pictures were added to a product through its variants: they have no stable name.")
    errors, good = [], []
    for at, one in enumerate(variants):
        wrong = _wrong_variant(call, product, one)
        if wrong:
            errors.append({"field": ["variants", str(at), wrong[0]], "message": wrong[1], "code": wrong[2]})
        else:
            good.append(one)
    if errors and not allowPartialUpdates:
        return {"productVariants": None, "userErrors": errors}
    changed = [_changed_variant(call.store, one) for one in good]
    if changed:
        hooks.product_changed(call.store, product)
        call.store.put("product", product)
    return {"productVariants": changed, "userErrors": errors}


def _wrong_variant(call: Call, product: Record, one: dict[str, Any]) -> tuple[str, str, str] | None:
    if not one.get("id"):
        return "id", "Product variant is missing ID attribute", "PRODUCT_VARIANT_ID_MISSING"
    if one["id"] not in product["_variants"]:
        return "id", "Product variant does not exist", "PRODUCT_VARIANT_DOES_NOT_EXIST"
    medium = one.get("mediaId")
    if medium and medium not in product["_media"]:
        return "mediaId", "Media does not exist on the product", "INVALID_INPUT"
    if medium and shown_status(call.store, call.store.files[medium]) != "READY":
        return "mediaId", "Non-ready media cannot be attached to variants", "INVALID_INPUT"
    return None


def _changed_variant(store: Store, one: dict[str, Any]) -> Record:
    found = store.variants[one["id"]]
    if "mediaId" in one:
        found["_medium"] = one["mediaId"]
    if (one.get("inventoryItem") or {}).get("sku") is not None:
        found["sku"] = one["inventoryItem"]["sku"]
    return store.put("variant", found)
