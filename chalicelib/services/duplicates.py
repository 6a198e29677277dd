"""The inbox of near duplicates: found as pictures arrive, decided by people, asked again only if somebody says so.

A pair is kept once, whatever happens to the two; the inbox leaves out those that are none any more, and no listing has
those of which the caller does not see both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain import duplicates as rules, prints
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.duplicates import Decision, Pair, State
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId
from chalicelib.domain.pages import Page
from chalicelib.domain.reach import Reach, Sight
from chalicelib.errors import Conflict, NotAllowed, NotFound, Stale
from chalicelib.models import assets as asset_rows, base, credentials, duplicates, members, outbox
from chalicelib.ports.context import Context
from chalicelib.services import access, alike, assets, sighting, trails
from chalicelib.services.memberships import MOST_COLLECTIONS
from chalicelib.services.signing import Caller

_MOST_PAIRS = 3
"""Of one arrival: of a thousand equal pictures each makes a few pairs, not a thousand."""
_EVERYTHING = Reach(allow=None)
_ARRIVED_S = 60


@dataclass(frozen=True)
class Told:
    """A pair with its two assets, and in how many bits their prints differ."""

    pair: Pair
    assets: tuple[Asset, Asset]
    bits: int


@dataclass(frozen=True)
class Merged:
    """Which asset was kept, which lies in the trash with its versions, and what undoing it takes: the kept one's
    fields as they were, and the collections it was put into.
    """

    kept: Asset
    trashed: Asset
    before: Mapping[str, Any]
    put_into: tuple[CollectionId, ...]
    token: str


def to_compare(messages: Iterable[outbox.Message], found: Iterable[Asset]) -> list[Asset]:
    """Those of the assets that have a new print to be shown by: one of the messages tells of the version that
    everybody is shown, or that a version that was here before has got its print.
    """
    told: dict[AssetId, list[outbox.Message]] = {}
    for one in messages:
        if one.asset_id is not None:
            told.setdefault(one.asset_id, []).append(one)
    return [
        asset
        for asset in found
        if (version := prints.shown_to_all(asset)) is not None
        and any(
            one.kind == sighting.PRINTED or (one.at - version.at).total_seconds() < _ARRIVED_S
            for one in told.get(asset.id, ())
        )
    ]


def notice(ctx: Context, workspace: WorkspaceId, found: Iterable[Asset], generation: int) -> None:
    """Keep a pair for each of these live assets and what nearly is the same in the index, at most three an asset.

    Safe to repeat. `generation` is one that holds the assets.
    """
    sight = Sight(_EVERYTHING, _EVERYTHING, int(ctx.now().timestamp()))
    for asset in found:
        print_ = prints.print_in(prints.shown_to_all(asset))
        if print_ is None or asset.state != "live":
            continue
        near = alike.near(ctx, workspace, print_, sight, at_least=generation, most_bits=prints.NEAR)
        others = [one.asset.id for one in near if one.asset.id != asset.id]
        rows = asset_rows.get_many(workspace, others[: 4 * _MOST_PAIRS])
        same = [one for one in rows if rules.bits_apart(asset, one) is not None]
        for other in same[:_MOST_PAIRS]:
            duplicates.note(workspace, rules.pair(asset.id, other.id, ctx.now()))


def listed(ctx: Context, caller: Caller, state: State, *, limit: int, start: Any) -> Page[Told]:
    """Pairs that the caller may view both of: those that wait, newest first, or all that were decided, lately decided
    first. A page may be short and still have a next.
    """
    page = duplicates.page(caller.workspace, state, limit=limit, start=start)
    wanted = list(dict.fromkeys(one for pair in page.items for one in (pair.first, pair.second)))
    rows: dict[str, Asset] = {}
    for at in range(0, len(wanted), 100):
        rows |= {one.id: one for one in asset_rows.get_many(caller.workspace, wanted[at : at + 100])}
    told = (_told(ctx, caller, pair, rows, is_any=state == "decided") for pair in page.items)
    return Page([one for one in told if one is not None], page.next)


def deciders(caller: Caller, found: Iterable[Told]) -> dict[str, str]:
    """What the members and keys that decided these pairs are called now, by `by`; what is gone is left out."""
    by = {one.pair.by for one in found if one.pair.by is not None}
    people = sorted(one.removeprefix("member:") for one in by if one.startswith("member:"))
    names = {f"member:{one.id}": one.name for one in members.get_many(caller.workspace, people).values()}
    for label in sorted(one for one in by if one.startswith("key:")):
        key = credentials.find(label.removeprefix("key:"))
        if key is not None and key.workspace == caller.workspace:
            names[label] = key.name
    return names


def find(ctx: Context, caller: Caller, pair_id: str) -> Told:
    """A pair, open or decided, as long as the caller may view both. Raises `NotFound`."""
    pair = duplicates.get(caller.workspace, pair_id)
    rows = asset_rows.get_many(caller.workspace, [pair.first, pair.second]) if pair else []
    told = _told(ctx, caller, pair, {one.id: one for one in rows}, is_any=True) if pair else None
    if told is None:
        raise NotFound("There is no such pair.")
    return told


def _told(ctx: Context, caller: Caller, pair: Pair, rows: Mapping[str, Asset], *, is_any: bool = False) -> Told | None:
    if pair.first not in rows or pair.second not in rows:
        return None
    two = settled(rows[pair.first], caller.tree), settled(rows[pair.second], caller.tree)
    now = ctx.now()
    if not all(caller.rights_on(one, now) & Right.VIEW.bit for one in two):
        return None
    bits = rules.bits_apart(*two)
    if not is_any and (bits is None or any(one.state != "live" for one in two)):
        return None
    return Told(pair, two, prints.BITS if bits is None else bits)


def decide(ctx: Context, caller: Caller, told: Told, decision: Decision) -> Merged | None:
    """Decide an open pair; the same decision again changes nothing. What a merge has done, else None.

    A merge keeps the older asset with the metadata and collections of both; the other goes to the trash with its
    versions, from where it can be restored.

    Raises:
        NotAllowed: the caller may not edit both, or, to merge, not delete the other or upload to its collections.
        Conflict: it was decided otherwise, an asset is not live, or both lie in too many collections.
        Stale: an asset or the pair changed at the same moment.
    """
    for one in told.assets:
        access.authorize(Right.EDIT, caller.rights_on(one, ctx.now()), "pair")
    if told.pair.decision == decision:
        return None
    if told.pair.decision is not None:
        raise Conflict("Somebody has decided this pair already.", code="decided")
    pair, by = told.pair, caller.principal.label
    merged, writes = _merged(ctx, caller, told.assets) if decision == "merge" else (None, [])
    entry = trails.entry(
        ctx, caller.workspace, by, f"duplicate.{decision}", f"duplicate:{pair.id}",
        assets=[pair.first, pair.second],
    )  # fmt: skip
    try:
        decided = duplicates.decide(caller.workspace, pair.id, decision, by, ctx.now())
        base.transact([decided, entry, *writes])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost
    if merged is not None:
        trails.wake(ctx, caller.workspace)
    return merged


def reopen(ctx: Context, caller: Caller, told: Told) -> None:
    """Take a decision back, so that the pair waits in the inbox again. What a merge has done stays done.

    Raises:
        NotAllowed: the caller may not edit both.
        Conflict: it waits already, an asset is not live, or the two do not look alike any more.
        Stale: the pair changed at the same moment.
    """
    for one in told.assets:
        access.authorize(Right.EDIT, caller.rights_on(one, ctx.now()), "pair")
    if told.pair.decision is None:
        raise Conflict("This pair is open.", code="not_decided")
    for one in told.assets:
        assets.check_live(one)
    if rules.bits_apart(*told.assets) is None:
        raise Conflict("These two do not look alike any more, so there is nothing to decide.", code="not_alike")
    entry = trails.entry(
        ctx, caller.workspace, caller.principal.label, "duplicate.reopened", f"duplicate:{told.pair.id}",
        assets=[told.pair.first, told.pair.second], was=told.pair.decision,
    )  # fmt: skip
    try:
        base.transact([duplicates.reopen(caller.workspace, told.pair), entry])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost


def _merged(ctx: Context, caller: Caller, two: tuple[Asset, Asset]) -> tuple[Merged, Sequence[base.Write]]:
    kept, other = rules.elder(*two)
    for one in two:
        assets.check_live(one)
    access.authorize(Right.DELETE, caller.rights_on(other, ctx.now()), "pair")
    united = rules.united(kept, other)
    new_homes = united.collection_ids[len(kept.collection_ids) :]
    if not all(caller.access.on_collection(one) & Right.UPLOAD.bit for one in new_homes if one in caller.tree.living):
        raise NotAllowed(
            "This needs the right “upload” in every collection of the other picture.",
            fields={"right": str(Right.UPLOAD)},
        )
    if len(united.collection_ids) > MOST_COLLECTIONS:
        raise Conflict(f"Together they are in more than {MOST_COLLECTIONS} collections.", code="too_many_collections")
    by, before = caller.principal.label, rules.before(kept, united)
    new, token, writes = assets.effects(
        ctx, caller.workspace, kept, united, by, "asset.merged", other=other.id, before=before
    )
    gone, _, more = assets.effects(
        ctx, caller.workspace, other, replace(other, state="trashed"), by, "asset.trashed", merged_into=kept.id
    )
    return Merged(new, gone, before, new_homes, token), [*writes, *more]
