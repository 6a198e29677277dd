"""Credentials of outside systems, sealed: this table never holds one in the clear."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class SecretRecord(base.Record):
    """One sealed text."""

    class Meta:
        noun = "secrets"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    sealed = UnicodeAttribute()


def put(workspace: WorkspaceId, secret_id: str, sealed: str) -> base.Write:
    """Keep it, in place of what was there."""
    row = SecretRecord(workspace, secret_id, sealed=sealed)
    return base.Write("secret", lambda transaction: transaction.save(row))


def renew(workspace: WorkspaceId, secret_id: str, sealed: str) -> base.Write:
    """Keep it in place of what is there; refused with label `secret` when nothing is."""

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            SecretRecord(workspace, secret_id),
            actions=[SecretRecord.sealed.set(sealed)],
            condition=SecretRecord.id.exists(),
        )

    return base.Write("secret", apply)


def get(workspace: WorkspaceId, secret_id: str) -> str | None:
    """The sealed text, strongly consistent."""
    row = base.read(SecretRecord, workspace, secret_id)
    return None if row is None else str(row.sealed)


def remove(workspace: WorkspaceId, secret_id: str) -> base.Write:
    """Delete it; deleting what is gone is not an error."""

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(SecretRecord(workspace, secret_id))

    return base.Write("secret", apply)
