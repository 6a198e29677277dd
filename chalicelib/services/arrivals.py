"""How arrivals are found and looked after: events, listing of the inbox, overdue claims, retry."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from chalicelib.domain.arrivals import Arrival, Hint, Refusal, State, name_of, read_key, source_of, workspace_of
from chalicelib.domain.ids import VersionId, WorkspaceId, arrival_id
from chalicelib.domain.pages import Page
from chalicelib.errors import Conflict, NotFound
from chalicelib.models import base, claims, ingest as rows, uploads
from chalicelib.ports.context import Context
from chalicelib.services import overdue, trails
from chalicelib.services.signing import Caller

_BATCH = 100


def hint_of(ctx: Context, key: str, object_version: str | None, sequencer: str | None = None) -> Hint:
    """The hint about one object version of the inbox; the same for the same version, always.

    Where there is only one workspace, it is shown whatever arrives.
    """
    identifier = arrival_id(ctx.settings.bucket("inbox"), key, object_version)
    workspace = WorkspaceId(ctx.settings.lone_workspace) if ctx.settings.lone_workspace else workspace_of(key)
    return Hint(workspace, identifier, key, object_version, sequencer)


def route(ctx: Context, hints: Iterable[Hint]) -> int:
    """Send hints to the ingest queue, each grouped by its workspace; how many were sent."""
    bodies = [(body_of(hint), str(hint.workspace)) for hint in hints]
    ctx.queue.send_many("ingest", bodies)
    return len(bodies)


def body_of(hint: Hint) -> dict[str, Any]:
    """The message of a hint."""
    return {"v": 1, "key": hint.key, "object_version": hint.object_version, "sequencer": hint.sequencer}


def reconcile(ctx: Context, *, min_age_s: int, is_start: bool = False) -> int:
    """Send a hint for every inbox version at least this old that nobody looks after; how many were sent.

    Events that never came are found here, and nowhere else. Known arrivals that are not done are the sweep's; but at a
    start (`is_start`) the queues may be empty, so that only quarantined ones are left alone.
    """
    settled = {"quarantined"} if is_start else {"quarantined", "pending", "processing"}
    sent, now = 0, ctx.now()
    old = (one for one in _found(ctx) if (now - one.modified_at).total_seconds() >= min_age_s)
    while batch := list(islice(old, _BATCH)):
        hints = [hint_of(ctx, one.key, one.version, one.sequencer) for one in batch]
        known = rows.get_many([(hint.workspace, hint.id) for hint in hints])
        sent += route(ctx, [hint for hint in hints if hint.id not in known or known[hint.id].state not in settled])
    return sent


@dataclass(frozen=True)
class _Found:
    key: str
    version: str | None
    modified_at: datetime
    sequencer: str | None


def _found(ctx: Context) -> Iterator[_Found]:
    """What waits in the inbox. Several versions of one key are numbered from the oldest, as their order in the listing
    is all that tells which of two writes in one second came first when S3 sent no event with a sequencer."""
    for key, group in groupby(ctx.store.versions("inbox"), key=lambda one: one.key):
        found = list(group)
        for age, one in enumerate(found):
            number = f"{len(found) - age:x}" if len(found) > 1 else None
            yield _Found(key, one.version, one.modified_at, number)


def sweep(ctx: Context) -> int:
    """Send a hint for every arrival whose claim ran out or whose next try is due; how many were sent.

    A pending one is then left to its message for five minutes, so that a long backlog is not sent over and over.
    """
    due = list(rows.overdue(ctx.now(), 500))
    sent = route(ctx, [arrival.hint for arrival in due])
    for arrival in due:
        if arrival.state == "pending":
            claims.postpone(arrival, now=ctx.now())
    overdue.tell(ctx, "arrivals", [arrival.state_at or arrival.arrived_at for arrival in due])
    return sent


def void_older_claims(ctx: Context) -> int:
    """Free what earlier runs on this machine owned when they died; such deaths do not count as tries."""
    freed = 0
    for arrival in rows.owned():
        if not (arrival.owner or "").startswith(f"{ctx.settings.boot_id}:"):
            claims.give_back(arrival, now=ctx.now(), counts=False)
            freed += 1
    return freed


def listed(caller: Caller, state: State | None, *, limit: int, start: Any) -> Page[Arrival]:
    """Arrivals of the caller's workspace, newest first, those in this state if one is named."""
    return rows.page(caller.workspace, state, limit=limit, start=start)


def load(workspace: WorkspaceId, arrival_identifier: str) -> Arrival:
    """The arrival of this workspace. Raises `NotFound`."""
    arrival = rows.get(workspace, VersionId(arrival_identifier))
    if arrival is None:
        raise NotFound("There is no such arrival.")
    return arrival


def retry(ctx: Context, actor: str, arrival: Arrival) -> None:
    """Take a quarantined arrival up again.

    Raises:
        Conflict: it is not quarantined.
    """
    told = trails.entry(ctx, arrival.workspace, actor, "ingest.retried", f"ingest:{arrival.id}")
    try:
        base.transact([claims.retry(arrival, now=ctx.now()), told])
    except base.ConditionFailed as lost:
        raise Conflict("Only quarantined files can be tried again.", code="not_quarantined") from lost
    route(ctx, [arrival.hint])


def retry_all(ctx: Context, workspace: WorkspaceId, actor: str) -> int:
    """Take every quarantined arrival of a workspace up again whose bytes wait in the inbox; how many."""
    waiting = {hint_of(ctx, one.key, one.version).id for one in ctx.store.versions("inbox", f"{workspace}/")}
    chosen = [one for one in rows.every(workspace) if one.state == "quarantined" and one.id in waiting]
    for one in chosen:
        with suppress(Conflict):
            retry(ctx, actor, one)
    return len(chosen)


def make_known(ctx: Context, hint: Hint) -> None:
    """Let the arrival be asked for before anybody works on it; a repeat changes nothing."""
    place = read_key(hint.key)
    upload_id = None if isinstance(place, Refusal) else place.upload_id
    rows.note(
        hint,
        file_name=name_of(hint.key),
        source=source_of(place),
        now=ctx.now(),
        upload_id=upload_id,
    )


def is_by(workspace: WorkspaceId, arrival: Arrival, principal: str) -> bool:
    """Whether this principal began the upload that became the arrival."""
    upload = uploads.get(workspace, arrival.upload_id) if arrival.upload_id else None
    return upload is not None and upload.by == principal


def refuse_unseen(ctx: Context, key: str, refusal: Refusal) -> str:
    """Quarantine a file whose bytes never reached the inbox; its arrival id. A repeat changes nothing."""
    hint = hint_of(ctx, key, "never-sent")
    row = rows.refused(hint, refusal, file_name=name_of(key), source="drop", now=ctx.now())
    about = f"ingest:{hint.id}"
    told = trails.entry(ctx, hint.workspace, "system:drop", "ingest.quarantined", about, code=refusal.code)
    with suppress(base.ConditionFailed):
        base.transact([row, told])
    return str(hint.id)
