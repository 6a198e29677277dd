"""Telling onward what was committed: lease, act, mark. At least once; acting twice must be harmless."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from chalicelib import observe
from chalicelib.domain.ids import CollectionId
from chalicelib.models import outbox
from chalicelib.models.outbox import Message
from chalicelib.ports import Context
from chalicelib.services import following, links, settling

_BATCH = 100
_SETTLES_FOR = timedelta(seconds=30)


def deliver(ctx: Context) -> int:
    """Tell every due message once; how many were told. Safe to run in several places at once.

    What follows from a message is in `_ACTS`; the freshness figure of each change goes to the log.
    """
    told = 0
    for message in outbox.due(ctx.now(), _BATCH):
        owner = ctx.new_id()
        if not outbox.lease(message, owner=owner, now=ctx.now(), lease_s=ctx.settings.lease_s):
            continue
        act = _ACTS.get(message.kind)
        if act is not None and not act(ctx, message):
            outbox.give_back(message, owner=owner, now=ctx.now())
            continue
        lag_ms = int((ctx.now() - message.at).total_seconds() * 1000)
        observe.note(message.kind, workspace=message.workspace, subject=message.subject, lag_ms=lag_ms)
        outbox.told(message, owner=owner, now=ctx.now())
        told += 1
    return told


def _settle(ctx: Context, message: Message) -> bool:
    collection_id = CollectionId(message.subject.partition(":")[2])
    return settling.settle(ctx, message.workspace, collection_id, ctx.now() + _SETTLES_FOR)


_ACTS: Mapping[str, Callable[[Context, Message], bool]] = {
    "collection.changed": _settle,
    "member.invited": links.send_invitation,
    "sign_in.asked": links.send_asked,
    **following.ACTS,
}
"""What a message asks for, by kind; False when there is more to do at the next run."""
