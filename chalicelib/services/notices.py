"""Notices: what a member is told in the app. Made from the outbox, each once however often its message is told.
One that is made wakes the member's mailing in the same transaction (`services/mailings.py`).

A notice about an asset is read only by who may see the asset at that moment, and made only for who may view it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import make_id
from chalicelib.domain.pages import Page
from chalicelib.models import assets, mailings, notices
from chalicelib.models.notices import Notice
from chalicelib.ports.context import Context
from chalicelib.services.audience import Audience
from chalicelib.services.signing import Caller


def tell(
    here: Audience, member_ids: Iterable[str | None], asset: Asset, version: int | None, *, kind: str, origin: str,
    at: datetime, by: str | None, text: str, subject: str = "", more: str = "",
) -> None:  # fmt: skip
    """Tell each of these members once, but for `by` and for those who may not view the asset.

    `origin` names what happened: the same kind, origin and member is the same notice. `subject` is the asset unless it
    is something about it; `more` is the end of the link.
    """
    link = f"#/asset/{asset.id}{f'?v={version}' if version else ''}{more}"
    for member_id in sorted({one for one in member_ids if one and one != by}):
        if not here.may(member_id, asset, Right.VIEW):
            continue
        noise = hashlib.sha256(f"{kind}\n{origin}\n{member_id}".encode()).digest()
        notice_id = make_id(int(at.timestamp() * 1000), noise)
        one = Notice(notice_id, member_id, at, kind, subject or f"asset:{asset.id}", asset.id, version, by, text, link)
        mail_at = here.ctx.now() + timedelta(seconds=here.ctx.settings.mail_wait_s)
        notices.ensure(here.workspace, one, beside=mailings.wake(here.workspace, member_id, mail_at))


def listed(ctx: Context, caller: Caller, *, limit: int, start: object) -> Page[Notice]:
    """The caller's notices, newest first, less those about what it may not see any more."""
    page = notices.page(caller.workspace, caller.member_id, limit=limit, start=start)
    found = assets.get_many(caller.workspace, list(dict.fromkeys(one.asset_id for one in page.items)))
    seen = {one.id for one in found if caller.rights_on(one, ctx.now()) & Right.SEE.bit}
    return Page([one for one in page.items if one.asset_id in seen], page.next)


def mark_read(caller: Caller, ids: Sequence[str]) -> None:
    """Remember that the caller read these; ids that are not the caller's are passed over."""
    for one in dict.fromkeys(ids):
        notices.mark_read(caller.workspace, caller.member_id, one)
