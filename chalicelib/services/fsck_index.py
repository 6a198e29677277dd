"""The last part of a check: the search index against the tables, as cards, as counts, and as each member sees it."""

import hashlib
import json
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.domain import cards, documents
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.findings import Finding
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.domain.queries import Ask, Everything, FacetAsk
from chalicelib.domain.reach import Reach, Sight
from chalicelib.errors import UpstreamUnavailable
from chalicelib.models import members, outbox, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import signing
from chalicelib.services.fsck_rows import Ledger
from chalicelib.services.search import FACETS
from chalicelib.services.signing import Caller

_PAGE = 500
_MOST_WAITING = 10_000
_MOST_MEMBERS = 50
_EVERY = 10_000_000


@dataclass
class Expected:
    """What the index has to hold, gathered while the assets are read."""

    callers: Mapping[str, Caller]
    now_s: int
    digests: dict[AssetId, bytes] = field(default_factory=dict)
    values: Mapping[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FACETS})
    seen: Counter[str] = field(default_factory=Counter)


def begin(ctx: Context, workspace: WorkspaceId) -> Expected:
    """An empty expectation; up to 50 members are looked through."""
    current = workspaces.get(workspace)
    found: dict[str, Caller] = {}
    for one in members.every(workspace)[:_MOST_MEMBERS] if current else ():
        caller = signing.of_maker(ctx, current, one.id, None) if current else None
        if caller is not None:
            found[one.id] = caller
    return Expected(found, int(ctx.now().timestamp()))


def expect(ctx: Context, expected: Expected, asset: Asset) -> None:
    """One asset more."""
    expected.digests[asset.id] = _digest(cards.card(asset))
    content = documents.content(asset)
    for name, values in expected.values.items():
        values.update(documents.exact(one) for one in content.exact.get(name, ()))
    for member_id, caller in expected.callers.items():
        if caller.access.on_asset(asset.resource, ctx.now()) & Right.VIEW.bit:
            expected.seen[member_id] += 1


def look(ctx: Context, ledger: Ledger, expected: Expected) -> Iterator[Finding]:
    """Findings in the index. Assets with changes that it is still to be told of are left out."""
    about = f"index:{ledger.workspace}"
    try:
        yield from _look(ctx, ledger, expected, about)
    except UpstreamUnavailable as problem:
        if problem.code != "index_damaged":
            raise
        yield Finding("index_damaged", about, problem.message)


def _look(ctx: Context, ledger: Ledger, expected: Expected, about: str) -> Iterator[Finding]:
    state = ctx.search.state(ledger.workspace)
    if not state.is_sound:
        yield Finding("index_damaged", about, "It cannot be read.")
        return
    waiting = outbox.to_index(ledger.workspace, ctx.now(), _MOST_WAITING)
    late = [one for one in waiting if one.at < ledger.settled]
    if late:
        yield Finding("index_behind", about, f"{len(late)} changes wait for it, the oldest since {late[0].at}.")
    if state.generation == 0:
        if expected.digests and not waiting:
            yield Finding("index_missing", about, f"There is none, and {len(expected.digests)} assets are there.")
        return
    left_out = {one.asset_id for one in waiting if one.asset_id is not None}
    generation = yield from _cards(ctx, ledger.workspace, expected, left_out)
    if not waiting:
        yield from _counts(ctx, ledger.workspace, expected, generation, about)
        yield from _rights(ctx, ledger.workspace, expected, generation)


def _cards(
    ctx: Context, workspace: WorkspaceId, expected: Expected, left_out: set[AssetId]
) -> Generator[Finding, None, int | None]:
    """Compare card by card; gives the generation that was looked at."""
    newest = ctx.search.state(workspace).generation
    left, skip, generation = dict(expected.digests), 0, None
    while True:
        ask = Ask(Everything(), _all(expected), "uploaded", _PAGE, skip, generation, at_least=newest)
        found = ctx.search.find(workspace, ask)
        generation = found.generation
        for card in found.cards:
            asset_id = AssetId(str(card["id"]))
            right = left.pop(asset_id, None)
            if asset_id not in left_out and right != _digest(card):
                words = "holds it as it was before" if right else "holds it, and it is not there"
                yield Finding("index_differs", f"asset:{asset_id}", f"The search index {words}.")
        skip += len(found.cards)
        if not found.cards or skip >= found.total:
            break
    for asset_id in left:
        if asset_id not in left_out:
            yield Finding("index_differs", f"asset:{asset_id}", "The search index does not hold it.")
    return generation


def _counts(
    ctx: Context, workspace: WorkspaceId, expected: Expected, generation: int | None, about: str
) -> Iterator[Finding]:
    facets = {name: FacetAsk(Everything(), limit=_EVERY) for name in FACETS}
    found = ctx.search.find(workspace, Ask(Everything(), _all(expected), limit=1, generation=generation, facets=facets))
    for name, right in expected.values.items():
        told = Counter({documents.exact(value): count for value, count in found.facets[name]})
        for value in sorted((told - right) | (right - told)):
            words = f"The search index counts {told[value]} assets with {name} “{value}”; there are {right[value]}."
            yield Finding("index_counts", f"{about}:{name}", words)


def _rights(ctx: Context, workspace: WorkspaceId, expected: Expected, generation: int | None) -> Iterator[Finding]:
    for member_id, caller in expected.callers.items():
        sight = caller.access.sight(ctx.now())
        total = ctx.search.find(workspace, Ask(Everything(), sight, limit=1, generation=generation)).total
        if total != expected.seen[member_id]:
            words = f"A search shows {total} assets to them; {expected.seen[member_id]} are theirs to see."
            yield Finding("index_rights", f"member:{member_id}", words)


def _all(expected: Expected) -> Sight:
    everything = Reach(allow=None)
    return Sight(everything, everything, expected.now_s)


def _digest(card: Mapping[str, object]) -> bytes:
    text = json.dumps(card, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
