"""Telling onward what was committed: lease, act, mark. At least once; acting twice must be harmless."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from chalicelib import metrics, observe
from chalicelib.domain.ids import CollectionId
from chalicelib.models import outbox
from chalicelib.models.outbox import Message
from chalicelib.ports.context import Context
from chalicelib.services import drive_saves, following, links, overdue, settling, sighting, trails

_BATCH, _PATIENT_BATCH = 100, 8
_SETTLES_FOR, _GOES_ON_FOR = timedelta(seconds=30), timedelta(seconds=20)
"""Together less than the minute that the function has."""


def deliver(ctx: Context) -> int:
    """Tell every due message once, oldest first; how many were told. Safe to run in several places at once.

    Where more are due than one reading finds it goes on for `_GOES_ON_FOR`; the next wake-up or sweep takes the rest.
    Patient ones come last and a few a run, so that nobody waits behind them, nor behind one that breaks: it comes again
    when its lease is over, and its problem is raised here once all others were told. What follows from a message is in
    `_ACTS`; the freshness figure of each change goes to the log.
    """
    until, told, is_more = ctx.now() + _GOES_ON_FOR, 0, True
    broken: list[Exception] = []
    while is_more:
        due = list(outbox.due(ctx.now(), _BATCH))
        overdue.tell(ctx, "outbox", [message.at for message in due])
        told_now = _tell_all(ctx, due, broken)
        told += told_now
        is_more = told_now > 0 and len(due) == _BATCH and ctx.now() < until
    patient = list(outbox.due(ctx.now(), _PATIENT_BATCH, patient=True))
    told_later = _tell_all(ctx, patient, broken)
    if told_later and len(patient) == _PATIENT_BATCH:
        trails.wake_outbox(ctx, patient[-1].workspace)
    if broken:
        raise broken[0]
    return told + told_later


def _tell_all(ctx: Context, messages: Iterable[Message], broken: list[Exception]) -> int:
    told = 0
    for message in messages:
        try:
            told += _tell(ctx, message)
        except Exception as problem:
            observe.trouble("message not told", kind=message.kind, workspace=message.workspace, problem=problem)
            broken.append(problem)
    return told


def _tell(ctx: Context, message: Message) -> bool:
    """Tell one message, unless somebody else does or there is more to do; whether it is told."""
    owner = ctx.new_id()
    if not outbox.lease(message, owner=owner, now=ctx.now(), lease_s=ctx.settings.lease_s):
        return False
    act = _ACTS.get(message.kind)
    if act is not None and not act(ctx, message):
        outbox.give_back(message, owner=owner, now=ctx.now())
        return False
    lag_ms = int((ctx.now() - message.at).total_seconds() * 1000)
    observe.note(
        message.kind, workspace=message.workspace, subject=message.subject, counted=metrics.told({"ToldLagMs": lag_ms})
    )
    outbox.told(message, owner=owner, now=ctx.now())
    return True


def _settle(ctx: Context, message: Message) -> bool:
    collection_id = CollectionId(message.subject.partition(":")[2])
    return settling.settle(ctx, message.workspace, collection_id, ctx.now() + _SETTLES_FOR)


def _decided(ctx: Context, message: Message) -> bool:
    return drive_saves.want(ctx, message) and following.ACTS[message.kind](ctx, message)


_ACTS: Mapping[str, Callable[[Context, Message], bool]] = {
    "collection.changed": _settle,
    "member.invited": links.send_invitation,
    "sign_in.asked": links.send_asked,
    **following.ACTS,
    sighting.ARRIVED: sighting.picture_arrived,
    "version.decided": _decided,
}
"""What a message asks for, by kind; False when there is more to do at the next run."""
