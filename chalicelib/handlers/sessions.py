"""Health, who am I, and sign-in by one-time link."""

from typing import Any

from chalicelib import VERSION, errors
from chalicelib.domain.access import rights_of
from chalicelib.handlers import shapes
from chalicelib.handlers.gate import session_cookie
from chalicelib.handlers.http import KNOWN, PUBLIC, Answer, Api, Call
from chalicelib.handlers.schemas import LinkIn, SessionIn, when
from chalicelib.handlers.share_shapes import Me
from chalicelib.handlers.shares import visited_out
from chalicelib.services import links, sessions

api = Api(__name__)


@api.get("/v1/health", needs=PUBLIC, gives=shapes.Health)
def get_health(call: Call) -> dict[str, str]:  # noqa: ARG001 health looks at nothing
    """That it runs."""
    return {"status": "ok", "version": VERSION}


@api.get("/v1/me", needs=KNOWN, for_shares=True, gives=Me)
def get_me(call: Call) -> dict[str, Any]:
    """Who the caller is and may what on the whole library."""
    caller = call.caller
    who = caller.principal
    return {
        "principal": {"id": who.id, "kind": str(who.kind), "name": who.name},
        "workspace": {"id": caller.workspace, "name": caller.workspace_name},
        "role_ids": list(who.role_ids),
        "rights": [str(right) for right in rights_of(caller.access.on_library())],
        "share": visited_out(caller.share) if caller.share else None,
    }


@api.post("/v1/sign-in/links", needs=PUBLIC, takes=LinkIn, gives=shapes.LinkAsked, status=202)
def ask_for_link(call: Call) -> dict[str, bool]:
    """Have a one-time link sent to an address, if it is a member's; the answer says nothing of that."""
    links.ask(call.ctx, call.read_body(LinkIn).email)
    return {"asked": True}


@api.post(
    "/v1/sessions", needs=PUBLIC, takes=SessionIn, gives=shapes.SignedIn, status=201,
    refuses=(errors.NotAuthenticated,),
)  # fmt: skip
def sign_in(call: Call) -> Answer:
    """Trade a one-time link's token for a session cookie."""
    secret = sessions.sign_in(call.ctx, call.read_body(SessionIn).token)
    return Answer(
        {"signed_in": True}, {"Set-Cookie": session_cookie(call.ctx, secret, call.ctx.settings.session_hours * 3600)}
    )


@api.get("/v1/sessions", needs=KNOWN, gives=shapes.Sessions)
def list_sessions(call: Call) -> dict[str, Any]:
    """Where the caller is signed in."""
    current = call.caller.principal.session_id
    found = sessions.mine(call.ctx, call.caller)
    items = [
        {"id": one.id, "created_at": when(one.created_at), "expires_at": when(one.expires_at),
         "current": one.id == current} for one in found
    ]  # fmt: skip
    return {"items": items, "next": None}


@api.delete("/v1/sessions/{session_id}", needs=KNOWN, gives=None)
def end_session(call: Call) -> Answer:
    """End one of the caller's sessions; `current` is this one."""
    identifier = call.path["session_id"]
    sessions.end(call.ctx, call.caller, identifier)
    is_this = identifier in ("current", call.caller.principal.session_id)
    return Answer(headers={"Set-Cookie": session_cookie(call.ctx, "", 0)} if is_this else {})
