"""The outbox: what a commit must still tell onward.

Two readers, each with a sparse index of what is still theirs: `work` for everybody who is told, `index` for the
search index, which needs the changed assets of one workspace together and in order.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId, first_id
from chalicelib.models import base

NOWHERE = WorkspaceId("-")
"""The workspace of messages that no workspace has sent."""
KEPT = timedelta(hours=24)
KEPT_UNINDEXED = timedelta(days=14)
_WORK, _PATIENT_WORK = "outbox", "outbox-patient"
_INDEX = "index"
_ABOUT_ASSETS = "asset:"
_INDEX_LAG = timedelta(seconds=10)
_SPARSE_LAG = timedelta(seconds=3)


class Work(GlobalSecondaryIndex["OutboxRecord"]):
    """Rows not told yet, by when they are due."""

    class Meta:
        index_name = "work"
        projection = AllProjection()

    work = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class ToIndex(GlobalSecondaryIndex["OutboxRecord"]):
    """Rows about assets that no generation of the search index holds yet, by workspace and age."""

    class Meta:
        index_name = "index"
        projection = AllProjection()

    to_index = UnicodeAttribute(hash_key=True)
    index_place = UnicodeAttribute(range_key=True)


class OutboxRecord(base.Record):
    """One announcement. `generation` of the search index holds it."""

    class Meta:
        noun = "outbox"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    at = UnicodeAttribute()
    owner = UnicodeAttribute(null=True)
    work = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    to_index = UnicodeAttribute(null=True)
    index_place = UnicodeAttribute(null=True)
    generation = NumberAttribute(null=True)
    before = JSONAttribute(null=True)
    delete_after = NumberAttribute(null=True)
    work_index = Work()
    to_index_index = ToIndex()


@dataclass(frozen=True)
class Message:
    """Something changed: `kind` says what, `subject` which (`asset:<id>`); `id` is also the caller's token.

    `generation` of the search index is the first that holds it; None while none does.
    """

    workspace: WorkspaceId
    id: str
    kind: str
    subject: str
    at: datetime
    owner: str | None = None
    generation: int | None = None
    before: tuple[CollectionId, ...] = ()
    """The collections of an asset before the change, for whom it may be gone."""
    is_patient: bool = False
    """What it asks for takes long and nobody waits for it: it never holds up others."""
    is_for_index_only: bool = False
    """Nobody but the search index acts on it: it is told from the beginning."""

    @property
    def asset_id(self) -> AssetId | None:
        """The asset that changed."""
        is_asset = self.subject.startswith(_ABOUT_ASSETS)
        return AssetId(self.subject.removeprefix(_ABOUT_ASSETS)) if is_asset else None


@dataclass(frozen=True)
class Lately:
    """Assets with changes that no generation of the index holds, and the newest generation that holds another."""

    waiting: frozenset[AssetId]
    generation: int


def add(message: Message) -> base.Write:
    """Announce it, in the transaction of the change itself."""
    row = OutboxRecord(
        message.workspace,
        message.id,
        kind=message.kind,
        subject=message.subject,
        at=base.stamp(message.at),
        before=list(message.before) or None,
    )
    if message.is_for_index_only:
        row.delete_after = base.epoch_s(message.at + KEPT_UNINDEXED)
    else:
        row.work, row.due_at = _PATIENT_WORK if message.is_patient else _WORK, base.epoch_s(message.at)
    if message.asset_id is not None:
        row.to_index, row.index_place = _INDEX, base.place(message.workspace, message.id)

    def apply(transaction: TransactWrite) -> None:
        transaction.save(row, condition=OutboxRecord.id.does_not_exist())

    return base.Write("outbox", apply)


@base.cross_workspace("one sweep tells on what every workspace has committed")
def due(now: datetime, limit: int, *, patient: bool = False) -> Iterator[Message]:
    """Messages that nobody has told yet and nobody is telling now, oldest first: the patient ones, or all others."""
    work = _PATIENT_WORK if patient else _WORK
    results = OutboxRecord.work_index.query(work, OutboxRecord.due_at <= base.epoch_s(now), limit=limit)
    for row in base.rows(results):
        yield _value(row)


def lease(message: Message, *, owner: str, now: datetime, lease_s: int) -> bool:
    """Own the message for `lease_s` seconds; False when it is told, or somebody else is telling it."""
    row = OutboxRecord(message.workspace, message.id)
    actions: list[Any] = [OutboxRecord.owner.set(owner), OutboxRecord.due_at.set(base.epoch_s(now) + lease_s)]
    is_free = OutboxRecord.work.exists() & (OutboxRecord.due_at <= base.epoch_s(now))
    try:
        base.write(lambda: row.update(actions=actions, condition=is_free), "outbox")
    except base.ConditionFailed:
        return False
    return True


def told(message: Message, *, owner: str, now: datetime) -> None:
    """Mark it told; a no-op when our lease ran out and another has it."""
    row = OutboxRecord(message.workspace, message.id)
    actions: list[Any] = [
        OutboxRecord.work.remove(),
        OutboxRecord.due_at.remove(),
        OutboxRecord.delete_after.set(base.epoch_s(now + (KEPT_UNINDEXED if message.asset_id else KEPT))),
    ]
    try:
        base.write(lambda: row.update(actions=actions, condition=OutboxRecord.owner == owner), "outbox")
    except base.ConditionFailed:
        return


def give_back(message: Message, *, owner: str, now: datetime) -> None:
    """Let the message be due again at once: there is more to do; a no-op when our lease ran out."""
    row = OutboxRecord(message.workspace, message.id)
    actions: list[Any] = [OutboxRecord.due_at.set(base.epoch_s(now))]
    try:
        base.write(lambda: row.update(actions=actions, condition=OutboxRecord.owner == owner), "outbox")
    except base.ConditionFailed:
        return


def to_index(workspace: WorkspaceId, now: datetime, limit: int) -> list[Message]:
    """Messages about assets that no generation holds yet, oldest first; those of the last seconds among them.

    An index lags behind its table, so what was committed a moment ago is looked up in the table itself.
    """
    begin = base.place(workspace, "")
    listed = OutboxRecord.to_index_index.query(_INDEX, OutboxRecord.index_place.startswith(begin), limit=limit)
    found = {row.id: _value(row) for row in base.rows(listed)}
    if len(found) < limit:
        recent = OutboxRecord.query(
            workspace,
            OutboxRecord.id > first_id(now - _INDEX_LAG),
            filter_condition=OutboxRecord.to_index.exists(),
            consistent_read=True,
        )
        found |= {row.id: _value(row) for row in base.rows(recent)}
    return sorted(found.values(), key=lambda one: one.id)[:limit]


def lately(workspace: WorkspaceId, now: datetime, most: int) -> Lately | None:
    """What an index read now may not hold; None when it is more than `most`.

    Messages are looked up by age in the sparse index, and those of the last seconds in the table itself. An index
    that is read after this call, of that generation at least, holds all others but those marked within its own age.
    """
    begin = base.place(workspace, "")
    listed = OutboxRecord.to_index_index.query(_INDEX, OutboxRecord.index_place.startswith(begin), limit=most + 1)
    found = {row.id: _value(row) for row in base.rows(listed)}
    if len(found) > most:
        return None
    found |= {one.id: one for one in since(workspace, now - _SPARSE_LAG)}
    waiting = {one.asset_id for one in found.values() if one.asset_id is not None and one.generation is None}
    if len(waiting) > most:
        return None
    return Lately(frozenset(waiting), max((one.generation or 0 for one in found.values()), default=0))


@base.cross_workspace("one sweep wakes the index writer of every workspace that has something to index")
def workspaces_to_index() -> Iterator[tuple[WorkspaceId, datetime]]:
    """Workspaces with messages that no generation holds yet, and since when: one look-up each."""
    after = ""
    while True:
        results = OutboxRecord.to_index_index.query(_INDEX, OutboxRecord.index_place > after, limit=1)
        row = next(base.rows(results), None)
        if row is None:
            return
        yield WorkspaceId(row.workspace), base.moment(row.at)
        after = base.place(row.workspace, "~")


def since(workspace: WorkspaceId, moment: datetime) -> Iterator[Message]:
    """Every message of the workspace made since then, indexed or not, oldest first."""
    for row in base.rows(OutboxRecord.query(workspace, OutboxRecord.id > first_id(moment), consistent_read=True)):
        yield _value(row)


def indexed(messages: Sequence[Message], *, generation: int, now: datetime) -> None:
    """Mark that this generation holds them. A message keeps its first mark."""
    for start in range(0, len(messages), base.MAX_WRITES):
        chunk = messages[start : start + base.MAX_WRITES]
        try:
            base.transact([_indexed(one, generation, now) for one in chunk])
        except base.ConditionFailed:
            for one in chunk:
                with suppress(base.ConditionFailed):
                    base.transact([_indexed(one, generation, now)])


def _indexed(message: Message, generation: int, now: datetime) -> base.Write:
    actions: list[Any] = [
        OutboxRecord.to_index.remove(),
        OutboxRecord.index_place.remove(),
        OutboxRecord.generation.set(generation),
        OutboxRecord.delete_after.set(base.epoch_s(now + KEPT)),
    ]

    def apply(transaction: TransactWrite) -> None:
        row = OutboxRecord(message.workspace, message.id)
        transaction.update(row, actions=actions, condition=OutboxRecord.to_index.exists())

    return base.Write("outbox", apply)


def after(workspace: WorkspaceId, message_id: str, page_size: int) -> Iterator[Message]:
    """Messages whose ids come after this one, by id, strongly consistent, read so many at a time as they are asked."""
    results = OutboxRecord.query(workspace, OutboxRecord.id > message_id, consistent_read=True, page_size=page_size)
    return (_value(row) for row in base.rows(results))


def get(workspace: WorkspaceId, message_id: str) -> Message | None:
    """One message, told or not, strongly consistent."""
    row = base.read(OutboxRecord, workspace, message_id)
    return None if row is None else _value(row)


def untold(workspace: WorkspaceId, before: datetime) -> Iterator[Message]:
    """Messages older than this moment that nobody has told yet, oldest first, strongly consistent."""
    found = OutboxRecord.query(
        workspace,
        OutboxRecord.id < first_id(before),
        filter_condition=OutboxRecord.work.exists(),
        consistent_read=True,
    )
    for row in base.rows(found):
        yield _value(row)


def is_told(workspace: WorkspaceId, message_id: str) -> bool:
    """Whether everything downstream knows of it."""
    row = base.read(OutboxRecord, workspace, message_id)
    return row is None or row.work is None


def _value(row: OutboxRecord) -> Message:
    return Message(
        WorkspaceId(row.workspace),
        row.id,
        row.kind,
        row.subject,
        base.moment(row.at),
        row.owner,
        None if row.generation is None else int(row.generation),
        tuple(row.before or ()),
    )
