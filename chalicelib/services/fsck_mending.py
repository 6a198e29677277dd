"""Making good what a check has found: only what follows from what is left, each by rows as they are now.

Every mend is conditional on what it read and says so in the audit trail. What is gone for good stays a finding.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib import observe
from chalicelib.domain import findings, review
from chalicelib.domain.arrivals import KnownSource
from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.findings import Finding
from chalicelib.domain.ids import AssetId, CollectionId, VersionId, WorkspaceId
from chalicelib.errors import NotFound
from chalicelib.models import assets, base, blobs, collection_items, collection_names, ingest, sources, usage, versions
from chalicelib.ports.context import Context
from chalicelib.ports.objects import Bucket
from chalicelib.services import arrivals, fsck_flow, indexing, pictures, trails
from chalicelib.services.arrivals import hint_of
from chalicelib.services.assets import commit

ACTOR = "system:fsck"
ACTION = "library.mended"
Mend = Callable[[Context, WorkspaceId, Finding], None]


def mend(ctx: Context, workspace: WorkspaceId, chosen: Sequence[Finding]) -> None:
    """Make these findings good, rows first, the search index last. Safe to repeat and to die at any point.

    One that has changed meanwhile, or cannot be mended after all, is left as it is: the next check tells.
    """
    for one in chosen:
        if one.code in _MENDS:
            try:
                _MENDS[one.code](ctx, workspace, one)
            except (base.ConditionFailed, NotFound) as problem:
                observe.note("not mended", workspace=workspace, code=one.code, about=one.about, why=str(problem))
    if any(one.code.startswith("index_") for one in chosen):
        indexing.rebuild(ctx, workspace)
        base.transact([_told(ctx, workspace, "index_rebuilt", f"workspace:{workspace}")])
    trails.wake(ctx, workspace)


def _told(ctx: Context, workspace: WorkspaceId, code: str, about: str) -> base.Write:
    return trails.entry(ctx, workspace, ACTOR, ACTION, about, code=code)


def _asset(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """An asset's row again as its versions have it."""
    old = assets.get(workspace, AssetId(one.place[0]))
    rows = list(versions.every(workspace, old.id))
    new = replace(old, versions=max(row.number for row in rows), newest=_decided(old, findings.newest_of(rows)))
    standing = findings.standing_of(rows)
    new = replace(new, standing=_decided(old, standing) if standing else None)
    if old.approved is not None:
        right = {row.number: row for row in findings.approved_among(old, rows)}.get(old.approved.number)
        new = replace(new, approved=replace(right, approval="approved") if right else old.approved)
    if new != old:
        commit(ctx, workspace, old, new, ACTOR, ACTION, code=one.code)


def _decided(asset: Asset, version: Version) -> Version:
    return review.as_decided(asset, version)


def _source(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """A path of the drop points again to the one asset that says it comes from there, and to its newest write of it."""
    key = one.place[0]
    pointers = {pointer.id: pointer for pointer in sources.every(workspace)}
    old = pointers.get(key)
    for asset in assets.every(workspace):
        paths = [source.path for source in asset.sources if source.kind == "drop"]
        path = next((path for path in paths if sources.key("drop", path) == key), None)
        rows = [row for row in versions.every(workspace, asset.id) if row.source == "drop"] if path else []
        if path and rows:
            newest = findings.newest_of(rows)
            revision = old.revision + 1 if old else 1
            new = KnownSource(key, asset.id, newest.order, newest.sha256, revision)
            told = _told(ctx, workspace, one.code, f"asset:{asset.id}")
            base.transact([sources.point(workspace, "drop", path, new, old), told])
            return


def _first_holder(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """The asset that has held these bytes longest is told as their first holder."""
    sha256 = one.place[0]
    held = [
        (row.at, asset.id)
        for asset in assets.every(workspace)
        for row in versions.every(workspace, asset.id)
        if row.sha256 == sha256 and row.has_bytes
    ]
    first = min(held)[1]
    given = blobs.first_holder(workspace, sha256)
    told = _told(ctx, workspace, one.code, f"asset:{first}")
    base.transact([blobs.pass_on(workspace, sha256, first, instead_of=given), told])


def _membership(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """A collection lists an asset exactly as the asset is, fenced on the asset."""
    place, asset_id = CollectionId(one.place[0]), AssetId(one.place[1])
    told = _told(ctx, workspace, one.code, one.about)
    found = assets.get_many(workspace, [asset_id])
    if not found or place not in found[0].collection_ids:
        base.transact([collection_items.remove(workspace, place, asset_id), told])
        return
    asset = found[0]
    base.transact([collection_items.put(workspace, place, asset), assets.unchanged(workspace, asset), told])


def _name(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """A name is taken by the collection that bears it, or by none."""
    key, given, right = one.place
    told = _told(ctx, workspace, one.code, one.about)
    if given:
        base.transact([collection_names.drop(workspace, key, CollectionId(given)), told])
    if right:
        base.transact([collection_names.take_key(workspace, key, CollectionId(right))])


def _rendition(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """All renditions of a version are made again; the same bytes under the same keys."""
    pictures.make(ctx, workspace, VersionId(one.place[0]))
    base.transact([_told(ctx, workspace, one.code, one.about)])


def _object(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """Bytes of no version go; the bucket of the originals keeps them for another 30 days."""
    bucket: Bucket = "originals" if one.place[0] == "originals" else "renditions"
    arrival = ingest.get(workspace, findings.version_in(one.place[1]))
    if arrival is not None and (arrival.state != "done" or one.code == "object_orphan"):
        return
    ctx.store.delete(bucket, one.place[1], None)
    base.transact([_told(ctx, workspace, one.code, f"object:{bucket}/{one.place[1]}")])


def _count(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """A version that came and is not counted is counted in the hour in which it came."""
    version_id, at = one.place
    counted = usage.add(workspace, version_id, datetime.fromisoformat(at), fsck_flow.METER, 1)
    base.transact([counted, _told(ctx, workspace, one.code, one.about)])


def _recount(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    for act in usage.acts(workspace, fsck_flow.METER):
        if act.about == one.place[0]:
            base.transact([usage.correct(workspace, act, 1), _told(ctx, workspace, one.code, one.about)])


def _hint(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    """What waits in the inbox is announced again; the ingest does the rest, or empties it."""
    key, version = one.place
    hint = hint_of(ctx, key, version or None)
    arrivals.route(ctx, [hint] if hint.workspace == workspace else [])


def _arrival(ctx: Context, workspace: WorkspaceId, one: Finding) -> None:
    found = ingest.get(workspace, VersionId(one.place[0]))
    if found is not None:
        arrivals.route(ctx, [found.hint])


_MENDS: dict[str, Mend] = {
    "asset_count": _asset,
    "asset_newest": _asset,
    "asset_standing": _asset,
    "asset_approved": _asset,
    "source_pointer": _source,
    "first_holder": _first_holder,
    "membership": _membership,
    "collection_name": _name,
    "rendition_missing": _rendition,
    "object_orphan": _object,
    "object_spare": _object,
    "usage_missing": _count,
    "usage_wrong": _recount,
    "inbox_unannounced": _hint,
    "inbox_done": _hint,
    "arrival_left_alone": _arrival,
}
"""How each code is mended. Those of the index are mended together, by a rebuild; what the outbox still has to tell is
woken."""
