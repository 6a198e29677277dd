"""Google Drive as a kind of connection."""

from chalicelib.domain.connections import Connection
from chalicelib.errors import UpstreamRejected
from chalicelib.ports import Context
from chalicelib.services.connection_runs import Kind, Run

_NOT_YET = "Following Drive is not offered on this stage."


def check(ctx: Context, one: Connection) -> None:  # noqa: ARG001 what every kind takes
    """Whether the connection works. Raises `UpstreamRejected`."""
    raise UpstreamRejected(_NOT_YET)


def run(this: Run) -> None:  # noqa: ARG001 what every kind takes
    """Follow the folders. Raises `UpstreamRejected`."""
    raise UpstreamRejected(_NOT_YET)


def left(ctx: Context, one: Connection) -> None:
    """The connection was deleted: its assets stay as they are."""


KIND = Kind(check, run, left)
