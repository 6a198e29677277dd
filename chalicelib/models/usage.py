"""Usage: one row a metered act, written in the act's own transaction and added up later."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base


class UsageRecord(base.Record):
    """One act on one meter; `id` is `<hour>#<act>#<meter>`."""

    class Meta:
        noun = "usage"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    meter = UnicodeAttribute()
    quantity = NumberAttribute()


def add(workspace: WorkspaceId, act_id: str, at: datetime, meter: str, quantity: int) -> base.Write:
    """Count an act once; refused with label `usage` when it is counted already."""
    row = UsageRecord(workspace, f"{at:%Y%m%d%H}#{act_id}#{meter}", meter=meter, quantity=quantity)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=UsageRecord.id.does_not_exist())

    return base.Write("usage", apply)


def total(workspace: WorkspaceId, meter: str, hours_from: str, hours_to: str) -> int:
    """Sum of a meter from one hour (`YYYYMMDDHH`) up to, not including, another; strongly consistent."""
    span = UsageRecord.id.between(hours_from, f"{hours_to}")
    found = UsageRecord.query(workspace, span, filter_condition=UsageRecord.meter == meter, consistent_read=True)
    return sum(int(row.quantity) for row in base.rows(found))
