"""A Shopify store as values: what it sells, what hangs on a product, what became of a file. Pure.

Ids are the store's own (`gid://shopify/…`). Positions are zero-based, as the store counts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

MOST_MEDIA = 250
"""Media on one product (Shopify, 2026-10)."""
MOST_FILES = 250
"""Files in one request."""
MOST_ALT = 512
"""Characters of an alt text."""
FileState = Literal["processing", "ready", "failed"]


@dataclass(frozen=True)
class Variant:
    """One row of the catalogue. SKUs are neither unique nor compulsory in a store."""

    id: str
    sku: str
    title: str
    product_id: str
    product_title: str
    handle: str
    active: bool


def is_known(told: Mapping[str, Any], known: Sequence[Variant]) -> bool:
    """Whether what a store posted of a product is what is known of it; never for more than it may post at once."""
    variants = told.get("variants")
    if not isinstance(variants, list) or len(variants) != len(known) or not known:
        return False
    by_id = {one.id: one for one in known}
    active = str(told.get("status") or "").lower() == "active"
    for one in variants:
        same = by_id.get(str(one.get("admin_graphql_api_id"))) if isinstance(one, Mapping) else None
        if same is None or (one.get("sku") or "", one.get("title")) != (same.sku, same.title):
            return False
    return all(
        (told.get("title"), told.get("handle"), active) == (one.product_title, one.handle, one.active) for one in known
    )


@dataclass(frozen=True)
class Medium:
    """One medium of a product, at its place in `ProductMedia.media`. Only images have a `url`, once they are ready."""

    id: str
    alt: str
    is_image: bool
    ready: bool
    url: str | None = None


@dataclass(frozen=True)
class ProductMedia:
    """A product's media in their order, and which medium each of its variants shows."""

    product_id: str
    title: str
    handle: str
    active: bool
    media: tuple[Medium, ...]
    variant_media: tuple[tuple[str, str | None], ...]
    """(variant id, id of its medium), in the store's order."""


@dataclass(frozen=True)
class ShopFile:
    """A file of the store's library. `because` says why it failed, in the store's own code."""

    id: str
    state: FileState
    alt: str = ""
    because: str = ""
    url: str | None = None


@dataclass(frozen=True)
class NewFile:
    """A file to make of bytes that were staged. `name` is unique in the store: a twin is refused, never made."""

    name: str
    staged: str
    alt: str


@dataclass(frozen=True)
class FileChange:
    """What to change of a ready file; None leaves it. `staged` replaces the bytes under the same id and address,
    which works for the same kind of file only."""

    id: str
    alt: str | None = None
    staged: str | None = None
    attach_to: tuple[str, ...] = ()
    detach_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """What the store said of one item of a request: `code` is its own word, `index` the item, if it named one."""

    code: str
    message: str
    index: int | None = None


@dataclass(frozen=True)
class BulkState:
    """How far a bulk read is. `url` is set when it is done and has rows."""

    id: str
    state: Literal["running", "done", "failed"]
    rows: int = 0
    url: str | None = None
    because: str = ""
