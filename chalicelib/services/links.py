"""One-time sign-in links: asked for by address, sent with an invitation, or made at a start.

Whoever asks gets the same answer after the same work, whether anybody has the address or not: the request only
counts and leaves a message; who it is for is looked up when the message is told onward, and then a mail is written.
A link is made of its message, so telling it twice sends the same link twice and never opens a used one again.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta

from chalicelib import observe
from chalicelib.domain import addresses, letters, names
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.sealing import keyed_hash
from chalicelib.errors import Busy, InvalidInput, UpstreamRejected, UpstreamUnavailable
from chalicelib.models import base, credentials, members, outbox, sign_ins, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.models.members import Member
from chalicelib.models.outbox import Message
from chalicelib.ports.context import Context
from chalicelib.services import signing, trails

AT_START, ASKED, INVITED = timedelta(hours=12), timedelta(minutes=30), timedelta(days=7)
"""How long a link counts."""
_SPAN = timedelta(minutes=15)
_OF_ADDRESS, _OF_SOURCE = 5, 100
"""Links asked for in one span."""
_LONGEST_EMAIL = 254


def ask(ctx: Context, email: str) -> None:
    """Have a link sent to whoever has this address; the same for any address.

    Raises:
        InvalidInput: this cannot be an address.
        Busy: asked too often for this address, or from this place in the network.
    """
    address = names.fold(email)
    if len(address) > _LONGEST_EMAIL or not all(address.partition("@")) or any(sign.isspace() for sign in address):
        raise InvalidInput("This is not an e-mail address.", fields={"email": "is not an e-mail address"})
    now, span_s = ctx.now(), int(_SPAN.total_seconds())
    span = int(now.timestamp()) // span_s
    allowed = [
        sign_ins.Allowance("address", _place(ctx, "address", address, span), _OF_ADDRESS, address),
        sign_ins.Allowance("source", _place(ctx, "source", addresses.household(ctx.address), span), _OF_SOURCE),
    ]
    message = Message(outbox.NOWHERE, ctx.new_id(), "sign_in.asked", f"sign_in:{allowed[0].id}", now)
    counted = [sign_ins.count(one, now + timedelta(days=1)) for one in allowed]
    try:
        base.transact([*counted, outbox.add(message)])
    except base.ConditionFailed as full:
        left_s = span_s - int(now.timestamp()) % span_s
        raise Busy("Too many links were asked for. Try again later.", retry_after_s=left_s) from full
    trails.wake_outbox(ctx, outbox.NOWHERE)


def invited(ctx: Context, workspace: WorkspaceId, member: Member) -> base.Write:
    """The message that a new member is to be sent a link, for the transaction that adds them."""
    return trails.announcement(ctx, workspace, "member.invited", f"member:{member.id}")[1]


def issue(ctx: Context, workspace: WorkspaceId, member: Member, token: str, lives: timedelta) -> bool:
    """Make a link of this token, for this member at the address they have now. False when the token was a link once."""
    now = ctx.now()
    link = Credential(
        signing.token_hash(ctx, token), workspace, "sign_in", address_hash(ctx, member.email), "Sign-in link",
        member.id, now, expires_at=now + lives,
    )  # fmt: skip
    try:
        base.transact([credentials.add(link)])
    except base.ConditionFailed:
        return False
    return True


def issue_at_start(ctx: Context, workspace: WorkspaceId, member_id: str, token: str) -> None:
    """Make the link that `make run` prints; the same token again changes nothing."""
    member = members.get(workspace, member_id)
    if member is not None:
        issue(ctx, workspace, member, token, AT_START)


def address_hash(ctx: Context, email: str) -> str:
    """What a link keeps of the address it was sent to: at another address it does not count."""
    return keyed_hash(ctx.secret("addresses"), email)


def send_asked(ctx: Context, message: Message) -> bool:
    """Send a link to every member with the address that asked. False when it must be tried again."""
    email = sign_ins.email_of(message.subject.partition(":")[2])
    found = members.with_email(email) if email else []
    sent = [_send(ctx, message, workspace, member, ASKED) for workspace, member in found]
    return all(sent)


def send_invitation(ctx: Context, message: Message) -> bool:
    """Send the first link to a new member. False when it must be tried again."""
    member = members.get(message.workspace, message.subject.partition(":")[2])
    return member is None or _send(ctx, message, message.workspace, member, INVITED)


def _send(ctx: Context, message: Message, workspace: WorkspaceId, member: Member, lives: timedelta) -> bool:
    now = ctx.now()
    is_over = member.expires_at is not None and member.expires_at <= now
    home = workspaces.get(workspace)
    if home is None or is_over or now - message.at >= lives:
        return True
    token = _token(ctx, message, member)
    issue(ctx, workspace, member, token, message.at + lives - now)
    address = f"{ctx.settings.url}/#/sign-in/{token}"
    if lives == INVITED:
        letter = letters.invitation(member.email, home.name, address, INVITED.days)
    else:
        letter = letters.sign_in(member.email, home.name, address, int(ASKED.total_seconds()) // 60)
    who, code = f"member:{member.id}", ""
    try:
        ctx.mail.send(letter)
    except UpstreamUnavailable as problem:
        observe.note("mail not sent", code=problem.code, reason=problem.message)
        return False
    except UpstreamRejected as problem:
        observe.note("mail refused", code=problem.code, reason=problem.message)
        code = problem.code
    told = (
        trails.refusal(ctx, workspace, who, "sign_in.link_sent", who, code=code)
        if code
        else trails.entry(ctx, workspace, who, "sign_in.link_sent", who)
    )
    base.transact([told])
    return True


def _token(ctx: Context, message: Message, member: Member) -> str:
    said = f"{message.id}\x00{member.id}".encode()
    return urlsafe_b64encode(hmac.new(ctx.secret("sign-in-links"), said, hashlib.sha256).digest()).decode().rstrip("=")


def _place(ctx: Context, kind: str, what: str, span: int) -> str:
    return keyed_hash(ctx.secret("sign-ins"), f"{kind}\x00{span}\x00{what}")
