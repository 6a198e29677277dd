"""Mail about notices: one mail for all that have waited together, not one each.

The first notice makes its member's mailing due in `mail_wait_s`; what comes until then goes along, and the next mail to
the same person leaves `mail_apart_s` later at the earliest. A run claims a mailing, reads what waits, sends, and then
marks the notices as mailed and the mailing as due later, in one transaction. So a run that dies leaves a mailing that
the next one takes up: no notice is lost, and one is mailed twice only if a run dies between the mail service's yes
and the mark, for the service knows no repeats.
"""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib import observe
from chalicelib.domain import letters, review
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import UpstreamRejected
from chalicelib.models import assets, base, mailings, notices, versions, workspaces
from chalicelib.models.mailings import Mailing
from chalicelib.models.notices import Notice
from chalicelib.ports.context import Context
from chalicelib.services import audience, trails
from chalicelib.services.audience import Audience
from chalicelib.services.signing import Caller

NOTICES = "#/?sheet=notices"
_BATCH, _MOST, _SHOWN = 100, 90, 20
"""Mails a run; notices a mail, which are marked in one transaction; those of them that it spells out."""
_RUN = timedelta(seconds=40)
_BACK = timedelta(days=3)
"""What is older is not news any more."""


def send_due(ctx: Context) -> int:
    """Send the mails that are due, at most a batch; how many were sent. Safe to run in several places at once.

    Raises:
        UpstreamUnavailable: the mail service does not answer. The rest waits for the next run, this mail for the end of
            its lease.
    """
    began, sent, known = ctx.now(), 0, dict[WorkspaceId, Audience]()
    for workspace, member_id in mailings.due(began, _BATCH):
        if ctx.now() - began > _RUN:
            break
        owner = ctx.new_id()
        mailing = mailings.claim(workspace, member_id, owner=owner, now=ctx.now(), lease_s=ctx.settings.lease_s)
        if mailing is None:
            continue
        if workspace not in known:
            known[workspace] = audience.of(ctx, workspace)
        sent += _send(ctx, known[workspace], mailing, owner)
    return sent


def wants_mail(caller: Caller) -> bool:
    """Whether the caller, or the member whose key it is, is mailed about notices."""
    return mailings.wants_mail(caller.workspace, caller.member_id)


def switch(ctx: Context, caller: Caller, *, on: bool) -> None:
    """Let the caller be mailed about notices, or not; saying the same again changes nothing."""
    workspace, member_id = caller.workspace, caller.member_id
    if mailings.wants_mail(workspace, member_id) == on:
        return
    told = trails.entry(ctx, workspace, caller.principal.label, "notices.mail_switched", f"member:{member_id}", on=on)
    base.transact([mailings.switch(workspace, member_id, on=on, now=ctx.now()), told])


def _send(ctx: Context, here: Audience, mailing: Mailing, owner: str) -> bool:
    now, member = ctx.now(), here.people.members.get(mailing.member_id)
    since = max(now - _BACK, mailing.on_since or now - _BACK)
    waiting = notices.to_mail(mailing.workspace, mailing.member_id, since, _MOST) if not mailing.is_off else []
    if not waiting:
        mailings.rest(mailing, owner=owner)
        return False
    news, home = _still_seen(here, mailing.member_id, waiting), workspaces.get(mailing.workspace)
    is_sent = bool(member is not None and home is not None and news)
    if member is not None and home is not None and news:
        lines = [(one.text, f"{ctx.settings.url}/{one.link}") for one in news[:_SHOWN]]
        more = len(news) - len(lines)
        letter = letters.told(member.email, home.name, lines, more, f"{ctx.settings.url}/{NOTICES}")
        try:
            ctx.mail.send(letter)
        except UpstreamRejected as problem:
            observe.note("mail refused", code=problem.code, reason=problem.message)
            is_sent = False
    again_at = now + timedelta(seconds=ctx.settings.mail_apart_s if is_sent else 0)
    marks = [notices.mailed(mailing.workspace, one, now) for one in waiting]
    mailings.done(mailing, owner=owner, again_at=again_at, marks=marks)
    return is_sent


def _still_seen(here: Audience, member_id: str, told: Sequence[Notice]) -> list[Notice]:
    """Those about what the member may see now: the asset and, unless it is only told what became of it, the version."""
    ids = list(dict.fromkeys(one.asset_id for one in told))
    found = {one.id: one for one in assets.get_many(here.workspace, ids) if one.state != "trashed"}
    return [one for one in told if one.asset_id in found and _sees(here, member_id, found[one.asset_id], one)]


def _sees(here: Audience, member_id: str, asset: Asset, one: Notice) -> bool:
    bits = here.bits(member_id, asset)
    if not bits & Right.VIEW.bit or one.version is None or one.kind == "version.decided":
        return bool(bits & Right.VIEW.bit)
    version = versions.get(here.workspace, asset.id, one.version)
    return version is not None and review.sees_version(here.tree, asset, version, bits, member_id)
