"""Members: people by e-mail, inside and outside. Who is removed is nobody on the next request, with all they had."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain import names
from chalicelib.domain.pages import Page
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.models import base, credentials, members, roles, sessions
from chalicelib.models.members import Member as Member
from chalicelib.ports.context import Context
from chalicelib.services import links, people, trails
from chalicelib.services.signing import Caller

MOST = 5_000
"""Members of a workspace."""
EMAIL = r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\.]{2,}"
"""What an address must look like: a mailbox, and a host with a dot."""
_LONGEST_EMAIL = 254
_AT_ONCE = 60
"""Sessions and keys that go in the transaction of a removal; the rest, dead by then, is swept right after."""


@dataclass(frozen=True)
class MemberRequest:
    """What a member is to be."""

    email: str
    name: str
    role_ids: tuple[str, ...] = ()
    expires_at: datetime | None = None


def etag(member: Member) -> str:
    """Changes with everything of the member."""
    return people.tag(member)


def folded_email(given: str) -> str:
    """The address as it is kept and compared. Raises `InvalidInput`."""
    email = names.fold(given)
    if len(email) > _LONGEST_EMAIL or not re.fullmatch(EMAIL, email):
        raise InvalidInput("This is not an e-mail address.", fields={"email": "is not an e-mail address"})
    return email


def listed(caller: Caller, *, limit: int, after: Any) -> Page[Member]:
    """Members by id, those whose time is over too."""
    left = [one for one in members.every(caller.workspace) if after is None or one.id > after]
    return Page(left[:limit], left[limit - 1].id if len(left) > limit else None)


def load(caller: Caller, member_id: str) -> Member:
    """One member. Raises `NotFound`."""
    found = members.get(caller.workspace, member_id)
    if found is None:
        raise NotFound("There is no such member.")
    return found


def add(ctx: Context, caller: Caller, asked: MemberRequest) -> Member:
    """Add a person; a link to sign in is sent to their address.

    Raises:
        InvalidInput: no address, no such role, or their time would be over already.
        Conflict: somebody has the address.
        NotAllowed: they would have what the caller has not.
    """
    before = people.known(caller)
    if len(before.members) >= MOST:
        raise Conflict(f"A workspace has at most {MOST} members.", code="too_many")
    new = Member(
        ctx.new_id(), folded_email(asked.email), asked.name, asked.role_ids, ctx.now(), asked.expires_at
    )  # fmt: skip
    _check(ctx, caller, before.members.values(), None, new)
    people.change(
        ctx, caller, before, before.with_member(new),
        [members.add(caller.workspace, new), links.invited(ctx, caller.workspace, new)],
        "member.added", _label(new), after=_told(new),
    )  # fmt: skip
    trails.wake_outbox(ctx, caller.workspace)
    return new


def edit(ctx: Context, caller: Caller, old: Member, values: dict[str, Any]) -> Member:
    """Change address, name, roles or end. Raises as `add`, `Conflict` also when no manager would be left."""
    if "email" in values:
        values = {**values, "email": folded_email(values["email"])}
    new = replace(old, **values)
    if new == old:
        return old
    before = people.known(caller)
    _check(ctx, caller, before.members.values(), old, new)
    writes: list[base.Write] = [members.change(caller.workspace, new)]
    if new.email != old.email:
        writes += [sessions.remove(one.id) for one in sessions.of_member(caller.workspace, old.id)[:_AT_ONCE]]
    people.change(
        ctx, caller, before, before.with_member(new), writes, "member.changed", _label(new),
        before=_told(old), after=_told(new),
    )  # fmt: skip
    return new


def remove(ctx: Context, caller: Caller, old: Member) -> None:
    """Remove the person with their grants, sessions and keys. Raises `Conflict` for the last manager, or `Stale`."""
    workspace = caller.workspace
    before = people.known(caller)
    ended = [sessions.remove(one.id) for one in sessions.of_member(workspace, old.id)]
    ended += [credentials.drop(one.id) for one in credentials.keys(workspace) if one.member_id == old.id]
    room = max(0, _AT_ONCE - len(before.grants.get(f"member#{old.id}", ())))
    people.change(
        ctx, caller, before, before.without_member(old.id), [members.remove(workspace, old.id), *ended[:room]],
        "member.removed", _label(old), before=_told(old),
    )  # fmt: skip
    for start in range(room, len(ended), _AT_ONCE):
        base.transact(ended[start : start + _AT_ONCE])


def _check(ctx: Context, caller: Caller, everybody: Any, old: Member | None, new: Member) -> None:
    if any(one.email == new.email and one.id != new.id for one in everybody):
        raise Conflict("Somebody has this e-mail address already.", code="email_taken")
    added = set(new.role_ids) - set(old.role_ids if old else ())
    if added and not added <= {one.id for one in roles.every(caller.workspace)}:
        raise InvalidInput("There is no such role.", fields={"role_ids": "names a role that does not exist"})
    changes_end = old is None or old.expires_at != new.expires_at
    if changes_end and new.expires_at is not None and new.expires_at <= ctx.now():
        raise InvalidInput("Their time would be over already.", fields={"expires_at": "lies in the past"})


def _told(one: Member) -> dict[str, Any]:
    return {
        "email": one.email,
        "name": one.name,
        "role_ids": list(one.role_ids),
        "expires_at": base.stamp(one.expires_at) if one.expires_at else None,
    }


def _label(one: Member) -> str:
    return f"member:{one.id}"
