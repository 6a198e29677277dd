"""Products by their SKU: the board, one SKU's shots in order, and its approved pictures for other programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import shots
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.documents import exact
from chalicelib.domain.ids import AssetId
from chalicelib.domain.pages import Page
from chalicelib.domain.presets import Preset
from chalicelib.domain.queries import All, Ask, FacetAsk, Term
from chalicelib.errors import NotFound
from chalicelib.models import assets, connections, pushed, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import egress_approved, presets, search
from chalicelib.services.egress_approved import Picture
from chalicelib.services.signing import Caller

_MOST_SKUS = 50_000
_MOST_ASSETS = 5_000
_BATCH = 100


@dataclass(frozen=True)
class Product:
    """One SKU: its live assets that the caller may see, in order, and the shot types that are missing."""

    sku: str
    shots: tuple[Asset, ...]
    missing: tuple[str, ...]


def board(
    ctx: Context, caller: Caller, *, sku: str | None, missing: str | None, not_live: bool, limit: int, start: Any
) -> Page[Product]:
    """SKUs in the order of their text, of which `missing` keeps those that lack this shot type, or any (`true`), and
    `not_live` those of whose shots no store shows any by us.

    A page may be short and still have a next.
    """
    if sku is not None:
        named = [one for one in _products(ctx, caller, [exact(sku)]) if one.sku == sku]
        return Page(_not_live(caller, named) if not_live else named, None)
    seen = search.sight(ctx, caller)
    every = search.live(caller)
    counted = {"sku": FacetAsk(every, limit=_MOST_SKUS)}
    ask = Ask(every, seen.sight, limit=1, at_least=seen.at_least, facets=counted)
    keys = sorted({exact(key) for key, _ in ctx.search.find(caller.workspace, ask).facets["sku"]})
    keys = [key for key in keys if start is None or key > start]
    found = [one for one in _products(ctx, caller, keys[:limit]) if _lacks(one, missing)]
    found = _not_live(caller, found) if not_live else found
    return Page(found, keys[limit - 1] if len(keys) > limit else None)


def load(ctx: Context, caller: Caller, sku: str) -> Product:
    """One SKU, written exactly so. Raises `NotFound` when no asset that the caller sees has it."""
    for one in _products(ctx, caller, [exact(sku)]):
        if one.sku == sku:
            return one
    raise NotFound("No asset has this SKU.")


def images(ctx: Context, caller: Caller, sku: str, preset: str | None) -> list[tuple[Asset, Picture]]:
    """The approved pictures of a SKU in order, those that may leave, as the preset makes them.

    Empty when there are none. Raises `InvalidInput` when there is no such preset, `NotAllowed` when the caller may
    look but not download.
    """
    wanted = presets.named(caller.workspace, preset) if preset is not None else None
    found: list[tuple[Asset, Picture]] = []
    for product in _products(ctx, caller, [exact(sku)]):
        for asset in product.shots if product.sku == sku else ():
            picture = _picture(ctx, caller, asset, wanted)
            found += [(asset, picture)] if picture is not None else []
    return found


def _picture(ctx: Context, caller: Caller, asset: Asset, preset: Preset | None) -> Picture | None:
    if preset is None:
        return egress_approved.approved_picture(ctx, caller, asset)
    return egress_approved.approved_as(ctx, caller, asset, preset)


def _not_live(caller: Caller, found: Sequence[Product]) -> list[Product]:
    """Those that no store shows, as far as our last pushes went."""
    ids = [shot.id for one in found for shot in one.shots]
    live: set[str] = set()
    for one in connections.every(caller.workspace) if ids else ():
        known = pushed.some_files(caller.workspace, one.id, ids) if one.kind == "shopify" else {}
        live |= {asset_id for asset_id, file in known.items() if file.product_ids}
    return [one for one in found if not any(shot.id in live for shot in one.shots)]


def _lacks(one: Product, missing: str | None) -> bool:
    if missing is None or missing == "false":
        return True
    if missing == "true":
        return bool(one.missing)
    return bool(shots.missing([missing], one.shots))


def _products(ctx: Context, caller: Caller, keys: Sequence[str]) -> list[Product]:
    """The SKUs under these folded keys: the index knows which assets, their rows what they are."""
    if not keys:
        return []
    seen = search.sight(ctx, caller)
    asked = All((search.live(caller), Term("sku", tuple(keys))))
    ask = Ask(asked, seen.sight, sort="position", limit=_MOST_ASSETS, at_least=seen.at_least)
    ids = [AssetId(str(card["id"])) for card in ctx.search.find(caller.workspace, ask).cards]
    workspace = workspaces.get(caller.workspace)
    required = workspace.required_shots if workspace else ()
    by_sku: dict[str, list[Asset]] = {}
    for asset in _rows(ctx, caller, ids):
        for sku in asset.fields.skus:
            if exact(sku) in keys:
                by_sku.setdefault(sku, []).append(asset)
    return [
        Product(sku, tuple(shots.in_order(found)), tuple(shots.missing(required, found)))
        for sku, found in sorted(by_sku.items(), key=lambda each: (exact(each[0]), each[0]))
    ]


def _rows(ctx: Context, caller: Caller, ids: Sequence[AssetId]) -> Iterable[Asset]:
    now = ctx.now()
    for start in range(0, len(ids), _BATCH):
        for one in assets.get_many(caller.workspace, ids[start : start + _BATCH]):
            if one.state == "live" and caller.rights_on(one, now) & Right.VIEW.bit:
                yield one
