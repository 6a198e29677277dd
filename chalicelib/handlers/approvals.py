"""Requests for approval: a queue for approvers, the same for one asset's sign-off and for many."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.domain.approvals import MOST_ITEMS, Item
from chalicelib.domain.review import Decision
from chalicelib.errors import NotFound
from chalicelib.handlers import review_shapes as shapes, schemas
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.services import approval_queue, approvals
from chalicelib.services.approval_queue import Told
from chalicelib.services.approvals import Asked

api = Api(__name__)


class ApprovalQuery(schemas.PageQuery):
    """Which requests; `assigned=me` with `state=open` are those that wait for the caller, less what is not live."""

    assigned: Literal["me"] | None = None
    state: shapes.ItemState | None = None


class ItemIn(schemas.Closed):
    """One asset; without a version its newest is meant."""

    asset_id: schemas.Id
    version: int | None = Field(None, ge=1, le=10**9)


class AtLeast(schemas.Closed):
    """So many approve."""

    at_least: int = Field(ge=1, le=50)


class ApprovalIn(schemas.Closed):
    """Who is asked about what."""

    items: list[ItemIn] = Field(min_length=1, max_length=MOST_ITEMS)
    approver_ids: list[schemas.Id] = Field(min_length=1, max_length=50)
    rule: Literal["any", "all"] | AtLeast = "any"
    due_at: schemas.Moment | None = None
    note: schemas.Paragraph | None = None


class DecisionIn(schemas.Closed):
    """A decision; with the version that was looked at, one on any other is refused."""

    asset_id: schemas.Id
    decision: Decision
    note: schemas.Paragraph | None = None
    version: int | None = Field(None, ge=1, le=10**9)


@api.get("/v1/approvals", needs=KNOWN, query=ApprovalQuery, gives=shapes.Approvals)
def list_approvals(call: Call) -> dict[str, Any]:
    """Requests the caller made or is asked in, newest first."""
    query = call.read_query(ApprovalQuery)
    page = schemas.page_of(call, "approvals", query, lambda start: approval_queue.listed(
        call.ctx, call.caller, is_mine=query.assigned == "me", state=query.state, limit=query.limit,
        start=start))  # fmt: skip
    return {"items": [_out(one) for one in page.items], "next": page.next}


@api.post(
    "/v1/approvals", needs=KNOWN, takes=ApprovalIn, gives=shapes.Approval, status=201, indexed=True,
    refuses=(NotFound,),
)  # fmt: skip
def ask_approval(call: Call) -> dict[str, Any]:
    """Ask people to approve versions; needs `submit` on each asset."""
    asked = call.read_body(ApprovalIn)
    rule = asked.rule.at_least if isinstance(asked.rule, AtLeast) else asked.rule
    items = [(one.asset_id, one.version) for one in asked.items]
    return _wrote(
        call, approvals.ask(call.ctx, call.caller, Asked(items, asked.approver_ids, rule, asked.due_at, asked.note))
    )


@api.get("/v1/approvals/{approval_id}", needs=KNOWN, gives=shapes.Approval)
def get_approval(call: Call) -> dict[str, Any]:
    """One request."""
    return _out(approval_queue.load(call.ctx, call.caller, call.path["approval_id"]))


@api.post(
    "/v1/approvals/{approval_id}/decisions", needs=KNOWN, takes=DecisionIn, gives=shapes.Approval, indexed=True
)  # fmt: skip
def decide_approval(call: Call) -> dict[str, Any]:
    """Decide on one asset of a request; needs `approve` on it."""
    approval_queue.load(call.ctx, call.caller, call.path["approval_id"])
    asked = call.read_body(DecisionIn)
    return _wrote(call, approvals.decide(
        call.ctx, call.caller, call.path["approval_id"], asked.asset_id, asked.decision, asked.note,
        asked.version))  # fmt: skip


@api.post("/v1/approvals/{approval_id}/withdraw", needs=KNOWN, gives=shapes.Approval, indexed=True)
def withdraw_approval(call: Call) -> dict[str, Any]:
    """Take a request back; only who made it can, or a manager of the library."""
    return _wrote(call, approvals.withdraw(call.ctx, call.caller, call.path["approval_id"]))


def _wrote(call: Call, result: tuple[Told, str]) -> dict[str, Any]:
    told, token = result
    call.wrote(token)
    return _out(told)


def _out(told: Told) -> dict[str, Any]:
    one = told.request
    return {
        "id": one.id,
        "by": one.by,
        "at": schemas.when(one.at),
        "items": [_item(each) for each in told.items],
        "approver_ids": list(one.approver_ids),
        "rule": {"at_least": one.rule} if isinstance(one.rule, int) else one.rule,
        "due_at": schemas.when(one.due_at),
        "note": one.note,
        "state": one.state,
    }


def _item(one: Item) -> dict[str, Any]:
    return {
        "asset_id": one.asset_id,
        "version": one.version,
        "state": one.state,
        "decisions": [
            {"by": each.by, "decision": each.decision, "note": each.note, "at": schemas.when(each.at)}
            for each in one.decisions
        ],
    }
