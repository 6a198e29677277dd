"""Who is calling: keys and sessions become principals, one-time links become sessions.

Everything a principal may is kept in the process under the workspace's epoch, which is read
strongly once a request: a change of rights counts from the next request on.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain import sealing
from chalicelib.domain.access import Access, Limits, Principal, PrincipalKind, Right, mask
from chalicelib.domain.collections import Tree
from chalicelib.domain.ids import CollectionId, WorkspaceId
from chalicelib.errors import NotAuthenticated
from chalicelib.models import base, collections, credentials, grants, members, sessions, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.models.sessions import Session
from chalicelib.ports import Context
from chalicelib.services import trails

_KEY = re.compile(r"ps_([A-Za-z0-9-]{6,20})_([A-Za-z0-9_-]{20,100})")
_CACHED_MOST = 2_000


@dataclass(frozen=True)
class Caller:
    """A principal with its rights over the tree, as of one epoch of its workspace."""

    access: Access
    tree: Tree
    workspace_name: str

    @property
    def principal(self) -> Principal:
        """Who acts."""
        return self.access.principal

    @property
    def workspace(self) -> WorkspaceId:
        """The only workspace this caller can touch."""
        return self.access.principal.workspace


_callers: dict[tuple[str, str], tuple[int, Caller]] = {}


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


def caller_of(ctx: Context, bearer: str | None, cookie: str | None) -> Caller:
    """The caller behind an API key or a session.

    Raises:
        NotAuthenticated: neither given, unknown, expired or revoked.
    """
    if bearer is not None:
        prefix = key_prefix(bearer)
        credential = credentials.find(prefix) if prefix else None
        if credential is None or credential.kind != "key" or _is_over(ctx, credential.expires_at):
            raise NotAuthenticated("This key is unknown, expired or revoked.")
        if not sealing.matches(credential.secret_hash, key_hash(ctx, bearer)):
            raise NotAuthenticated("This key is unknown, expired or revoked.")
        return _caller(ctx, credential.workspace, credential.member_id, credential, None)
    session = sessions.find(token_hash(ctx, cookie)) if cookie else None
    if session is None or _is_over(ctx, session.expires_at):
        raise NotAuthenticated("Sign in, or send an API key as Authorization: Bearer ps_….")
    return _caller(ctx, session.workspace, session.member_id, None, session)


def sign_in(ctx: Context, token: str) -> str:
    """Trade a one-time link for a session; its token, to be kept in a cookie.

    Raises:
        NotAuthenticated: the link is unknown, used or expired.
    """
    refusal = NotAuthenticated("This sign-in link is used or over. Ask for a new one.", code="link_over")
    link = credentials.find(token_hash(ctx, token))
    if link is None or link.kind != "sign_in" or _is_over(ctx, link.expires_at):
        raise refusal
    secret, now = ctx.new_secret(), ctx.now()
    session = Session(
        token_hash(ctx, secret), link.workspace, link.member_id, now, now + timedelta(hours=ctx.settings.session_hours)
    )
    told = trails.entry(ctx, link.workspace, f"member:{link.member_id}", "session.begun", f"member:{link.member_id}")
    try:
        base.transact([credentials.use_up(link.id), sessions.add(session), told])
    except base.ConditionFailed as lost:
        raise refusal from lost
    return secret


def sign_out(ctx: Context, caller: Caller) -> None:
    """End the session behind this caller; for a key, do nothing."""
    session_id = caller.principal.session_id
    if session_id is None:
        return
    who = caller.principal.label
    told = trails.entry(ctx, caller.workspace, who, "session.ended", f"member:{caller.principal.id}")
    base.transact([sessions.remove(session_id), told])


def _is_over(ctx: Context, expires_at: object) -> bool:
    return expires_at is not None and ctx.now() >= expires_at  # type: ignore[operator]


def _caller(
    ctx: Context, workspace: WorkspaceId, member_id: str, key: Credential | None, session: Session | None
) -> Caller:
    current = workspaces.get(workspace)
    if current is None:
        raise NotAuthenticated("This workspace is closed.")
    who = (workspace, key.id if key else f"{member_id}#{session.id if session else ''}")
    known = _callers.get(who)
    if known is not None and known[0] == current.epoch:
        return known[1]
    member = members.get(workspace, member_id)
    if member is None or _is_over(ctx, member.expires_at):
        raise NotAuthenticated("This member's access is over.")
    holders = [f"role#{role_id}" for role_id in member.role_ids] + [f"member#{member_id}"]
    principal = Principal(
        kind=PrincipalKind.KEY if key else PrincipalKind.MEMBER,
        id=key.id if key else member.id,
        workspace=workspace,
        name=key.name if key else member.name,
        grants=grants.of_all(workspace, holders),
        limits=_limits(key),
        role_ids=member.role_ids,
        session_id=session.id if session else None,
    )
    tree = collections.tree(workspace)
    caller = Caller(Access(principal, tree.parents), tree, current.name)
    if len(_callers) >= _CACHED_MOST:
        _callers.clear()
    _callers[who] = (current.epoch, caller)
    return caller


def _limits(key: Credential | None) -> Limits:
    if key is None:
        return Limits()
    rights, places = key.limits.get("rights"), key.limits.get("collection_ids")
    return Limits(
        None if rights is None else mask(Right(name) for name in rights),
        None if places is None else frozenset(CollectionId(one) for one in places),
    )
