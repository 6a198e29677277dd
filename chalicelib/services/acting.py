"""On whose behalf long work runs: what a job keeps of a caller, and the caller again, with the rights of the moment."""

from collections.abc import Mapping

from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import NotAllowed
from chalicelib.models import workspaces
from chalicelib.ports.context import Context
from chalicelib.services import signing, visiting
from chalicelib.services.signing import Caller

Kept = Mapping[str, str | None]


def kept(caller: Caller) -> Kept:
    """What a job keeps of its caller: no secret, and no right."""
    who = caller.principal
    if caller.share is not None:
        return {"visit": who.session_id}
    return {"member_id": caller.member_id, "key_id": who.id if who.kind == "key" else None}


def again(ctx: Context, workspace: WorkspaceId, told: Kept) -> Caller:
    """The same caller now: ask at each step, so that a change of rights counts from the next one on.

    Raises:
        NotAllowed: the member, the key or the visit is over.
        Gone: the link is.
    """
    visit = told.get("visit")
    if visit is not None:
        caller: Caller | None = visiting.again(ctx, visit)
    else:
        current = workspaces.get(workspace)
        caller = signing.of_maker(ctx, current, str(told["member_id"]), told.get("key_id")) if current else None
    if caller is None or caller.workspace != workspace:
        raise NotAllowed("Who started this may not work here any more.", code="access_over")
    return caller
