"""What the vendor's API cannot do, for tests and for the merchant's buttons: POST `/__standin__/WHAT` with JSON.

Everything takes `shop`, the domain; left out, it is the first shop.

shop, set {name: value}         make a shop; change its settings (`store.SETTINGS`)
seed {count, variants_each, prefix} or {products: [{title, variants: [{sku}]}]}
advance {seconds}, hold         move the time; from now on only so
fault {…}, clear                set a fault (`faults.py`); forget faults, journal and violations
revoke, uninstall               every token of the app is over; and it gets no other
journal, dump, told             what was asked; what there is; how to connect
reorder {product, order}, alt {file, alt}, remove {product, file}, show {variant, file}     the merchant's hands
add {product, name, alt}, lock {file, locked}, delete_file {file}, delete_product {product}, rename {variant, sku}
bulk_fail {id, code}, deliver {reverse, twice, bad_signature}
"""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image

from standins.shopify import bulk, faults, hooks, media, merchant, seed, world as worlds
from standins.shopify.contract import Call
from standins.shopify.files import attach, detach
from standins.shopify.settling import settle
from standins.shopify.store import Record, Store
from standins.shopify.world import World

Asked = dict[str, Any]


def act(world: World, what: str, asked: Asked, url: str = "") -> Any:
    """Do it. Raises `ValueError` or `KeyError` for what cannot be done."""
    if what in _OF_ALL:
        return _OF_ALL[what](world, asked, url)
    store = world.shop(asked["shop"] if asked.get("shop") else next(iter(world.shops)))
    if what == "deliver":
        return {"items": hooks.deliver(world, store, asked)}
    with store.at_once():
        settle(store)
        return _OF_ONE[what](world, store, asked) or {}


def _fault(world: World, asked: Asked, _url: str) -> Asked:
    faults.add(world, {"shop": next(iter(world.shops)), **asked} if asked.get("kind") == "stale_read" else asked)
    return {}


def _clear(world: World, _asked: Asked, _url: str) -> Asked:
    with world.lock:
        for each in (world.faults, world.journal, world.violations):
            each.clear()
    return {}


def _advance(world: World, asked: Asked, _url: str) -> Asked:
    world.clock.advance(float(asked["seconds"]))
    return {"now": world.clock.stamp()}


def _hold(world: World, _asked: Asked, _url: str) -> Asked:
    world.clock.hold()
    return {"now": world.clock.stamp()}


def _shop(world: World, asked: Asked, url: str) -> Asked:
    store = world.shop(asked["shop"])
    store.set("name", asked.get("name") or asked["shop"].partition(".")[0])
    worlds.write_connection(world, url)
    return worlds.told(world, url)


_OF_ALL: dict[str, Callable[[World, Asked, str], Any]] = {
    "journal": lambda world, _asked, _url: world.seen(),
    "told": lambda world, _asked, url: worlds.told(world, url),
    "fault": _fault, "clear": _clear, "advance": _advance, "hold": _hold, "shop": _shop,
}  # fmt: skip


def _seed(_world: World, store: Store, asked: Asked) -> Asked:
    if "count" in asked:
        seed.many(store, int(asked["count"]), variants_each=int(asked.get("variants_each", 1)),
                  prefix=asked.get("prefix", "SKU"))  # fmt: skip
    made = [seed.add_product(store, one) for one in asked.get("products", ())]
    for one in made:
        hooks.product_changed(store, one, "PRODUCTS_CREATE")
    return {"products": [{"id": one["id"], "variants": one["_variants"]} for one in made]}


def _set(_world: World, store: Store, asked: Asked) -> None:
    before = store.setting("scopes")
    for name, value in asked.items():
        if name not in ("shop", "what"):
            store.set(name, value)
    if store.setting("scopes") != before:
        hooks.emit(store, "APP_SCOPES_UPDATE", {"previous": before, "current": store.setting("scopes")})


def _uninstall(world: World, store: Store, _asked: Asked) -> None:
    hooks.emit(store, "APP_UNINSTALLED", {"domain": store.domain, "name": store.setting("name")})
    store.set("installed", False)
    world.accounts.revoke(store)


def _changed(store: Store, product: Record) -> None:
    hooks.product_changed(store, product)
    store.put("product", product)


def _reorder(_world: World, store: Store, asked: Asked) -> None:
    product = store.products[asked["product"]]
    if sorted(asked["order"]) != sorted(product["_media"]):
        raise ValueError("The order must name every medium of the product once.")
    product["_media"] = list(asked["order"])
    _changed(store, product)


def _alt(_world: World, store: Store, asked: Asked) -> None:
    store.put("file", store.files[asked["file"]] | {"alt": str(asked["alt"])})
    for each in store.references(asked["file"]):
        _changed(store, each)


def _remove(_world: World, store: Store, asked: Asked) -> None:
    detach(Call(store, "", "merchant"), store.products[asked["product"]], asked["file"])


def _show(_world: World, store: Store, asked: Asked) -> None:
    variant = store.variants[asked["variant"]]
    product = store.products[variant["_product"]]
    if asked.get("file") and asked["file"] not in product["_media"]:
        raise ValueError("The picture does not hang on the product.")
    store.put("variant", variant | {"_medium": asked.get("file")})
    _changed(store, product)


def _add(_world: World, store: Store, asked: Asked) -> Asked:
    """A picture of the merchant's own, in one colour, ready at once."""
    out = io.BytesIO()
    Image.new("RGB", (600, 600), asked.get("colour", "#8aa0b8")).save(out, "JPEG")
    name = asked.get("name") or f"merchant_{store.number()}.jpg"
    one = media.new_file(store, name, asked.get("alt", ""), store.keep_bytes(out.getvalue()), "merchant")
    media.process(store, one)
    attach(Call(store, "", "merchant"), store.products[asked["product"]], one["id"])
    return {"id": one["id"]}


def _lock(_world: World, store: Store, asked: Asked) -> None:
    store.put("file", store.files[asked["file"]] | {"_locked": bool(asked.get("locked", True))})


def _delete_file(_world: World, store: Store, asked: Asked) -> None:
    for product in store.references(asked["file"]):
        detach(Call(store, "", "merchant"), product, asked["file"])
    store.drop("file", asked["file"])


def _rename(_world: World, store: Store, asked: Asked) -> None:
    variant = store.put("variant", store.variants[asked["variant"]] | {"sku": str(asked["sku"])})
    _changed(store, store.products[variant["_product"]])


def _dump(_world: World, store: Store, _asked: Asked) -> Asked:
    """Products with their media in order and what their variants show; files by id."""
    shown = {
        one["id"]: {"name": one["_name"], "alt": one["alt"], "status": media.shown_status(store, one),
                    "sha256": one["_digest"], "by": one["_by"], "v": one["_v"]}
        for one in store.files.values()
    }  # fmt: skip
    items = [
        {"id": one["id"], "title": one["title"], "handle": one["handle"], "status": one["status"],
         "media": one["_media"],
         "variants": [{"id": each, "sku": store.variants[each]["sku"], "title": store.variants[each]["title"],
                       "medium": store.variants[each]["_medium"]} for each in one["_variants"]]}
        for one in store.products.values()
    ]  # fmt: skip
    return {"shop": store.domain, "name": store.setting("name"), "products": items, "files": shown}


_OF_ONE: dict[str, Callable[[World, Store, Asked], Any]] = {
    "seed": _seed, "set": _set, "reorder": _reorder, "alt": _alt, "remove": _remove, "show": _show, "add": _add,
    "lock": _lock, "delete_file": _delete_file, "rename": _rename, "dump": _dump, "uninstall": _uninstall,
    "delete_product": lambda _world, store, asked: merchant.remove(store, store.products[asked["product"]]),
    "revoke": lambda world, store, _asked: world.accounts.revoke(store),
    "bulk_fail": lambda _world, store, asked: bulk.fail(store, store.tables["bulk"][asked["id"]], asked["code"]),
}  # fmt: skip
