"""Requests for approval as their people see them: one, a list, the queue of an approver."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.access import Right
from chalicelib.domain.approvals import Item, Request
from chalicelib.domain.assets import settled
from chalicelib.domain.pages import Page
from chalicelib.errors import NotFound
from chalicelib.models import approvals as rows, assets as asset_rows
from chalicelib.ports.context import Context
from chalicelib.services.signing import Caller

_PAGES = 5
"""Pages of rows looked through for one page of a list."""


@dataclass(frozen=True)
class Told:
    """A request as one caller may see it: `items` are those of assets that it sees, one of which it may approve."""

    request: Request
    items: tuple[Item, ...]
    approves: bool

    def with_request(self, new: Request) -> "Told":
        """The same request later, as the same caller sees it."""
        seen = {one.asset_id for one in self.items}
        return replace(self, request=new, items=tuple(one for one in new.items if one.asset_id in seen))


def load(ctx: Context, caller: Caller, request_id: str) -> Told:
    """One request that the caller may see. Raises `NotFound`."""
    request = rows.get(caller.workspace, request_id)
    told = _told(ctx, caller, [request]) if request else []
    if not told:
        raise NotFound("There is no such request.")
    return told[0]


def listed(ctx: Context, caller: Caller, *, is_mine: bool, state: str | None, limit: int, start: object) -> Page[Told]:
    """Requests that the caller may see, newest first; a page may be short and still have a next.

    `is_mine`: only those the caller is asked in, and of the open ones only those that still wait for the caller, with
    the items of live assets alone: nobody can decide on what is archived or in the trash, until it is back.
    """
    found: list[Told] = []
    waiting = is_mine and state == "open"
    for _ in range(_PAGES):
        page = rows.page(caller.workspace, only_open=state == "open", limit=limit - len(found), start=start)
        told = _told(ctx, caller, [one for one in page.items if state in (None, one.state)], only_live=waiting)
        found += [one for one in told if not is_mine or _is_for(caller, one, state)]
        start = page.next
        if start is None or len(found) >= limit:
            break
    return Page(found, start)


def _is_for(caller: Caller, told: Told, state: str | None) -> bool:
    request = told.request
    is_asked = caller.member_id in request.approver_ids or (not request.approver_ids and told.approves)
    return is_asked and (state != "open" or replace(request, items=told.items).waits_for(caller.member_id))


def _told(ctx: Context, caller: Caller, found: Sequence[Request], *, only_live: bool = False) -> list[Told]:
    """Those of the requests that the caller asked, is asked in, or manages, less what it does not see of them."""
    ids = list(dict.fromkeys(item.asset_id for one in found for item in one.items))
    known = [settled(one, caller.tree) for one in asset_rows.get_many(caller.workspace, ids)]
    known = [one for one in known if one.state == "live" or not only_live]
    bits = {one.id: caller.rights_on(one, ctx.now()) for one in known}
    manages = bool(caller.access.on_library() & Right.MANAGE.bit)
    told = []
    for one in found:
        items = tuple(item for item in one.items if bits.get(item.asset_id, 0) & Right.SEE.bit)
        approves = any(bits[item.asset_id] & Right.APPROVE.bit for item in items)
        is_party = caller.member_id == one.by or caller.member_id in one.approver_ids
        if items and (manages or is_party or (not one.approver_ids and approves)):
            told.append(Told(one, items, approves))
    return told
