"""Who is calling: keys and sessions become principals.

Everything a principal may is kept in the process under the workspace's epoch, which is read
strongly once a request: a change of rights counts from the next request on, in every process.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from chalicelib import observe
from chalicelib.domain import sealing
from chalicelib.domain.access import Access, Principal, PrincipalKind, Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.collections import Tree
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.domain.shares import Share
from chalicelib.errors import NotAuthenticated, NotFound, PackshotError
from chalicelib.models import assets, base, credentials, members, roles, sessions, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.models.members import Member
from chalicelib.models.roles import Role
from chalicelib.models.sessions import Session
from chalicelib.models.workspaces import Workspace
from chalicelib.ports.context import Context
from chalicelib.services import principals, trails

_KEY = re.compile(r"ps_([A-Za-z0-9-]{6,20})_([A-Za-z0-9_-]{20,100})")
_CACHED_MOST = 2_000
_TOKENS_A_SESSION = 12
_USE_NOTED_EVERY = timedelta(hours=1)
_REFUSAL_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """A principal with its rights over the tree, as of one epoch of its workspace.

    `member_id` is the person, or the person who made the key; of a visitor of a share, one made up for the visit.
    """

    access: Access
    tree: Tree
    workspace_name: str
    epoch: int
    member_id: str
    has_own_roles: bool = False
    """A key with roles of its own instead of its maker's."""
    session: Session | None = None
    share: Share | None = None
    """The link that a visitor came by."""

    @property
    def principal(self) -> Principal:
        """Who acts."""
        return self.access.principal

    @property
    def uploader(self) -> str:
        """Whose uploads are the caller's own: the person's, the visit's, or those of this one key."""
        return self.principal.label if self.principal.kind is PrincipalKind.KEY else self.member_id

    @property
    def workspace(self) -> WorkspaceId:
        """The only workspace this caller can touch."""
        return self.access.principal.workspace

    @cached_property
    def collections_seen(self) -> frozenset[CollectionId]:
        """Living collections that the caller may see, the root among them if it may."""
        return frozenset(one for one in self.tree.living if self.access.on_collection(one) & Right.SEE.bit)

    @cached_property
    def _with_trash(self) -> Access:
        return Access(self.principal, self.tree.parents)

    def rights_on(self, asset: Asset, now: datetime) -> int:
        """Mask of rights on an asset; one in the trash with all its collections is judged as if they lived."""
        lives = any(one in self.tree.living for one in asset.collection_ids)
        return (self.access if lives else self._with_trash).on_asset(asset.resource, now)

    def look_at(self, asset_ids: Sequence[AssetId]) -> None:
        """Find out at once about assets whose rights will be asked one by one; only a live search needs that."""
        if self.principal.limits.live is not None:
            self.principal.limits.live.look(asset_ids)

    def path(self, collection_id: CollectionId) -> str:
        """Names from the top, joined by slashes, without those above that the caller may not see."""
        can = self.access.on_collection if collection_id in self.tree.living else self.rights_in_trash
        above = reversed(self.tree.chain(collection_id))
        return "/".join(one.name for one in above if can(one.id) & Right.SEE.bit)

    def rights_in_trash(self, collection_id: CollectionId) -> int:
        """Mask of rights on a collection, trashed or not."""
        return self._with_trash.on_collection(collection_id)


@dataclass(frozen=True)
class Eyes:
    """Whose rights to look at: a role, a member, or a key; exactly one."""

    kind: str
    id: str


@dataclass
class Ahead:
    """An asset that a request will need: it is read in the one call that reads the epoch, and kept for that request."""

    asset_id: AssetId
    workspace: WorkspaceId | None = None
    """Where it was looked for; None: nowhere yet."""
    asset: Asset | None = None

    def look(self, workspace: WorkspaceId) -> Workspace | None:
        """Read both, each strongly consistent; the workspace."""
        found = base.read_both(workspaces.wanted(workspace), assets.wanted(workspace, self.asset_id))
        current, self.asset = found
        self.workspace = workspace
        return current


class Row(Protocol):
    """What a credential and a session have in common."""

    @property
    def workspace(self) -> WorkspaceId: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class _Kept(Generic[R]):
    row: R
    epoch: int


_keys: dict[str, _Kept[Credential]] = {}
_sessions: dict[str, _Kept[Session]] = {}
_callers: dict[tuple[str, str], tuple[int, datetime | None, Caller]] = {}
_noted: dict[str, datetime] = {}


def key_prefix(key: str) -> str | None:
    """The public prefix of a key, or None when it is not one of ours in shape."""
    found = _KEY.fullmatch(key)
    return found.group(1) if found else None


def key_hash(ctx: Context, key: str) -> str:
    """What is stored of a key."""
    return sealing.keyed_hash(ctx.secret("api-keys"), key)


def token_hash(ctx: Context, token: str) -> str:
    """What is stored of a session's or a sign-in link's token."""
    return sealing.keyed_hash(ctx.secret("sessions"), token)


def caller_of(ctx: Context, bearer: str | None, cookie: str | None, ahead: Ahead | None = None) -> Caller:
    """The caller behind an API key or a session; what is to be read `ahead` is read on the way if that costs no call.

    Raises:
        NotAuthenticated: neither given, unknown, expired or revoked.
    """
    if bearer is not None:
        return _by_key(ctx, bearer, ahead)
    found = _look_up(_sessions, token_hash(ctx, cookie), sessions.find, ahead) if cookie else None
    if found is not None and is_due(ctx, found[0]):
        _sessions.pop(found[0].id, None)  # another token may have taken over, which raises no epoch
        found = _look_up(_sessions, found[0].id, sessions.find)
    if found is None or _is_over(ctx, found[0].expires_at):
        raise NotAuthenticated("Sign in, or send an API key as Authorization: Bearer ps_….")
    session, workspace = found
    return _caller(ctx, workspace, session.member_id, None, session)


def is_due(ctx: Context, session: Session) -> bool:
    """Whether the session's token is so old that another one should take over."""
    return ctx.now() - session.created_at >= timedelta(hours=ctx.settings.session_hours) / _TOKENS_A_SESSION


def _by_key(ctx: Context, bearer: str, ahead: Ahead | None) -> Caller:
    refusal = NotAuthenticated("This key is unknown, expired or revoked.")
    prefix = key_prefix(bearer)
    found = _look_up(_keys, prefix, credentials.find, ahead) if prefix else None
    if found is None or found[0].kind != "key":
        raise refusal
    key, workspace = found
    given = key_hash(ctx, bearer)
    rotated_until = key.previous_until
    is_previous = sealing.matches(key.previous_hash, given) and rotated_until is not None
    is_known = sealing.matches(key.secret_hash, given) or (is_previous and not _is_over(ctx, rotated_until))
    if not is_known or _is_over(ctx, key.expires_at):
        _note_refusal(ctx, key)
        raise refusal
    caller = _caller(ctx, workspace, key.member_id, key, None)
    _note_use(ctx, key)
    return caller


def _look_up(
    kept: dict[str, _Kept[R]], identifier: str, find: Callable[[str], R | None], ahead: Ahead | None = None
) -> tuple[R, Workspace] | None:
    """The row and its workspace now: one strong read while the epoch stands.

    A row is kept only if it was read after the epoch it is kept under, so that no change can hide between the two.
    """
    known = kept.get(identifier)
    look = ahead.look if ahead else workspaces.get
    current = look(known.row.workspace) if known else None
    if known is not None and current is not None and current.epoch == known.epoch:
        return known.row, current
    kept.pop(identifier, None)
    first = find(identifier)
    current = workspaces.get(first.workspace) if first else None
    row = find(identifier) if current else None
    if row is None or current is None:
        return None
    _make_room(kept)
    kept[identifier] = _Kept(row, current.epoch)
    return row, current


def _is_over(ctx: Context, expires_at: datetime | None) -> bool:
    return expires_at is not None and ctx.now() >= expires_at


def _caller(
    ctx: Context, current: Workspace, member_id: str, key: Credential | None, session: Session | None
) -> Caller:
    who = (current.id, key.id if key else f"{member_id}#{session.id if session else ''}")
    known = _callers.get(who)
    if known is None or known[0] != current.epoch:
        member = members.get(current.id, member_id)
        if member is None:
            raise NotAuthenticated("This member's access is over.")
        _make_room(_callers)
        known = (current.epoch, member.expires_at, _of_member(current, member, key, session))
        _callers[who] = known
    if _is_over(ctx, known[1]):
        raise NotAuthenticated("This member's access is over.")
    return known[2]


def of_maker(ctx: Context, current: Workspace, member_id: str, key_id: str | None) -> Caller | None:
    """The member, with the limits of their key if it was made with one, as they are now; None when either is over."""
    found = _look_up(_keys, key_id, credentials.find) if key_id else None
    key = found[0] if found else None
    if key_id and (key is None or key.workspace != current.id or _is_over(ctx, key.expires_at)):
        return None
    try:
        return _caller(ctx, current, member_id, key, None)
    except NotAuthenticated:
        return None


def as_seen_by(caller: Caller, eyes: Eyes) -> Caller:
    """A caller with the rights of this role, member or key of the same workspace, for looking only.

    What it does is still told of the real caller. Raises `NotFound`.
    """
    current = workspaces.get(caller.workspace)
    found = _of_eyes(current, eyes) if current else None
    if found is None:
        raise NotFound(f"There is no such {eyes.kind}.")
    return replace(
        found, access=replace(found.access, principal=replace(found.principal, told_as=caller.principal.label))
    )


def _of_eyes(current: Workspace, eyes: Eyes) -> Caller | None:
    if eyes.kind == "role":
        role = roles.get(current.id, eyes.id)
        return None if role is None else _of_role(current, role)
    key = credentials.find(eyes.id) if eyes.kind == "key" else None
    if eyes.kind == "key" and (key is None or key.workspace != current.id or key.kind != "key"):
        return None
    member = members.get(current.id, key.member_id if key else eyes.id)
    return None if member is None else _of_member(current, member, key, None)


def _of_member(current: Workspace, member: Member, key: Credential | None, session: Session | None) -> Caller:
    access, tree = principals.of_member(current, member, key, session), principals.tree(current)
    has_own_roles = key is not None and key.role_ids is not None
    return Caller(access, tree, current.name, current.epoch, member.id, has_own_roles, session)


def _of_role(current: Workspace, role: Role) -> Caller:
    return Caller(principals.of_role(current, role), principals.tree(current), current.name, current.epoch, "")


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= _CACHED_MOST:
        kept.clear()


def _note_use(ctx: Context, key: Credential) -> None:
    """Remember that the key is in use: once an hour and process, outside of any transaction, never in the way."""
    now = ctx.now()
    known = _noted.get(key.id) or key.last_used_at
    if known is not None and now - known < _USE_NOTED_EVERY:
        return
    _make_room(_noted)
    _noted[key.id] = now
    try:
        credentials.used(key.id, now)
    except PackshotError as problem:
        observe.trouble("use of a key not noted", problem=problem)


def _note_refusal(ctx: Context, key: Credential) -> None:
    """Audit a wrong, old or expired key in the workspace it names: once a minute, key and process."""
    now, place = ctx.now(), f"refused {key.id}"
    known = _noted.get(place)
    if known is not None and now - known < _REFUSAL_NOTED_EVERY:
        return
    _make_room(_noted)
    _noted[place] = now
    base.transact([trails.refusal(ctx, key.workspace, f"key:{key.id}", "key.used", f"key:{key.id}")])
