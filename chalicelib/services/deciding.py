"""Approve, reject, ask for changes: one fenced transaction switches everything that shows or hands out the asset.

A decision is of one version, named by its number. The same decision again, or one by the person who brought the
version, changes nothing. What else follows (notices, requests that wait for this version) is found by the outbox row of
the same transaction.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain import review
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, Version, settled
from chalicelib.domain.ids import ROOT
from chalicelib.domain.review import Decision
from chalicelib.errors import Conflict, NotAllowed
from chalicelib.models import base, collections, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import assets, egress, trails
from chalicelib.services.memberships import MOST_COLLECTIONS
from chalicelib.services.signing import Caller


def decide(
    ctx: Context, caller: Caller, asset: Asset, number: int, decision: Decision, note: str | None
) -> tuple[Asset, str]:
    """Decide on one version; the asset and the token of this write.

    Raises:
        NotFound: there is no such version.
        NotAllowed: code `own_upload`: the caller brought it, and the workspace does not let people approve their own.
        Conflict: the asset is not live, or this is decided already.
        Stale: somebody changed the asset at the same moment.
    """
    version = egress.seen_version(caller, asset, caller.rights_on(asset, ctx.now()), number)
    check_may_decide(caller, asset, version)
    if review.is_decided(asset, version, review.OUTCOME[decision]):
        raise Conflict("This was decided already.", code="already_decided")
    new, also = outcome(caller, asset, version, decision)
    return assets.change(
        ctx, caller, asset, new, action(decision),
        [*also, announced(ctx, caller, asset, version)], version=number, note=note, moved_to=_moved(asset, new),
    )  # fmt: skip


def check_may_decide(caller: Caller, asset: Asset, version: Version) -> None:
    """Raise `Conflict` unless the asset is live, `NotAllowed` when the version is the caller's own work."""
    assets.check_live(asset)
    if version.member_id is None or version.member_id != caller.member_id:
        return
    current = workspaces.get(caller.workspace)
    if current is None or not current.self_approval:
        raise NotAllowed(
            "You brought this version, so somebody else decides on it.", code="own_upload",
            fields={"right": str(Right.APPROVE)},
        )  # fmt: skip


def outcome(caller: Caller, asset: Asset, version: Version, decision: Decision) -> tuple[Asset, list[base.Write]]:
    """The asset once this is decided, in the collections that rules send it to, and the conditions of that."""
    new = review.decided(asset, version, review.OUTCOME[decision])
    if decision != "approve":
        return new, []
    new = replace(new, collection_ids=review.placed(new, caller.tree, MOST_COLLECTIONS))
    fresh = [one for one in new.collection_ids if one not in asset.collection_ids and one != ROOT]
    return settled(new, caller.tree), [collections.still_live(caller.workspace, one) for one in fresh]


def action(decision: Decision) -> str:
    """The decision as the audit trail names it."""
    return f"version.{review.OUTCOME[decision]}"


def announced(ctx: Context, caller: Caller, asset: Asset, version: Version, request_id: str = "") -> base.Write:
    """The outbox row of a decision, beside the asset's own: of which version, by whom, in which request."""
    subject = f"version:{asset.id}:{version.number}:{caller.member_id}:{request_id}"
    return trails.announcement(ctx, caller.workspace, "version.decided", subject)[1]


def _moved(old: Asset, new: Asset) -> Sequence[str] | None:
    return [one for one in new.collection_ids if one not in old.collection_ids] or None
