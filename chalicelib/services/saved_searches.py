"""Saved searches: kept as text and asked anew under the rights of whoever looks, so a shared one shows nobody more."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.access import Right
from chalicelib.domain.saved import SavedSearch
from chalicelib.domain.search import parse
from chalicelib.errors import Conflict, NotAllowed, NotFound, Stale
from chalicelib.models import base, searches
from chalicelib.ports.context import Context
from chalicelib.services import trails
from chalicelib.services.signing import Caller

MOST = 500
"""Saved searches a workspace keeps."""


def listed(caller: Caller) -> list[SavedSearch]:
    """The caller's own and the shared ones, oldest first; none for visitors of a share."""
    if caller.share is not None:
        return []
    return [one for one in searches.every(caller.workspace) if _sees(caller, one)]


def load(caller: Caller, search_id: str) -> SavedSearch:
    """One that the caller may see. Raises `NotFound`."""
    found = searches.get(caller.workspace, search_id)
    if found is None or not _sees(caller, found):
        raise NotFound("There is no such saved search.")
    return found


def save(ctx: Context, caller: Caller, *, name: str, q: str, sort: str | None, shared: bool) -> SavedSearch:
    """Save a search. Raises `BadQuery`, or `Conflict` when the workspace has 500."""
    parse(q, ctx.now())
    if len(searches.every(caller.workspace)) >= MOST:
        raise Conflict(f"A workspace keeps at most {MOST} saved searches. Delete one first.", code="too_many")
    who = caller.principal.label
    one = SavedSearch(ctx.new_id(), who, name, q, sort, shared, 1, ctx.now())
    told = trails.entry(ctx, caller.workspace, who, "search.saved", f"search:{one.id}", name=name, q=q)
    base.transact([searches.add(caller.workspace, one), told])
    return one


def change(ctx: Context, caller: Caller, old: SavedSearch, changes: dict[str, Any]) -> SavedSearch:
    """Change some of it. Raises `NotAllowed`, `BadQuery` or `Stale`."""
    _check_may_change(caller, old)
    parse(changes.get("q", old.q), ctx.now())
    new = replace(old, **changes, revision=old.revision + 1)
    told = trails.entry(
        ctx, caller.workspace, caller.principal.label, "search.changed", f"search:{old.id}", after=dict(changes)
    )
    try:
        base.transact([searches.change(caller.workspace, old, new), told])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost
    return new


def delete(ctx: Context, caller: Caller, one: SavedSearch) -> None:
    """Delete it. Raises `NotAllowed`."""
    _check_may_change(caller, one)
    told = trails.entry(ctx, caller.workspace, caller.principal.label, "search.deleted", f"search:{one.id}")
    base.transact([searches.remove(caller.workspace, one.id), told])


def _sees(caller: Caller, one: SavedSearch) -> bool:
    return one.shared or one.by == caller.principal.label


def _check_may_change(caller: Caller, one: SavedSearch) -> None:
    if one.by != caller.principal.label and not caller.access.on_library() & Right.MANAGE.bit:
        raise NotAllowed("Only who saved this search, or a manager of the library, can change it.")
