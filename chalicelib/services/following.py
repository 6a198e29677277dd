"""What follows from a version that waits, a request, a decision, a comment: found by their outbox rows.

Everything here ensures and compares: told twice, out of order, or after a crash half-way, it ends the same.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.domain import comments as comments_rules, review
from chalicelib.domain.access import Right
from chalicelib.domain.approvals import AS_DECISION, Item, Request
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, make_id
from chalicelib.models import approvals, assets, base, comments, versions
from chalicelib.models.outbox import Message
from chalicelib.ports.context import Context
from chalicelib.services import audience, notices, shop_schedule, trails

_BY = "system:approvals"
_WORDS = {"approved": "is approved", "rejected": "was rejected", "changes_requested": "needs changes"}


def version_pending(ctx: Context, message: Message) -> bool:
    """A version came that waits for approval: it takes the place of the one before in requests, or, if nobody asked
    anybody, is put into the queue of all who may approve. They are told."""
    _, asset_id, number = message.subject.split(":")
    asset = _asset(message, asset_id)
    if asset is None:
        return True
    followed = _settle(ctx, message, asset)
    if asset.newest.number != int(number) or review.approval_of(asset, asset.newest) != "pending":
        return True
    here = audience.of(ctx, message.workspace)
    asked = [*followed, *approvals.about(message.workspace, asset.id)]
    named = {one for request in asked for one in request.approver_ids}
    if not named:
        item = Item(asset.id, asset.newest.number, asset.newest.number, "pending")
        request_id = _same_id(message, "pending", asset.id, number)
        _ensure(message, Request(request_id, None, (item,), (), "any", None, None, message.at))
    notices.tell(
        here, named or here.with_right(asset, Right.APPROVE), asset, int(number), kind="version.pending",
        origin=message.id, at=message.at, by=asset.newest.member_id,
        text=f"Version {number} of “{asset.fields.name}” waits for approval.",
    )  # fmt: skip
    return True


def version_decided(ctx: Context, message: Message) -> bool:
    """A decision was made: who brought the version, who asked and who is responsible are told, and what else was
    asked about the version is settled; stores that show our pictures are planned anew."""
    rest, _, request_id = message.subject.rpartition(":")
    _, asset_id, number, decider = rest.split(":", 3)  # a visitor's own id has colons
    asset = _asset(message, asset_id)
    version = versions.get(message.workspace, asset.id, int(number)) if asset else None
    if asset is None or version is None:
        return True
    request = approvals.get(message.workspace, request_id) if request_id else None
    asked = [*approvals.about(message.workspace, asset.id), *([request] if request else [])]
    approval = review.approval_of(asset, version)
    shop_schedule.library_changed(ctx, message.workspace)
    if approval in _WORDS:
        notices.tell(
            audience.of(ctx, message.workspace),
            [version.member_id, asset.fields.responsible_id, *(one.by for one in asked)], asset, version.number,
            kind="version.decided", origin=message.id, at=message.at, by=decider or None,
            text=f"Version {number} of “{asset.fields.name}” {_WORDS[approval]}.",
        )  # fmt: skip
    _settle(ctx, message, asset)
    return True


def approval_requested(ctx: Context, message: Message) -> bool:
    """Somebody is asked: each named approver is told once, however many assets it is about."""
    request = approvals.get(message.workspace, message.subject.partition(":")[2])
    if request is None:
        return True
    here, first = audience.of(ctx, message.workspace), request.items[0]
    asset, others = _asset(message, first.asset_id), len(request.items) - 1
    if asset is None:
        return True
    more = f" and {others} more" if others else ""
    notices.tell(
        here, request.approver_ids, asset, first.version, kind="approval.requested", origin=request.id, at=request.at,
        by=request.by, text=f"{here.name(request.by)} asks you to approve “{asset.fields.name}”{more}.",
        subject=f"approval:{request.id}",
    )  # fmt: skip
    return True


def comment_said(ctx: Context, message: Message) -> bool:
    """Whom a comment mentions, and who wrote what it answers, is told once, if they may see the version it is on."""
    comment_id = message.subject.partition(":")[2]
    asset_id = comments_rules.asset_of(comment_id)
    comment = comments.get(message.workspace, asset_id, comment_id) if asset_id else None
    asset = _asset(message, asset_id) if asset_id else None
    version = versions.get(message.workspace, asset.id, comment.version) if asset and comment else None
    if asset is None or comment is None or comment.is_deleted or version is None:
        return True
    here = audience.of(ctx, message.workspace)
    parent = comments.get(message.workspace, asset.id, comment.parent_id) if comment.parent_id else None
    called = comments_rules.mentioned(comment.body)
    answered = (parent.by,) if parent is not None and parent.by not in called else ()
    for kind, member_ids, words in (
        ("comment.mention", called, "mentions you on"), ("comment.reply", answered, "answers you on")
    ):  # fmt: skip
        seeing = [
            one for one in member_ids if review.sees_version(here.tree, asset, version, here.bits(one, asset), one)
        ]
        notices.tell(
            here, seeing, asset, comment.version, kind=kind, origin=comment.id, at=comment.at, by=comment.by,
            text=f"{here.name(comment.by)} {words} “{asset.fields.name}”.", subject=f"comment:{comment.id}",
            more=f"&comment={comment.id}",
        )  # fmt: skip
    return True


def _asset(message: Message, asset_id: str) -> Asset | None:
    return next(iter(assets.get_many(message.workspace, [AssetId(asset_id)])), None)


def _settle(ctx: Context, message: Message, asset: Asset) -> list[Request]:
    """Close items about this asset that were replaced, or decided elsewhere; the requests that follow replaced ones."""
    followed: list[Request] = []
    for request in approvals.about(message.workspace, asset.id):
        item = request.item(asset.id)
        if item is None or item.state != "open":
            continue
        decided = asset.approvals.get(item.version, "pending")
        is_replaced = asset.newest.number != item.newest
        if decided not in AS_DECISION and not is_replaced:
            continue
        state = decided if decided in AS_DECISION else "replaced"
        new = request.with_item(replace(item, state=state))  # type: ignore[arg-type]
        writes = [
            approvals.change(message.workspace, request, new),
            trails.entry(
                ctx, message.workspace, _BY, f"approval.{state}", f"approval:{request.id}", asset_id=asset.id,
                version=item.version,
            ),
        ]  # fmt: skip
        if state == "replaced" and request.approver_ids:
            newest = asset.newest.number
            fresh = Item(asset.id, newest, newest, review.approval_of(asset, asset.newest))
            next_id = _same_id(message, request.id, asset.id, str(newest))
            following = replace(request, id=next_id, items=(fresh,), at=message.at, revision=1)
            followed.append(following)
            if approvals.get(message.workspace, next_id) is None:
                writes.append(approvals.add(message.workspace, following))
        base.transact(writes)
    return followed


def _same_id(message: Message, *parts: str) -> str:
    """An id that sorts by the message's time and is the same however often it is told."""
    noise = hashlib.sha256("\n".join(parts).encode()).digest()
    return make_id(int(message.at.timestamp() * 1000), noise)


def _ensure(message: Message, request: Request) -> None:
    try:
        base.transact([approvals.add(message.workspace, request)])
    except base.ConditionFailed:
        return


def _again(act: Callable[[Context, Message], bool]) -> Callable[[Context, Message], bool]:
    """The act; one that lost a race has more to do."""

    def acted(ctx: Context, message: Message) -> bool:
        try:
            return act(ctx, message)
        except base.ConditionFailed:
            return False

    return acted


ACTS: Mapping[str, Callable[[Context, Message], bool]] = {
    "version.pending": _again(version_pending),
    "version.decided": _again(version_decided),
    "approval.requested": approval_requested,
    "comment.said": comment_said,
}
"""What a message asks for, by kind; False when it is to be told again."""
