"""Ingest: from an object version in the inbox to an asset, with nothing accepted ever lost.

The order is the safeguard; each step may be the last one before a crash:

1. claim     one worker owns the arrival for a lease; the first claim mints the asset id.
2. copy      bytes to the originals, under a key derived from the arrival: twice is the same as once.
3. pictures  facts and renditions under keys derived from the arrival and the recipe.
4. commit    one transaction, fenced on the claim: version, asset, source pointer, first holder of
             the bytes, membership, usage, audit, outbox, and the arrival's own "done" (commits.py).
5. empty     only now the inbox version is deleted, so an empty inbox means that everything is in.
6. wake      the outbox is told; its sweep finds the row even if this never happens.

A message is only a hint: it may come twice, late, never, or out of order. What cannot be taken in
stays in the inbox and is quarantined with a reason that people see. Where an arrival belongs is
said by destinations.py; how arrivals are found and looked after by arrivals.py.
"""

from chalicelib import metrics, observe
from chalicelib.domain import arrivals, recipes
from chalicelib.domain.arrivals import Arrival, Hint, Place, Refusal
from chalicelib.domain.ids import AssetId
from chalicelib.errors import Busy, Conflict, InvalidInput, NotFound, UpstreamUnavailable
from chalicelib.models import base, claims, ingest as rows, uploads, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import commits, destinations, pictures, trails

_COMMIT_S = 15
"""The lease outlives the slowest picture by this many seconds, or the commit would always come too late."""
_MAX_ATTEMPTS_AFTER_CRASHES = 10
_BROKEN = Refusal("failed", "Something went wrong with this file three times. Try it again; if it stays, tell us.")
_VANISHED = Refusal("vanished", "The file was taken away before it could be read. Drop it again.")


def take(ctx: Context, hint: Hint) -> None:
    """Take one object version in, or quarantine it with a reason. Safe to repeat at any point.

    Raises:
        Busy: another worker owns it; look again later.
        UpstreamUnavailable: an outside system failed; the arrival waits for its next try.
    """
    place = arrivals.read_key(hint.key)
    known = rows.get(hint.workspace, hint.id)
    if known is not None and known.state == "done":
        ctx.store.delete("inbox", hint.key, hint.object_version)
        return
    if known is not None and known.state == "quarantined":
        return
    arrival = _claim(ctx, hint, place)
    try:
        refusal = place if isinstance(place, Refusal) else _take_in(ctx, arrival, place)
    except NotFound:
        refusal = _VANISHED
    except (UpstreamUnavailable, InvalidInput, Conflict):
        if arrival.attempts < ctx.settings.tries:
            claims.give_back(arrival, now=ctx.now())
            raise
        refusal = _BROKEN
    if refusal is not None:
        set_aside(ctx, arrival, refusal)


def _claim(ctx: Context, hint: Hint, place: Place | Refusal) -> Arrival:
    upload_id = None if isinstance(place, Refusal) else place.upload_id
    upload = uploads.get(hint.workspace, upload_id) if upload_id else None
    arrival = claims.claim(
        hint,
        owner=f"{ctx.settings.boot_id}:{ctx.new_id()}",
        file_name=upload.file_name if upload else arrivals.name_of(hint.key),
        source=arrivals.source_of(place),
        upload_id=upload_id,
        fresh_asset_id=AssetId(ctx.new_id()),
        now=ctx.now(),
        lease_s=ctx.settings.lease_s,
    )
    if arrival is None:
        raise Busy("This file is being taken in already.", retry_after_s=ctx.settings.lease_s)
    return arrival


def set_aside(ctx: Context, arrival: Arrival, refusal: Refusal) -> None:
    """Quarantine the arrival, with an audit entry; a no-op when the claim is not ours any more."""
    told = trails.entry(
        ctx, arrival.workspace, "system:ingest", "ingest.quarantined", f"ingest:{arrival.id}", code=refusal.code
    )
    try:
        base.transact([claims.quarantine(arrival, refusal, now=ctx.now()), told])
    except base.ConditionFailed as lost:
        raise Busy("Another worker took this file over.") from lost
    observe.note("quarantined", workspace=arrival.workspace, arrival=arrival.id, code=refusal.code)


def _take_in(ctx: Context, arrival: Arrival, place: Place) -> Refusal | None:
    if arrival.attempts > _MAX_ATTEMPTS_AFTER_CRASHES:
        return _BROKEN
    if place.workspace != arrival.workspace or workspaces.get(arrival.workspace) is None:
        return Refusal("outside", "There is no such workspace. Check the first folder of the path.")
    head = ctx.store.head("inbox", arrival.key, arrival.object_version)
    upload = destinations.announced(arrival, place)
    if isinstance(upload, Refusal):
        return upload
    refusal = arrivals.check_size(head.size_bytes, ctx.settings.max_object_bytes) or destinations.check(
        upload, size_bytes=head.size_bytes
    )
    if refusal is not None:
        return refusal
    tags = ctx.store.tags("inbox", arrival.key, arrival.object_version)
    original = recipes.original_key(arrival.workspace, arrival.id)
    ctx.store.copy_original(arrival.key, arrival.object_version, original, head.size_bytes)
    claims.renew(arrival, now=ctx.now(), lease_s=max(ctx.settings.lease_s, ctx.settings.media_wall_s + _COMMIT_S))
    answer = pictures.make(ctx, arrival.workspace, arrival.id)
    refusal = pictures.refusal_in(answer) or destinations.check(
        upload, size_bytes=head.size_bytes, sha256=str(answer["sha256"])
    )
    if refusal is not None:
        return refusal
    given = arrivals.metadata_fields(dict(head.metadata), tags)
    commits.commit(ctx, arrival, destinations.find(ctx, arrival, place, upload, given), head, answer)
    ready_ms = int((ctx.now() - head.modified_at).total_seconds() * 1000)
    observe.note(
        "taken in",
        workspace=arrival.workspace,
        arrival=arrival.id,
        attempts=arrival.attempts,
        counted=metrics.told({"ReadyMs": max(0, ready_ms)}),
    )
    ctx.store.delete("inbox", arrival.key, arrival.object_version)
    trails.wake(ctx, arrival.workspace)
    return None
