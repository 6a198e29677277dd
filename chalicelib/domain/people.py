"""Members and all grants of a workspace as one value, and the two rules that every change of it is judged by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from chalicelib.domain.access import ALL, Access, Grant, Principal, PrincipalKind, Resource, Right, rights_of
from chalicelib.domain.ids import ROOT, CollectionId, WorkspaceId
from chalicelib.errors import Conflict, NotAllowed

_NOBODY = Principal(PrincipalKind.SYSTEM, "rules", WorkspaceId(""), "")
_BESIDES: tuple[tuple[Grant, ...], ...] = ((), (Grant(allow=ALL),), (Grant(deny=ALL),))
"""What a holder may have besides: nothing; all, so that a lifted denial shows; nothing at all but for exceptions."""


class Person(Protocol):
    """What matters of a member here."""

    @property
    def id(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def role_ids(self) -> tuple[str, ...]: ...
    @property
    def expires_at(self) -> datetime | None: ...


P = TypeVar("P", bound=Person)


def role_holder(role_id: str) -> str:
    """How grants name a role."""
    return f"role#{role_id}"


def member_holder(member_id: str) -> str:
    """How grants name a member."""
    return f"member#{member_id}"


@dataclass(frozen=True)
class People(Generic[P]):
    """Members by id, and grants by holder, of one workspace at one epoch."""

    members: Mapping[str, P]
    grants: Mapping[str, tuple[Grant, ...]]

    def of(self, member: P) -> tuple[Grant, ...]:
        """Everything the member has, through roles and of their own."""
        holders = [*(role_holder(one) for one in member.role_ids), member_holder(member.id)]
        return tuple(grant for holder in holders for grant in self.grants.get(holder, ()))

    def with_member(self, member: P) -> "People[P]":
        """With this member as it will be."""
        return replace(self, members={**self.members, member.id: member})

    def without_member(self, member_id: str) -> "People[P]":
        """Without this member and what was granted to them alone."""
        left = {name: one for name, one in self.members.items() if name != member_id}
        return People(left, {one: rows for one, rows in self.grants.items() if one != member_holder(member_id)})

    def with_grants(self, holder: str, grants: Sequence[Grant]) -> "People[P]":
        """With these as all that the holder has."""
        return replace(self, grants={**self.grants, holder: tuple(grants)})

    def has_manager(self) -> bool:
        """Whether somebody whose time does not end manages the whole library."""
        lasting = (one for one in self.members.values() if one.expires_at is None)
        return any(_access(self.of(one), {}).on_library() & Right.MANAGE.bit for one in lasting)


def check_manager_stays(before: People[P], after: People[P]) -> None:
    """Raise `Conflict` when this change would leave the library without a manager whose time does not end."""
    if before.has_manager() and not after.has_manager():
        raise Conflict(
            "Nobody would be left who manages the library. Give `manage` to somebody else first.", code="last_manager"
        )


def check_gain(
    caller: Access, parents: Mapping[CollectionId, CollectionId], assets: Iterable[Resource],
    before: People[P], after: People[P], now: datetime,
) -> None:  # fmt: skip
    """Raise `NotAllowed` when any role or member would gain what the caller has not: a new right, a lifted denial,
    an exception, or the way into a person (another address, another end) who may more.

    `parents` is the whole tree, trash included; `assets` are those with exceptions, their dates left out.
    """
    who = caller.principal
    is_free = who.limits.rights is None and who.limits.collection_ids is None and not caller.has_denies
    if is_free and caller.on_library() == ALL:
        return
    mine, places, things = Access(who, parents), [ROOT, *parents], list(assets)
    for old, new in _changed(before, after):
        gained = 0
        for besides in _BESIDES:
            had, has = _access((*old, *besides), parents), _access((*new, *besides), parents)
            for place in places:
                gained |= has.on_collection(place) & ~had.on_collection(place) & ~mine.on_collection(place)
            for thing in things:
                gained |= has.on_asset(thing, now) & ~had.on_asset(thing, now) & ~mine.on_asset(thing, now)
        if gained:
            names = ", ".join(rights_of(gained))
            raise NotAllowed(
                "Nobody gives more than they have.", code="beyond_your_own", fields={"rights": f"not yours: {names}"}
            )


def _changed(before: People[P], after: People[P]) -> Iterable[tuple[tuple[Grant, ...], tuple[Grant, ...]]]:
    for holder in {*before.grants, *after.grants}:
        old, new = before.grants.get(holder, ()), after.grants.get(holder, ())
        if set(old) != set(new):
            yield old, new
    for member in after.members.values():
        known = before.members.get(member.id)
        if known == member:
            continue
        is_same = known is not None and (known.email, known.expires_at) == (member.email, member.expires_at)
        yield before.of(known) if known is not None and is_same else (), after.of(member)


def _access(grants: tuple[Grant, ...], parents: Mapping[CollectionId, CollectionId]) -> Access:
    return Access(replace(_NOBODY, grants=grants), parents)
