"""What an operator asks for by the `packshot` command: is a library sound, mend it, what has been used."""

import argparse
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, get_args

from chalicelib.domain.findings import Finding
from chalicelib.domain.ids import WorkspaceId
from chalicelib.ports.aws import Queue
from chalicelib.ports.context import Context
from chalicelib.services import arrivals, fsck, indexing, relooking, using

ACTOR = "system:operator"
QUEUES: tuple[Queue, ...] = get_args(Queue)


def check(ctx: Context, asked: argparse.Namespace) -> dict[str, object]:
    """Check a library against itself, or every one: rows, bytes, counts, search index, audit trail.

    Ends with 1 when something is wrong. Reads only, unless `--repair` is given.
    """
    look = fsck.repair if asked.repair else fsck.check
    reports = [look(ctx, one, grace_s=asked.grace, with_bytes=asked.bytes) for one in _chosen(asked)]
    return {
        "is_sound": all(one.is_sound for one in reports),
        "workspaces": [
            {
                "workspace": one.workspace, "is_sound": one.is_sound, "assets": one.assets, "versions": one.versions,
                "findings": [_told(each) for each in one.findings], "mended": [_told(each) for each in one.mended],
            }
            for one in reports
        ],
    }  # fmt: skip


def _told(one: Finding) -> dict[str, object]:
    return {"code": one.code, "about": one.about, "words": one.words, "can_be_mended": one.can_be_mended}


def _chosen(asked: argparse.Namespace) -> Iterable[WorkspaceId]:
    return [WorkspaceId(asked.workspace)] if asked.workspace else fsck.workspaces_known()


def reconcile(ctx: Context, asked: argparse.Namespace) -> dict[str, object]:
    """Announce every file that waits in the inbox and that nobody looks after, as the schedule does every 10 minutes.

    `--start` is for the start on one machine only: it frees what the runs before it owned, announces what they had
    begun, and has search indexes of another release built anew.
    """
    if not asked.start:
        return {"sent": arrivals.reconcile(ctx, min_age_s=0)}
    indexing.look_after(ctx)
    return {"voided": arrivals.void_older_claims(ctx), "sent": arrivals.reconcile(ctx, min_age_s=0, is_start=True)}


def retry(ctx: Context, asked: argparse.Namespace) -> dict[str, object]:
    """Take quarantined files up again: those named, or all whose bytes still wait in the inbox."""
    workspace = WorkspaceId(asked.workspace)
    if not asked.ids:
        return {"retried": arrivals.retry_all(ctx, workspace, ACTOR)}
    for one in asked.ids:
        arrivals.retry(ctx, ACTOR, arrivals.load(workspace, one))
    return {"retried": len(asked.ids)}


def redrive(ctx: Context, asked: argparse.Namespace) -> dict[str, object]:
    """Send the messages of a dead-letter queue again; without a queue, say how many lie in each."""
    if asked.queue is None:
        return {name: ctx.queue.dead(name) for name in QUEUES}
    return {asked.queue: ctx.queue.redrive(asked.queue)}


def usage(_ctx: Context, asked: argparse.Namespace) -> dict[str, object]:
    """What a workspace has used, by day (UTC) and meter, from a day to before another."""
    days = using.by_day(WorkspaceId(asked.workspace), asked.since, asked.until)
    return {"workspace": asked.workspace, "days": days}


def look(ctx: Context, asked: argparse.Namespace) -> dict[str, object]:
    """Give pictures that came before what new ones have, by a job a workspace: colours, ground, print, visual tags."""
    return {"jobs": {one: relooking.start_for(ctx, one, ACTOR) for one in _chosen(asked)}}


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def add(commands: Any) -> None:
    """Add these commands to those of `packshot`."""
    one = _command(commands, "fsck", check)
    one.add_argument("--workspace", help="only this one, by id")
    one.add_argument("--repair", action="store_true", help="make good what can be made again, and touch nothing else")
    one.add_argument("--bytes", action="store_true", help="read every original and compare its SHA-256")
    one.add_argument(
        "--grace", type=int, default=fsck.GRACE_S, metavar="SECONDS",
        help=f"what is younger may be on its way and is not called left over (default {fsck.GRACE_S})",
    )  # fmt: skip
    one = _command(commands, "look", look)
    one.add_argument("--workspace", help="only this one, by id")
    one = _command(commands, "reconcile", reconcile)
    one.add_argument("--start", action="store_true", help="at the start on one machine")
    one = _command(commands, "retry", retry)
    one.add_argument("--workspace", required=True, help="by id")
    one.add_argument("ids", nargs="*", metavar="ID", help="ids of arrivals, as /v1/ingest lists them")
    one = _command(commands, "redrive", redrive)
    one.add_argument("queue", nargs="?", choices=QUEUES)
    one = _command(commands, "usage", usage)
    one.add_argument("--workspace", required=True, help="by id")
    one.add_argument("--from", dest="since", type=_day, default=_day("2000-01-01"), metavar="YYYY-MM-DD")
    one.add_argument("--to", dest="until", type=_day, default=_day("2999-01-01"), metavar="YYYY-MM-DD")


def _command(
    commands: Any, name: str, act: Callable[[Context, argparse.Namespace], dict[str, object]]
) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = commands.add_parser(name, help=act.__doc__, description=act.__doc__)
    one.set_defaults(act=act)
    return one
