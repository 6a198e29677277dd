"""Assets, versions, collections and arrivals as this caller is told of them, in the shapes of `asset_shapes.py`."""

from dataclasses import asdict
from typing import Any

from chalicelib.domain import framing, review, sight
from chalicelib.domain.access import Right, rights_of
from chalicelib.domain.arrivals import Arrival
from chalicelib.domain.assets import Asset, Restriction, Version
from chalicelib.domain.collections import Collection
from chalicelib.handlers import asset_shapes
from chalicelib.handlers.http import Call
from chalicelib.handlers.schemas import when
from chalicelib.services import assets, egress, presets


def arrival_out(arrival: Arrival) -> dict[str, Any]:
    """An arrival as people see it."""
    return {
        "id": arrival.id,
        "file_name": arrival.file_name,
        "source": arrival.source,
        "state": arrival.state,
        "reason": arrival.reason,
        "asset_id": arrival.asset_id if arrival.state == "done" else None,
        "version": arrival.version,
        "token": arrival.token,
        "arrived_at": when(arrival.arrived_at),
    }


def collection_out(call: Call, one: Collection, count: int | None) -> dict[str, Any]:
    """A collection for this caller: paths and parents never name what it may not see."""
    tree = call.caller.tree
    can = call.caller.access.on_collection if one.id in tree.living else call.caller.rights_in_trash
    parent = one.parent_id
    while parent is not None and not can(parent) & Right.SEE.bit:
        parent = tree.by_id[parent].parent_id
    return {
        "id": one.id,
        "name": one.name,
        "path": call.caller.path(one.id),
        "parent_id": (parent or "root") if one.parent_id else None,
        "has_children": any(each.state == "live" and can(each.id) & Right.SEE.bit for each in tree.children(one.id)),
        "asset_count": count,
        "rights": [str(right) for right in rights_of(can(one.id))],
        "policy": {
            "unapproved": one.policy.unapproved,
            "uploads": one.policy.uploads,
            "required_fields": list(one.policy.required_fields),
            "auto_tags": one.policy.auto_tags,
            "approved_to": _approved_to(call, one),
        },
        "state": "live" if one.id in tree.living else "trashed",
        "etag": str(one.revision),
    }


def _approved_to(call: Call, one: Collection) -> dict[str, Any] | None:
    rule = one.policy.approved_to
    if rule is None or not call.caller.access.on_collection(rule.collection_id) & Right.SEE.bit:
        return None
    return {"collection_id": rule.collection_id, "move": rule.move}


def slim_asset(call: Call, asset: Asset) -> dict[str, Any]:
    """An asset in a list."""
    bits = call.caller.rights_on(asset, call.ctx.now())
    views = bool(bits & Right.VIEW.bit)
    version = egress.shown(call.caller, asset, bits) if views else None
    newest = review.newest_for(asset, bits, call.caller.uploader) if views else None
    facts = version.facts if version else {}
    return {
        "id": asset.id,
        "name": asset.fields.name,
        "title": asset.fields.title if views else None,
        "type": (version or asset.newest).kind,
        "width_px": facts.get("width_px"),
        "height_px": facts.get("height_px"),
        "thumb_url": _thumb(call, version),
        "thumbhash": version.thumbhash if version else None,
        "sku": next(iter(asset.fields.skus), None) if views else None,
        "approval": newest.approval if newest else None,
        "shown_version": version.number if version else None,
        "newest_version": _newest(call, asset, newest, version, bits),
        "state": asset.state,
    }


def asset_out(call: Call, asset: Asset) -> dict[str, Any]:
    """The whole asset for this caller."""
    bits = call.caller.rights_on(asset, call.ctx.now())
    slim = slim_asset(call, asset)
    can = call.caller.access.on_collection
    homes = [{"id": one, "path": call.caller.path(one)} for one in asset.collection_ids if can(one) & Right.SEE.bit]
    rights = [str(right) for right in rights_of(bits)]
    if not bits & Right.VIEW.bit:
        return {**_NOTHING, **slim, "collections": homes, "rights": rights, "etag": str(asset.revision)}
    version, fields = egress.shown(call.caller, asset, bits), asset.fields
    return {
        **slim,
        **(_facts(call, version) if version else _NO_FACTS),
        "description": fields.description,
        "keywords": list(fields.keywords),
        "auto_tags": [
            {"name": one.name, "confidence": one.confidence, "model": one.model, "level": one.level}
            for one in sight.shown(sight.seen_in(asset, version))
        ],
        "collections": homes,
        "skus": list(fields.skus),
        "alt": fields.alt,
        "position": fields.position,
        "shot_type": fields.shot_type,
        "rating": fields.rating,
        "responsible_id": fields.responsible_id,
        "responsible": asdict(who) if (who := assets.responsible(call.ctx, call.caller, asset)) else None,
        "available_from": when(fields.available_from),
        "available_until": when(fields.available_until),
        "restriction": _restriction(fields.restriction),
        "archived_because": asset.archived_because,
        "sources": [
            {"kind": one.kind, "connection_id": one.connection_id, "path": one.path, "state": one.state,
             "because": one.because} for one in asset.sources
        ],
        "created_at": when(asset.created_at),
        "updated_at": when(asset.updated_at),
        "approved_version": asset.approved.number if asset.approved else None,
        "duplicate_of": assets.holder_seen_by(call.ctx, call.caller, asset.duplicate_of),
        "usable": [{"channel": one.channel, "usable": one.usable, "because": list(one.because)}
                   for one in presets.verdicts(call.ctx, call.caller, asset)],
        "custom": dict(fields.custom),
        "rights": rights,
        "etag": str(asset.revision),
    }  # fmt: skip


def _restriction(one: Restriction | None) -> dict[str, Any] | None:
    return {"reason": one.reason, "from": when(one.from_), "until": when(one.until)} if one else None


_NO_FACTS: dict[str, Any] = {
    "format": None, "size_bytes": None, "sha256": None, "captured_at": None, "camera": None, "gps": None,
    "orientation": None, "aspect": None, "background": None, "colors": [], "auto_tags": [], "renditions": [],
    "no_picture_because": None,
}  # fmt: skip
_LISTS = ("keywords", "auto_tags", "colors", "skus", "sources", "renditions", "usable")
_NOTHING: dict[str, Any] = {
    **dict.fromkeys(asset_shapes.Asset.model_fields),
    **{name: [] for name in _LISTS},
    "custom": {},
}
"""All that a caller without the right to view does not learn of an asset."""


def _facts(call: Call, version: Version) -> dict[str, Any]:
    facts = version.facts
    return {
        **_NO_FACTS,
        "format": version.format,
        "size_bytes": version.size_bytes,
        "sha256": version.sha256,
        "captured_at": facts.get("captured_at"),
        "camera": facts.get("camera"),
        "gps": facts.get("gps"),
        "orientation": framing.orientation(facts),
        "aspect": framing.aspect(facts),
        "background": facts.get("background"),
        "colors": facts.get("colors") or [],
        "renditions": renditions_out(call, version),
        "no_picture_because": version.no_picture_because,
    }


def renditions_out(call: Call, version: Version) -> list[dict[str, Any]]:
    """The renditions of a version with their addresses, largest first."""
    return [
        {"name": one.name, "url": egress.picture_url(call.ctx, one), "width_px": one.width_px,
         "height_px": one.height_px, "format": one.format, "size_bytes": one.size_bytes}
        for one in egress.pictures(call.caller, version)
    ]  # fmt: skip


def version_out(call: Call, version: Version) -> dict[str, Any]:
    """One version in an asset's history."""
    return {
        "number": version.number,
        "at": when(version.at),
        "by": version.by,
        "note": version.note,
        "sha256": version.sha256,
        "size_bytes": version.size_bytes,
        "width_px": version.facts.get("width_px"),
        "height_px": version.facts.get("height_px"),
        "approval": version.approval,
        "thumb_url": _thumb(call, version),
        "renditions": renditions_out(call, version),
    }


def _thumb(call: Call, version: Version | None) -> str | None:
    ready = egress.pictures(call.caller, version) if version else ()
    return egress.picture_url(call.ctx, ready[-1]) if ready else None


def _newest(call: Call, asset: Asset, newest: Version | None, shown: Version | None, bits: int) -> int | None:
    """The newest version for those who may see it beside the shown one; for everybody else the shown one."""
    is_known = newest is not None and review.sees(asset, newest, bits, call.caller.uploader)
    known = newest if is_known else shown
    return known.number if known else None
