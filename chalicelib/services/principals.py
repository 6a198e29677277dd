"""What a member, a key or a role may: rows of the tables become a principal with its access to the tree.

The tree is kept in the process under the workspace's epoch of collections; what is made here is kept by who asks.
"""

from dataclasses import replace

from chalicelib.domain.access import ALL, NONE, Access, Limits, Principal, PrincipalKind, Right, mask
from chalicelib.domain.collections import Tree
from chalicelib.domain.ids import CollectionId, WorkspaceId
from chalicelib.models import collections, grants
from chalicelib.models.credentials import Credential
from chalicelib.models.members import Member
from chalicelib.models.roles import Role
from chalicelib.models.sessions import Session
from chalicelib.models.workspaces import Workspace

_TREES_MOST = 2_000
_trees: dict[WorkspaceId, tuple[int, Tree]] = {}


def tree(current: Workspace) -> Tree:
    """The collections of the workspace as of its row's epoch."""
    known = _trees.get(current.id)
    if known is None or known[0] != current.tree_epoch:
        if len(_trees) >= _TREES_MOST:
            _trees.clear()
        known = (current.tree_epoch, collections.tree(current.id))
        _trees[current.id] = known
    return known[1]


def of_role(current: Workspace, role: Role) -> Access:
    """What the role alone gives, for looking with its eyes."""
    held = grants.of(current.id, f"role#{role.id}")
    principal = Principal(PrincipalKind.ROLE, role.id, current.id, role.name, tuple(held), role_ids=(role.id,))
    return Access(principal, tree(current).living_parents)


def of_member(current: Workspace, member: Member, key: Credential | None, session: Session | None) -> Access:
    """What the member may: by all roles and exceptions, within the limits of the key that they came with."""
    holders = [f"role#{role_id}" for role_id in member.role_ids] + [f"member#{member.id}"]
    principal = Principal(
        kind=PrincipalKind.KEY if key else PrincipalKind.MEMBER,
        id=key.id if key else member.id,
        workspace=current.id,
        name=key.name if key else member.name,
        grants=grants.of_all(current.id, holders),
        limits=_limits(key),
        role_ids=member.role_ids,
        session_id=session.id if session else None,
    )
    above = tree(current).living_parents
    if key is not None and key.role_ids is not None:
        principal = _with_roles(principal, key.role_ids, Access(replace(principal, limits=Limits()), above))
    return Access(principal, above)


def _with_roles(maker: Principal, role_ids: tuple[str, ...], unlimited: Access) -> Principal:
    """A key with roles of its own, never beyond its maker: whatever the maker may on the whole library limits
    it, and whatever is denied to the maker is denied to it."""
    ceiling = unlimited.on_library()
    theirs = grants.of_all(maker.workspace, [f"role#{role_id}" for role_id in role_ids])
    denies = tuple(replace(grant, allow=NONE) for grant in maker.grants if grant.deny)
    asked = ALL if maker.limits.rights is None else maker.limits.rights
    return replace(
        maker, grants=theirs + denies, role_ids=role_ids, limits=replace(maker.limits, rights=asked & ceiling)
    )


def _limits(key: Credential | None) -> Limits:
    if key is None:
        return Limits()
    return Limits(
        None if key.rights is None else mask(Right(name) for name in key.rights),
        None if key.collection_ids is None else frozenset(CollectionId(one) for one in key.collection_ids),
    )
