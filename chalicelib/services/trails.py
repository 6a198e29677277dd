"""What every mutation writes beside its own rows: an audit entry and, where others must know, an outbox row."""

from typing import Any, Literal

from chalicelib import observe
from chalicelib.domain.ids import CollectionId, WorkspaceId
from chalicelib.errors import UpstreamUnavailable
from chalicelib.models import audit, base, outbox
from chalicelib.ports.context import Context


def entry(ctx: Context, workspace: WorkspaceId, actor: str, action: str, subject: str, **detail: Any) -> base.Write:
    """An audit entry of a thing that was done."""
    return audit.add(workspace, _entry(ctx, actor, action, subject, "ok", detail))


def announcement(
    ctx: Context, workspace: WorkspaceId, kind: str, subject: str, before: tuple[CollectionId, ...] = (),
    *, is_patient: bool = False, is_for_index_only: bool = False,
) -> tuple[str, base.Write]:  # fmt: skip
    """An outbox row, and its id: the caller's token for reading its own write.

    `before` are the collections that an asset was in: it may be gone for who saw it there.
    """
    message = outbox.Message(
        workspace, ctx.new_id(), kind, subject, ctx.now(), before=before, is_patient=is_patient,
        is_for_index_only=is_for_index_only,
    )  # fmt: skip
    return message.id, outbox.add(message)


def wake(ctx: Context, workspace: WorkspaceId) -> None:
    """Say that the outbox and the index have work; only hints, the sweeps find it anyway."""
    wake_outbox(ctx, workspace)
    wake_index(ctx, workspace)


def wake_outbox(ctx: Context, workspace: WorkspaceId) -> None:
    """Say that the outbox has work that is not for the index alone."""
    ctx.queue.send("outbox", {"workspace": workspace}, group=workspace)


def wake_index(ctx: Context, workspace: WorkspaceId) -> None:
    """Say that the index has work. Each hint has its own id: the queue drops those that are the same."""
    ctx.queue.send("index", {"workspace": workspace, "id": ctx.new_id()}, group=workspace)


def note_refusal(ctx: Context, workspace: WorkspaceId, actor: str, action: str, subject: str, code: str) -> None:
    """Write the audit entry of a refusal on its own; that it cannot be written never turns a refusal into a failure."""
    try:
        base.transact([refusal(ctx, workspace, actor, action, subject, code=code)])
    except UpstreamUnavailable as problem:
        observe.trouble("refusal not audited", problem=problem, action=action, subject=subject)


def refusal(ctx: Context, workspace: WorkspaceId, actor: str, action: str, subject: str, **detail: Any) -> base.Write:
    """An audit entry of a thing that was refused."""
    return audit.add(workspace, _entry(ctx, actor, action, subject, "refused", detail))


def _entry(
    ctx: Context, actor: str, action: str, subject: str, result: Literal["ok", "refused"], detail: dict[str, Any]
) -> audit.Entry:
    return audit.Entry(
        ctx.new_id(), ctx.now(), actor, action, subject, result, detail or None, address=ctx.address or None
    )
