"""One change to many assets: a job that makes of each asset what the same change by hand would, and its dry run.

Each asset is one transaction together with the job's progress, so no crash does one twice or forgets one, and the audit
entry in it knows the batch and what was before. The job itself is in `bulk_work.py`, taking it back in `undoing.py`.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain import undoing
from chalicelib.domain.access import Right
from chalicelib.domain.approvals import Rule
from chalicelib.domain.assets import Asset, Fields, settled, unite
from chalicelib.domain.ids import AssetId
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, PackshotError
from chalicelib.models import assets as rows, base
from chalicelib.ports.context import Context
from chalicelib.services import access, acting, approvals, assets, jobs, memberships, selections
from chalicelib.services.approvals import Asked
from chalicelib.services.selections import Selection
from chalicelib.services.signing import Caller

BULK = "bulk"
NO = (NotAllowed, NotFound, Conflict, InvalidInput)
"""How an asset refuses a change; the rest goes on."""
_SAMPLE, _ROWS, _TOLD = 20, 100, 200


@dataclass(frozen=True)
class Submission:
    """Whom to ask for approval, as in a request by hand."""

    approver_ids: tuple[str, ...]
    rule: Rule
    due_at: datetime | None
    note: str | None


@dataclass(frozen=True)
class Change:
    """What is to become of each asset. `values` gives the fields to set for an asset that has these."""

    values: Callable[[Fields], Mapping[str, Any]] | None = None
    add_keywords: tuple[str, ...] = ()
    remove_keywords: tuple[str, ...] = ()
    add_to: tuple[str, ...] = ()
    remove_from: tuple[str, ...] = ()
    archive: str | None = None
    submit: Submission | None = None
    trash: Literal["in", "out"] | None = None
    """Into the trash or out of it; nothing else goes along with that."""

    @property
    def action(self) -> str:
        """What the audit trail calls it."""
        return {None: "asset.edited", "in": "asset.trashed", "out": "asset.restored"}[self.trash]

    @property
    def needs(self) -> tuple[Right, ...]:
        """The rights on the asset that it takes."""
        wanted = {
            Right.EDIT: self.values or self.add_keywords or self.remove_keywords,
            Right.MOVE: self.add_to or self.remove_from,
            Right.ARCHIVE: self.archive is not None,
            Right.SUBMIT: self.submit,
            Right.DELETE: self.trash,
        }
        return tuple(right for right, is_wanted in wanted.items() if is_wanted)


@dataclass(frozen=True)
class Trial:
    """What a change would do: to how many assets, how many refuse it and why, and to some of them in detail.

    `keywords` and `collections` are what they have now, with how many have it, as far as the caller sees them.
    """

    count: int
    refused: int
    reasons: tuple["Reason", ...]
    sample: tuple["Sample", ...]
    keywords: tuple[tuple[str, int], ...] = ()
    collections: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why some of the assets refuse: the words of the first of them."""

    code: str
    detail: str
    count: int


@dataclass(frozen=True)
class Sample:
    """One asset as it would be changed, or why not."""

    asset_id: str
    name: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    problem: PackshotError | None = None


def start(
    ctx: Context, caller: Caller, selection: Selection, told: Mapping[str, Any], seed: str | None
) -> tuple[str, int]:
    """Queue a change of what the selection is now; the job's id and how many assets. `told` is the change as asked.

    Raises `BadQuery` and `InvalidInput` as `selections.fixed`, and for more text than an asset holds.
    """
    if len(json.dumps(told)) > assets.MAX_FIELDS_BYTES:
        raise InvalidInput("This is too much text for one asset.", code="too_much_text")
    ids = selections.fixed(ctx, caller, selection)
    request = {
        "set": selections.keep(ctx, caller.workspace, ids),
        "caller": dict(acting.kept(caller)),
        "change": dict(told),
    }
    who = caller.principal.label
    return jobs.start(ctx, caller.workspace, who, BULK, request, total=len(ids), job_id=seed), len(ids)


def check_places(caller: Caller, change: Change) -> None:
    """Raise `NotFound` or `NotAllowed` for a collection that this caller can put nothing into, or does not see."""
    for place in change.add_to:
        access.collection(caller, place, Right.UPLOAD)
    for place in change.remove_from:
        access.collection(caller, place, Right.SEE)


def attempt(ctx: Context, caller: Caller, selection: Selection, change: Change | None) -> Trial:
    """What `start` with this change would do now, or only what is there; nothing is written. Raises as `start`."""
    ids = selections.fixed(ctx, caller, selection)
    reasons, sample, there = dict[str, Reason](), list[Sample](), _There()
    for step in (ids[at : at + _ROWS] for at in range(0, len(ids), _ROWS)):
        found = {one.id: settled(one, caller.tree) for one in rows.get_many(caller.workspace, step)}
        there.add(ctx, caller, found.values())
        if change is None:
            continue
        for asset_id in step:
            one = _sample(ctx, caller, asset_id, found.get(asset_id), change)
            if one.problem is not None:
                first = reasons.get(one.problem.code) or Reason(one.problem.code, one.problem.message, 0)
                reasons[first.code] = replace(first, count=first.count + 1)
            if len(sample) < _SAMPLE:
                sample.append(one)
    why = sorted(reasons.values(), key=lambda each: -each.count)
    return Trial(
        len(ids), sum(each.count for each in why), tuple(why), tuple(sample), there.keywords(), there.collections()
    )


class _There:
    """Which keywords and collections the assets have, the most frequent first; a keyword is one whatever its case."""

    def __init__(self) -> None:
        self._words, self._places, self._written = Counter[str](), Counter[str](), dict[str, str]()

    def add(self, ctx: Context, caller: Caller, found: Iterable[Asset]) -> None:
        now = ctx.now()
        for one in found:
            if not caller.rights_on(one, now) & Right.VIEW.bit:
                continue
            for word in one.fields.keywords:
                self._written.setdefault(word.casefold(), word)
            self._words.update({word.casefold() for word in one.fields.keywords})
            self._places.update(
                place for place in one.collection_ids
                if place in caller.tree.living and caller.access.on_collection(place) & Right.SEE.bit
            )  # fmt: skip

    def keywords(self) -> tuple[tuple[str, int], ...]:
        return tuple((self._written[word], count) for word, count in self._words.most_common(_TOLD))

    def collections(self) -> tuple[tuple[str, int], ...]:
        return tuple(self._places.most_common(_TOLD))


def _sample(ctx: Context, caller: Caller, asset_id: AssetId, asset: Asset | None, change: Change) -> Sample:
    try:
        if asset is None:
            raise NotFound("There is no such asset.")
        new, _ = changed(ctx, caller, asset, change)
        if change.submit is not None:
            approvals.prepared(ctx, caller, asked_for([asset_id], change.submit), "")
    except NO as problem:
        is_seen = asset is not None and caller.rights_on(asset, ctx.now()) & Right.SEE.bit
        return Sample(asset_id, asset.fields.name if asset and is_seen else None, {}, {}, problem)
    before, after = undoing.difference(asset, new)
    return Sample(asset_id, asset.fields.name, assets.plain(before), assets.plain(after))


def changed(ctx: Context, caller: Caller, asset: Asset, change: Change) -> tuple[Asset, list[base.Write]]:
    """The asset after the change, all of it, and what must still hold when that is written.

    Raises `NotFound`, `NotAllowed`, `Conflict` and `InvalidInput` as the same acts by hand.
    """
    bits = caller.rights_on(asset, ctx.now())
    for right in change.needs:
        access.authorize(right, bits, "asset")
    if change.trash is not None:
        return (assets.trashed(asset) if change.trash == "in" else assets.restored(caller, asset)), []
    assets.check_live(asset)
    new = assets.edited(caller, asset, _values(asset.fields, change))
    new, also = memberships.moved(caller, new, change.add_to, change.remove_from)
    return (new if change.archive is None else assets.archived(new, change.archive)), also


def _values(fields: Fields, change: Change) -> dict[str, Any]:
    values = dict(change.values(fields)) if change.values else {}
    if change.add_keywords or change.remove_keywords:
        gone = {one.casefold() for one in change.remove_keywords}
        words = unite(values.get("keywords", fields.keywords), change.add_keywords)
        values["keywords"] = tuple(one for one in words if one.casefold() not in gone)
    return values


def asked_for(ids: Sequence[str], wanted: Submission) -> Asked:
    """The request for approval of these assets, in their newest versions."""
    return Asked([(one, None) for one in ids], wanted.approver_ids, wanted.rule, wanted.due_at, wanted.note)
