"""Ingest: from an object version in the inbox to an asset, with nothing accepted ever lost.

The order is the safeguard; each step may be the last one before a crash:

1. claim     one worker owns the arrival for a lease; the first claim mints the asset id.
2. copy      bytes to the originals, under a key derived from the arrival: twice is the same as once.
3. pictures  facts and renditions under keys derived from the arrival and the recipe.
4. commit    one transaction, fenced on the claim: version, asset, source pointer, first holder of
             the bytes, membership, usage, audit, outbox, and the arrival's own "done".
5. empty     only now the inbox version is deleted, so an empty inbox means that everything is in.
6. wake      the outbox is told; its sweep finds the row even if this never happens.

A message is only a hint: it may come twice, late, never, or out of order. What cannot be taken in
stays in the inbox and is quarantined with a reason that people see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain import arrivals, assets, recipes
from chalicelib.domain.arrivals import Arrival, Hint, Place, Refusal
from chalicelib.domain.assets import Asset, Fields, Source, Version
from chalicelib.domain.ids import ROOT, AssetId, CollectionId
from chalicelib.errors import Busy, NotFound, UpstreamUnavailable
from chalicelib.models import (
    assets as asset_rows,
    base,
    blobs,
    collection_items,
    ingest as rows,
    sources,
    uploads,
    usage,
    versions,
    workspaces,
)
from chalicelib.ports import Context, ObjectHead
from chalicelib.services import folders, pictures, trails

_COMMIT_TRIES = 12
_MAX_ATTEMPTS_AFTER_CRASHES = 10
_BROKEN = Refusal("failed", "Something went wrong with this file three times. Try it again; if it stays, tell us.")
_VANISHED = Refusal("vanished", "The file was taken away before it could be read. Drop it again.")


@dataclass(frozen=True)
class Destination:
    """Where an arrival's asset belongs, and what is known of it beforehand."""

    source: str
    path: str
    file_name: str
    collection_id: CollectionId
    asset_id: AssetId | None = None
    by: str | None = None
    note: str | None = None
    given: Mapping[str, str] | None = None


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
    except UpstreamUnavailable:
        if arrival.attempts < ctx.settings.tries:
            rows.give_back(arrival, now=ctx.now())
            raise
        refusal = _BROKEN
    if refusal is not None:
        set_aside(ctx, arrival, refusal)


def _claim(ctx: Context, hint: Hint, place: Place | Refusal) -> Arrival:
    upload_id = None if isinstance(place, Refusal) else place.upload_id
    arrival = rows.claim(
        hint,
        owner=f"{ctx.settings.boot_id}:{ctx.new_id()}",
        file_name=arrivals.name_of(hint.key),
        source="upload" if upload_id else "drop",
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
        base.transact([rows.quarantine(arrival, refusal, now=ctx.now()), told])
    except base.ConditionFailed as lost:
        raise Busy("Another worker took this file over.") from lost


def _take_in(ctx: Context, arrival: Arrival, place: Place) -> Refusal | None:
    if arrival.attempts > _MAX_ATTEMPTS_AFTER_CRASHES:
        return _BROKEN
    if place.workspace != arrival.workspace or workspaces.get(arrival.workspace) is None:
        return Refusal("outside", "There is no such workspace. Check the first folder of the path.")
    head = ctx.store.head("inbox", arrival.key, arrival.object_version)
    refusal = arrivals.check_size(head.size_bytes, ctx.settings.max_object_bytes)
    if refusal is not None:
        return refusal
    tags = ctx.store.tags("inbox", arrival.key, arrival.object_version)
    given = arrivals.metadata_fields(dict(head.metadata), tags)
    destination = _destination(ctx, arrival, place, given)
    if isinstance(destination, Refusal):
        return destination
    ctx.store.copy_original(
        arrival.key, arrival.object_version, recipes.original_key(arrival.workspace, arrival.id), head.size_bytes
    )
    rows.renew(arrival, now=ctx.now(), lease_s=ctx.settings.lease_s)
    answer = pictures.make(ctx, arrival.workspace, arrival.id)
    refusal = pictures.refusal_in(answer)
    if refusal is not None:
        return refusal
    _commit(ctx, arrival, destination, head, answer)
    ctx.store.delete("inbox", arrival.key, arrival.object_version)
    trails.wake(ctx, arrival.workspace)
    return None


def _destination(ctx: Context, arrival: Arrival, place: Place, given: Mapping[str, str]) -> Destination | Refusal:
    if place.upload_id is None:
        home = folders.collection_for(ctx, arrival.workspace, "drop", place.folders)
        return Destination("drop", place.path, place.file_name, home, given=given)
    upload = uploads.get(arrival.workspace, place.upload_id)
    if upload is None:
        return Refusal("reserved", "Nobody began this upload. Use the upload button or the drop folder.")
    home = upload.collection_id or ROOT
    if upload.folders:
        home = folders.collection_for(ctx, arrival.workspace, "upload", upload.folders)
    return Destination(
        "upload", upload.id, upload.file_name, home, upload.asset_id, upload.by, upload.note, {**given, **upload.fields}
    )


def _commit(
    ctx: Context, arrival: Arrival, destination: Destination, head: ObjectHead, answer: Mapping[str, Any]
) -> None:
    """Write all effects in one transaction; read again and retry when the world moved meanwhile."""
    for _ in range(_COMMIT_TRIES):
        try:
            base.transact(_effects(ctx, arrival, destination, head, answer))
            return
        except base.ConditionFailed as lost:
            if "arrival" in lost.labels:
                raise Busy("Another worker took this file over.") from lost
    raise UpstreamUnavailable("This file's asset changes too often at the moment.")


def _effects(
    ctx: Context, arrival: Arrival, destination: Destination, head: ObjectHead, answer: Mapping[str, Any]
) -> list[base.Write]:
    workspace, now, sha256 = arrival.workspace, ctx.now(), str(answer["sha256"])
    order = assets.write_order(head.modified_at, arrival.sequencer, arrival.id)
    source = sources.find(workspace, destination.source, destination.path)
    asset = _known_asset(arrival, destination.asset_id or (source.asset_id if source else None))
    fresh_id = arrival.asset_id or AssetId(ctx.new_id())
    holder = blobs.first_holder(workspace, sha256)
    plan = arrivals.decide(source, asset, fresh_id=fresh_id, order=order, sha256=sha256, holder=holder)
    token, announced = trails.announcement(ctx, workspace, "asset.changed", f"asset:{plan.asset_id}")
    pointer = arrivals.KnownSource(
        sources.key(destination.source, destination.path),
        plan.asset_id,
        order if plan.is_newest or source is None else source.order,
        sha256 if plan.is_newest or source is None else source.sha256,
        (source.revision if source else 0) + 1,
    )
    writes = [
        rows.finish(
            arrival, version=plan.number, asset_id=plan.asset_id, token=token, size_bytes=head.size_bytes, now=now
        ),
        sources.point(workspace, destination.source, destination.path, pointer, source),
        announced,
        trails.entry(
            ctx, workspace, destination.by or f"system:{destination.source}", f"ingest.{plan.kind}",
            f"asset:{plan.asset_id}", version=plan.number, arrival=arrival.id,
        ),
    ]  # fmt: skip
    if plan.kind == "same_bytes":
        return writes
    version = _version(arrival, destination, order, plan.number, answer, now)
    writes.append(versions.add(workspace, plan.asset_id, version))
    writes.append(usage.add(workspace, arrival.id, arrival.arrived_at, "ingest", 1))
    if holder is None:
        writes.append(blobs.claim_first(workspace, sha256, plan.asset_id))
    if plan.kind == "new_asset":
        new = _new_asset(plan, destination, version, now)
        writes.append(asset_rows.add(workspace, new))
        writes.append(collection_items.put(workspace, destination.collection_id, new.id, new.fields.name, new.state))
    elif asset is not None:
        writes.append(asset_rows.change(workspace, asset, _with_version(asset, version, plan.is_newest, now)))
    return writes


def _known_asset(arrival: Arrival, asset_id: AssetId | None) -> Asset | None:
    if asset_id is None:
        return None
    try:
        return asset_rows.get(arrival.workspace, asset_id)
    except NotFound:
        return None


def _version(
    arrival: Arrival, destination: Destination, order: assets.WriteOrder, number: int, answer: Mapping[str, Any],
    now: datetime,
) -> Version:  # fmt: skip
    kind = answer["type"]
    return Version(
        id=arrival.id,
        number=number,
        order=order,
        at=now,
        by=destination.by,
        note=destination.note,
        file_name=destination.file_name,
        sha256=answer["sha256"],
        size_bytes=answer["size_bytes"],
        kind=kind["kind"],
        mime=kind["mime"],
        format=kind["format"],
        facts=answer.get("facts") or {},
        thumbhash=answer.get("thumbhash"),
        renditions=pictures.renditions_in(answer, arrival.workspace, arrival.id),
        no_picture_because=answer.get("reason") if answer["outcome"] == "unsupported" else None,
    )


def _new_asset(plan: arrivals.Decision, destination: Destination, version: Version, now: datetime) -> Asset:
    fields, touched = _given_fields(Fields(name=destination.file_name), destination.given or {})
    merged = assets.merge_embedded(fields, version.facts, touched)
    return Asset(
        id=plan.asset_id,
        revision=1,
        fields=merged,
        collection_ids=(destination.collection_id,),
        sources=(Source(destination.source, destination.path),) if destination.source == "drop" else (),
        newest=version,
        versions=1,
        created_at=now,
        updated_at=now,
        duplicate_of=plan.duplicate_of,
        touched=touched,
        keyword_sources=_keyword_sources({}, fields, merged),
    )


def _with_version(asset: Asset, version: Version, is_newest: bool, now: datetime) -> Asset:
    fields = assets.merge_embedded(asset.fields, version.facts, asset.touched) if is_newest else asset.fields
    return replace(
        asset,
        revision=asset.revision + 1,
        versions=version.number,
        newest=version if is_newest else asset.newest,
        fields=fields,
        keyword_sources=_keyword_sources(asset.keyword_sources, asset.fields, fields),
        updated_at=now,
    )


def _given_fields(fields: Fields, given: Mapping[str, str]) -> tuple[Fields, frozenset[str]]:
    """Fields from object metadata and tags. What cannot be read as its field is left out, never refused."""
    values = assets.read_texts(given)
    return replace(fields, **values), frozenset(values)


def _keyword_sources(known: Mapping[str, str], before: Fields, after: Fields) -> dict[str, str]:
    given = dict.fromkeys(before.keywords, "source")
    embedded = dict.fromkeys(after.keywords, "embedded")
    return {**embedded, **given, **known}
