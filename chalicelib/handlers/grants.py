"""Grants on a collection, exceptions on an asset, and who can see it."""

from typing import Any

from pydantic import Field

from chalicelib.domain.access import Right, rights_of
from chalicelib.domain.ids import short_hash
from chalicelib.handlers import people_shapes as shapes, schemas
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.services import grants
from chalicelib.services.grants import GrantRequest, Rows

api = Api(__name__)
_OF_COLLECTION = Needs("collection", Right.MANAGE)
_OF_ASSET = Needs("asset", Right.MANAGE)


class ExceptionIn(schemas.Closed):
    """Rights of one role or one member."""

    role_id: schemas.Id | None = None
    member_id: schemas.Id | None = None
    allow: list[Right] = Field(default_factory=list, max_length=len(Right))
    deny: list[Right] = Field(default_factory=list, max_length=len(Right))


class GrantsIn(schemas.Closed):
    """All grants on a thing; those left out are taken away."""

    grants: list[ExceptionIn] = Field(max_length=80)


@api.get("/v1/collections/{collection_id}/grants", needs=_OF_COLLECTION, gives=shapes.Grants)
def get_collection_grants(call: Call) -> dict[str, Any]:
    """Grants on this very collection; those on the ones above hold here too."""
    return _out(grants.on_collection(call.caller, call.resource))


@api.put(
    "/v1/collections/{collection_id}/grants", needs=_OF_COLLECTION, takes=GrantsIn, gives=shapes.Grants, if_match=True
)
def set_collection_grants(call: Call) -> dict[str, Any]:
    """Replace the grants on the collection; they hold for what is below, from the next request on."""
    call.check_etag(_out(grants.on_collection(call.caller, call.resource))["etag"])
    return _out(grants.set_on_collection(call.ctx, call.caller, call.resource, _asked(call)))


@api.get("/v1/assets/{asset_id}/grants", needs=_OF_ASSET, gives=shapes.Grants)
def get_asset_grants(call: Call) -> dict[str, Any]:
    """Exceptions on the asset."""
    return _out(grants.on_asset(call.caller, call.resource))


@api.put(
    "/v1/assets/{asset_id}/grants", needs=_OF_ASSET, takes=GrantsIn, gives=shapes.Grants, if_match=True, indexed=True
)
def set_asset_grants(call: Call) -> dict[str, Any]:
    """Replace the exceptions on the asset: an allow beats what its collections deny, a deny beats everything."""
    call.check_etag(_out(grants.on_asset(call.caller, call.resource))["etag"])
    rows, token = grants.set_on_asset(call.ctx, call.caller, call.resource, _asked(call))
    call.wrote(token)
    return _out(rows)


@api.get("/v1/assets/{asset_id}/access", needs=_OF_ASSET, gives=shapes.Seers)
def get_access(call: Call) -> dict[str, Any]:
    """Who can see the asset now: members and roles with their rights on it."""
    found = grants.who_sees(call.ctx, call.caller, call.resource)
    items = [
        {"kind": one.kind, "id": one.id, "name": one.name, "rights": [str(right) for right in rights_of(one.bits)]}
        for one in found
    ]
    return {"items": items, "next": None}


def _asked(call: Call) -> list[GrantRequest]:
    return [
        GrantRequest(one.role_id, one.member_id, tuple(one.allow), tuple(one.deny))
        for one in call.read_body(GrantsIn).grants
    ]


def _out(rows: Rows) -> dict[str, Any]:
    given = [grants.plain(holder, grant) for holder, grant in rows]
    return {"grants": given, "etag": short_hash(repr(given))}
