"""Shares as those who make them see them: make, list, change, revoke, count.

What a share lets through is never decided here: `visiting.py` lays it over its maker's rights at each request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.access import NONE, Right
from chalicelib.domain.assets import settled
from chalicelib.domain.ids import AssetId, CollectionId, short_hash
from chalicelib.domain.pages import Page
from chalicelib.domain.shares import MOST_ASSETS, Level, Share, Switch, Target, token
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, Stale
from chalicelib.models import assets, base, shares
from chalicelib.models.shares import Stats
from chalicelib.ports.context import Context
from chalicelib.services import access, passwords, search, trails
from chalicelib.services.signing import Caller

LIVES = timedelta(days=30)


@dataclass(frozen=True)
class ShareRequest:
    """What a new share is to be; exactly one of `asset_ids`, `collection_id` and `q` is given."""

    switches: tuple[Switch, ...]
    download: Level
    name: str | None
    asset_ids: tuple[str, ...] | None = None
    collection_id: str | None = None
    q: str | None = None
    frozen: bool = False
    password: str | None = None
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    max_px: int | None = None


def make(ctx: Context, caller: Caller, asked: ShareRequest, seed: str | None) -> Share:
    """Make a share. The same seed gives the same one.

    Raises:
        NotFound, NotAllowed: something of it is not there for this caller, or not to share.
        BadQuery: the search cannot be understood.
        InvalidInput: too much, or the dates or limits do not fit.
    """
    target = _target(ctx, caller, asked)
    share = Share(
        id=short_hash("share", caller.workspace, seed) if seed else ctx.new_id(),
        workspace=caller.workspace,
        name=asked.name or "",
        member_id=caller.member_id,
        key_id=caller.principal.id if caller.principal.kind == "key" else None,
        created_at=ctx.now(),
        target=target,
        switches=asked.switches,
        download=asked.download,
        password_hash=passwords.hashed(ctx, asked.password) if asked.password else None,
        starts_at=asked.starts_at,
        expires_at=asked.expires_at,
        max_px=asked.max_px,
    )
    _check(ctx, share)
    who = caller.principal.label
    told = trails.entry(ctx, caller.workspace, who, "share.created", f"share:{share.id}", **_told(share))
    try:
        base.transact([shares.add(share), told])
    except base.ConditionFailed:
        known = shares.find(share.id)
        if seed is None or known is None or known.workspace != caller.workspace:
            raise
        return known
    return share


def link(ctx: Context, share: Share) -> tuple[str, str]:
    """The address to hand out, and the token in it."""
    made = token(ctx.secret("share-links"), share.id)
    return f"{ctx.settings.url}/#/s/{made}", made


def listed(caller: Caller, *, limit: int, start: Any) -> Page[Share]:
    """The caller's shares, or everybody's for those who manage the library, newest first; a page may be short."""
    page = shares.every(caller.workspace, limit=limit, start=start)
    return Page([one for one in page.items if _may_see(caller, one)], page.next)


def load(caller: Caller, share_id: str) -> Share:
    """One of the caller's, or any for those who manage the library. Raises `NotFound`."""
    share = shares.find(share_id)
    if share is None or share.workspace != caller.workspace or not _may_see(caller, share):
        raise NotFound("There is no such share.")
    return share


def stats(share: Share) -> Stats:
    """How often it was opened, and how many files left by it."""
    return shares.stats(share.id)


def change(ctx: Context, caller: Caller, old: Share, values: Mapping[str, Any]) -> Share:
    """Change what it lets through; it counts from the next request on. `password` None takes it away.

    Raises:
        Conflict: it is revoked.
        InvalidInput: the dates or limits do not fit.
        Stale: somebody changed it at the same moment.
    """
    if old.revoked_at is not None:
        raise Conflict("This share is revoked. Make another one.", code="share_revoked")
    kept = {name: value for name, value in values.items() if name != "password"}
    new = replace(old, **kept)
    if "password" in values:
        given = values["password"]
        new = replace(
            new, password_hash=passwords.hashed(ctx, given) if given else None, secret_epoch=old.secret_epoch + 1
        )
    _check(ctx, new)
    return _changed(ctx, caller, old, new, "share.changed", fields=sorted(values))


def revoke(ctx: Context, caller: Caller, old: Share) -> None:
    """End it, also for whoever is looking; revoking again changes nothing. Raises `Stale`."""
    if old.revoked_at is None:
        _changed(ctx, caller, old, replace(old, revoked_at=ctx.now()), "share.revoked")


def _changed(ctx: Context, caller: Caller, old: Share, new: Share, action: str, **detail: Any) -> Share:
    new, write = shares.change(old, new)
    told = trails.entry(ctx, caller.workspace, caller.principal.label, action, f"share:{old.id}", **detail)
    try:
        base.transact([write, told])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this share at the same moment.") from lost
    return new


def _may_see(caller: Caller, share: Share) -> bool:
    is_own = bool(caller.member_id) and share.member_id == caller.member_id
    return is_own or bool(caller.access.on_library() & Right.MANAGE.bit)


def _target(ctx: Context, caller: Caller, asked: ShareRequest) -> Target:
    """What is shared, each thing of it checked: nobody shares what they may not."""
    if asked.collection_id is not None:
        home = access.collection(caller, asked.collection_id, Right.SHARE)
        return Target(collection_id=CollectionId(home.id))
    if asked.asset_ids is not None:
        return Target(asset_ids=_shareable(ctx, caller, asked.asset_ids))
    found = search.find(ctx, caller, search.Request(asked.q or "", limit=MOST_ASSETS if asked.frozen else 1))
    if asked.frozen and found.total > MOST_ASSETS:
        raise InvalidInput(
            f"A share of a frozen search holds at most {MOST_ASSETS:,} assets; this one finds {found.total:,}. "
            "Narrow it, share a collection, or share it live.",
            code="too_many_assets", fields={"target.q": "finds too much"},
        )  # fmt: skip
    if caller.access.granted(Right.SHARE).is_nothing:
        raise NotAllowed("This needs the right “share”.", fields={"right": "share"})
    if not asked.frozen:
        return Target(q=asked.q)
    now, share = ctx.now(), Right.SHARE.bit
    kept = tuple(AssetId(one.id) for one in found.assets if caller.rights_on(one, now) & share)
    return Target(asset_ids=kept, q=asked.q, frozen=True)


def _shareable(ctx: Context, caller: Caller, asset_ids: tuple[str, ...]) -> tuple[AssetId, ...]:
    wanted = [AssetId(one) for one in dict.fromkeys(asset_ids)]
    found = {one.id: settled(one, caller.tree) for one in assets.get_many(caller.workspace, wanted)}
    now = ctx.now()
    for one in wanted:
        asset = found.get(one)
        access.authorize(Right.SHARE, caller.rights_on(asset, now) if asset else NONE, "asset")
        if asset is not None and asset.state != "live":
            raise Conflict("Only live assets can be shared.", code="not_live")
    return tuple(wanted)


def _check(ctx: Context, share: Share) -> None:
    fields = {}
    if not share.switches:
        fields["switches"] = "lets nothing through"
    if share.expires_at is not None and share.expires_at <= ctx.now():
        fields["expires_at"] = "lies in the past"
    if share.starts_at is not None and share.expires_at is not None and share.starts_at >= share.expires_at:
        fields["expires_at"] = "is not after the begin"
    if share.max_px is not None and "download" in share.switches and share.download == "original":
        fields["max_px"] = "cannot hold for originals: choose download “approved” or “preview”"
    if fields:
        raise InvalidInput("This share cannot be: " + "; ".join(f"{k} {v}" for k, v in fields.items()), fields=fields)


def _told(share: Share) -> dict[str, Any]:
    target = share.target
    what = {"collection_id": target.collection_id, "q": target.q, "assets": len(target.asset_ids) or None}
    return {
        "name": share.name, "switches": list(share.switches), "download": share.download,
        "has_password": share.password_hash is not None, **{name: one for name, one in what.items() if one is not None},
    }  # fmt: skip
