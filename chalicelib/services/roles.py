"""Roles: named bundles of grants on collections. Exceptions on single assets are another service's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import names
from chalicelib.domain.access import READY_MADE, Grant, Right, mask, rights_of
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.domain.pages import Page
from chalicelib.domain.people import role_holder
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.models import credentials, grants as rows, roles
from chalicelib.models.roles import Role
from chalicelib.ports.context import Context
from chalicelib.services import people
from chalicelib.services.signing import Caller

MOST = 500
"""Roles of a workspace."""


@dataclass(frozen=True)
class GrantRequest:
    """Rights on a collection with what is below; None is the whole library."""

    collection_id: str | None
    allow: tuple[Right, ...] = ()
    deny: tuple[Right, ...] = ()


@dataclass(frozen=True)
class Held:
    """A role with those of its grants that the caller may know of."""

    role: Role
    grants: tuple[Grant, ...]

    @property
    def etag(self) -> str:
        """Changes with name and grants."""
        return people.tag(self.role, self.grants)


def listed(caller: Caller, *, limit: int, after: Any) -> Page[Held]:
    """Roles by id, the ready-made ones among them."""
    held = rows.every(caller.workspace)
    left = [one for one in roles.every(caller.workspace) if after is None or one.id > after]
    found = [_held(caller, one, held.get(role_holder(one.id), ())) for one in left[:limit]]
    return Page(found, left[limit - 1].id if len(left) > limit else None)


def load(caller: Caller, role_id: str) -> Held:
    """One role. Raises `NotFound`."""
    found = roles.get(caller.workspace, role_id)
    if found is None:
        raise NotFound("There is no such role.")
    return _held(caller, found, rows.of(caller.workspace, role_holder(role_id)))


def make(ctx: Context, caller: Caller, name: str, wanted: Sequence[GrantRequest]) -> Held:
    """Make a role.

    Raises:
        InvalidInput: no such collection, or one named twice.
        NotAllowed: it would have what the caller has not.
        Conflict: another role has the name, or there are 500.
    """
    known = roles.every(caller.workspace)
    if len(known) >= MOST:
        raise Conflict(f"A workspace has at most {MOST} roles.", code="too_many")
    role = Role(ctx.new_id(), _free_name(known, name, None))
    given = requested(caller, wanted)
    before = people.known(caller)
    after = before.with_grants(role_holder(role.id), [one for one in given if one.allow or one.deny])
    told = {"name": role.name, "grants": plain(given)}
    people.change(ctx, caller, before, after, [roles.add(caller.workspace, role)], "role.created", _label(role), **told)
    return _held(caller, role, given)


def edit(ctx: Context, caller: Caller, old: Held, name: str | None, wanted: Sequence[GrantRequest] | None) -> Held:
    """Rename it, or replace its grants on collections; exceptions and what the caller cannot see stay.

    Raises: as `make`, `Conflict` also when no manager would be left, and `Stale`.
    """
    role, holder, workspace = old.role, role_holder(old.role.id), caller.workspace
    new_name = role.name if name is None else _free_name(roles.every(workspace), name, role.id)
    before = people.known(caller)
    after = before
    if wanted is not None:
        now = before.grants.get(holder, ())
        after = before.with_grants(holder, people.with_targets(now, requested(caller, wanted), old.grants))
    new = Held(Role(role.id, new_name, role.key), _visible(caller, after.grants.get(holder, ())))
    if new == old:
        return old
    writes = [roles.rename(workspace, role.id, new_name)]
    told = {
        "before": {"name": role.name, "grants": plain(old.grants)},
        "after": {"name": new_name, "grants": plain(new.grants)},
    }
    people.change(ctx, caller, before, after, writes, "role.changed", _label(role), **told)
    return new


def delete(ctx: Context, caller: Caller, old: Held) -> None:
    """Delete it with its grants.

    Raises:
        Conflict: somebody has it, a key has it, or it is a ready-made one.
        Stale: somebody changed something at the same moment.
    """
    role, workspace = old.role, caller.workspace
    if role.key in READY_MADE:
        raise Conflict("A ready-made role stays. Take its grants away instead.", code="ready_made")
    before = people.known(caller)
    holders = [one.name for one in before.members.values() if role.id in one.role_ids]
    keys = [one.name for one in credentials.keys(workspace) if role.id in (one.role_ids or ())]
    if holders or keys:
        who = ", ".join([*holders[:10], *(f"the key “{one}”" for one in keys[:10])])
        raise Conflict(
            f"This role is in use by {who}. Give them another one first.",
            code="in_use",
            fields={"members": ", ".join(holders[:50]), "keys": ", ".join(keys[:50])},
        )
    after = before.with_grants(role_holder(role.id), [])
    people.change(
        ctx, caller, before, after, [roles.remove(workspace, role.id)], "role.deleted", _label(role), name=role.name
    )


def requested(caller: Caller, wanted: Sequence[GrantRequest]) -> list[Grant]:
    """Grants as asked for, on collections that are there for this caller. Raises `InvalidInput`."""
    found: dict[CollectionId | None, Grant] = {}
    for one in wanted:
        place = None if one.collection_id in (None, ROOT) else CollectionId(str(one.collection_id))
        if place is not None and not _is_there(caller, place):
            raise InvalidInput(
                "There is no such collection.", fields={"grants": "names a collection that is not there"}
            )
        if place in found:
            raise InvalidInput("Name each collection once.", fields={"grants": "names a collection twice"})
        found[place] = Grant(place, allow=mask(one.allow), deny=mask(one.deny))
    return list(found.values())


def plain(given: Sequence[Grant]) -> list[dict[str, Any]]:
    """Grants as the contract writes them."""
    return [
        {
            "collection_id": one.collection_id,
            "allow": [str(right) for right in rights_of(one.allow)],
            "deny": [str(right) for right in rights_of(one.deny)],
        }
        for one in given
    ]


def _held(caller: Caller, role: Role, held: Sequence[Grant]) -> Held:
    return Held(role, _visible(caller, held))


def _visible(caller: Caller, held: Sequence[Grant]) -> tuple[Grant, ...]:
    shown = [one for one in held if one.asset_id is None and _is_there(caller, one.collection_id or ROOT)]
    return tuple(sorted(shown, key=lambda one: one.collection_id or ""))


def _is_there(caller: Caller, place: CollectionId) -> bool:
    return place in caller.tree.living and bool(caller.access.on_collection(place) & Right.SEE.bit)


def _free_name(known: Sequence[Role], name: str, mine: str | None) -> str:
    tidy = names.tidy(name)
    if any(names.fold(one.name) == names.fold(tidy) and one.id != mine for one in known):
        raise Conflict(f"There is another role called “{tidy}”.", code="name_taken")
    return tidy


def _label(role: Role) -> str:
    return f"role:{role.id}"
