"""Search: find, suggest, follow changes."""

from typing import Any, Literal

from pydantic import Field

from chalicelib import errors
from chalicelib.domain import sealing
from chalicelib.handlers import answers, schemas, search_shapes as shapes
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.services import changes, search, suggestions

api = Api(__name__)
MOST_SKIPPED = 1_000_000
_FACETS = "^(,|({})(,|$))*$".format("|".join(search.FACETS))
Sort = Literal[
    "relevance", "name", "-name", "uploaded", "-uploaded", "taken", "-taken", "size", "-size", "rating", "-rating",
    "position",
]  # fmt: skip


class SearchQuery(schemas.Closed):
    """What is looked for, and which part of the answer is wanted."""

    q: str = Field("", description="The query; its grammar is in `docs/search.md`.")
    sort: Sort | None = Field(None, description="Relevance where there are words, else `-uploaded`.")
    limit: int = Field(50, ge=1, le=200)
    from_: int = Field(0, ge=0, le=MOST_SKIPPED, alias="from", description="Index of the first item.")
    snapshot: str | None = Field(None, max_length=500, description="Of an earlier answer: windows do not shift.")
    cursor: str | None = Field(None, max_length=4000)
    facets: str = Field(
        "", max_length=500, description="Fields to count, with commas.", json_schema_extra={"pattern": _FACETS}
    )
    fresh_for: str | None = Field(None, max_length=80, description="The `Packshot-Token` of a write.")


class SuggestQuery(schemas.Closed):
    """A word that is being written."""

    q: str = Field("", max_length=200)
    limit: int = Field(10, ge=1, le=50)


class ChangesQuery(schemas.Closed):
    """Where the feed was read to."""

    since: str | None = Field(None, max_length=9_000)


@api.get("/v1/search", needs=KNOWN, for_shares=True, query=SearchQuery, gives=shapes.Found, refuses=(errors.Gone,))
def search_assets(call: Call) -> dict[str, Any]:
    """Assets that match a query and that the caller may view, with exact total and facets."""
    begun = call.ctx.now()
    query = call.read_query(SearchQuery)
    generation, skip = _window(call, query)
    found = search.find(
        call.ctx,
        call.caller,
        search.Request(
            query.q, query.sort, query.limit, skip, generation, _facets(query.facets), query.fresh_for or None
        ),
    )
    at = skip + query.limit
    return {
        "items": [{**answers.slim_asset(call, one), "seen": list(found.seen.get(one.id, ()))} for one in found.assets],
        "total": found.total,
        "facets": {
            name: [{"value": one.value, "count": one.count} | ({} if one.label is None else {"label": one.label})
                   for one in values] for name, values in found.facets.items()
        },
        "next": _seal(call, _cursor_scope(call, query), [found.generation, at]) if at < found.total else None,
        "snapshot": _seal(call, _snapshot_scope(call), found.generation),
        "fresh": found.fresh,
        "took_ms": round((call.ctx.now() - begun).total_seconds() * 1000, 1),
    }  # fmt: skip


@api.get("/v1/search/suggest", needs=KNOWN, for_shares=True, query=SuggestQuery, gives=shapes.Suggestions)
def suggest(call: Call) -> dict[str, Any]:
    """What a half-written word could become, of what the caller may view."""
    query = call.read_query(SuggestQuery)
    offers = suggestions.suggest(call.ctx, call.caller, query.q, query.limit)
    items = [
        {"kind": one.kind, "text": one.text, "count": one.count}
        | ({"id": one.id} if one.id else {})
        | ({"q": one.q} if one.q is not None else {})
        for one in offers
    ]
    return {"items": items}


@api.get("/v1/changes", needs=KNOWN, query=ChangesQuery, gives=shapes.Changes, refuses=(errors.Gone,))
def list_changes(call: Call) -> dict[str, Any]:
    """What changed since a place in the feed; without one, the place where it ends now. Kept for a day."""
    query = call.read_query(ChangesQuery)
    scope = f"{call.caller.workspace}\n{call.caller.principal.label}\nchanges"
    place = sealing.open_cursor(call.ctx.secret("cursors"), scope, query.since) if query.since else None
    found, following = changes.since(call.ctx, call.caller, place)
    return {
        "items": [{"kind": one.kind, "id": one.id, "change": one.change} for one in found],
        "next": _seal(call, scope, following),
    }


def _window(call: Call, query: SearchQuery) -> tuple[int | None, int]:
    """The pinned generation, if any, and how many items to pass over."""
    key = call.ctx.secret("cursors")
    if query.cursor:
        generation, skip = sealing.open_cursor(key, _cursor_scope(call, query), query.cursor)
        return int(generation), int(skip)
    if query.snapshot:
        return int(sealing.open_cursor(key, _snapshot_scope(call), query.snapshot)), query.from_
    return None, query.from_


def _facets(written: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in written.split(",") if name))
    unknown = [name for name in names if name not in search.FACETS]
    if unknown:
        raise errors.InvalidInput("There is no such facet.", fields={"facets": f"takes {', '.join(search.FACETS)}"})
    return names


def _cursor_scope(call: Call, query: SearchQuery) -> str:
    return f"{_snapshot_scope(call)}\n{query.sort}\n{query.q}"


def _snapshot_scope(call: Call) -> str:
    return f"{call.caller.workspace}\n{call.caller.principal.label}\nsearch"


def _seal(call: Call, scope: str, position: Any) -> str:
    return sealing.seal_cursor(call.ctx.secret("cursors"), scope, position)
