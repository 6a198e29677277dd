"""Assets for people and programs: list, read, edit, trash, restore."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.errors import Conflict, Stale
from chalicelib.models import assets, base, collection_items
from chalicelib.models.collection_items import Sort
from chalicelib.ports import Context
from chalicelib.services import trails
from chalicelib.services.signing import Caller


def listed(
    ctx: Context, caller: Caller, collection_id: CollectionId, *, name: str, sort: Sort, limit: int, start: Any
) -> base.Page[Asset]:
    """A collection's own live assets that the caller may see; a page may be short and still have a next."""
    page = collection_items.page(caller.workspace, collection_id, sort=sort, limit=limit, start=start, name=name)
    found = assets.get_many(caller.workspace, page.items)
    now = ctx.now()
    seen = [one for one in found if caller.access.on_asset(one.resource, now) & Right.SEE.bit]
    return base.Page([one for one in seen if one.state == "live"], page.next)


def holder_seen_by(ctx: Context, caller: Caller, asset_id: AssetId | None) -> AssetId | None:
    """The other asset's id if this caller may see that asset, else None."""
    if asset_id is None:
        return None
    found = assets.get_many(caller.workspace, [asset_id])
    seen = bool(found) and caller.access.on_asset(found[0].resource, ctx.now()) & Right.SEE.bit
    return asset_id if seen else None


def check_unchanged(asset: Asset, wanted_etag: str | None) -> None:
    """Raise `Stale` unless the caller's etag (None and `*` fit any) is the asset's."""
    if wanted_etag not in (None, "*", str(asset.revision)):
        raise Stale("Somebody changed this since you read it. Read it again, then repeat your change.")


def edit(ctx: Context, caller: Caller, asset: Asset, values: Mapping[str, Any]) -> tuple[Asset, str]:
    """Set fields; the changed asset and the token of this write.

    Raises:
        Conflict: the asset is in the trash.
        Stale: somebody changed it at the same moment.
    """
    if asset.state != "live":
        raise Conflict("This asset is not live. Restore it first.", code="not_live")
    if not values:
        return asset, ""
    fields = replace(asset.fields, **values)
    sources = {word: asset.keyword_sources.get(word, "person") for word in fields.keywords}
    new = replace(asset, fields=fields, touched=asset.touched | set(values), keyword_sources=sources)
    before = {name: getattr(asset.fields, name) for name in values}
    return _change(ctx, caller, asset, new, "asset.edited", before=before, after=dict(values))


def trash(ctx: Context, caller: Caller, asset: Asset) -> tuple[Asset, str]:
    """Put it into the trash; the same again changes nothing. Raises `Stale`."""
    if asset.state == "trashed":
        return asset, ""
    return _change(ctx, caller, asset, replace(asset, state="trashed"), "asset.trashed")


def restore(ctx: Context, caller: Caller, asset: Asset) -> tuple[Asset, str]:
    """Bring it back from the trash. Raises `Conflict` (it is not there) or `Stale`."""
    if asset.state != "trashed":
        raise Conflict("This asset is not in the trash.", code="not_trashed")
    return _change(ctx, caller, asset, replace(asset, state="live", trash_id=None), "asset.restored")


def _change(ctx: Context, caller: Caller, old: Asset, new: Asset, action: str, **detail: Any) -> tuple[Asset, str]:
    workspace = caller.workspace
    new = replace(new, revision=old.revision + 1, updated_at=ctx.now())
    token, announced = trails.announcement(ctx, workspace, "asset.changed", f"asset:{old.id}")
    plain = {name: _plain(value) for name, value in detail.items()}
    writes = [
        assets.change(workspace, old, new),
        announced,
        trails.entry(ctx, workspace, caller.principal.label, action, f"asset:{old.id}", **plain),
    ]
    if old.state != new.state or old.fields.name != new.fields.name:
        writes += [
            collection_items.put(workspace, place, old.id, new.fields.name, new.state) for place in old.collection_ids
        ]
    try:
        base.transact(writes)
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost
    trails.wake(ctx, workspace)
    return new, token


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value if isinstance(value, int) else str(value)
            for name, value in values.items() if value is not None}  # fmt: skip
