"""Decisions on a version: approve, reject, ask for changes."""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.access import Right
from chalicelib.domain.review import Decision
from chalicelib.handlers import answers, asset_shapes as shapes, schemas
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.services import assets, deciding

api = Api(__name__)
_APPROVES = Needs("asset", Right.APPROVE)


class ApproveIn(schemas.Closed):
    """What to say with it."""

    note: schemas.Paragraph | None = None


class ChangesIn(schemas.Closed):
    """What is to change."""

    note: schemas.Paragraph


@api.post(
    "/v1/assets/{asset_id}/versions/{number}/approve", needs=_APPROVES, takes=ApproveIn, gives=shapes.Asset,
    if_match=True, indexed=True,
)  # fmt: skip
def approve_version(call: Call) -> dict[str, Any]:
    """Approve any version: from then on it is the one that is shown and handed out."""
    return _decided(call, "approve", lambda: call.read_body(ApproveIn).note)


@api.post(
    "/v1/assets/{asset_id}/versions/{number}/reject", needs=_APPROVES, takes=schemas.Reason, gives=shapes.Asset,
    if_match=True, indexed=True,
)  # fmt: skip
def reject_version(call: Call) -> dict[str, Any]:
    """Reject a version, with a reason; an approved one is no longer approved."""
    return _decided(call, "reject", lambda: call.read_body(schemas.Reason).reason)


@api.post(
    "/v1/assets/{asset_id}/versions/{number}/request-changes", needs=_APPROVES, takes=ChangesIn, gives=shapes.Asset,
    if_match=True, indexed=True,
)  # fmt: skip
def request_changes(call: Call) -> dict[str, Any]:
    """Ask for changes to a version; an approved one is no longer approved."""
    return _decided(call, "request_changes", lambda: call.read_body(ChangesIn).note)


def _decided(call: Call, decision: Decision, read_note: Callable[[], str | None]) -> dict[str, Any]:
    assets.check_live(call.resource)
    call.check_etag(str(call.resource.revision))
    number = schemas.version_number(call)
    changed, token = deciding.decide(call.ctx, call.caller, call.resource, number, decision, read_note())
    call.wrote(token)
    return answers.asset_out(call, changed)
