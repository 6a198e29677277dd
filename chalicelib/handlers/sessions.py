"""Health, who am I, and sign-in by one-time link."""

from typing import Any

from chalicelib import VERSION, errors
from chalicelib.domain.access import rights_of
from chalicelib.handlers import shapes
from chalicelib.handlers.http import KNOWN, PUBLIC, Answer, Api, Call, cookie_name
from chalicelib.handlers.schemas import SessionIn, when
from chalicelib.services import sessions

api = Api(__name__)


@api.get("/v1/health", needs=PUBLIC, gives=shapes.Health)
def get_health(call: Call) -> dict[str, str]:  # noqa: ARG001 health looks at nothing
    """That it runs."""
    return {"status": "ok", "version": VERSION}


@api.get("/v1/me", needs=KNOWN, for_shares=True, gives=shapes.Me)
def get_me(call: Call) -> dict[str, Any]:
    """Who the caller is and may what on the whole library."""
    caller = call.caller
    who = caller.principal
    return {
        "principal": {"id": who.id, "kind": str(who.kind), "name": who.name},
        "workspace": {"id": caller.workspace, "name": caller.workspace_name},
        "role_ids": list(who.role_ids),
        "rights": [str(right) for right in rights_of(caller.access.on_library())],
    }


@api.post(
    "/v1/sessions", needs=PUBLIC, takes=SessionIn, gives=shapes.SignedIn, status=201,
    refuses=(errors.NotAuthenticated,),
)  # fmt: skip
def sign_in(call: Call) -> Answer:
    """Trade a one-time link's token for a session cookie."""
    secret = sessions.sign_in(call.ctx, call.read_body(SessionIn).token)
    return Answer({"signed_in": True}, {"Set-Cookie": _cookie(call, secret, call.ctx.settings.session_hours * 3600)})


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
    return Answer(headers={"Set-Cookie": _cookie(call, "", 0)} if is_this else {})


def _cookie(call: Call, value: str, max_age_s: int) -> str:
    url = call.ctx.settings.url
    secure = "; Secure" if url.startswith("https:") else ""
    return f"{cookie_name(url)}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}"
