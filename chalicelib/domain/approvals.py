"""Requests for approval as values: who was asked about which versions, and when that makes a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.domain.assets import Approval
from chalicelib.domain.ids import AssetId
from chalicelib.domain.review import OUTCOME, Decision, Outcome

ItemState = Literal["open", "approved", "rejected", "changes_requested", "replaced", "withdrawn"]
Rule = Literal["any", "all"] | int
"""`any`: the first decision counts; `all`: everybody approves; a number: so many approve."""

DAY_BEFORE = timedelta(days=1)
MOST_ITEMS = 30
"""Of one request: it is made, and withdrawn, in one transaction."""

_GRAVEST: Sequence[ItemState] = ("open", "withdrawn", "rejected", "changes_requested", "approved", "replaced")


@dataclass(frozen=True)
class Judgement:
    """What one person decided of one item. `by` is a member."""

    by: str
    decision: Decision
    note: str | None
    at: datetime


@dataclass(frozen=True)
class Item:
    """One version that is asked about.

    `newest` was the asset's newest version then: a newer one takes the item's place in another request. `was` is the
    version's approval before, which a withdrawal gives back.
    """

    asset_id: AssetId
    version: int
    newest: int
    was: Approval = "none"
    state: ItemState = "open"
    decisions: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class Request:
    """A request. Without `approver_ids` it is Packshot's own and meant for everybody who may approve."""

    id: str
    by: str | None
    items: tuple[Item, ...]
    approver_ids: tuple[str, ...]
    rule: Rule
    due_at: datetime | None
    note: str | None
    at: datetime
    revision: int = 1

    @property
    def state(self) -> ItemState:
        """Open while an item is; then the gravest of what became of its items."""
        found = {one.state for one in self.items}
        return next(one for one in _GRAVEST if one in found)

    def item(self, asset_id: str) -> Item | None:
        """The item of an asset, if it is in the request."""
        return next((one for one in self.items if one.asset_id == asset_id), None)

    def next_reminder(self, after: datetime) -> datetime | None:
        """When its approvers are reminded next: a day before it is due, and when it is."""
        due = (self.due_at - DAY_BEFORE, self.due_at) if self.due_at else ()
        return next((one for one in due if one > after), None)

    def with_item(self, new: Item) -> "Request":
        """With this item instead of the one of the same asset."""
        items = tuple(new if one.asset_id == new.asset_id else one for one in self.items)
        return replace(self, items=items, revision=self.revision + 1)

    def waits_for(self, member_id: str) -> bool:
        """Whether an open item has no decision of this person yet."""
        open_ones = (one for one in self.items if one.state == "open")
        return any(all(each.by != member_id for each in one.decisions) for one in open_ones)


def judged(request: Request, item: Item, judgement: Judgement) -> Item:
    """The item with one more decision, and with its outcome once the rule has one."""
    decisions = (*item.decisions, judgement)
    outcome = verdict(decisions, request.rule, len(request.approver_ids))
    return replace(item, decisions=decisions, state=outcome or "open")


def verdict(decisions: Sequence[Judgement], rule: Rule, approvers: int) -> Outcome | None:
    """What these decisions come to; None while the rule can still go either way.

    Once too few are left to approve, the item is rejected, or, if nobody rejected it, changes are requested.
    """
    if rule == "any":
        return OUTCOME[decisions[0].decision] if decisions else None
    needed = approvers if rule == "all" else rule
    against = [one.decision for one in decisions if one.decision != "approve"]
    if len(decisions) - len(against) >= needed:
        return "approved"
    if len(against) > approvers - needed:
        return "rejected" if "reject" in against else "changes_requested"
    return None


AS_DECISION: Mapping[str, Decision] = {outcome: decision for decision, outcome in OUTCOME.items()}
