"""Visitors of shares: who opens a link becomes a principal like any other, for the same routes.

What it may is worked out at each request: the share's switches, within the rights its maker has now, within what is
shared. So a share shrinks with its maker's rights at once, and a revoked one is over for whoever is looking.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain import addresses
from chalicelib.domain.access import Access, Limits, PrincipalKind, Right
from chalicelib.domain.sealing import keyed_hash
from chalicelib.domain.shares import Share, id_of
from chalicelib.errors import Busy, Gone, NotAllowed, NotAuthenticated, NotFound
from chalicelib.models import base, share_sessions, shares, sign_ins, workspaces
from chalicelib.models.share_sessions import ShareSession
from chalicelib.ports.context import Context
from chalicelib.services import passwords, search, signing, trails
from chalicelib.services.live_search import LiveSearch
from chalicelib.services.signing import Caller

LIVES = timedelta(hours=12)
_PREFIX = "share_"
_BEARER = re.compile(r"share_[A-Za-z0-9_-]{43}")
_KEPT_MOST = 500


@dataclass(frozen=True)
class _Bound:
    """So many wrong passwords of a link in a span."""

    label: str
    most: int
    span_s: int
    is_by_source: bool


_BOUNDS = (_Bound("visitor", 5, 900, True), _Bound("share", 100, 3600, False))
_callers: dict[str, tuple[tuple[int, int], Caller]] = {}


def caller_of(ctx: Context, bearer: str | None, cookie: str | None, ahead: signing.Ahead | None = None) -> Caller:
    """The caller behind a share session, an API key or a signed-in browser; `ahead` as there.

    Raises:
        NotAuthenticated: none of them, or it does not count any more; or the link has another password now.
        Gone: the link is revoked or over.
        NotAllowed: the link has not begun yet.
    """
    if bearer is None or not is_visit(bearer):
        return signing.caller_of(ctx, bearer, cookie, ahead)
    if not _BEARER.fullmatch(bearer):
        raise NotAuthenticated("This visit is over. Open the link again.")
    return again(ctx, signing.token_hash(ctx, bearer))


def is_visit(bearer: str) -> bool:
    """Whether this is the token of a share session, whether it counts or not."""
    return bearer.startswith(_PREFIX)


def again(ctx: Context, session_id: str) -> Caller:
    """The visitor of this session, now. Raises as `caller_of`."""
    session = share_sessions.find(session_id)
    share = shares.find(session.share_id) if session else None
    if session is None or share is None:
        raise NotAuthenticated("This visit is over. Open the link again.")
    _check_open(ctx, share)  # first, for a visit ends with its link: that is told as the link's end
    if ctx.now() >= session.expires_at:
        raise NotAuthenticated("This visit is over. Open the link again.")
    if share.password_hash is not None and share.secret_epoch != session.secret_epoch:
        raise NotAuthenticated("This link has another password now.", code="share_password_required")
    return _visitor(ctx, share, session)


def begin(
    ctx: Context, token: str, *, password: str | None, name: str | None, email: str | None
) -> tuple[str, ShareSession, Share]:
    """Open a link: the session's secret, the session, and the share.

    Raises:
        NotFound: there is no such link.
        Gone: it is revoked or over, or what it shows is deleted.
        NotAllowed: it has not begun yet.
        NotAuthenticated: it has a password, which is missing or wrong.
        Busy: too many wrong passwords from this place in the network, or, which takes many more, from anywhere.
    """
    share_id = id_of(ctx.secret("share-links"), token)
    share = shares.find(share_id) if share_id else None
    if share is None:
        raise NotFound("There is no such link.")
    _check_open(ctx, share)
    taken_back = _check_password(ctx, share, password)
    secret, now = f"{_PREFIX}{ctx.new_secret()}", ctx.now()
    ends = min(now + LIVES, share.expires_at or now + LIVES)
    session = ShareSession(
        signing.token_hash(ctx, secret), share.workspace, share.id, share.secret_epoch, name, email, ends
    )
    _visitor(ctx, share, session)
    who = {name: value for name, value in (("visitor", name), ("email", email)) if value}
    told = trails.entry(ctx, share.workspace, f"share:{share.id}", "share.opened", f"share:{share.id}", **who)
    try:
        base.transact([share_sessions.add(session), shares.opened(share, now), told, *taken_back])
    except base.ConditionFailed as lost:
        raise Busy("This link was changed just now. Try again.") from lost
    return secret, session, share


def _check_open(ctx: Context, share: Share) -> None:
    state = share.state(ctx.now())
    if state == "early":
        raise NotAllowed("This link does not work yet.", code="share_not_started", starts_at=_stamp(share.starts_at))
    if state != "open":
        raise Gone(f"This link is {state}." if state == "revoked" else "This link has ended.", code=f"share_{state}")


def _stamp(moment: datetime | None) -> str | None:
    return base.stamp(moment) if moment else None


def _check_password(ctx: Context, share: Share, password: str | None) -> list[base.Write]:
    """Look at the password; what to write with the visit then. A try is used up before it is looked at, so that guesses
    at once count each: a few of one visitor in a span, and many more, more slowly, of all together."""
    if share.password_hash is None:
        return []
    if not password:
        raise NotAuthenticated("This link has a password.", code="share_password_required")
    visitor, everybody = tries = [_tries(ctx, share, one) for one in _BOUNDS]
    try:
        base.transact([sign_ins.count(one, ctx.now() + timedelta(days=1)) for one in tries])
    except base.ConditionFailed as full:
        now_s = int(ctx.now().timestamp())
        wait_s = max(one.span_s - now_s % one.span_s for one in _BOUNDS if one.label in full.labels)
        raise Busy("Too many wrong passwords. Try again later.", retry_after_s=wait_s, code="share_locked") from full
    if not passwords.fits(share.password_hash, password):
        trails.note_refusal(
            ctx, share.workspace, f"share:{share.id}", "share.opened", f"share:{share.id}", "share_password_wrong"
        )
        raise NotAuthenticated("This is not the password.", code="share_password_wrong")
    return [sign_ins.forget(visitor), sign_ins.give_back(everybody)]


def _tries(ctx: Context, share: Share, bound: _Bound) -> sign_ins.Allowance:
    span = int(ctx.now().timestamp()) // bound.span_s
    place = addresses.household(ctx.address) if bound.is_by_source else ""
    said = [bound.label, share.id, str(share.secret_epoch), str(span), place]
    return sign_ins.Allowance(bound.label, keyed_hash(ctx.secret("share-tries"), "\x00".join(said)), bound.most)


def _visitor(ctx: Context, share: Share, session: ShareSession) -> Caller:
    """The visitor with the rights of this moment, kept in the process while nothing of it has changed."""
    maker = _maker(ctx, share)
    state, known = (maker.epoch, share.revision), _callers.get(session.id)
    if known is None or known[0] != state:
        if len(_callers) >= _KEPT_MOST:
            _callers.clear()
        known = (state, _narrowed(ctx, maker, share, session))
        _callers[session.id] = known
    return _asking_anew(ctx, maker, share, known[1])


def _asking_anew(ctx: Context, maker: Caller, share: Share, known: Caller) -> Caller:
    """The same visitor; what a live search finds is asked again."""
    if not share.target.is_live_search:
        return known
    limits = replace(known.principal.limits, live=LiveSearch(ctx, maker, share.target.q or ""))
    return replace(known, access=replace(known.access, principal=replace(known.principal, limits=limits)))


def _maker(ctx: Context, share: Share) -> Caller:
    current = workspaces.get(share.workspace)
    maker = signing.of_maker(ctx, current, share.member_id, share.key_id) if current else None
    if maker is None:
        raise Gone("Who made this link is not here any more.", code="share_over")
    return maker


def _narrowed(ctx: Context, maker: Caller, share: Share, session: ShareSession) -> Caller:
    live = LiveSearch(ctx, maker, share.target.q or "") if share.target.is_live_search else None
    place, limits = share.target.collection_id, maker.principal.limits
    if place is not None and not maker.access.on_collection(place) & Right.SEE.bit:
        raise Gone("What this link showed is not here any more.", code="share_target_gone")
    principal = replace(
        maker.principal,
        kind=PrincipalKind.SHARE,
        id=share.id,
        name=session.name or share.name or "Visitor",
        limits=Limits(
            rights=share.limited(limits.rights),
            collection_ids=limits.collection_ids if place is None else frozenset([place]),
            asset_ids=None if place is not None or live is not None else frozenset(share.target.asset_ids),
            live=live,
            only_with=Right.SHARE.bit,
        ),
        role_ids=(),
        session_id=session.id,
    )
    access = Access(principal, maker.tree.living_parents)
    itself = f"share:{share.id}:{session.id[:12]}"  # no member's id: each visitor has what they wrote for themselves
    return Caller(access, maker.tree, maker.workspace_name, maker.epoch, itself, share=share)


def shown(ctx: Context, share: Share) -> int:
    """How many assets the link shows now: none when its maker or what it showed is gone."""
    visit = ShareSession("", share.workspace, share.id, share.secret_epoch, None, None, ctx.now())
    try:
        return search.count(ctx, _narrowed(ctx, _maker(ctx, share), share, visit), "")
    except Gone:
        return 0
