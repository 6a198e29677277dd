"""The shapes of answers about people and rights: roles, members, grants, explanations, audit, the workspace."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.handlers.asset_shapes import Collection
from chalicelib.handlers.shapes import ETAG, Out, Page, Time


class RoleGrant(Out):
    """Rights on a collection with what is below; null is the whole library."""

    collection_id: str | None
    allow: list[Right]
    deny: list[Right]


class Role(Out):
    """A role. Ready-made ones carry `key`."""

    id: str
    name: str
    key: str | None
    grants: list[RoleGrant]
    etag: str = Field(description=ETAG)


class Roles(Page):
    """Roles."""

    items: list[Role]


class Member(Out):
    """A person of the workspace."""

    id: str
    email: str
    name: str
    role_ids: list[str]
    created_at: Time
    expires_at: Time | None
    etag: str = Field(description=ETAG)


class Members(Page):
    """Members."""

    items: list[Member]


class ThingGrant(Out):
    """Rights of one role or one member on a thing."""

    role_id: str = ""
    member_id: str = ""
    allow: list[Right]
    deny: list[Right]


class Grants(Out):
    """All grants on a thing."""

    grants: list[ThingGrant]
    etag: str = Field(description=ETAG)


class Seer(Out):
    """Who sees an asset, with their rights on it."""

    kind: Literal["member", "role"]
    id: str
    name: str
    rights: list[Right]


class Seers(Page):
    """Who sees an asset."""

    items: list[Seer]


class Because(Out):
    """One rule that decided."""

    rule: str
    role_id: str | None
    collection_id: str | None
    right: Right | None


class Explanation(Out):
    """Whether a right holds, and why."""

    allowed: bool
    because: list[Because]


class AuditEntry(Out):
    """Who did what to what."""

    id: str
    at: Time
    actor: str
    action: str
    subject: str
    result: Literal["ok", "refused", "failed"]
    address: str | None = Field(
        description="Where in the network it was asked for; null of what Packshot or a job did."
    )
    batch_id: str = ""
    before: Any = None
    after: Any = None
    detail: dict[str, Any]


class AuditEntries(Page):
    """Audit entries, newest first."""

    items: list[AuditEntry]


class AuditFault(Out):
    """Something that is not as it was sealed."""

    kind: Literal["changed", "missing", "inserted", "seal_broken", "file_missing"]
    hour: Time
    entry_id: str | None


class AuditReport(Out):
    """Whether the audit trail is as it was sealed."""

    ok: bool
    sealed_until: Time | None = Field(description="Later entries are not sealed yet; null before the first hour is.")
    checked_from: Time | None
    checked_until: Time | None
    entries: int = Field(description="How many were compared.")
    faults: list[AuditFault] = Field(description="At most 200.")
    next: Time | None = Field(description="Where to go on with `from` when there was too much for one answer.")


class Workspace(Out):
    """The workspace and its rules."""

    id: str
    name: str
    self_approval: bool
    required_shots: list[str]
    visual_tags: bool = Field(description="Whether a model looks at new pictures: the deployment's setting, read only.")
    created_at: Time
    etag: str = Field(description=ETAG)


class Template(Out):
    """The collections of a template that was applied."""

    collections: list[Collection]
