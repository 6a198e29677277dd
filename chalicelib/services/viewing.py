"""Looking with other eyes: why somebody may or may not, and the library as a role or a member sees it."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.access import NONE, Grant, PrincipalKind, Right
from chalicelib.domain.explain import Because, explain
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.errors import InvalidInput
from chalicelib.models import base, credentials, grants, members
from chalicelib.ports.context import Context
from chalicelib.services import access, people, signing, trails
from chalicelib.services.signing import Caller, Eyes

_KINDS = ("role", "member")


@dataclass(frozen=True)
class Question:
    """May these eyes do this here?"""

    eyes: Eyes
    right: Right
    asset_id: str | None = None
    collection_id: str | None = None


def why(ctx: Context, caller: Caller, asked: Question) -> tuple[bool, list[Because]]:
    """Whether the right holds now, and the rules that decided, never none.

    Raises:
        NotFound: no such role, member or key, or the thing is not there for the caller.
    """
    if asked.asset_id is not None:
        thing = access.asset(ctx, caller, asked.asset_id, Right.SEE)
        places, resource = thing.collection_ids, thing.resource
    else:
        home = access.collection(caller, asked.collection_id or ROOT, Right.SEE)
        places, resource = (home.id,), None
    seen = signing.as_seen_by(caller, asked.eyes)
    if _is_over(ctx.now(), seen, asked.eyes):
        return False, [Because("expired")]
    lives = any(one in seen.tree.living for one in places)
    parents = seen.tree.living_parents if lives else seen.tree.parents
    allowed, found = explain(
        seen.principal, _held(seen), parents, asked.right, ctx.now(), asset=resource, place=places[0]
    )  # fmt: skip
    return allowed, [_told(caller, one) for one in dict.fromkeys(found)]


def look_as(ctx: Context, caller: Caller, given: str, path: str) -> Caller:
    """The caller who sees what `role:<id>` or `member:<id>` sees, for one read; audited.

    Raises:
        NotAllowed: the caller does not manage the library, or those eyes see what the caller does not.
        InvalidInput: neither a role nor a member.
        NotFound: there is none with this id.
    """
    access.library(caller, Right.MANAGE)
    kind, _, identifier = given.partition(":")
    if kind not in _KINDS or not identifier:
        raise InvalidInput("View as whom?", fields={"Packshot-View-As": "must be role:<id> or member:<id>"})
    seen = signing.as_seen_by(caller, Eyes(kind, identifier))
    people.check_within(ctx, caller, seen.principal.grants)
    told = trails.entry(
        ctx, caller.workspace, caller.principal.label, "library.viewed_as", f"{kind}:{identifier}", path=path
    )  # fmt: skip
    base.transact([told])
    return seen


def _held(seen: Caller) -> list[tuple[str | None, Grant]]:
    """All grants of these eyes with the role each comes from; a key with roles of its own has its maker's denials."""
    workspace, who = seen.workspace, seen.principal
    found = [(role, one) for role in who.role_ids for one in grants.of(workspace, f"role#{role}")]
    maker = None if who.kind == PrincipalKind.ROLE else members.get(workspace, seen.member_id)
    if maker is None:
        return list(found)
    own = [(None, one) for one in grants.of(workspace, f"member#{maker.id}")]
    if not seen.has_own_roles:
        return [*found, *own]
    theirs = [(role, one) for role in maker.role_ids for one in grants.of(workspace, f"role#{role}")]
    return [*found, *((role, replace(one, allow=NONE)) for role, one in [*theirs, *own] if one.deny)]


def _is_over(now: datetime, seen: Caller, eyes: Eyes) -> bool:
    member = members.get(seen.workspace, seen.member_id) if seen.member_id else None
    key = credentials.find(eyes.id) if eyes.kind == "key" else None
    ends = [one.expires_at for one in (member, key) if one is not None and one.expires_at is not None]
    return any(now >= one for one in ends)


def _told(caller: Caller, one: Because) -> Because:
    """A collection that the caller does not see is not named."""
    place = one.collection_id
    if place is None or place == ROOT or caller.rights_in_trash(CollectionId(place)) & Right.SEE.bit:
        return one
    return replace(one, rule=f"{one.rule}_elsewhere", collection_id=None)
