"""Workspaces: making one with its owner, its ready-made roles and its first key."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.access import ALL, READY_MADE, Grant, mask
from chalicelib.domain.ids import WorkspaceId, short_hash
from chalicelib.errors import InvalidInput
from chalicelib.models import base, credentials, grants, members, roles, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.ports import Context
from chalicelib.services import signing, trails

SIGN_IN_LINK_LIVES = timedelta(hours=12)


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


def issue_sign_in(ctx: Context, workspace: WorkspaceId, member_id: str, token: str) -> None:
    """Make a one-time sign-in link out of this token; the same token again changes nothing."""
    now = ctx.now()
    link = Credential(
        signing.token_hash(ctx, token), workspace, "sign_in", "", "Sign-in link", member_id, now,
        expires_at=now + SIGN_IN_LINK_LIVES,
    )  # fmt: skip
    try:
        base.transact([credentials.add(link)])
    except base.ConditionFailed:
        return
