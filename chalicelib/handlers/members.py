"""Members: list, add, change, remove."""

from typing import Any

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.errors import InvalidInput, Stale
from chalicelib.handlers import people_shapes as shapes, schemas
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.services import members
from chalicelib.services.members import Member, MemberRequest

api = Api(__name__)
_MANAGES = Needs("library", Right.MANAGE)


class MemberIn(schemas.Closed):
    """A new member; `expires_at` ends an outside collaborator's access."""

    email: schemas.Email
    name: schemas.Line
    role_ids: list[schemas.Id] = Field(default_factory=list, max_length=20)
    expires_at: schemas.Moment | None = None


class MemberPatch(schemas.Closed):
    """What is to change; `role_ids` replaces those that are there, a null `expires_at` ends nothing."""

    email: schemas.Email | None = Field(None, json_schema_extra=schemas.never_null)
    name: schemas.Line | None = Field(None, json_schema_extra=schemas.never_null)
    role_ids: list[schemas.Id] | None = Field(None, max_length=20)
    expires_at: schemas.Moment | None = None


@api.get("/v1/members", needs=_MANAGES, query=schemas.PageQuery, gives=shapes.Members)
def list_members(call: Call) -> dict[str, Any]:
    """All members, those whose time is over too."""
    query = call.read_query(schemas.PageQuery)
    page = schemas.page_of(call, "members", query, lambda at: members.listed(call.caller, limit=query.limit, after=at))
    return {"items": [_out(one) for one in page.items], "next": page.next}


@api.get("/v1/members/{member_id}", needs=_MANAGES, gives=shapes.Member)
def get_member(call: Call) -> dict[str, Any]:
    """One member."""
    return _out(members.load(call.caller, call.path["member_id"]))


@api.post("/v1/members", needs=_MANAGES, takes=MemberIn, gives=shapes.Member, status=201, refuses=(Stale,))
def add_member(call: Call) -> dict[str, Any]:
    """Add a person, with no more than the caller has."""
    asked = call.read_body(MemberIn)
    role_ids = tuple(dict.fromkeys(asked.role_ids))
    new = members.add(call.ctx, call.caller, MemberRequest(asked.email, asked.name, role_ids, asked.expires_at))
    return _out(new)


@api.patch("/v1/members/{member_id}", needs=_MANAGES, takes=MemberPatch, gives=shapes.Member, if_match=True)
def change_member(call: Call) -> dict[str, Any]:
    """Change address, name, roles or end; it counts from the next request on."""
    old = members.load(call.caller, call.path["member_id"])
    call.check_etag(members.etag(old))
    asked = call.read_body(MemberPatch)
    values = {name: getattr(asked, name) for name in asked.model_fields_set}
    cleared = [name for name in ("email", "name") if name in values and values[name] is None]
    if cleared:
        raise InvalidInput("A member has an address and a name.", fields=dict.fromkeys(cleared, "cannot be cleared"))
    if "role_ids" in values:
        values["role_ids"] = tuple(dict.fromkeys(values["role_ids"] or ()))
    return _out(members.edit(call.ctx, call.caller, old, values))


@api.delete("/v1/members/{member_id}", needs=_MANAGES, gives=None, if_match=True)
def remove_member(call: Call) -> None:
    """Remove a person: their sessions and keys are refused from the next request on."""
    old = members.load(call.caller, call.path["member_id"])
    call.check_etag(members.etag(old))
    members.remove(call.ctx, call.caller, old)


def _out(one: Member) -> dict[str, Any]:
    return {
        "id": one.id,
        "email": one.email,
        "name": one.name,
        "role_ids": list(one.role_ids),
        "created_at": schemas.when(one.created_at),
        "expires_at": schemas.when(one.expires_at),
        "etag": members.etag(one),
    }
