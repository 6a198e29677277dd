"""Usage: one row a metered act, written in the act's own transaction and added up later."""

from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Act:
    """One counted act; `id` is its row's, `about` what was done."""

    id: str
    about: str
    quantity: int


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


def acts(workspace: WorkspaceId, meter: str) -> Iterator[Act]:
    """Every act on a meter, oldest hour first, strongly consistent."""
    found = UsageRecord.query(workspace, filter_condition=UsageRecord.meter == meter, consistent_read=True)
    for row in base.rows(found):
        yield Act(row.id, row.id.split("#")[1], int(row.quantity))


def by_day(workspace: WorkspaceId, hours_from: str, hours_to: str) -> dict[str, dict[str, int]]:
    """Sums by day (`YYYYMMDD`) and meter, of the hours from one (`YYYYMMDDHH`) up to, not including, another."""
    sums: dict[str, dict[str, int]] = {}
    found = UsageRecord.query(workspace, UsageRecord.id.between(hours_from, hours_to), consistent_read=True)
    for row in base.rows(found):
        day = sums.setdefault(row.id[:8], {})
        day[row.meter] = day.get(row.meter, 0) + int(row.quantity)
    return sums


def correct(workspace: WorkspaceId, act: Act, quantity: int) -> base.Write:
    """Count an act as this much; refused with label `usage` when it is not counted as it was read any more."""

    def apply(transaction: TransactWrite) -> None:
        transaction.update(
            UsageRecord(workspace, act.id),
            actions=[UsageRecord.quantity.set(quantity)],
            condition=UsageRecord.quantity == act.quantity,
        )

    return base.Write("usage", apply)
