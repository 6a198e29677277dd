"""Google Drive as a kind of connection: its folders are followed, and the library stays true to them.

A run does, in this order, what there is to do, and may die at any step:

1. roots     each followed folder is looked at: one that is gone is asked about, never taken for emptied. A new one's
             feed is marked before its listing, so that nothing that changes meanwhile is missed.
2. news      the change feed, page by page: what it means for the index is written together with the feed's place.
3. listings  folders that are new in the index: one folder a question, its page kept.
4. the rest  folders pass their state on, assets follow, bytes are fetched, what vanished is asked about.

The index says how Drive is; everything that is still to do about it is in it too, so that no step is ever lost.
"""

from contextlib import closing

from chalicelib.domain.connections import Connection
from chalicelib.errors import NotFound, UpstreamRejected
from chalicelib.ports import Context, Drive
from chalicelib.services import connections, drive_effects, drive_listing, drive_news, drive_roots
from chalicelib.services.connection_runs import Kind, Run
from chalicelib.services.drive_following import Following


def check(ctx: Context, one: Connection) -> None:
    """Whether every followed folder is there for this account. Raises `UpstreamRejected`, in words for people."""
    with closing(_drive(ctx, one)) as drive:
        for folder_id in one.settings["folder_ids"]:
            try:
                drive_roots.check_folder(drive.get(folder_id))
            except NotFound as problem:
                raise UpstreamRejected(drive_roots.not_shared(folder_id, drive)) from problem


def left(ctx: Context, one: Connection) -> None:
    """The connection was deleted: its assets stay as they are."""


def run(this: Run) -> None:
    """Follow Drive as far as this run's time goes."""
    with closing(_drive(this.ctx, this.connection)) as drive:
        following = Following(this, drive)
        try:
            drive_roots.look_at_roots(following)
            drive_news.read_news(following)
            drive_listing.list_folders(following)
            drive_effects.pass_on(following)
            drive_effects.let_assets_follow(following)
            drive_effects.look_for_missing(following)
            drive_effects.fetch(following)
        finally:
            this.units = drive.units


KIND = Kind(check, run, left)


def _drive(ctx: Context, one: Connection) -> Drive:
    return ctx.drive(connections.credentials_of(ctx, one))
