"""Shapes of products by their SKU."""

from pydantic import Field

from chalicelib.handlers.asset_shapes import Address, Approval
from chalicelib.handlers.shapes import Out, Page


class Shot(Out):
    """One picture of a product."""

    asset_id: str
    name: str
    position: int | None
    shot_type: str | None
    approval: Approval = Field(description="Of the newest version.")
    approved: bool = Field(description="Whether some version is approved.")
    thumb_url: Address | None
    thumbhash: str | None


class SkuBoard(Out):
    """A SKU with its shots in order."""

    sku: str
    shots: list[Shot]
    missing: list[str] = Field(description="Required shot types that no asset has.")


class Skus(Page):
    """The board; a page may be short and still have a next."""

    items: list[SkuBoard]


class SkuImage(Out):
    """An approved image; its address is good for an hour."""

    asset_id: str
    position: int | None
    shot_type: str | None
    url: Address
    width_px: int
    height_px: int
    alt: str | None


class SkuImages(Page):
    """Approved images of a SKU, in order."""

    items: list[SkuImage]
