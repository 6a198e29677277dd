"""The commit of an arrival: all of its effects in one transaction, fenced on the claim.

Idempotency lies in the conditions: the claim is still ours, the source pointer and the asset are as they were read,
the bytes have no holder yet. When one of them fails the world has moved; everything is read again and decided anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain import arrivals, assets, review
from chalicelib.domain.arrivals import Arrival, KnownSource
from chalicelib.domain.assets import Asset, Fields, Version
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.domain.naming import Rule
from chalicelib.errors import Busy, NotFound, UpstreamUnavailable
from chalicelib.models import (
    assets as asset_rows,
    base,
    blobs,
    claims,
    collection_items,
    collections,
    sources,
    usage,
    versions,
)
from chalicelib.ports.context import Context
from chalicelib.ports.objects import ObjectHead
from chalicelib.services import folders, naming, pictures, sighting, trails
from chalicelib.services.assets import followers
from chalicelib.services.destinations import Destination

_TRIES = 12


def commit(
    ctx: Context, arrival: Arrival, destination: Destination, head: ObjectHead, answer: Mapping[str, Any]
) -> None:
    """Write all effects once.

    Raises:
        Busy: the claim is not ours any more; nothing was written.
        UpstreamUnavailable: the asset changed 12 times meanwhile, or whether it was written is unknown.
    """
    for _ in range(_TRIES):
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
    left_out = sorted(name for name in destination.given if name in assets.EDITABLE and name not in _read(destination))
    writes = [
        claims.finish(
            arrival, version=plan.number, asset_id=plan.asset_id, token=token, size_bytes=head.size_bytes, now=now
        ),
        sources.point(
            workspace, destination.source, destination.path, _pointer(source, destination, plan, order, sha256), source
        ),
        announced,
        trails.entry(
            ctx, workspace, destination.by or f"system:{destination.source}", f"ingest.{plan.kind}",
            f"asset:{plan.asset_id}", version=plan.number, arrival=arrival.id,
            **({"left_out": left_out} if left_out else {}),
        ),
    ]  # fmt: skip
    if plan.kind == "same_bytes":
        return writes
    known = asset if plan.kind == "new_version" else None
    is_held = _is_held(arrival, known.collection_ids if known else (destination.collection_id,))
    approval = review.begins_as(known if plan.is_newest else None, is_held=is_held)
    version = replace(_version(arrival, destination, order, plan.number, answer, now), approval=approval, held=is_held)
    if approval == "pending":
        writes.append(
            trails.announcement(ctx, workspace, "version.pending", f"version:{plan.asset_id}:{plan.number}")[1]
        )
    if ctx.settings.visual_tags and version.renditions:
        arrived = f"version:{plan.asset_id}:{plan.number}"
        writes.append(trails.announcement(ctx, workspace, sighting.ARRIVED, arrived, is_patient=True)[1])
    writes.append(versions.add(workspace, plan.asset_id, version))
    writes.append(usage.add(workspace, arrival.id, arrival.arrived_at, "ingest", 1))
    if holder is None:
        writes.append(blobs.claim_first(workspace, sha256, plan.asset_id))
    if plan.kind == "new_asset":
        new = _new_asset(plan, destination, version, naming.rules_of(workspace), now)
        writes.append(asset_rows.add(workspace, new))
        writes.append(collection_items.put(workspace, destination.collection_id, new))
    elif asset is not None:
        new = _with_version(asset, destination, version, plan, now)
        writes += [asset_rows.change(workspace, asset, new), *followers(workspace, asset, new, token)]
    return writes


def _is_held(arrival: Arrival, collection_ids: Sequence[CollectionId]) -> bool:
    """Whether one of these collections keeps new versions back until they are approved."""
    found = (collections.get(arrival.workspace, one) for one in collection_ids)
    return any(one.policy.uploads == "pending" for one in found if one is not None)


def _pointer(
    source: KnownSource | None, destination: Destination, plan: arrivals.Decision, order: assets.WriteOrder, sha256: str
) -> KnownSource:
    key = sources.key(destination.source, destination.path)
    if source is None or plan.moves_source:
        return KnownSource(key, plan.asset_id, order, sha256, source.revision + 1 if source else 1)
    return replace(source, revision=source.revision + 1)


def _known_asset(arrival: Arrival, asset_id: AssetId | None) -> Asset | None:
    if asset_id is None:
        return None
    try:
        asset = asset_rows.get(arrival.workspace, asset_id)
    except NotFound:
        return None
    return asset if any(folders.lives(arrival.workspace, one) for one in asset.collection_ids) else None


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
        member_id=destination.member_id,
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
        source=destination.source,
    )


def _new_asset(
    plan: arrivals.Decision, destination: Destination, version: Version, rules: Sequence[Rule], now: datetime
) -> Asset:
    values = _read(destination)
    fields = replace(Fields(name=destination.file_name), **values)
    fields = naming.read_into(fields, destination.file_name, rules, frozenset(values))
    merged = assets.merge_embedded(fields, version.facts, frozenset(values))
    is_gone = (
        destination.shown is not None and destination.shown.state == "trashed"
    )  # in Drive, while it was on its way
    return Asset(
        id=plan.asset_id,
        revision=1,
        fields=merged,
        collection_ids=(destination.collection_id,),
        sources=(destination.shown,) if destination.shown else (),
        state="trashed" if is_gone else "live",
        newest=version,
        versions=1,
        created_at=now,
        updated_at=now,
        duplicate_of=plan.duplicate_of,
        touched=frozenset(values),
        keyword_sources=_keyword_sources({}, fields, merged),
    )


def _with_version(
    asset: Asset, destination: Destination, version: Version, plan: arrivals.Decision, now: datetime
) -> Asset:
    """The asset with one more version; a late older one only fills fields that are still empty.

    What an upload says of its fields is a person's edit and always counts.
    """
    brought = assets.read_kept(destination.fields)
    asset = replace(asset, fields=replace(asset.fields, **brought), touched=asset.touched | set(brought))
    given = assets.read_texts(destination.given)
    united = assets.unite(asset.fields.keywords, given.get("keywords", ()))
    closed = (
        asset.touched | {"name"} | ({name for name in given if _is_set(asset, name)} if not plan.is_newest else set())
    )
    given = {name: value for name, value in given.items() if name not in closed} | {"keywords": united}
    fields = replace(asset.fields, **given)
    kept = asset.touched | set(given)
    if not plan.is_newest:
        kept |= {name for name in ("title", "description", "rating") if _is_set(asset, name)}
    merged = assets.merge_embedded(fields, version.facts, frozenset(kept))
    return replace(
        asset,
        revision=asset.revision + 1,
        versions=version.number,
        newest=version if plan.is_newest else asset.newest,
        standing=review.standing_with(asset, version, is_newest=plan.is_newest),
        fields=merged,
        touched=asset.touched | (set(given) - {"keywords"}),
        keyword_sources=_keyword_sources(asset.keyword_sources, fields, merged),
        updated_at=now,
    )


def _is_set(asset: Asset, name: str) -> bool:
    return getattr(asset.fields, name) not in (None, ())


def _read(destination: Destination) -> dict[str, Any]:
    """Fields out of object metadata and tags, and those an upload brought, which win.

    What metadata says that cannot be read as its field is left out and named in the audit.
    """
    return {**assets.read_texts(destination.given), **assets.read_kept(destination.fields)}


def _keyword_sources(known: Mapping[str, str], before: Fields, after: Fields) -> dict[str, str]:
    given = dict.fromkeys(before.keywords, "source")
    embedded = dict.fromkeys(after.keywords, "embedded")
    return {**embedded, **given, **known}
