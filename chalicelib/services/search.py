"""Search for people and programs: only what the caller may see is found, counted, suggested or told of.

Rights are part of the question that goes to the index, so hits, total and facets come from one set. Assets that lost
access a moment ago are left out by the not-yet-indexed set until the index holds the change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain import cards, sight_found
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.documents import exact
from chalicelib.domain.ids import ROOT, AssetId, CollectionId
from chalicelib.domain.queries import All, Ask, FacetAsk, Found, Node, Not, Term
from chalicelib.domain.reach import Sight
from chalicelib.domain.search import parse
from chalicelib.domain.search_tree import ANY, asks_words, names_state, resolve, usable_at, without_field
from chalicelib.models import assets, outbox, unindexed
from chalicelib.ports.context import Context
from chalicelib.services import indexing
from chalicelib.services.signing import Caller

FACETS = (
    "collection", "keyword", "auto_tag", "type", "format", "approval", "state", "shot_type", "color", "orientation",
    "aspect", "background", "year",
)  # fmt: skip
MOST_VALUES = 100
"""Values of a facet that are told, commonest first."""

_LIVE = Term("state", ("live",))


@dataclass(frozen=True)
class Request:
    """One search. `sort` None is by relevance where there are words, else newest first; `generation` pins a state."""

    q: str
    sort: str | None = None
    limit: int = 50
    skip: int = 0
    generation: int | None = None
    facets: tuple[str, ...] = ()
    fresh_for: str | None = None


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet with the number of found assets that have it; `label` where the value is an id."""

    value: str
    count: int
    label: str | None = None


@dataclass(frozen=True)
class Results:
    """What was found: assets as their cards know them, exact counts, and the generation that answered.

    `seen`: by asset id, the words for what a model sees in it by which it was found, or was found as well.
    `fresh`: whether that generation holds the write the caller asked about; None when it asked about none.
    """

    assets: tuple[Asset, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    generation: int
    fresh: bool | None
    seen: Mapping[str, tuple[str, ...]]


def find(ctx: Context, caller: Caller, request: Request) -> Results:
    """Answer a search.

    Raises:
        BadQuery: the text cannot be understood.
        Gone: the pinned generation is not held any more.
    """
    asked, wanted = question(ctx, caller, request.q)
    token, holder = request.fresh_for, 0
    message = outbox.get(caller.workspace, token) if token else None
    if message is not None and message.generation is not None:
        holder = message.generation
    seen = sight(ctx, caller)
    with indexing.rebuilt_if_damaged(ctx, caller.workspace):
        found = ctx.search.find(
            caller.workspace,
            Ask(
                query=wanted,
                sight=seen.sight,
                sort=request.sort or ("relevance" if asks_words(asked) else "-uploaded"),
                limit=request.limit,
                skip=request.skip,
                generation=request.generation,
                at_least=max(holder, seen.at_least),
                facets={name: _facet(caller, asked, name) for name in request.facets},
            ),
        )
    is_held = message is None or message.asset_id is None or (bool(holder) and holder <= found.generation)
    hits = tuple(cards.asset_of(one) for one in found.cards)
    caller.look_at([one.id for one in hits])
    return Results(
        assets=hits if found.is_newest else _still_seen(ctx, caller, hits),
        total=found.total,
        facets={name: _values(caller, name, found) for name in request.facets},
        generation=found.generation,
        fresh=is_held if token else None,
        seen={str(one["id"]): sight_found.through(asked, cards.seen_of(one)) for one in found.cards},
    )


def question(ctx: Context, caller: Caller, q: str) -> tuple[Node, Node]:
    """What a text asks at this moment, and the same as it is put to the index: without what is not there for it.

    Raises `BadQuery`.
    """
    asked = resolve(parse(q, ctx.now()), {"collection": within(caller), "owner": _owner(caller)})
    asked = usable_at(asked, int(ctx.now().timestamp()))
    return asked, _of_the_living(caller, asked if names_state(asked) else All((asked, _LIVE)))


def count(ctx: Context, caller: Caller, q: str) -> int:
    """How many assets a search finds. Raises `BadQuery`."""
    return find(ctx, caller, Request(q, limit=1)).total


@dataclass(frozen=True)
class Seen:
    """What the caller may see, in an index of this generation at least."""

    sight: Sight
    at_least: int


def sight(ctx: Context, caller: Caller) -> Seen:
    """What the caller may see now, without what an index may still show by mistake."""
    narrowed = unindexed.every(caller.workspace)
    hidden = frozenset(one for one, state in narrowed.items() if state.generation is None)
    held = [state.generation for state in narrowed.values() if state.generation is not None]
    return Seen(caller.access.sight(ctx.now(), hidden), max(held, default=0))


def within(caller: Caller) -> Callable[[str], tuple[str, ...]]:
    """Look a written collection up: by id, or by its path as this caller sees it; with all that is below it.

    What the caller may not see is not there.
    """

    def look_up(written: str) -> tuple[str, ...]:
        tree = caller.tree
        seen = [one for one in tree.by_id.values() if one.id in caller.collections_seen]
        if written == ANY:
            return tuple(str(one.id) for one in seen if one.id != ROOT and tree.is_live(one.id))
        path = exact(written.strip("/"))
        named = [one.id for one in seen if one.id == written or (path and exact(caller.path(one.id)) == path)]
        if written in ("root", str(ROOT)):
            named = [ROOT]
        below = (each.id for top in named for each in tree.subtree(top) if tree.is_live(each.id))
        return tuple(dict.fromkeys(str(one) for one in below))

    return look_up


def _owner(caller: Caller) -> Callable[[str], tuple[str, ...]]:
    return lambda written: (caller.principal.id if written == "me" else written,)


def live(caller: Caller) -> Node:
    """Every asset that is neither archived nor trashed."""
    return _of_the_living(caller, _LIVE)


def _of_the_living(caller: Caller, node: Node) -> Node:
    """Without assets that the index still holds as live though each of their collections is in the trash.

    Their rows are brought in line after the collection's deletion; until then nobody finds them. For a visitor of
    a share nothing but live assets is there at all.
    """
    if caller.share is not None:
        node = All((node, _LIVE))
    if not caller.tree.dead:
        return node
    dead = tuple(str(one) for one in caller.tree.dead)
    living = Term("collection", tuple(str(one) for one in caller.tree.living))
    stranded = All((Term("collection", dead), Not(living), Not(Term("state", ("trashed",)))))
    return All((node, Not(stranded)))


def _facet(caller: Caller, asked: Node, name: str) -> FacetAsk:
    others = without_field(asked, name)
    query = _of_the_living(caller, others if name == "state" or names_state(asked) else All((others, _LIVE)))
    if name != "collection":
        return FacetAsk(query, limit=MOST_VALUES)
    return FacetAsk(query, only=caller.collections_seen, limit=MOST_VALUES)


def _values(caller: Caller, name: str, found: Found) -> tuple[FacetValue, ...]:
    if name != "collection":
        return tuple(FacetValue(value, count) for value, count in found.facets[name])
    path = caller.path
    return tuple(FacetValue(value, count, path(CollectionId(value))) for value, count in found.facets[name])


def _still_seen(ctx: Context, caller: Caller, hits: tuple[Asset, ...]) -> tuple[Asset, ...]:
    """Of an older state, what may be seen today: a change since then may have taken an asset away."""
    now = ctx.now()
    rows = {one.id: one for one in assets.get_many(caller.workspace, [AssetId(one.id) for one in hits])}
    return tuple(
        one for one in hits if one.id in rows and caller.access.on_asset(rows[one.id].resource, now) & Right.VIEW.bit
    )
