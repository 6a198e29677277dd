"""Cards: what an index stores of an asset so that a list can be shown without reading the table.

A card is plain JSON and holds what any caller may need to be told; what a caller is shown of it is decided when
it is read, as for any asset.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain import prints, sight, views
from chalicelib.domain.assets import Asset, Fields, Rendition, Restriction, Version

_FACTS = ("width_px", "height_px", "phash")


def card(asset: Asset) -> dict[str, Any]:
    """The card of an asset. Absent values are left out."""
    fields = asset.fields
    made = {
        "id": asset.id,
        "revision": asset.revision,
        "state": asset.state,
        "archived_because": asset.archived_because,
        "trash_id": asset.trash_id,
        "collection_ids": list(asset.collection_ids),
        "name": fields.name,
        "title": fields.title,
        "skus": list(fields.skus[:1]),
        "available_from": _stamp(fields.available_from),
        "available_until": _stamp(fields.available_until),
        "restriction": _restriction(fields.restriction),
        "created_at": _stamp(asset.created_at),
        "updated_at": _stamp(asset.updated_at),
        "versions": asset.versions,
        "newest": _version(asset.newest),
        "approved": _version(asset.approved),
        "standing": _version(asset.standing),
        "seen": [one.name for one in sight.seen_in(asset, prints.shown_to_all(asset))],
        "view": view.check if (view := views.view_in(asset, prints.shown_to_all(asset))) else None,
    }
    return {name: value for name, value in made.items() if value not in (None, [])}


def seen_of(card: Mapping[str, Any]) -> tuple[str, ...]:
    """The words for what is seen in it, surest first."""
    return tuple(card.get("seen", ()))


def view_check_of(card: Mapping[str, Any]) -> int | None:
    """By what the view of its picture is known again."""
    return card.get("view")


def asset_of(card: Mapping[str, Any]) -> Asset:
    """The asset of a card, with only what the card holds: enough to decide about rights and to list it."""
    created_at = datetime.fromisoformat(card["created_at"])
    fields = Fields(
        name=card["name"],
        title=card.get("title"),
        skus=tuple(card.get("skus", ())),
        available_from=_moment(card.get("available_from")),
        available_until=_moment(card.get("available_until")),
        restriction=_restriction_of(card.get("restriction")),
    )
    newest, approved = card["newest"], card.get("approved")
    shown = _version_of(newest, created_at)
    return Asset(
        id=card["id"],
        revision=card["revision"],
        fields=fields,
        collection_ids=tuple(card["collection_ids"]),
        sources=(),
        newest=shown,
        versions=card["versions"],
        created_at=created_at,
        updated_at=datetime.fromisoformat(card["updated_at"]),
        approved=shown if approved == newest else approved and _version_of(approved, created_at),
        state=card["state"],
        archived_because=card.get("archived_because"),
        trash_id=card.get("trash_id"),
        standing=_version_of(card["standing"], created_at) if "standing" in card else None,
    )


def _stamp(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _restriction(one: Restriction | None) -> list[str | None] | None:
    return None if one is None else [one.reason, _stamp(one.from_), _stamp(one.until)]


def _restriction_of(made: list[str | None] | None) -> Restriction | None:
    return None if made is None else Restriction(made[0] or "", _moment(made[1]), _moment(made[2]))


def _version(one: Version | None) -> dict[str, Any] | None:
    if one is None:
        return None
    small = one.renditions[-1] if one.renditions else None
    made = {
        "id": one.id,
        "number": one.number,
        "kind": one.kind,
        "format": one.format,
        "approval": one.approval,
        "held": one.held or None,
        "member_id": one.member_id if one.held else None,
        "thumbhash": one.thumbhash,
        "rendition": small and [small.name, small.key, small.width_px, small.height_px, small.size_bytes, small.format],
        **{name: one.facts.get(name) for name in _FACTS},
    }
    return {name: value for name, value in made.items() if value is not None}


def _version_of(made: Mapping[str, Any], at: datetime) -> Version:
    return Version(
        id=made["id"],
        number=made["number"],
        order=("", "", ""),
        at=at,
        by=None,
        note=None,
        file_name="",
        sha256="",
        size_bytes=0,
        kind=made["kind"],
        mime="",
        format=made["format"],
        facts={name: made[name] for name in _FACTS if name in made},
        thumbhash=made.get("thumbhash"),
        renditions=(Rendition(*made["rendition"]),) if "rendition" in made else (),
        approval=made["approval"],
        held=made.get("held", False),
        member_id=made.get("member_id"),
    )
