"""Workspaces: making one with its owner, its ready-made roles and its first key."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.access import ALL, READY_MADE, Grant, mask
from chalicelib.domain.ids import WorkspaceId, short_hash
from chalicelib.errors import InvalidInput, NotFound, Stale
from chalicelib.models import base, credentials, grants, members, roles, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.models.workspaces import Workspace as Workspace
from chalicelib.ports.context import Context
from chalicelib.services import audit_seals, signing, trails
from chalicelib.services.signing import Caller


@dataclass(frozen=True)
class Founding:
    """Everything a new workspace needs; ids and secrets are made beforehand, so a repeat changes nothing."""

    workspace: WorkspaceId
    name: str
    member_id: str
    email: str
    api_key: str
    self_approval: bool = False


def found(ctx: Context, founding: Founding) -> None:
    """Make the workspace with owner, roles and key, unless it is there; safe to repeat.

    Raises:
        InvalidInput: the key is not one of ours in shape.
    """
    if workspaces.get(founding.workspace) is not None:
        _begin_trail(ctx, founding.workspace)
        return
    prefix = signing.key_prefix(founding.api_key)
    if prefix is None:
        raise InvalidInput("This is not a Packshot key.", fields={"api_key": "does not begin with ps_ and a prefix"})
    now, workspace = ctx.now(), founding.workspace
    owner_role = short_hash(workspace, "role", "dam_manager")
    key = Credential(
        prefix, workspace, "key", signing.key_hash(ctx, founding.api_key), "First key", founding.member_id, now
    )
    owner = members.Member(founding.member_id, founding.email.casefold(), "Owner", (owner_role,), now)
    writes = [
        workspaces.add(workspace, founding.name, founding.self_approval, now),
        members.add(workspace, owner),
        audit_seals.begin(ctx, workspace),
        credentials.add(key),
        trails.entry(
            ctx, workspace, "system:founding", "workspace.founded", f"workspace:{workspace}", member_id=owner.id
        ),
    ]
    for ready_made, allowed in READY_MADE.items():
        role_id = short_hash(workspace, "role", ready_made)
        title = "DAM manager" if ready_made == "dam_manager" else ready_made.title()
        writes.append(roles.add(workspace, roles.Role(role_id, title, ready_made)))
        bits = ALL if ready_made == "dam_manager" else mask(allowed)
        writes.append(grants.put(workspace, f"role#{role_id}", Grant(allow=bits)))
    base.transact(writes)


def _begin_trail(ctx: Context, workspace: WorkspaceId) -> None:
    """For workspaces that are older than the seals of the trail."""
    with suppress(base.ConditionFailed):
        base.transact([audit_seals.begin(ctx, workspace)])


def load(caller: Caller) -> Workspace:
    """The caller's workspace."""
    found = workspaces.get(caller.workspace)
    if found is None:
        raise NotFound("There is no such workspace.")
    return found


def etag(one: Workspace) -> str:
    """Changes with what can be edited."""
    return short_hash(one.id, one.name, str(one.self_approval), repr(one.required_shots))


def edit(ctx: Context, caller: Caller, old: Workspace, values: dict[str, Any]) -> Workspace:
    """Change name, self-approval or required shots. Raises `Stale` when anything of rights changed meanwhile."""
    new = replace(old, **values)
    if new == old:
        return old
    before = {name: getattr(old, name) for name in values}
    told = trails.entry(
        ctx, old.id, caller.principal.label, "workspace.changed", f"workspace:{old.id}",
        before=_plain(before), after=_plain(values),
    )  # fmt: skip
    try:
        base.transact([workspaces.change(old, new), told])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost
    return new


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
