"""Grants from the side of the thing: what is allowed and denied on one collection, or as an exception on one asset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.access import Access, Grant, Principal, PrincipalKind, Right, mask, rights_of
from chalicelib.domain.assets import Asset
from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import ROOT
from chalicelib.domain.people import People, member_holder, role_holder
from chalicelib.errors import InvalidInput
from chalicelib.models import roles, unindexed
from chalicelib.models.members import Member
from chalicelib.ports.context import Context
from chalicelib.services import people, trails
from chalicelib.services.signing import Caller


@dataclass(frozen=True)
class GrantRequest:
    """What one role or one member shall have."""

    role_id: str | None = None
    member_id: str | None = None
    allow: tuple[Right, ...] = ()
    deny: tuple[Right, ...] = ()

    @property
    def holder(self) -> str:
        """How grants name it. Raises `InvalidInput` unless it is one of the two."""
        if (self.role_id is None) == (self.member_id is None):
            raise InvalidInput(
                "A grant is a role's or a member's.", fields={"grants": "needs either role_id or member_id"}
            )
        return role_holder(self.role_id) if self.role_id else member_holder(str(self.member_id))


@dataclass(frozen=True)
class Sees:
    """A member, or a role, and what it may do with an asset now."""

    kind: str
    id: str
    name: str
    bits: int


Rows = list[tuple[str, Grant]]


def on_collection(caller: Caller, one: Collection) -> Rows:
    """Grants on this very collection by holder; what is inherited is told by those above."""
    return _rows(people.known(caller), _is_on_collection(one))


def on_asset(caller: Caller, asset: Asset) -> Rows:
    """Exceptions on this asset by holder."""
    return _rows(people.known(caller), lambda grant: grant.asset_id == asset.id)


def set_on_collection(ctx: Context, caller: Caller, one: Collection, wanted: Sequence[GrantRequest]) -> Rows:
    """Make these all the grants on the collection. Raises as `people.change`; `InvalidInput` for who is not there."""
    place = None if one.id == ROOT else one.id
    was = people.known(caller)
    new = _requested(caller, was, wanted, Grant(place))
    becomes = _replaced(was, _is_on_collection(one), new)
    if was.grants != becomes.grants:
        told = {"before": _told(_rows(was, _is_on_collection(one))), "after": _told(new)}
        people.change(ctx, caller, was, becomes, [], "collection.grants_set", f"collection:{one.id}", **told)
    return _rows(becomes, _is_on_collection(one))


def set_on_asset(ctx: Context, caller: Caller, asset: Asset, wanted: Sequence[GrantRequest]) -> tuple[Rows, str]:
    """Make these all the exceptions on the asset; them and the token of this write. Raises as `set_on_collection`.

    What narrows leaves search in the same transaction, until the index holds it.
    """
    workspace = caller.workspace
    was = people.known(caller)
    new = _requested(caller, was, wanted, Grant(asset_id=asset.id))
    old = _rows(was, lambda grant: grant.asset_id == asset.id)
    becomes = _replaced(was, lambda grant: grant.asset_id == asset.id, new)
    if was.grants == becomes.grants:
        return old, ""
    token, announced = trails.announcement(
        ctx, workspace, "asset.changed", f"asset:{asset.id}", asset.collection_ids, is_for_index_only=True
    )  # fmt: skip
    writes = [announced]
    if _narrows(dict(old), dict(new)):
        writes.append(unindexed.add(workspace, asset.id, token))
    told = {"before": _told(old), "after": _told(new)}
    people.change(ctx, caller, was, becomes, writes, "asset.grants_set", f"asset:{asset.id}", **told)
    trails.wake_index(ctx, workspace)
    return _rows(becomes, lambda grant: grant.asset_id == asset.id), token


def who_sees(ctx: Context, caller: Caller, asset: Asset) -> list[Sees]:
    """Members, then roles, that see the asset now, by name; members whose time is over see nothing."""
    known, now = people.known(caller), ctx.now()
    lives = any(one in caller.tree.living for one in asset.collection_ids)
    parents = caller.tree.living_parents if lives else caller.tree.parents

    def bits(grants: tuple[Grant, ...]) -> int:
        somebody = Principal(PrincipalKind.MEMBER, "", caller.workspace, "", grants)
        return Access(somebody, parents).on_asset(asset.resource, now)

    here = [one for one in known.members.values() if one.expires_at is None or now < one.expires_at]
    found = [Sees("member", one.id, one.name, bits(known.of(one))) for one in here]
    found += [
        Sees("role", one.id, one.name, bits(known.grants.get(role_holder(one.id), ())))
        for one in roles.every(caller.workspace)
    ]
    seeing = [one for one in found if one.bits & Right.SEE.bit]
    return sorted(seeing, key=lambda one: (one.kind, one.name.casefold(), one.id))


def _requested(caller: Caller, known: People[Member], wanted: Sequence[GrantRequest], on: Grant) -> Rows:
    everybody = {role_holder(one.id) for one in roles.every(caller.workspace)}
    everybody |= {member_holder(one) for one in known.members}
    found: dict[str, Grant] = {}
    for one in wanted:
        if one.holder not in everybody:
            raise InvalidInput("There is no such role or member.", fields={"grants": "names one that is not there"})
        if one.holder in found:
            raise InvalidInput("Name each role and member once.", fields={"grants": "names one twice"})
        found[one.holder] = replace(on, allow=mask(one.allow), deny=mask(one.deny))
    return [(holder, grant) for holder, grant in found.items() if grant.allow or grant.deny]


def _is_on_collection(one: Collection) -> Callable[[Grant], bool]:
    return lambda grant: grant.asset_id is None and (grant.collection_id or ROOT) == one.id


def _rows(known: People[Member], is_meant: Callable[[Grant], bool]) -> Rows:
    return sorted(
        ((holder, grant) for holder, given in known.grants.items() for grant in given if is_meant(grant)),
        key=lambda row: row[0],
    )


def _replaced(known: People[Member], is_meant: Callable[[Grant], bool], new: Rows) -> People[Member]:
    wanted = dict(new)
    for holder in {*known.grants, *wanted}:
        had = known.grants.get(holder, ())
        keeps = [one for one in had if not is_meant(one)]
        gets = [wanted[holder]] if holder in wanted else []
        if set(had) != {*keeps, *gets}:
            known = known.with_grants(holder, [*keeps, *gets])
    return known


def _narrows(old: dict[str, Grant], new: dict[str, Grant]) -> bool:
    """Whether somebody may have lost the asset by this."""
    nothing = Grant()
    pairs = [(old.get(one, nothing), new.get(one, nothing)) for one in {*old, *new}]
    return any(before.allow & ~after.allow or after.deny & ~before.deny for before, after in pairs)


def _told(rows: Rows) -> list[dict[str, Any]]:
    return [plain(holder, grant) for holder, grant in rows]


def plain(holder: str, grant: Grant) -> dict[str, Any]:
    """A grant as the contract writes it."""
    kind, _, identifier = holder.partition("#")
    return {
        f"{kind}_id": identifier,
        "allow": [str(right) for right in rights_of(grant.allow)],
        "deny": [str(right) for right in rights_of(grant.deny)],
    }
