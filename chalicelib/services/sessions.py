"""Sessions: one-time links become signed-in browsers, their tokens change as they are used, and they end."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from chalicelib.errors import NotAuthenticated, NotFound
from chalicelib.models import base, credentials, members, sessions, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.models.sessions import Session
from chalicelib.ports.context import Context
from chalicelib.services import links, signing, trails
from chalicelib.services.signing import Caller

LONGEST = timedelta(days=30)
"""After this long one signs in anew, however often one came back."""
_FORMER_COUNTS = timedelta(minutes=5)
"""For requests under way, and for answers that were lost, while a token changes."""


def sign_in(ctx: Context, token: str) -> str:
    """Trade a one-time link for a session; its token, to be kept in a cookie.

    Raises:
        NotAuthenticated: the link is unknown, used or expired, or its member is gone, over, or at another address.
    """
    refusal = NotAuthenticated("This sign-in link is used or over. Ask for a new one.", code="link_over")
    link = credentials.find(signing.token_hash(ctx, token))
    if link is None or link.kind != "sign_in" or link.is_spent or _is_over(ctx, link.expires_at):
        raise refusal
    _check_member(ctx, link)
    secret, now = ctx.new_secret(), ctx.now()
    ends = now + timedelta(hours=ctx.settings.session_hours)
    session = Session(signing.token_hash(ctx, secret), link.workspace, link.member_id, now, ends, now)
    told = trails.entry(ctx, link.workspace, f"member:{link.member_id}", "session.begun", f"member:{link.member_id}")
    try:
        base.transact([credentials.spend(link.id), sessions.add(session), told])
    except base.ConditionFailed as lost:
        raise refusal from lost
    return secret


def _check_member(ctx: Context, link: Credential) -> None:
    member = members.get(link.workspace, link.member_id)
    if member is None or links.address_hash(ctx, member.email) != link.secret_hash:
        raise NotAuthenticated(
            "This link was for somebody who is no member any more. Ask whoever manages the library.", code="link_over"
        )
    if _is_over(ctx, member.expires_at):
        raise NotAuthenticated("Your access is over. Ask whoever manages the library.", code="access_over")


def renewed(ctx: Context, caller: Caller, token: str) -> tuple[str, int] | None:
    """The next token of a session that is in use, and for how many seconds it counts; None while it is young.

    The next token follows from this one, so whoever lost the answer gets it again; this one counts for 5 minutes more.
    A session that was ended gets no next one.
    """
    old = caller.session
    if old is None or not signing.is_due(ctx, old):
        return None
    said = hmac.new(ctx.secret("session-renewals"), token.encode(), hashlib.sha256).digest()
    secret, now = urlsafe_b64encode(said).decode().rstrip("="), ctx.now()
    ends = min(now + timedelta(hours=ctx.settings.session_hours), old.begun_at + LONGEST)
    new = Session(signing.token_hash(ctx, secret), old.workspace, old.member_id, now, ends, old.begun_at, old.id)
    until = min(now + _FORMER_COUNTS, old.expires_at)
    try:
        base.transact([sessions.add(new), sessions.follow(old.id, until)])
    except base.ConditionFailed:
        kept = sessions.find(new.id)
        if kept is None:
            return None
        ends = kept.expires_at
    return secret, max(0, int((ends - now).total_seconds()))


def mine(ctx: Context, caller: Caller) -> list[Session]:
    """The caller's own sessions that are not over, newest first; one begun a second ago may be missing."""
    found = sessions.of_member(caller.workspace, caller.member_id)
    alive = (one for one in found if not one.is_followed and not _is_over(ctx, one.expires_at))
    return sorted(alive, key=lambda one: one.created_at)[::-1]


def end(ctx: Context, caller: Caller, session_id: str) -> None:
    """End one of the caller's own sessions; `current` is the one that calls. It counts from the next request on.

    Raises:
        NotFound: no such session of this member, or `current` asked with a key.
    """
    identifier = caller.principal.session_id if session_id == "current" else session_id
    session = sessions.find(identifier) if identifier else None
    if session is None or (session.workspace, session.member_id) != (caller.workspace, caller.member_id):
        raise NotFound("There is no such session.")
    who = caller.principal.label
    told = trails.entry(ctx, caller.workspace, who, "session.ended", f"member:{session.member_id}")
    near = [one.id for one in sessions.of_member(session.workspace, session.member_id) if one.former_id == session.id]
    ends = [sessions.remove(one) for one in {session.id, session.former_id, *near} if one]
    base.transact([*ends, workspaces.raise_epoch(caller.workspace, tree=False), told])


def _is_over(ctx: Context, expires_at: datetime | None) -> bool:
    return expires_at is not None and ctx.now() >= expires_at
