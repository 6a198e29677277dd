"""What connected stores say has changed, until somebody has read it there; and, for a week, what they said last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.models import base

_KEPT = timedelta(days=7)
_SAID = "said"


@dataclass(frozen=True)
class News:
    """A product of a store changed or went at `at`, by the store's clock; `noted_at` is by ours."""

    product_id: str
    at: datetime
    event: str
    """What the vendor calls this event, the same however often it is posted."""
    noted_at: datetime


class ShopNewsRecord(base.Record):
    """One product that is to be read, or (its `place` ends in `said`) the newest that was said of one."""

    class Meta:
        noun = "shop_news"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    event = UnicodeAttribute()
    noted_at = UnicodeAttribute()
    delete_after = NumberAttribute()


def note(workspace: WorkspaceId, connection_id: str, news: News) -> bool:
    """Keep that this product is to be read; False for what is older than, or the same as, what was said before."""
    place = base.place(workspace, connection_id)
    is_newer = (
        ShopNewsRecord.id.does_not_exist()
        | (ShopNewsRecord.at < base.stamp(news.at))
        | ((ShopNewsRecord.at == base.stamp(news.at)) & (ShopNewsRecord.event != news.event))
    )
    said, waiting = _row(base.place(place, _SAID), news), _row(place, news)

    def keep_said(transaction: TransactWrite) -> None:
        transaction.save(said, condition=is_newer)

    def keep_waiting(transaction: TransactWrite) -> None:
        transaction.save(waiting)

    try:
        base.transact([base.Write(_SAID, keep_said), base.Write("news", keep_waiting)])
    except base.ConditionFailed:
        return False
    return True


def waiting(workspace: WorkspaceId, connection_id: str, *, limit: int) -> list[News]:
    """What is to be read, at most `limit`, strongly consistent."""
    query = ShopNewsRecord.query(base.place(workspace, connection_id), consistent_read=True, limit=limit)
    return [News(row.id, base.moment(row.at), row.event, base.moment(row.noted_at)) for row in base.rows(query)]


def done(workspace: WorkspaceId, connection_id: str, news: News) -> base.Write:
    """It was read; refused with label `news` when something newer was said since."""
    row = ShopNewsRecord(base.place(workspace, connection_id), news.product_id)
    is_same = ShopNewsRecord.id.does_not_exist() | (
        (ShopNewsRecord.at == base.stamp(news.at)) & (ShopNewsRecord.event == news.event)
    )

    def apply(transaction: TransactWrite) -> None:
        transaction.delete(row, condition=is_same)

    return base.Write("news", apply)


def forgets(workspace: WorkspaceId, connection_id: str) -> Iterator[base.Write]:
    """The deletion of every row of a connection."""
    place = base.place(workspace, connection_id)
    for each in (place, base.place(place, _SAID)):
        for row in base.rows(ShopNewsRecord.query(each, consistent_read=True)):
            yield _delete(row)


def _delete(row: ShopNewsRecord) -> base.Write:
    return base.Write("news", lambda transaction: transaction.delete(row))


def _row(place: str, news: News) -> ShopNewsRecord:
    return ShopNewsRecord(
        place, news.product_id, at=base.stamp(news.at), event=news.event, noted_at=base.stamp(news.noted_at),
        delete_after=base.epoch_s(news.noted_at + _KEPT),
    )  # fmt: skip
