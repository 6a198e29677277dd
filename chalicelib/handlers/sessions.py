"""Health, who am I, and sign-in by one-time link."""

from typing import Any

from chalicelib import VERSION
from chalicelib.domain.access import rights_of
from chalicelib.handlers.http import COOKIE, KNOWN, PUBLIC, Answer, Api, Call
from chalicelib.handlers.schemas import SessionIn
from chalicelib.services import signing

api = Api(__name__)


@api.get("/v1/health", needs=PUBLIC)
def health(call: Call) -> dict[str, str]:  # noqa: ARG001 health looks at nothing
    """That it runs."""
    return {"status": "ok", "version": VERSION}


@api.get("/v1/me", needs=KNOWN)
def me(call: Call) -> dict[str, Any]:
    """Who the caller is and may what on the whole library."""
    caller = call.caller
    who = caller.principal
    return {
        "principal": {"id": who.id, "kind": str(who.kind), "name": who.name},
        "workspace": {"id": caller.workspace, "name": caller.workspace_name},
        "role_ids": list(who.role_ids),
        "rights": [str(right) for right in rights_of(caller.access.on_library())],
    }


@api.post("/v1/sessions", needs=PUBLIC)
def sign_in(call: Call) -> Answer:
    """Trade a one-time link's token for a session cookie."""
    secret = signing.sign_in(call.ctx, call.read_body(SessionIn).token)
    secure = "; Secure" if call.ctx.settings.url.startswith("https:") else ""
    hours = call.ctx.settings.session_hours
    cookie = f"{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={hours * 3600}{secure}"
    return Answer({"signed_in": True}, 201, {"Set-Cookie": cookie})


@api.delete("/v1/sessions/current", needs=KNOWN)
def sign_out(call: Call) -> Answer:
    """End this session."""
    signing.sign_out(call.ctx, call.caller)
    return Answer("", 204, {"Set-Cookie": f"{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"})
