"""The one way to change who may what: roles, members and grants are read together, judged, and written together.

Every change is judged by the epoch the caller was authenticated under and refused when it is over, so two
changes at once cannot both be right: no last manager leaves beside another, no name is taken twice.
"""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.access import Grant, Resource
from chalicelib.domain.ids import AssetId, short_hash
from chalicelib.domain.people import People, check_gain, check_manager_stays
from chalicelib.errors import Conflict, Stale
from chalicelib.models import assets, base, grants, members, workspaces
from chalicelib.models.members import Member
from chalicelib.ports.context import Context
from chalicelib.services import trails
from chalicelib.services.signing import Caller

_MOST_WRITES = base.MAX_WRITES - 6
_ROWS_AT_ONCE = 100


def known(caller: Caller) -> People[Member]:
    """Everybody and everything they hold, strongly consistent."""
    return People({one.id: one for one in members.every(caller.workspace)}, grants.every(caller.workspace))


def change(
    ctx: Context, caller: Caller, was: People[Member], becomes: People[Member], writes: Sequence[base.Write],
    action: str, subject: str, **detail: Any,
) -> None:  # fmt: skip
    """Turn what is known into what shall be: `writes`, the grants that differ, an audit entry, the epoch.

    Raises:
        NotAllowed: somebody would gain what the caller has not.
        Conflict: no manager would be left, or it is more than one change can hold.
        Stale: rights, people or collections changed since the caller was authenticated.
    """
    check_manager_stays(was, becomes)
    check_gain(caller.access, caller.tree.parents, _exceptions(caller, was, becomes), was, becomes, ctx.now())
    rows = [*writes, *_grant_writes(caller, was, becomes)]
    if len(rows) > _MOST_WRITES:
        raise Conflict(f"One change holds at most {_MOST_WRITES} grants. Make it in several.", code="too_many")
    told = trails.entry(ctx, caller.workspace, caller.principal.label, action, subject, **detail)
    try:
        base.transact([*rows, workspaces.raise_epoch(caller.workspace, caller.epoch, tree=False), told])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed roles, people or collections at the same moment. Try again.") from lost


def check_within(ctx: Context, caller: Caller, held: tuple[Grant, ...]) -> None:
    """Raise `NotAllowed` when these grants together allow what the caller may not."""
    nothing: People[Member] = People({}, {})
    theirs = nothing.with_grants("", held)
    check_gain(caller.access, caller.tree.parents, _exceptions(caller, nothing, theirs), nothing, theirs, ctx.now())


def tag(*parts: object) -> str:
    """An etag made of a thing's content."""
    return short_hash(*(repr(one) for one in parts))


def by_target(rows: Sequence[Grant]) -> dict[tuple[str | None, str | None], Grant]:
    """Grants by what they are on."""
    return {(one.collection_id, one.asset_id): one for one in rows}


def _grant_writes(caller: Caller, before: People[Member], after: People[Member]) -> list[base.Write]:
    writes: list[base.Write] = []
    for holder in sorted({*before.grants, *after.grants}):
        old, new = by_target(before.grants.get(holder, ())), by_target(after.grants.get(holder, ()))
        writes += [grants.put(caller.workspace, holder, one) for key, one in new.items() if old.get(key) != one]
        writes += [grants.remove(caller.workspace, holder, one) for key, one in old.items() if key not in new]
    return writes


def _exceptions(caller: Caller, before: People[Member], after: People[Member]) -> list[Resource]:
    """Assets on which the caller, or a grant that differs, says something of its own; their dates left out."""
    ids: set[AssetId] = set(caller.access.own_assets)
    for holder in {*before.grants, *after.grants}:
        differs = set(before.grants.get(holder, ())) ^ set(after.grants.get(holder, ()))
        ids |= {one.asset_id for one in differs if one.asset_id}
    for member in after.members.values():
        if before.members.get(member.id) != member:
            ids |= {one.asset_id for one in after.of(member) if one.asset_id}
    ordered = sorted(ids)
    found = [
        one
        for start in range(0, len(ordered), _ROWS_AT_ONCE)
        for one in assets.get_many(caller.workspace, ordered[start : start + _ROWS_AT_ONCE])
    ]
    return [Resource(one.id, one.collection_ids) for one in found]


def with_targets(rows: Sequence[Grant], wanted: Sequence[Grant], replaced: Sequence[Grant]) -> tuple[Grant, ...]:
    """`rows` with `wanted` in place of `replaced`; what allows and denies nothing is left out."""
    gone = set(by_target(replaced)) | set(by_target(wanted))
    kept = [one for key, one in by_target(rows).items() if key not in gone]
    return (*kept, *(one for one in wanted if one.allow or one.deny))
