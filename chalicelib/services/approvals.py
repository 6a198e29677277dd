"""Requests for approval: ask, decide, withdraw. Each is one transaction, fenced on the request and on every asset it
touches: of two decisions at once the second is judged anew, and a version that came meanwhile is never approved unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import approvals as rules, review
from chalicelib.domain.access import Right
from chalicelib.domain.approvals import AS_DECISION, Item, Judgement, Request, Rule
from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.ids import AssetId
from chalicelib.domain.review import Decision
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, Stale
from chalicelib.models import approvals as rows, assets as asset_rows, base
from chalicelib.ports.context import Context
from chalicelib.services import access, assets, audience, deciding, egress, trails
from chalicelib.services.approval_queue import Told, load
from chalicelib.services.signing import Caller

_TRIES = 6


@dataclass(frozen=True)
class Asked:
    """What a caller asks for; an item without a version means the one that is newest now."""

    items: Sequence[tuple[str, int | None]]
    approver_ids: Sequence[str]
    rule: Rule
    due_at: datetime | None
    note: str | None


def ask(ctx: Context, caller: Caller, asked: Asked) -> tuple[Told, str]:
    """Ask people to approve versions, which are pending from then on; the request and the token of this write.

    Raises:
        NotFound, NotAllowed: an asset is not there for this caller, or not to submit.
        Conflict: an asset is not live, or its version is approved already.
        InvalidInput: an asset comes twice, a version is not there, somebody may not approve, or the rule asks for more
            people than there are.
        Stale: somebody changed an asset at the same moment.
    """
    request, token, writes = prepared(ctx, caller, asked, ctx.new_id())
    try:
        base.transact(writes)
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed an asset at the same moment. Ask again.") from lost
    trails.wake(ctx, caller.workspace)
    return Told(request, request.items, False), token


def prepared(
    ctx: Context, caller: Caller, asked: Asked, request_id: str, **detail: str
) -> tuple[Request, str, list[base.Write]]:
    """The request that `ask` makes, its token, and everything to write for it at once; `detail` is audited with it.

    Raises as `ask`, but for `Stale`.
    """
    found = [access.asset(ctx, caller, asset_id, Right.SUBMIT) for asset_id, _ in asked.items]
    for one in found:
        assets.check_live(one)
    pairs = [_asked_version(ctx, caller, one, asked.items[at][1], at) for at, one in enumerate(found)]
    _check_people(ctx, caller, found, asked)
    if len({one.id for one in found}) < len(found):
        raise InvalidInput("An asset is in a request once.", fields={"items": "has an asset twice"})
    items = tuple(
        Item(AssetId(one.id), version.number, one.newest.number, review.approval_of(one, version))
        for one, version in pairs
    )
    request = Request(
        request_id, caller.member_id, items, tuple(dict.fromkeys(asked.approver_ids)), asked.rule, asked.due_at,
        asked.note, ctx.now(),
    )  # fmt: skip
    writes, token = _as_pending(ctx, caller, pairs, detail)
    writes += [rows.add(caller.workspace, request), _entry(ctx, caller, request, "approval.requested", **detail)]
    _, announced = trails.announcement(ctx, caller.workspace, "approval.requested", f"approval:{request.id}")
    return request, token, [*writes, announced]


def _asked_version(ctx: Context, caller: Caller, asset: Asset, number: int | None, at: int) -> tuple[Asset, Version]:
    bits = caller.rights_on(asset, ctx.now())
    newest = review.newest_for(asset, bits, caller.uploader)
    try:
        version = egress.seen_version(caller, asset, bits, number or (newest.number if newest else 0))
    except NotFound as problem:
        raise InvalidInput(problem.message, fields={f"items.{at}.version": "does not exist"}) from problem
    if review.is_decided(asset, version, "approved"):
        raise Conflict(f"Version {version.number} of “{asset.fields.name}” is approved.", code="already_decided")
    return asset, version


def _check_people(ctx: Context, caller: Caller, found: Sequence[Asset], asked: Asked) -> None:
    people, here = set(asked.approver_ids), audience.of(ctx, caller.workspace)
    wrong = [one for one in people if not all(here.may(one, asset, Right.APPROVE) for asset in found)]
    if wrong:
        raise InvalidInput(
            "Ask people who may approve all of these assets.",
            fields={"approver_ids": f"has {', '.join(sorted(wrong))}, who may not approve all of these"},
        )
    if isinstance(asked.rule, int) and asked.rule > len(people):
        raise InvalidInput("So many people are not asked.", fields={"rule.at_least": f"is more than {len(people)}"})


def _as_pending(
    ctx: Context, caller: Caller, pairs: Sequence[tuple[Asset, Version]], detail: Mapping[str, str]
) -> tuple[list[base.Write], str]:
    writes: list[base.Write] = []
    token = ""
    for asset, version in pairs:
        new = review.noted(asset, version.number, "pending")
        if review.approval_of(asset, version) == "pending":
            writes.append(asset_rows.unchanged(caller.workspace, asset))
            continue
        who = caller.principal.label
        _, token, each = assets.effects(
            ctx, caller.workspace, asset, new, who, "version.submitted", version=version.number, **detail
        )
        writes += each
    return writes, token


def decide(
    ctx: Context, caller: Caller, request_id: str, asset_id: str, decision: Decision, note: str | None,
    version: int | None,
) -> tuple[Told, str]:  # fmt: skip
    """Decide on one item; the request and the token of this write, empty while the rule waits for others.

    Raises:
        NotFound: no such request, or the asset is not in it, for this caller.
        NotAllowed: the caller may not approve the asset, is not asked, or brought the version.
        Conflict: it was decided, withdrawn, or a newer version came: `already_decided`, `withdrawn`, `replaced`.
        Stale: it changed again and again.
    """
    for _ in range(_TRIES):
        told = load(ctx, caller, request_id)
        asset = access.asset(ctx, caller, asset_id, Right.APPROVE)
        item = told.request.item(asset.id)
        if item is None:
            raise NotFound("This asset is not in the request.")
        _check_item(caller, told.request, item, asset, version)
        found = egress.seen_version(caller, asset, caller.rights_on(asset, ctx.now()), item.version)
        deciding.check_may_decide(caller, asset, found)
        judgement = Judgement(caller.member_id, decision, note, ctx.now())
        new = told.request.with_item(rules.judged(told.request, item, judgement))
        writes, token = _decision_writes(ctx, caller, told.request, new, asset, found, note)
        try:
            base.transact(writes)
        except base.ConditionFailed:
            continue
        trails.wake(ctx, caller.workspace)
        return told.with_request(new), token
    raise Stale("Others decide on this at the same moment. Read it again, then repeat your decision.")


def _check_item(caller: Caller, request: Request, item: Item, asset: Asset, version: int | None) -> None:
    if request.approver_ids and caller.member_id not in request.approver_ids:
        raise NotAllowed("You are not asked in this request.", code="not_an_approver")
    if item.state == "withdrawn":
        raise Conflict("This request was withdrawn.", code="withdrawn")
    is_replaced = item.state == "replaced" or (item.state == "open" and asset.newest.number != item.newest)
    if is_replaced or version not in (None, item.version):
        raise Conflict("A newer version came meanwhile. Look at that one.", code="replaced")
    is_over = item.state != "open" or asset.approvals.get(item.version, "pending") != "pending"
    if is_over or any(one.by == caller.member_id for one in item.decisions):
        raise Conflict("This was decided already.", code="already_decided")


def _decision_writes(
    ctx: Context, caller: Caller, old: Request, new: Request, asset: Asset, version: Version, note: str | None
) -> tuple[list[base.Write], str]:
    """The request's row and, with the decision made, everything that a decision changes; else that nothing changed."""
    item = new.item(asset.id)
    assert item is not None
    writes = [
        rows.change(caller.workspace, old, new),
        _entry(
            ctx, caller, new, "approval.decided", asset_id=asset.id, version=version.number,
            decision=item.decisions[-1].decision, note=note,
        ),
    ]  # fmt: skip
    if item.state == "open":
        return [*writes, asset_rows.unchanged(caller.workspace, asset)], ""
    decision = AS_DECISION[item.state]
    changed, also = deciding.outcome(caller, asset, version, decision)
    _, token, each = assets.effects(
        ctx, caller.workspace, asset, changed, caller.principal.label, deciding.action(decision),
        version=version.number, note=note, approval_id=new.id,
    )  # fmt: skip
    return [*writes, *each, *also, deciding.announced(ctx, caller, asset, version, new.id)], token


def withdraw(ctx: Context, caller: Caller, request_id: str) -> tuple[Told, str]:
    """Take the request back: its open versions are again what they were; the request and the token of this write.

    Raises:
        NotFound: no such request for this caller.
        NotAllowed: somebody else made it, and the caller does not manage the library.
        Conflict: it is not open.
        Stale: it changed again and again.
    """
    for _ in range(_TRIES):
        told = load(ctx, caller, request_id)
        old = told.request
        if old.by != caller.member_id and not caller.access.on_library() & Right.MANAGE.bit:
            raise NotAllowed("Who made this request withdraws it, or a manager of the library.", code="not_yours")
        if old.state != "open":
            raise Conflict("This request is over.", code="already_decided")
        gone = tuple(replace(one, state="withdrawn") if one.state == "open" else one for one in old.items)
        new = replace(old, items=gone, revision=old.revision + 1)
        writes, token = _given_back(ctx, caller, old)
        try:
            base.transact(
                [rows.change(caller.workspace, old, new), _entry(ctx, caller, new, "approval.withdrawn"), *writes]
            )
        except base.ConditionFailed:
            continue
        trails.wake(ctx, caller.workspace)
        return told.with_request(new), token
    raise Stale("This request changes all the time. Read it again.")


def _given_back(ctx: Context, caller: Caller, request: Request) -> tuple[list[base.Write], str]:
    """Versions that nobody else asks about are again what they were before they were submitted."""
    writes: list[base.Write] = []
    token = ""
    found = {one.id: one for one in asset_rows.get_many(caller.workspace, [one.asset_id for one in request.items])}
    for item in request.items:
        asset = found.get(item.asset_id)
        if item.state != "open" or asset is None or asset.approvals.get(item.version) != "pending":
            continue
        others = (one for one in rows.about(caller.workspace, asset.id) if one.id != request.id)
        if any(one.version == item.version for other in others if (one := other.item(asset.id))):
            continue
        new = review.noted(asset, item.version, item.was)
        _, token, each = assets.effects(
            ctx, caller.workspace, asset, new, caller.principal.label, "version.withdrawn", version=item.version
        )
        writes += each
    return writes, token


def _entry(ctx: Context, caller: Caller, request: Request, action: str, **detail: object) -> base.Write:
    return trails.entry(ctx, caller.workspace, caller.principal.label, action, f"approval:{request.id}", **detail)
