"""Collections: the tree as the caller may see it, and what may be done to it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.domain import names
from chalicelib.domain.access import Right
from chalicelib.domain.assets import EDITABLE
from chalicelib.domain.collections import ApprovedTo, Collection, Policy
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.domain.pages import Page
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.handlers import answers, asset_shapes as shapes, schemas
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.services import access, collections, counting
from chalicelib.services.collections import Changes

api = Api(__name__)


class CollectionQuery(schemas.PageQuery):
    """All collections, or the children of one; `trashed` ones on request."""

    limit: int = Field(200, ge=1, le=200)
    parent_id: schemas.Id | None = None
    state: Literal["live", "trashed"] = "live"


class ApprovedToIn(schemas.Closed):
    """Where an asset goes when it is approved; with `move` it leaves this collection."""

    collection_id: schemas.Id
    move: bool = True


class PolicyIn(schemas.Closed):
    """Rules, merged into those that are there; null is the default."""

    unapproved: Literal["newest", "block"] | None = None
    uploads: Literal["accept", "pending"] | None = None
    required_fields: list[schemas.Line] | None = Field(None, max_length=50)
    auto_tags: bool | None = None
    approved_to: ApprovedToIn | None = None

    def over(self, now: Policy) -> Policy:
        """The rules afterwards. Raises `InvalidInput`."""
        plain = Policy()
        values = {name: getattr(self, name) for name in self.model_fields_set}
        values = {name: getattr(plain, name) if value is None else value for name, value in values.items()}
        fields = tuple(dict.fromkeys(values.get("required_fields", now.required_fields)))
        unknown = [one for one in fields if one not in EDITABLE and not one.startswith("custom.")]
        if unknown:
            raise InvalidInput(
                "These are no fields of an asset.", fields={"policy.required_fields": f"has {', '.join(unknown)}"}
            )
        if self.approved_to is not None:
            values["approved_to"] = ApprovedTo(CollectionId(self.approved_to.collection_id), self.approved_to.move)
        return Policy(**{**vars(now), **values, "required_fields": fields})


CollectionName = Annotated[
    schemas.Text, Field(json_schema_extra={"minLength": 1, "maxLength": names.MAX_NAME_CHARACTERS})
]
"""No slash, no control character, not only dots."""


class CollectionIn(schemas.Closed):
    """A new collection; without a parent it lies at the top."""

    name: CollectionName
    parent_id: schemas.Id | None = None
    policy: PolicyIn | None = None


class CollectionPatch(schemas.Closed):
    """What is to change; `parent_id` null moves to the top."""

    name: CollectionName | None = Field(None, json_schema_extra=schemas.never_null)
    parent_id: schemas.Id | None = None
    policy: PolicyIn | None = None


@api.get(
    "/v1/collections",
    needs=KNOWN,
    for_shares=True,
    query=CollectionQuery,
    gives=shapes.Collections,
    refuses=(NotFound,),
)
def list_collections(call: Call) -> dict[str, Any]:
    """Every collection the caller may see, parents before children; `parent_id` narrows to its children."""
    query = call.read_query(CollectionQuery)
    if query.parent_id is not None:
        access.collection(call.caller, query.parent_id, Right.SEE)
    page = schemas.page_of(call, "collections", query, lambda after: _page(call, query, after))
    counts = counting.counts(call.ctx, call.caller, [one for one in page.items if one.id in call.caller.tree.living])
    return {"items": [answers.collection_out(call, one, counts.get(one.id)) for one in page.items], "next": page.next}


def _page(call: Call, query: CollectionQuery, after: Any) -> Page[Collection]:
    if query.state == "trashed":
        found = collections.trashed(call.caller)
    else:
        found = collections.visible(call.caller, query.parent_id)
    places = {one.id: [len(call.caller.tree.chain(one.id)), names.fold(one.name)[:200], one.id] for one in found}
    found = sorted(found, key=lambda one: places[one.id])
    left = [one for one in found if after is None or places[one.id] > after]
    items = left[: query.limit]
    return Page(items, places[items[-1].id] if len(left) > len(items) else None)


@api.post(
    "/v1/collections", needs=KNOWN, takes=CollectionIn, gives=shapes.Collection, status=201, indexed=True,
    refuses=(NotFound,),
)  # fmt: skip
def make_collection(call: Call) -> dict[str, Any]:
    """Make a collection."""
    asked = call.read_body(CollectionIn)
    policy = asked.policy.over(Policy()) if asked.policy else Policy()
    new, token = collections.make(call.ctx, call.caller, asked.name, asked.parent_id or ROOT, policy)
    return _out_after(call, new, token)


@api.get("/v1/collections/{collection_id}", needs=Needs("collection", Right.SEE), gives=shapes.Collection)
def get_collection(call: Call) -> dict[str, Any]:
    """One collection."""
    return _out(call, call.resource)


@api.patch(
    "/v1/collections/{collection_id}", needs=Needs("collection", Right.EDIT), takes=CollectionPatch,
    gives=shapes.Collection, if_match=True, indexed=True,
)  # fmt: skip
def edit_collection(call: Call) -> dict[str, Any]:
    """Rename, move (needs `move`, and `upload` there) or set rules (needs `manage`)."""
    collections.check_changeable(call.resource)
    call.check_etag(str(call.resource.revision))
    asked = call.read_body(CollectionPatch)
    given = asked.model_fields_set
    if "name" in given and asked.name is None:
        raise InvalidInput("A collection has a name.", fields={"name": "cannot be cleared"})
    parent_id = CollectionId(asked.parent_id or ROOT) if "parent_id" in given else None
    policy = asked.policy.over(call.resource.policy) if asked.policy else Policy()
    changes = Changes(asked.name, parent_id, policy if "policy" in given else None)
    changed, token = collections.edit(call.ctx, call.caller, call.resource, changes)
    return _out_after(call, changed, token)


@api.delete(
    "/v1/collections/{collection_id}", needs=Needs("collection", Right.DELETE), gives=None, if_match=True, indexed=True,
)  # fmt: skip
def trash_collection(call: Call) -> None:
    """Put the collection, what is below, and the assets that are only there into the trash."""
    collections.check_changeable(call.resource)
    call.check_etag(str(call.resource.revision))
    call.wrote(collections.trash(call.ctx, call.caller, call.resource))


@api.post(
    "/v1/collections/{collection_id}/restore", needs=Needs("collection", Right.DELETE, or_trashed=True),
    gives=shapes.Collection, indexed=True,
)  # fmt: skip
def restore_collection(call: Call) -> dict[str, Any]:
    """Bring the collection back from the trash with all that went there with it."""
    back, token = collections.restore(call.ctx, call.caller, call.resource)
    return _out_after(call, back, token)


def _out(call: Call, one: Collection) -> dict[str, Any]:
    return answers.collection_out(call, one, counting.counts(call.ctx, call.caller, [one])[one.id])


def _out_after(call: Call, one: Collection, token: str) -> dict[str, Any]:
    """The collection as the caller may see it after its own write."""
    call.wrote(token)
    call.renew_caller()
    return _out(call, access.collection(call.caller, one.id, Right.SEE))
