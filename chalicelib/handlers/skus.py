"""SKUs: the board of products, one product's shots, and approved pictures for shops and programs."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.domain.assets import Asset
from chalicelib.handlers import answers, schemas, sku_shapes as shapes
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.services import skus
from chalicelib.services.skus import Product

api = Api(__name__)
Sku = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Preset = Annotated[str, StringConstraints(max_length=80)]


class BoardQuery(schemas.PageQuery):
    """Which SKUs."""

    sku: Sku | None = Field(None, description="This one only; sure for every character.")
    missing: str | None = Field(None, max_length=60, description="`true`, or a shot type that is not there.")
    not_live: bool | None = Field(None, description="Those that no store is known to show.")


class PresetQuery(schemas.Closed):
    """In which size."""

    preset: Preset | None = None


class ImagesQuery(PresetQuery):
    """Whose images, in which size."""

    sku: Sku


@api.get("/v1/skus", needs=KNOWN, query=BoardQuery, gives=shapes.Skus)
def list_skus(call: Call) -> dict[str, Any]:
    """The board: each SKU with its shots in order, their approval, and the required shots that are missing."""
    query = call.read_query(BoardQuery)
    page = schemas.page_of(
        call, f"skus {query.sku} {query.missing} {query.not_live}", query,
        lambda start: skus.board(
            call.ctx, call.caller, sku=query.sku, missing=query.missing, not_live=bool(query.not_live),
            limit=query.limit, start=start),
    )  # fmt: skip
    return {"items": [_out(call, one) for one in page.items], "next": page.next}


@api.get("/v1/skus/{sku}", needs=KNOWN, gives=shapes.SkuBoard)
def get_sku(call: Call) -> dict[str, Any]:
    """One SKU's shots in order, the missing ones named."""
    return _out(call, skus.load(call.ctx, call.caller, call.path["sku"]))


@api.get("/v1/skus/{sku}/images", needs=KNOWN, query=PresetQuery, gives=shapes.SkuImages)
def list_sku_images(call: Call) -> dict[str, Any]:
    """The approved images of a SKU in order."""
    preset = call.read_query(PresetQuery).preset
    sku = skus.load(call.ctx, call.caller, call.path["sku"]).sku
    return _images(call, sku, preset)


@api.get("/v1/sku-images", needs=KNOWN, query=ImagesQuery, gives=shapes.SkuImages)
def find_sku_images(call: Call) -> dict[str, Any]:
    """The same for every character that a SKU may have; empty when there are none."""
    query = call.read_query(ImagesQuery)
    return _images(call, query.sku, query.preset)


def _images(call: Call, sku: str, preset: str | None) -> dict[str, Any]:
    return {
        "items": [
            {
                "asset_id": asset.id, "position": asset.fields.position, "shot_type": asset.fields.shot_type,
                "url": picture.url, "width_px": picture.width_px, "height_px": picture.height_px,
                "alt": asset.fields.alt,
            }
            for asset, picture in skus.images(call.ctx, call.caller, sku, preset)
        ],
        "next": None,
    }  # fmt: skip


def _out(call: Call, one: Product) -> dict[str, Any]:
    return {"sku": one.sku, "shots": [_shot(call, asset) for asset in one.shots], "missing": list(one.missing)}


def _shot(call: Call, asset: Asset) -> dict[str, Any]:
    slim = answers.slim_asset(call, asset)
    return {
        "asset_id": asset.id,
        "name": asset.fields.name,
        "position": asset.fields.position,
        "shot_type": asset.fields.shot_type,
        "approval": asset.newest.approval,
        "approved": asset.approved is not None,
        "thumb_url": slim["thumb_url"],
        "thumbhash": slim["thumbhash"],
    }
