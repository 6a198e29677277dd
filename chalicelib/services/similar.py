"""Pictures that look like one: of what the caller may see, nearest first.

By their prints, which know a picture again in any colour, and by their views, which know the same kind of thing from
any side, where a model has looked at them. Without a model, or while nobody can compare views, prints alone tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib import observe
from chalicelib.domain import cards, prints, views
from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.ids import AssetId
from chalicelib.errors import UpstreamUnavailable
from chalicelib.ports.context import Context
from chalicelib.services import alike, egress, indexing, pictures, search
from chalicelib.services.signing import Caller


@dataclass(frozen=True)
class Found:
    """A live asset as its card knows it, and how far its look is away: 0 for the same, 1 for nothing in common."""

    asset: Asset
    distance: float


def similar(ctx: Context, caller: Caller, asset: Asset, limit: int) -> list[Found]:
    """What looks like the version that this caller is shown, the asset itself left out."""
    version = egress.shown(caller, asset, caller.rights_on(asset, ctx.now()))
    print_, seen = prints.print_in(version), search.sight(ctx, caller)
    found: dict[AssetId, Found] = {}
    with indexing.rebuilt_if_damaged(ctx, caller.workspace):
        if print_ is not None:
            near = alike.near(ctx, caller.workspace, print_, seen.sight, at_least=seen.at_least, most_bits=prints.ALIKE)
            found = {one.asset.id: Found(one.asset, one.bits / prints.BITS) for one in near}
        for one in _by_view(ctx, caller, asset, version, seen, limit + 1).values():
            known = found.get(one.asset.id)
            found[one.asset.id] = one if known is None or one.distance < known.distance else known
    found.pop(asset.id, None)
    return sorted(found.values(), key=lambda one: (one.distance, one.asset.id))[:limit]


def _by_view(
    ctx: Context, caller: Caller, asset: Asset, version: Version | None, seen: search.Seen, most: int
) -> Mapping[AssetId, Found]:
    view = views.view_in(asset, version)
    if view is None:
        return {}
    try:
        near = ctx.search.alike(
            caller.workspace, view, seen.sight, lambda asked: pictures.nearest(ctx, asked),
            at_least=seen.at_least, most=most, least=views.ALIKE,
        )  # fmt: skip
    except UpstreamUnavailable as problem:
        if problem.code == "index_damaged":
            raise
        observe.note("views not compared", workspace=caller.workspace, because=problem.message)
        return {}
    found = ((cards.asset_of(card), cosine) for card, cosine in near)
    return {one.id: Found(one, max(0.0, 1.0 - cosine)) for one, cosine in found}
