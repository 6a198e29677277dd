"""Credentials: API keys by prefix and one-time sign-in links by hash. Secrets are kept as keyed hashes only."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class ByWorkspace(GlobalSecondaryIndex["CredentialRecord"]):
    """Credentials of a workspace."""

    class Meta:
        index_name = "by_workspace"
        projection = AllProjection()

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class CredentialRecord(base.Record):
    """A key or a sign-in link."""

    class Meta:
        noun = "credentials"

    id = UnicodeAttribute(hash_key=True)
    workspace = UnicodeAttribute()
    kind = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    name = UnicodeAttribute()
    member_id = UnicodeAttribute()
    limits = JSONAttribute(default=dict)
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute(null=True)
    delete_after = NumberAttribute(null=True)
    by_workspace = ByWorkspace()


@dataclass(frozen=True)
class Credential:
    """A key (`id` = its prefix) or a sign-in link (`id` = its hash), on behalf of the member who made it.

    `limits`: `rights` (list) and `collection_ids` (list) narrow what the member may; absent narrows nothing.
    """

    id: str
    workspace: WorkspaceId
    kind: Literal["key", "sign_in"]
    secret_hash: str
    name: str
    member_id: str
    created_at: datetime
    expires_at: datetime | None = None
    limits: dict[str, Any] = field(default_factory=dict)


@base.cross_workspace("a key or sign-in link names its workspace only once it is found")
def find(credential_id: str) -> Credential | None:
    """The credential with this id, expired or not."""
    row = base.read(CredentialRecord, credential_id)
    return None if row is None else _value(row)


def add(credential: Credential) -> base.Write:
    """Create it; refused with label `credential` when the id is taken."""
    expires_at = credential.expires_at
    row = CredentialRecord(
        credential.id,
        workspace=credential.workspace,
        kind=credential.kind,
        secret_hash=credential.secret_hash,
        name=credential.name,
        member_id=credential.member_id,
        limits=credential.limits,
        created_at=base.stamp(credential.created_at),
        expires_at=base.stamp(expires_at) if expires_at else None,
        delete_after=base.epoch_s(expires_at) if expires_at and credential.kind == "sign_in" else None,
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=CredentialRecord.id.does_not_exist())

    return base.Write("credential", apply)


def use_up(credential_id: str) -> base.Write:
    """Delete it, so that it counts once; refused with label `credential` when it is gone."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(CredentialRecord(credential_id), condition=CredentialRecord.id.exists())

    return base.Write("credential", apply)


def _value(row: CredentialRecord) -> Credential:
    return Credential(
        id=row.id,
        workspace=WorkspaceId(row.workspace),
        kind="key" if row.kind == "key" else "sign_in",
        secret_hash=row.secret_hash,
        name=row.name,
        member_id=row.member_id,
        created_at=base.moment(row.created_at),
        expires_at=base.moment(row.expires_at) if row.expires_at else None,
        limits=dict(row.limits or {}),
    )
