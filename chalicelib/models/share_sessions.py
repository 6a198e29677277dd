"""Sessions of visitors: one row a link that was opened, kept by the hash of its token."""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class ShareSessionRecord(base.Record):
    """One visitor."""

    class Meta:
        noun = "share_sessions"

    id = UnicodeAttribute(hash_key=True)
    workspace = UnicodeAttribute()
    share_id = UnicodeAttribute()
    secret_epoch = NumberAttribute()
    name = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    expires_at = UnicodeAttribute()
    delete_after = NumberAttribute()


@dataclass(frozen=True)
class ShareSession:
    """A visitor of one link, as they name themselves; `secret_epoch` is that of the password they gave."""

    id: str
    workspace: WorkspaceId
    share_id: str
    secret_epoch: int
    name: str | None
    email: str | None
    expires_at: datetime


@base.cross_workspace("a visitor's session names its workspace only once it is found")
def find(session_id: str) -> ShareSession | None:
    """The session with this id, over or not, strongly consistent."""
    row = base.read(ShareSessionRecord, session_id)
    if row is None:
        return None
    return ShareSession(
        row.id, WorkspaceId(row.workspace), row.share_id, int(row.secret_epoch), row.name, row.email,
        base.moment(row.expires_at),
    )  # fmt: skip


def add(session: ShareSession) -> base.Write:
    """Create it; refused with label `session` when the id is taken."""
    row = ShareSessionRecord(
        session.id, workspace=session.workspace, share_id=session.share_id, secret_epoch=session.secret_epoch,
        name=session.name, email=session.email, expires_at=base.stamp(session.expires_at),
        delete_after=base.epoch_s(session.expires_at),
    )  # fmt: skip

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=ShareSessionRecord.id.does_not_exist())

    return base.Write("session", apply)
