"""Collections: the tree as the caller may see it."""

from typing import Any

from chalicelib.domain.access import Right
from chalicelib.handlers import schemas
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.models import collection_items

api = Api(__name__)


class CollectionQuery(schemas.Closed):
    """All collections, or the children of one."""

    parent_id: str | None = None
    limit: int = 200
    cursor: str | None = None


@api.get("/v1/collections", needs=KNOWN)
def list_collections(call: Call) -> dict[str, Any]:
    """Every collection the caller may see, parents before children; `parent_id` narrows to its children."""
    query = call.read_query(CollectionQuery)
    tree, can = call.caller.tree, call.caller.access.on_collection
    live = [one for one in tree.subtree(schemas.ROOT) if tree.is_live(one.id) and can(one.id) & Right.SEE.bit]
    items = [_out(call, one) for one in live]
    if query.parent_id is not None:
        items = [one for one in items if one["parent_id"] == query.parent_id]
    return {"items": items, "next": None}


@api.get("/v1/collections/{collection_id}", needs=Needs("collection", Right.SEE))
def get_collection(call: Call) -> dict[str, Any]:
    """One collection."""
    return _out(call, call.resource)


def _out(call: Call, one: Any) -> dict[str, Any]:
    return schemas.collection_out(call, one, collection_items.count(call.caller.workspace, one.id))
