"""What a half-written word could become: keywords, SKUs, collections and saved searches that the caller may know of."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.documents import exact
from chalicelib.domain.queries import Ask
from chalicelib.domain.tokens import fold
from chalicelib.ports.context import Context
from chalicelib.services import indexing, saved_searches, search
from chalicelib.services.signing import Caller

_EACH = 6


@dataclass(frozen=True)
class Suggestion:
    """One offer. `kind`: keyword, sku, collection or search; `id` for the last two, `q` what a saved search asks."""

    kind: str
    text: str
    count: int
    id: str | None = None
    q: str | None = None


def suggest(ctx: Context, caller: Caller, written: str, limit: int) -> list[Suggestion]:
    """Offers for what was written, commonest first within their kind; at most `limit`. Counts are of live assets."""
    prefix = exact(written)
    if not prefix:
        return []
    seen = search.sight(ctx, caller)
    among = Ask(search.live(caller), seen.sight, limit=_EACH, at_least=seen.at_least)
    offers = [*_collections(caller, prefix)][:_EACH]
    for kind in ("keyword", "sku"):
        with indexing.rebuilt_if_damaged(ctx, caller.workspace):
            values = ctx.search.suggest(caller.workspace, kind, prefix, among)
        offers += [Suggestion(kind, value, count) for value, count in values]
    known = saved_searches.listed(caller)
    offers += [
        Suggestion("search", one.name, search.count(ctx, caller, one.q), one.id, one.q)
        for one in known
        if _begins(one.name, prefix)
    ][:_EACH]
    return offers[:limit]


def _collections(caller: Caller, prefix: str) -> Iterator[Suggestion]:
    for one in caller.tree.by_id.values():
        if one.id in caller.collections_seen and one.name and _begins(one.name, prefix):
            yield Suggestion("collection", caller.path(one.id), 0, str(one.id))


def _begins(name: str, prefix: str) -> bool:
    """Whether the name, or a word of it, begins so."""
    folded = fold(name)
    return folded.startswith(prefix) or any(word.startswith(prefix) for word in folded.split())
