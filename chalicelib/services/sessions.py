"""Sessions: one-time links become signed-in browsers, and end."""

from datetime import datetime, timedelta

from chalicelib.errors import NotAuthenticated, NotFound
from chalicelib.models import base, credentials, sessions, workspaces
from chalicelib.models.sessions import Session
from chalicelib.ports import Context
from chalicelib.services import signing, trails
from chalicelib.services.signing import Caller


def sign_in(ctx: Context, token: str) -> str:
    """Trade a one-time link for a session; its token, to be kept in a cookie.

    Raises:
        NotAuthenticated: the link is unknown, used or expired.
    """
    refusal = NotAuthenticated("This sign-in link is used or over. Ask for a new one.", code="link_over")
    link = credentials.find(signing.token_hash(ctx, token))
    if link is None or link.kind != "sign_in" or _is_over(ctx, link.expires_at):
        raise refusal
    secret, now = ctx.new_secret(), ctx.now()
    ends = now + timedelta(hours=ctx.settings.session_hours)
    session = Session(signing.token_hash(ctx, secret), link.workspace, link.member_id, now, ends)
    told = trails.entry(ctx, link.workspace, f"member:{link.member_id}", "session.begun", f"member:{link.member_id}")
    try:
        base.transact([credentials.use_up(link.id), sessions.add(session), told])
    except base.ConditionFailed as lost:
        raise refusal from lost
    return secret


def mine(ctx: Context, caller: Caller) -> list[Session]:
    """The caller's own sessions that are not over, newest first; one begun a second ago may be missing."""
    found = sessions.of_member(caller.workspace, caller.member_id)
    return sorted((one for one in found if not _is_over(ctx, one.expires_at)), key=lambda one: one.created_at)[::-1]


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
    base.transact([sessions.remove(session.id), workspaces.raise_epoch(caller.workspace), told])


def _is_over(ctx: Context, expires_at: datetime | None) -> bool:
    return expires_at is not None and ctx.now() >= expires_at
