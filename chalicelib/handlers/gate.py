"""Who is let in, and as whom: the checks of a request before its handler."""

from collections.abc import Mapping
from typing import Any

from chalice.app import Request

from chalicelib import errors
from chalicelib.domain import addresses, sealing
from chalicelib.domain.ids import AssetId, is_id
from chalicelib.handlers import reading
from chalicelib.handlers.routes import Needs, Route
from chalicelib.ports.context import Context
from chalicelib.services import access, sessions, trails, viewing, visiting
from chalicelib.services.signing import Ahead, Caller

EDGE_MARK = "packshot-edge"
"""What `infra/edge.yml` puts on each request to the API; a visitor's own is replaced there."""


def cookie_name(url: str) -> str:
    """The session cookie's name; under https browsers bind a `__Host-` cookie to this very host."""
    return "__Host-packshot_session" if url.startswith("https:") else "packshot_session"


def session_cookie(ctx: Context, value: str, max_age_s: int) -> str:
    """The header that sets the session's cookie; empty and 0 clear it."""
    url = ctx.settings.url
    secure = "; Secure" if url.startswith("https:") else ""
    return f"{cookie_name(url)}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}"


def ahead(route: Route, values: Mapping[str, str]) -> Ahead | None:
    """The asset that the path names, to be read along with the caller's epoch."""
    named = values.get("asset_id", "") if route.needs.on == "asset" else ""
    return Ahead(AssetId(named)) if is_id(named) else None


def address_of(ctx: Context, request: Request) -> str:
    """The address in the network that asks; empty where none is known.

    What was forwarded counts only with the mark that our own host puts on each request: whoever calls the API past that
    host, and names whatever they like, is known by the address they call from.
    """
    peer = str((request.context.get("identity") or {}).get("sourceIp") or "")
    mark = str(request.headers.get(EDGE_MARK) or "")
    if not mark or not sealing.matches(ctx.secret("edge").hex(), mark):
        return addresses.asker(peer, (), 0)
    forwarded = str(request.headers.get("x-forwarded-for") or "").split(",")
    return addresses.asker(peer, forwarded, ctx.settings.edge_hops)


def authenticate(ctx: Context, request: Request, ahead: Ahead | None = None) -> Caller:
    """Who calls, by key, visit or cookie. Raises `NotAuthenticated`, and `NotAllowed` of another site's page."""
    given = request.headers.get("authorization")
    if given is not None:
        kind, _, secret = given.partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise errors.NotAuthenticated("Send Authorization: Bearer <key>.")
        return visiting.caller_of(ctx, secret.strip(), None, ahead)
    caller = visiting.caller_of(ctx, None, reading.cookies(request).get(cookie_name(ctx.settings.url)), ahead)
    if request.method not in ("GET", "HEAD"):
        _check_same_site(ctx, request)
    return caller


def viewing_as(ctx: Context, request: Request, caller: Caller) -> Caller:
    """The caller, or, under `Packshot-View-As`, one who sees what somebody else sees and changes nothing."""
    given = request.headers.get("packshot-view-as")
    if given is None:
        return caller
    if request.method != "GET":
        raise errors.NotAllowed("Nothing can be changed while viewing as somebody else.", code="view_as_reads_only")
    return viewing.look_as(ctx, caller, str(given).strip(), str(request.context.get("path") or ""))


def renewed_session(ctx: Context, request: Request, known: Caller) -> str | None:
    """The cookie with the next token of a session that has been in use for a while; None when it keeps its own."""
    token = reading.cookies(request).get(cookie_name(ctx.settings.url))
    renewed = sessions.renewed(ctx, known, token) if token and known.session else None
    return session_cookie(ctx, *renewed) if renewed else None


def _check_same_site(ctx: Context, request: Request) -> None:
    """A browser's cookie alone never writes: the request must come from our own pages."""
    origin = request.headers.get("origin")
    allowed = {ctx.settings.url, ctx.settings.url.replace("127.0.0.1", "localhost")}
    if origin is not None and origin not in allowed:
        raise errors.NotAllowed("This request comes from another site.", code="foreign_origin")
    if origin is None and request.headers.get("sec-fetch-site") not in ("same-origin", None):
        raise errors.NotAllowed("This request comes from another site.", code="foreign_origin")


def check_for_shares(caller: Caller, route: Route) -> None:
    """A visitor of a share acts on what is shared; the rest of the workspace is closed unless a route opens itself."""
    is_on_a_thing = route.needs.resource_parameter is not None
    if caller.share is not None and not is_on_a_thing and not route.for_shares:
        raise errors.NotAllowed("This link does not lead here.", code="not_for_shares")


def authorize(ctx: Context, caller: Caller, needs: Needs, path: Mapping[str, str], ahead: Ahead | None) -> Any:
    """The thing that the path names, if the caller may do what the route needs. Raises as `services/access.py`."""
    if needs.right is None:
        return None
    if needs.on == "asset":
        return access.asset(ctx, caller, path["asset_id"], needs.right, ahead)
    if needs.on == "collection":
        return access.collection(caller, path["collection_id"], needs.right, or_trashed=needs.or_trashed)
    return access.library(caller, needs.right)


def note_refusal(
    ctx: Context, caller: Caller, route: Route, path: Mapping[str, str], problem: errors.NotAllowed
) -> None:
    """Audit that somebody was refused a change; refused reads of bytes are audited by the door they leave by."""
    if route.method == "GET":
        return
    named = next(((name, value) for name, value in path.items() if name.endswith("_id")), ("", ""))
    subject = f"{named[0].removesuffix('_id')}:{named[1]}" if named[0] else f"workspace:{caller.workspace}"
    trails.note_refusal(ctx, caller.workspace, caller.principal.label, route.name, subject, problem.code)
