"""Google Drive as a kind of connection: its folders are followed, and the library stays true to them.

A run does, in this order, what there is to do, and may die at any step:

1. roots     each followed folder is looked at: one that is gone is asked about, never taken for emptied. A new one's
             feed is marked before its listing, so that nothing that changes meanwhile is missed.
2. news      the change feed, page by page: what it means for the index is written together with the feed's place.
3. listings  folders that are new in the index: one folder a question, its page kept.
4. missing   what vanished is looked for once more.
5. the rest  folders pass their state on, assets follow; then people are asked where much is gone.
6. bytes     approved versions are saved into their folder, where one is chosen; what is new there is fetched.

What a run sees in Drive it lets the library follow before it ends, but for bytes: those are taken in like all others.

The index says how Drive is; everything that is still to do about it is in it too, so that no step is ever lost.
"""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from chalicelib.domain.connections import Connection
from chalicelib.errors import NotFound, UpstreamRejected
from chalicelib.ports.context import Context
from chalicelib.ports.drive import Drive
from chalicelib.services import (
    connections,
    drive_effects,
    drive_listing,
    drive_missing,
    drive_news,
    drive_roots,
    drive_saves,
    drive_saving,
)
from chalicelib.services.connection_runs import Kind, Run
from chalicelib.services.drive_following import Following


def check(ctx: Context, one: Connection) -> None:
    """Whether every folder is there for this account, and the one to save into takes files.

    Raises `UpstreamRejected`, in words for people.
    """
    with closing(_drive(ctx, one)) as drive:
        for folder_id in one.settings["folder_ids"]:
            try:
                drive_roots.check_folder(drive.get(folder_id))
            except NotFound as problem:
                raise UpstreamRejected(drive_roots.not_shared(folder_id, drive)) from problem
        folder_id = drive_saves.folder_of(one)
        if folder_id is not None:
            drive_saving.check_folder(drive, folder_id)


def left(_ctx: Context, _one: Connection, _credentials: Mapping[str, Any] | None) -> None:
    """The connection was deleted: its assets stay as they are."""


def run(this: Run) -> None:
    """Follow Drive as far as this run's time goes."""
    with closing(_drive(this.ctx, this.connection)) as drive:
        following = Following(this, drive)
        try:
            drive_roots.look_at_roots(following)
            drive_news.read_news(following)
            drive_listing.list_folders(following)
            gone = drive_missing.look_again(following)
            drive_effects.pass_on(following)
            drive_effects.let_assets_follow(following)
            drive_missing.ask(following, gone)
            drive_saving.save(following)
            drive_effects.fetch(following)
        finally:
            this.units = drive.units


KIND = Kind(check, run, left)


def _drive(ctx: Context, one: Connection) -> Drive:
    return ctx.drive(connections.credentials_of(ctx, one), writes=drive_saves.folder_of(one) is not None)
