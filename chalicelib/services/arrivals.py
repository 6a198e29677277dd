"""How arrivals are found and looked after: events, listing of the inbox, overdue claims, retry."""

from collections.abc import Iterable
from typing import Any

from chalicelib.domain.arrivals import Arrival, Hint, Refusal, name_of, read_key, workspace_of
from chalicelib.domain.ids import AssetId, VersionId, WorkspaceId, arrival_id
from chalicelib.errors import Conflict, NotFound
from chalicelib.models import base, ingest as rows, uploads
from chalicelib.ports import Context
from chalicelib.services import trails

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


def reconcile(ctx: Context, *, min_age_s: int) -> int:
    """Send a hint for every inbox version at least this old that is not quarantined; how many were sent.

    Events that never came are found here, and nowhere else.
    """
    sent, batch, now = 0, list[Hint](), ctx.now()
    for one in ctx.store.versions("inbox"):
        if (now - one.modified_at).total_seconds() < min_age_s:
            continue
        hint = hint_of(ctx, one.key, one.version)
        known = rows.get(hint.workspace, hint.id)
        if known is not None and known.state == "quarantined":
            continue
        batch.append(hint)
        if len(batch) == _BATCH:
            sent, batch = sent + route(ctx, batch), []
    return sent + route(ctx, batch)


def sweep(ctx: Context) -> int:
    """Send a hint for every arrival whose claim ran out or whose next try is due; how many were sent."""
    return route(ctx, [arrival.hint for arrival in rows.overdue(ctx.now(), 500)])


def void_older_claims(ctx: Context) -> int:
    """Free what earlier runs on this machine owned when they died; such deaths do not count as tries."""
    freed = 0
    for arrival in rows.owned():
        if not (arrival.owner or "").startswith(f"{ctx.settings.boot_id}:"):
            rows.give_back(arrival, now=ctx.now(), counts=False)
            freed += 1
    return freed


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
        base.transact([rows.retry(arrival, now=ctx.now()), told])
    except base.ConditionFailed as lost:
        raise Conflict("Only quarantined files can be tried again.", code="not_quarantined") from lost
    route(ctx, [arrival.hint])


def make_known(ctx: Context, hint: Hint) -> None:
    """Let the arrival be asked for before anybody works on it; a repeat changes nothing."""
    place = read_key(hint.key)
    upload_id = None if isinstance(place, Refusal) else place.upload_id
    rows.note(
        hint,
        file_name=name_of(hint.key),
        source="upload" if upload_id else "drop",
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
    arrival = rows.claim(
        hint,
        owner=ctx.new_id(),
        file_name=name_of(key),
        source="drop",
        upload_id=None,
        fresh_asset_id=AssetId(ctx.new_id()),
        now=ctx.now(),
        lease_s=ctx.settings.lease_s,
    )
    if arrival is not None:
        told = trails.entry(ctx, arrival.workspace, "system:drop", "ingest.quarantined", f"ingest:{arrival.id}")
        base.transact([rows.quarantine(arrival, refusal, now=ctx.now()), told])
    return str(hint.id)
