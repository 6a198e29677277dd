"""Jobs that keep the search index up."""

from chalicelib.domain.ids import WorkspaceId
from chalicelib.handlers.events import Body, Jobs
from chalicelib.ports.context import Context
from chalicelib.services import indexing

jobs = Jobs(__name__)
WINDOW_S = 1.0
"""While changes keep coming, a generation a second; the first one after a silence comes at once."""


@jobs.on_queue("index", batch=10, once_for="workspace")
def index_changes(ctx: Context, body: Body) -> None:
    """A commit changed assets: bring the workspace's index up to date."""
    indexing.catch_up(ctx, WorkspaceId(body["workspace"]), window_s=WINDOW_S)


@jobs.every("rate(1 minute)")
def sweep_index(ctx: Context) -> None:
    """Wake the writers that no hint woke."""
    indexing.sweep(ctx)
