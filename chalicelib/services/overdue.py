"""What schedules find due for too long, told as one number: the alarm that follows the tables and not the queues."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib import metrics, observe
from chalicelib.ports.context import Context


def tell(ctx: Context, what: str, since: Sequence[datetime]) -> None:
    """Say for how long the oldest of these has been due; nothing while all may still be on their way."""
    age_s = metrics.overdue_s(min(since, default=None), ctx.now())
    if age_s:
        observe.note("overdue", what=what, found=len(since), counted=metrics.told({"OverdueS": age_s}))
