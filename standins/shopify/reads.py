"""What may be asked of a shop: itself, its products and variants, its files, its jobs."""

from typing import Any
from urllib.parse import quote

from standins.shopify.contract import Call, answers
from standins.shopify.media import image_of, shown_status
from standins.shopify.pages import bad, connection, number_of
from standins.shopify.search import Search
from standins.shopify.store import Record

MOST_IDS = 250
_FILE_FIELDS = {"filename": "_name", "id": "id", "status": "_status", "media_type": "mediaContentType",
                "created_at": "_created_at", "updated_at": "_updated_at"}  # fmt: skip
_PRODUCT_FIELDS = {"id": "id", "title": "title", "handle": "handle", "status": "status", "updated_at": "_updated_at"}
_VARIANT_FIELDS = {"id": "id", "sku": "sku", "barcode": "barcode", "title": "title", "product_id": "_product"}


@answers("QueryRoot", "shop")
def shop(call: Call, _source: Any) -> Record:
    return {
        "__typename": "Shop", "id": "gid://shopify/Shop/1", "name": call.store.setting("name"),
        "myshopifyDomain": call.store.domain,
    }  # fmt: skip


@answers("QueryRoot", "currentAppInstallation")
def installation(call: Call, _source: Any) -> Record:
    scopes = [{"handle": one} for one in call.store.setting("scopes")]
    return {"__typename": "AppInstallation", "id": "gid://shopify/AppInstallation/1", "accessScopes": scopes}


@answers("QueryRoot", "product")
def product(call: Call, _source: Any, id: str) -> Record | None:
    return call.store.products.get(id)


@answers("QueryRoot", "products")
def products(call: Call, _source: Any, **asked: Any) -> Record:
    return _searched(call, "products", list(call.store.products.values()), _PRODUCT_FIELDS, asked)


@answers("QueryRoot", "productVariants")
def variants(call: Call, _source: Any, **asked: Any) -> Record:
    return _searched(call, "productVariants", list(call.store.variants.values()), _VARIANT_FIELDS, asked)


@answers("QueryRoot", "files")
def files(call: Call, _source: Any, **asked: Any) -> Record:
    until = call.store.clock.seconds() - float(call.store.setting("index_lag_s"))
    indexed = [one for one in call.store.files.values() if one["_made_s"] <= until]
    return _searched(call, "files", indexed, _FILE_FIELDS, asked)


def _searched(call: Call, name: str, records: list[Record], fields: dict[str, str], asked: dict[str, Any]) -> Record:
    if asked.get("query"):
        search = Search(asked["query"], fields)
        records = [one for one in records if search.finds(one)]
        if search.warnings:
            call.warnings.append({"path": [name], "query": asked["query"], "warnings": search.warnings})
    key = fields.get(str(asked.get("sortKey", "ID")).lower(), "id")
    records.sort(key=lambda one: (str(one[key] or "") if key != "id" else "", number_of(one["id"])))
    return connection(records, asked, call.is_bulk)


@answers("QueryRoot", "nodes")
def nodes(call: Call, _source: Any, ids: list[str]) -> list[Record | None]:
    if len(ids) > MOST_IDS:
        raise bad(f"The input array size of {len(ids)} is greater than the maximum allowed of {MOST_IDS}.")
    tables = [call.store.tables[kind] for kind in ("file", "product", "variant", "job", "bulk")]
    return [next((table[one] for table in tables if one in table), None) for one in ids]


@answers("QueryRoot", "job")
def job(call: Call, _source: Any, id: str) -> Record | None:
    return call.store.tables["job"].get(id)


@answers("QueryRoot", "bulkOperation")
def bulk(call: Call, _source: Any, id: str) -> Record | None:
    return call.store.tables["bulk"].get(id)


@answers("BulkOperation", "url")
def bulk_url(call: Call, source: Record) -> str | None:
    return f"{call.base}/bulk/{number_of(source['id'])}.jsonl" if source["_rows"] and source["_whole"] else None


@answers("BulkOperation", "partialDataUrl")
def bulk_partial_url(call: Call, source: Record) -> str | None:
    return f"{call.base}/bulk/{number_of(source['id'])}.jsonl" if source["_rows"] and not source["_whole"] else None


@answers("Product", "updatedAt")
def updated_at(_call: Call, source: Record) -> str:
    return str(source["_updated_at"])


@answers("Product", "media")
def product_media(call: Call, source: Record, **asked: Any) -> Record:
    found = [call.store.files[one] for one in source["_media"]]
    if asked.get("sortKey") == "ID":
        found.sort(key=lambda one: number_of(one["id"]))
    return connection(found, asked, call.is_bulk)


@answers("Product", "featuredMedia")
def featured(call: Call, source: Record) -> Record | None:
    return call.store.files[source["_media"][0]] if source["_media"] else None


@answers("Product", "variants")
def product_variants(call: Call, source: Record, **asked: Any) -> Record:
    return connection([call.store.variants[one] for one in source["_variants"]], asked, call.is_bulk)


@answers("ProductVariant", "product")
def variant_product(call: Call, source: Record) -> Record:
    return call.store.products[source["_product"]]


@answers("ProductVariant", "media")
def variant_media(call: Call, source: Record, **asked: Any) -> Record:
    found = [call.store.files[source["_medium"]]] if source["_medium"] else []
    return connection(found, asked, call.is_bulk)


@answers("MediaImage", "fileStatus")
def file_status(call: Call, source: Record) -> str:
    return shown_status(call.store, source)


@answers("MediaImage", "status")
def media_status(call: Call, source: Record) -> str:
    return shown_status(call.store, source)


@answers("MediaImage", "image")
def image(call: Call, source: Record) -> Record | None:
    return image_of(source) if shown_status(call.store, source) == "READY" else None


@answers("Image", "url")
def image_url(call: Call, source: Record, **_asked: Any) -> str:
    return f"{call.base}/cdn/files/{quote(source['_name'])}?v={source['_v']}"
