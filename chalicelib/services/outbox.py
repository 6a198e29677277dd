"""Telling onward what was committed: lease, act, mark. At least once; acting twice must be harmless."""

from chalicelib import observe
from chalicelib.models import outbox
from chalicelib.ports import Context

_BATCH = 100


def deliver(ctx: Context) -> int:
    """Tell every due message once; how many were told. Safe to run in several places at once.

    What is told today is the freshness figure of each change; the search index joins here.
    """
    told = 0
    for message in outbox.due(ctx.now(), _BATCH):
        owner = ctx.new_id()
        if not outbox.lease(message, owner=owner, now=ctx.now(), lease_s=ctx.settings.lease_s):
            continue
        lag_ms = int((ctx.now() - message.at).total_seconds() * 1000)
        observe.note(message.kind, workspace=message.workspace, subject=message.subject, lag_ms=lag_ms)
        outbox.told(message, owner=owner, now=ctx.now())
        told += 1
    return told
