"""The job that follows what people have dated: assets that come into use or go out of it, requests that are due."""

from chalicelib.handlers.events import Jobs
from chalicelib.ports.context import Context
from chalicelib.services import reminders, turning

jobs = Jobs(__name__)


@jobs.every("rate(1 minute)")
def follow_dates(ctx: Context) -> None:
    """Tell of assets whose date has come, and remind the approvers of requests that are due."""
    try:
        turning.turn(ctx)
    finally:
        reminders.remind(ctx)
