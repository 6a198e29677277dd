"""What a workspace agreed to for labels of an outside service, and how much of its cap is used: one row a workspace.

Consent, cap and count are one row, so that a picture is reserved under exactly the consent that holds at that moment.
"""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.labels import Consent, Service, most_pictures
from chalicelib.models import base


class LabelsRecord(base.Record):
    """The consent, and the pictures sent in `month` (`YYYY-MM`)."""

    class Meta:
        noun = "labels"

    workspace = UnicodeAttribute(hash_key=True)
    service = UnicodeAttribute(null=True)
    monthly_cap_cents = NumberAttribute(null=True)
    month = UnicodeAttribute(null=True)
    pictures = NumberAttribute(null=True)


def get(workspace: WorkspaceId) -> Consent:
    """The consent, strongly consistent; none by default."""
    row = base.read(LabelsRecord, workspace)
    if row is None:
        return Consent()
    service: Service | None = "rekognition" if row.service == "rekognition" else None
    return Consent(service, int(row.monthly_cap_cents or 0), row.month or "", int(row.pictures or 0))


def agree(workspace: WorkspaceId, service: Service | None, monthly_cap_cents: int) -> base.Write:
    """Agree to this from now on; what is used of the month stays."""
    record = LabelsRecord
    told = record.service.set(service) if service else record.service.remove()
    return _update(workspace, [told, record.monthly_cap_cents.set(monthly_cap_cents)], None)


def reserve(workspace: WorkspaceId, known: Consent, month: str) -> bool:
    """Count one picture more in this month, before it is sent; False when the consent is not as it was read any more,
    or the cap is reached, whoever else reserves at the same moment. The count never goes beyond what the cap pays for.
    """
    record, most = LabelsRecord, most_pictures(known.monthly_cap_cents)
    if known.service is None or most < 1 or known.month > month:
        return False
    same = (record.service == known.service) & (record.monthly_cap_cents == known.monthly_cap_cents)
    if known.month == month:
        actions = [record.pictures.set(record.pictures + 1)]
        condition = same & (record.month == month) & (record.pictures < most)
    else:
        actions = [record.month.set(month), record.pictures.set(1)]
        condition = same & (record.month.does_not_exist() | (record.month < month))
    return _applied(_update(workspace, actions, condition))


def give_back(workspace: WorkspaceId, month: str) -> None:
    """Take one picture back that surely cost nothing; in another month it is forgotten already."""
    record = LabelsRecord
    condition = (record.month == month) & (record.pictures > 0)
    _applied(_update(workspace, [record.pictures.set(record.pictures - 1)], condition))


def _update(workspace: WorkspaceId, actions: list[Any], condition: Any) -> base.Write:
    def apply(transaction: TransactWrite) -> None:
        transaction.update(LabelsRecord(workspace), actions=actions, condition=condition)

    return base.Write("labels", apply)


def _applied(write: base.Write) -> bool:
    try:
        base.transact([write])
    except base.ConditionFailed:
        return False
    return True
