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
from chalicelib.domain.queries import All, Ask, FacetAsk, Term
from chalicelib.errors import NotFound
from chalicelib.models import assets, workspaces
from chalicelib.ports import Context
from chalicelib.services import egress, search
from chalicelib.services.egress import Picture
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
    ctx: Context, caller: Caller, *, sku: str | None, missing: str | None, limit: int, start: Any
) -> Page[Product]:
    """SKUs in the order of their text, of which `missing` keeps those that lack this shot type, or any (`true`).

    A page may be short and still have a next.
    """
    if sku is not None:
        return Page([one for one in _products(ctx, caller, [exact(sku)]) if one.sku == sku], None)
    seen = search.sight(ctx, caller)
    every = search.live(caller)
    counted = {"sku": FacetAsk(every, limit=_MOST_SKUS)}
    ask = Ask(every, seen.sight, limit=1, at_least=seen.at_least, facets=counted)
    keys = sorted({exact(value) for value, _ in ctx.search.find(caller.workspace, ask).facets["sku"]})
    keys = [key for key in keys if start is None or key > start]
    found = [one for one in _products(ctx, caller, keys[:limit]) if _lacks(one, missing)]
    return Page(found, keys[limit - 1] if len(keys) > limit else None)


def load(ctx: Context, caller: Caller, sku: str) -> Product:
    """One SKU, written exactly so. Raises `NotFound` when no asset that the caller sees has it."""
    for one in _products(ctx, caller, [exact(sku)]):
        if one.sku == sku:
            return one
    raise NotFound("No asset has this SKU.")


def images(ctx: Context, caller: Caller, sku: str) -> list[tuple[Asset, Picture]]:
    """The approved pictures of a SKU in order, those that may leave; empty when there are none."""
    found = [one for one in _products(ctx, caller, [exact(sku)]) if one.sku == sku]
    pictures = ((asset, egress.approved_picture(ctx, caller, asset)) for one in found for asset in one.shots)
    return [(asset, picture) for asset, picture in pictures if picture is not None]


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
