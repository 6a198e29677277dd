"""Roles: list, make, change, delete."""

from typing import Any

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.errors import InvalidInput, Stale
from chalicelib.handlers import people_shapes as shapes, schemas
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.services import roles
from chalicelib.services.roles import GrantRequest, Held

api = Api(__name__)
_MANAGES = Needs("library", Right.MANAGE)


class GrantIn(schemas.Closed):
    """Rights on a collection with what is below; null is the whole library."""

    collection_id: schemas.Id | None
    allow: list[Right] = Field(default_factory=list, max_length=len(Right))
    deny: list[Right] = Field(default_factory=list, max_length=len(Right))


class RoleIn(schemas.Closed):
    """A new role."""

    name: schemas.Line
    grants: list[GrantIn] = Field(default_factory=list, max_length=80)


class RolePatch(schemas.Closed):
    """What is to change; `grants` replaces those that are there."""

    name: schemas.Line | None = Field(None, json_schema_extra=schemas.never_null)
    grants: list[GrantIn] | None = Field(None, max_length=80)


@api.get("/v1/roles", needs=_MANAGES, query=schemas.PageQuery, gives=shapes.Roles)
def list_roles(call: Call) -> dict[str, Any]:
    """All roles; ready-made ones carry `key`."""
    query = call.read_query(schemas.PageQuery)
    page = schemas.page_of(call, "roles", query, lambda at: roles.listed(call.caller, limit=query.limit, after=at))
    return {"items": [_out(one) for one in page.items], "next": page.next}


@api.get("/v1/roles/{role_id}", needs=_MANAGES, gives=shapes.Role)
def get_role(call: Call) -> dict[str, Any]:
    """One role."""
    return _out(roles.load(call.caller, call.path["role_id"]))


@api.post("/v1/roles", needs=_MANAGES, takes=RoleIn, gives=shapes.Role, status=201, refuses=(Stale,))
def make_role(call: Call) -> dict[str, Any]:
    """Make a role, with no more than the caller has."""
    asked = call.read_body(RoleIn)
    return _out(roles.make(call.ctx, call.caller, asked.name, _asked(asked.grants)))


@api.patch("/v1/roles/{role_id}", needs=_MANAGES, takes=RolePatch, gives=shapes.Role, if_match=True)
def change_role(call: Call) -> dict[str, Any]:
    """Rename it or replace its grants; it counts from the next request on."""
    old = roles.load(call.caller, call.path["role_id"])
    call.check_etag(old.etag)
    asked = call.read_body(RolePatch)
    if "name" in asked.model_fields_set and asked.name is None:
        raise InvalidInput("A role has a name.", fields={"name": "cannot be cleared"})
    wanted = _asked(asked.grants or []) if "grants" in asked.model_fields_set else None
    return _out(roles.edit(call.ctx, call.caller, old, asked.name, wanted))


@api.delete("/v1/roles/{role_id}", needs=_MANAGES, gives=None, if_match=True)
def delete_role(call: Call) -> None:
    """Delete a role that nobody has."""
    old = roles.load(call.caller, call.path["role_id"])
    call.check_etag(old.etag)
    roles.delete(call.ctx, call.caller, old)


def _asked(given: list[GrantIn]) -> list[GrantRequest]:
    return [GrantRequest(one.collection_id, tuple(one.allow), tuple(one.deny)) for one in given]


def _out(one: Held) -> dict[str, Any]:
    return {
        "id": one.role.id,
        "name": one.role.name,
        "key": one.role.key,
        "grants": roles.plain(one.grants),
        "etag": one.etag,
    }
