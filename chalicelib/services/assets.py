"""Assets for people and programs: list, read, edit, archive, trash, restore."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain import review
from chalicelib.domain.access import Right, sees_other_versions
from chalicelib.domain.assets import Asset, Fields, Version, has_own_rules, narrows, settled, unite
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.domain.pages import Page
from chalicelib.errors import Conflict, InvalidInput, Stale
from chalicelib.models import assets, base, collection_items, members, unindexed, versions
from chalicelib.models.collection_items import Sort
from chalicelib.ports.context import Context
from chalicelib.services import egress, requirements, trails
from chalicelib.services.signing import Caller

MAX_FIELDS_BYTES = 120_000
"""What people may say of one asset, as it is stored; with its versions the row stays below DynamoDB's 400 KB."""


def listed(
    ctx: Context, caller: Caller, collection_id: CollectionId, *, name: str, sort: Sort, limit: int, start: Any
) -> Page[Asset]:
    """A collection's own live assets that the caller may see; a page may be short and still have a next."""
    page = collection_items.page(caller.workspace, collection_id, sort=sort, limit=limit, start=start, name=name)
    found = [settled(one, caller.tree) for one in assets.get_many(caller.workspace, page.items)]
    now = ctx.now()
    seen = [one for one in found if caller.rights_on(one, now) & Right.SEE.bit]
    return Page([one for one in seen if one.state == "live"], page.next)


def versions_seen(ctx: Context, caller: Caller, asset: Asset, *, limit: int, start: Any) -> Page[Version]:
    """Versions, newest first, less those that this caller may not see; a page may be short and still have a next."""
    bits = caller.rights_on(asset, ctx.now())
    shown = egress.shown(caller, asset, bits)
    if not sees_other_versions(bits) and not review.sees(asset, asset.newest, bits, caller.uploader):
        return Page([review.as_decided(asset, shown)] if shown else [], None)
    page = versions.page(caller.workspace, asset.id, limit=limit, start=start)
    number = shown.number if shown else None
    seen = [one for one in page.items if one.number == number or review.sees(asset, one, bits, caller.uploader)]
    return Page([review.as_decided(asset, one) for one in seen], page.next)


def holder_seen_by(ctx: Context, caller: Caller, asset_id: AssetId | None) -> AssetId | None:
    """The other asset's id if this caller may see that asset, else None."""
    if asset_id is None:
        return None
    found = assets.get_many(caller.workspace, [asset_id])
    seen = bool(found) and caller.rights_on(found[0], ctx.now()) & Right.SEE.bit
    return asset_id if seen else None


def check_live(asset: Asset) -> None:
    """Raise `Conflict` unless the asset may be changed: archived and trashed ones are read-only."""
    if asset.state != "live":
        raise Conflict(f"This asset is {asset.state}. Bring it back first.", code="not_live")


def edit(ctx: Context, caller: Caller, asset: Asset, values: Mapping[str, Any]) -> tuple[Asset, str]:
    """Set fields; the changed asset and the token of this write.

    Raises:
        Conflict: the asset is not live.
        InvalidInput: nobody is called that, the dates are the wrong way round, or it is too much text.
        Stale: somebody changed it at the same moment.
    """
    new = edited(caller, asset, values)
    if new is asset:
        return asset, ""
    after = {name: getattr(new.fields, name) for name in values if getattr(asset.fields, name) != values[name]}
    before = {name: getattr(asset.fields, name) for name in after}
    return change(ctx, caller, asset, new, "asset.edited", before=before, after=after)


def edited(caller: Caller, asset: Asset, values: Mapping[str, Any]) -> Asset:
    """The asset with these fields, or itself when it has them already. Raises as `edit`, but for `Stale`."""
    check_live(asset)
    values = {name: value for name, value in values.items() if getattr(asset.fields, name) != value}
    if not values:
        return asset
    for name in ("keywords", "skus"):
        if name in values:
            values[name] = unite((), values[name])
    fields = replace(asset.fields, **values)
    _check(caller, asset.fields, fields)
    requirements.check_edit(caller, asset, fields)
    sources = {word: asset.keyword_sources.get(word, "person") for word in fields.keywords}
    return replace(asset, fields=fields, touched=asset.touched | set(values), keyword_sources=sources)


@dataclass(frozen=True)
class Responsible:
    """Who answers for an asset. `is_here` is False of who was removed or whose time is over; then nobody is told."""

    id: str
    name: str | None
    is_here: bool


def responsible(ctx: Context, caller: Caller, asset: Asset) -> Responsible | None:
    """Who answers for the asset, as they are now; visitors of a share are not told."""
    member_id = asset.fields.responsible_id
    if member_id is None or caller.share is not None:
        return None
    member = members.get(caller.workspace, member_id)
    if member is None:
        return Responsible(member_id, None, False)
    return Responsible(member_id, member.name, member.expires_at is None or ctx.now() < member.expires_at)


def kept_fields(caller: Caller, values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields for an asset that is still to come, checked, as JSON keeps them. Raises `InvalidInput`."""
    nothing = Fields(name="")
    _check(caller, nothing, replace(nothing, **values))
    return dict(plain(values))


def _check(caller: Caller, old: Fields, new: Fields) -> None:
    who = new.responsible_id
    if who is not None and who != old.responsible_id and members.get(caller.workspace, who) is None:
        raise InvalidInput("Nobody has this id.", fields={"responsible_id": "is not a member of this workspace"})
    if new.available_from and new.available_until and new.available_from >= new.available_until:
        raise InvalidInput("These dates are the wrong way round.", fields={"available_until": "is not after the begin"})
    size = len(json.dumps(plain(asdict(new)))) + len(json.dumps(list(new.keywords)))
    if size > MAX_FIELDS_BYTES:
        raise InvalidInput(
            f"This is too much text for one asset: {size:,} bytes as stored, {MAX_FIELDS_BYTES:,} fit.",
            code="too_much_text",
        )


def archive(ctx: Context, caller: Caller, asset: Asset, reason: str) -> tuple[Asset, str]:
    """Take it out of daily work, read-only, with a reason. Raises `Conflict` (it is not live) or `Stale`."""
    return change(ctx, caller, asset, archived(asset, reason), "asset.archived", reason=reason)


def archived(asset: Asset, reason: str) -> Asset:
    """The asset out of daily work. Raises `Conflict`: it is not live."""
    check_live(asset)
    return replace(asset, state="archived", archived_because=reason)


def unarchive(ctx: Context, caller: Caller, asset: Asset) -> tuple[Asset, str]:
    """Bring it back into daily work. Raises `Conflict` (it is not archived) or `Stale`."""
    return change(ctx, caller, asset, unarchived(asset), "asset.unarchived")


def unarchived(asset: Asset) -> Asset:
    """The asset back in daily work. Raises `Conflict`: it is not archived."""
    if asset.state != "archived":
        raise Conflict("This asset is not archived.", code="not_archived")
    return replace(asset, state="live", archived_because=None)


def trash(ctx: Context, caller: Caller, asset: Asset) -> tuple[Asset, str]:
    """Put it into the trash; the same again changes nothing. Raises `Stale`."""
    new = trashed(asset)
    return (asset, "") if new is asset else change(ctx, caller, asset, new, "asset.trashed")


def trashed(asset: Asset) -> Asset:
    """The asset in the trash, or itself when it is there."""
    return asset if asset.state == "trashed" else replace(asset, state="trashed")


def restore(ctx: Context, caller: Caller, asset: Asset) -> tuple[Asset, str]:
    """Bring it back from the trash, archived if it was. Raises `Conflict` (it cannot be) or `Stale`."""
    return change(ctx, caller, asset, restored(caller, asset), "asset.restored")


def restored(caller: Caller, asset: Asset) -> Asset:
    """The asset back from the trash. Raises `Conflict`: it is not there, or with its collection."""
    if asset.state != "trashed":
        raise Conflict("This asset is not in the trash.", code="not_trashed")
    if not any(one in caller.tree.living for one in asset.collection_ids):
        raise Conflict(
            "Its collection is in the trash. Restore the collection, or put the asset into another one.",
            code="collection_trashed",
        )
    state: Any = "archived" if asset.archived_because else "live"
    return replace(asset, state=state, trash_id=None)


def change(
    ctx: Context, caller: Caller, old: Asset, new: Asset, action: str, also: Sequence[base.Write] = (), **detail: Any
) -> tuple[Asset, str]:
    """Turn an asset into another value of itself with everything that follows; it and the token of this write.

    Raises:
        Stale: somebody changed it at the same moment, or one of the other writes was refused.
    """
    try:
        return commit(ctx, caller.workspace, old, new, caller.principal.label, action, also, **detail)
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost


def commit(
    ctx: Context, workspace: WorkspaceId, old: Asset, new: Asset, actor: str, action: str,
    also: Sequence[base.Write] = (), **detail: Any,
) -> tuple[Asset, str]:  # fmt: skip
    """As `change`, but raises `base.ConditionFailed` with the labels of what was refused."""
    new, token, writes = effects(ctx, workspace, old, new, actor, action, **detail)
    base.transact([*writes, *also])
    if also:
        trails.wake_outbox(ctx, workspace)
    trails.wake_index(ctx, workspace)
    return new, token


def effects(
    ctx: Context, workspace: WorkspaceId, old: Asset, new: Asset, actor: str, action: str, **detail: Any
) -> tuple[Asset, str, list[base.Write]]:
    """Everything that turns an asset into another value of itself: the value, its token, three writes or more."""
    new = replace(new, revision=old.revision + 1, updated_at=ctx.now())
    token, announced = trails.announcement(
        ctx, workspace, "asset.changed", f"asset:{old.id}", old.collection_ids, is_for_index_only=True
    )
    told = trails.entry(ctx, workspace, actor, action, f"asset:{old.id}", **plain(detail))
    return new, token, [assets.change(workspace, old, new), announced, told, *followers(workspace, old, new, token)]


def followers(workspace: WorkspaceId, old: Asset, new: Asset, token: str) -> list[base.Write]:
    """What else changes in the transaction that changes an asset: its rows in collections, and the set of assets
    that search leaves out until the index holds `token`."""
    left = set(old.collection_ids) - set(new.collection_ids)
    writes = [collection_items.remove(workspace, one, old.id) for one in left]
    if _listing(old) != _listing(new):
        writes += [collection_items.put(workspace, one, new) for one in new.collection_ids]
    if narrows(old, new):
        writes.append(unindexed.add(workspace, old.id, token))
    return writes


def _listing(asset: Asset) -> tuple[Any, ...]:
    """What the rows of a collection's list keep of an asset."""
    return asset.state, asset.fields.name, set(asset.collection_ids), has_own_rules(asset)


def plain(value: Any) -> Any:
    """A value of fields as JSON: times as stamps, tuples as lists, and without what is not set."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(name).rstrip("_"): plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(one) for one in value]
    return base.stamp(value) if isinstance(value, datetime) else value
