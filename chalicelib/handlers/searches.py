"""Saved searches: a name for a query, of one's own or shared."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.domain.saved import SavedSearch
from chalicelib.domain.search import BadQuery
from chalicelib.handlers import schemas, search_shapes as shapes
from chalicelib.handlers.http import KNOWN, Api, Call
from chalicelib.handlers.search import Sort
from chalicelib.services import saved_searches, search

api = Api(__name__)
Query = Annotated[str, StringConstraints(max_length=2_000)]


class SearchIn(schemas.Closed):
    """A search to keep."""

    name: schemas.Line
    q: Query
    sort: Sort | None = None
    shared: bool = False


class SearchPatch(schemas.Closed):
    """What is to change of it; a null sort is the usual order."""

    name: schemas.Line | None = None
    q: Query | None = None
    sort: Sort | None = None
    shared: bool | None = None


@api.get("/v1/searches", needs=KNOWN, gives=shapes.SavedSearches)
def list_searches(call: Call) -> dict[str, Any]:
    """One's own and the shared ones, each with how many assets it finds for the caller."""
    return {"items": [_out(call, one) for one in saved_searches.listed(call.caller)], "next": None}


@api.get("/v1/searches/{search_id}", needs=KNOWN, gives=shapes.SavedSearch)
def get_search(call: Call) -> dict[str, Any]:
    """One saved search."""
    return _out(call, saved_searches.load(call.caller, call.path["search_id"]))


@api.post("/v1/searches", needs=KNOWN, takes=SearchIn, gives=shapes.SavedSearch, status=201)
def save_search(call: Call) -> dict[str, Any]:
    """Keep a search."""
    asked = call.read_body(SearchIn)
    one = saved_searches.save(call.ctx, call.caller, name=asked.name, q=asked.q, sort=asked.sort, shared=asked.shared)
    return _out(call, one)


@api.patch("/v1/searches/{search_id}", needs=KNOWN, takes=SearchPatch, gives=shapes.SavedSearch, if_match=True)
def change_search(call: Call) -> dict[str, Any]:
    """Change its name, query, order or who sees it."""
    old = saved_searches.load(call.caller, call.path["search_id"])
    patch = call.read_body(SearchPatch)
    changes = {name: getattr(patch, name) for name in patch.model_fields_set}
    changes = {name: value for name, value in changes.items() if value is not None or name == "sort"}
    call.check_etag(str(old.revision))
    return _out(call, saved_searches.change(call.ctx, call.caller, old, changes))


@api.delete("/v1/searches/{search_id}", needs=KNOWN, gives=None)
def delete_search(call: Call) -> None:
    """Forget it; the assets stay."""
    saved_searches.delete(call.ctx, call.caller, saved_searches.load(call.caller, call.path["search_id"]))


def _out(call: Call, one: SavedSearch) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "q": one.q,
        "sort": one.sort,
        "shared": one.shared,
        "by": one.by,
        "count": _count(call, one),
        "created_at": schemas.when(one.created_at),
        "etag": str(one.revision),
    }


def _count(call: Call, one: SavedSearch) -> int | None:
    """How many it finds now; null for a query that an older grammar took."""
    try:
        return search.count(call.ctx, call.caller, one.q)
    except BadQuery:
        return None
