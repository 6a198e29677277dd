"""Credentials: API keys by prefix and one-time sign-in links by hash. Secrets are kept as keyed hashes only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
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
    previous_hash = UnicodeAttribute(null=True)
    previous_until = UnicodeAttribute(null=True)
    last_used_at = UnicodeAttribute(null=True)
    spent = BooleanAttribute(null=True)
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute(null=True)
    delete_after = NumberAttribute(null=True)
    by_workspace = ByWorkspace()


@dataclass(frozen=True)
class Credential:
    """A key (`id` = its prefix) or a sign-in link (`id` = its hash), on behalf of the member who made it.

    `secret_hash` of a link is that of the address it was sent to.
    `rights` and `collection_ids` narrow what the roles allow; None narrows nothing. `role_ids` None: the member's.
    A rotated key's former secret (`previous_hash`) counts until `previous_until`.
    """

    id: str
    workspace: WorkspaceId
    kind: Literal["key", "sign_in"]
    secret_hash: str
    name: str
    member_id: str
    created_at: datetime
    expires_at: datetime | None = None
    role_ids: tuple[str, ...] | None = None
    rights: tuple[str, ...] | None = None
    collection_ids: tuple[str, ...] | None = None
    previous_hash: str = ""
    previous_until: datetime | None = None
    last_used_at: datetime | None = None
    is_spent: bool = False
    """A link that was opened."""


_LIMITS = ("role_ids", "rights", "collection_ids")


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
        limits={name: getattr(credential, name) for name in _LIMITS if getattr(credential, name) is not None},
        created_at=base.stamp(credential.created_at),
        expires_at=base.stamp(expires_at) if expires_at else None,
        delete_after=base.epoch_s(expires_at) if expires_at and credential.kind == "sign_in" else None,
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=CredentialRecord.id.does_not_exist())

    return base.Write("credential", apply)


def keys(workspace: WorkspaceId) -> list[Credential]:
    """All keys of a workspace, expired ones too, by prefix; up to a second old."""
    found = CredentialRecord.by_workspace.query(workspace, filter_condition=CredentialRecord.kind == "key")
    return [_value(row) for row in base.rows(found)]


def rotate(key: Credential, secret_hash: str, former_until: datetime) -> base.Write:
    """Give the key another secret; the one it has counts until then. Refused with label `credential`
    when the key is gone or was rotated since it was read."""
    actions: list[Any] = [
        CredentialRecord.secret_hash.set(secret_hash),
        CredentialRecord.previous_hash.set(key.secret_hash),
        CredentialRecord.previous_until.set(base.stamp(former_until)),
    ]

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            CredentialRecord(key.id), actions=actions, condition=CredentialRecord.secret_hash == key.secret_hash
        )

    return base.Write("credential", apply)


def used(credential_id: str, now: datetime) -> None:
    """Remember the last use, roughly; a no-op when the credential is gone."""
    row = CredentialRecord(credential_id)
    actions: list[Any] = [CredentialRecord.last_used_at.set(base.stamp(now))]
    try:
        base.write(lambda: row.update(actions=actions, condition=CredentialRecord.id.exists()), "credential")
    except base.ConditionFailed:
        return


def remove(credential_id: str) -> base.Write:
    """Delete it; refused with label `credential` when it is gone."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(CredentialRecord(credential_id), condition=CredentialRecord.id.exists())

    return base.Write("credential", apply)


def spend(credential_id: str) -> base.Write:
    """Let a link count no more. It stays until its end, so that it cannot be made again; refused with label
    `credential` when it is gone or spent."""

    def apply(transaction: TransactWrite) -> None:
        is_whole = CredentialRecord.id.exists() & CredentialRecord.spent.does_not_exist()
        transaction.update(
            CredentialRecord(credential_id), actions=[CredentialRecord.spent.set(True)], condition=is_whole
        )

    return base.Write("credential", apply)


def drop(credential_id: str) -> base.Write:
    """Delete it; deleting what is gone is not an error."""
    return base.Write("credential", lambda transaction: transaction.delete(CredentialRecord(credential_id)))


def _value(row: CredentialRecord) -> Credential:
    limits: dict[str, Any] = {name: tuple(value) for name, value in (row.limits or {}).items()}
    return Credential(
        id=row.id,
        workspace=WorkspaceId(row.workspace),
        kind="key" if row.kind == "key" else "sign_in",
        secret_hash=row.secret_hash,
        name=row.name,
        member_id=row.member_id,
        created_at=base.moment(row.created_at),
        expires_at=base.moment(row.expires_at) if row.expires_at else None,
        previous_hash=row.previous_hash or "",
        previous_until=base.moment(row.previous_until) if row.previous_until else None,
        last_used_at=base.moment(row.last_used_at) if row.last_used_at else None,
        is_spent=bool(row.spent),
        **limits,
    )
