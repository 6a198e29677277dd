"""Comments on versions: threads at a point, a box, a time or a page, resolved in a version."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.comments import Anchor, Comment, mentioned
from chalicelib.handlers import review_shapes as shapes, schemas
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.services import audience, comments
from chalicelib.services.comments import Said

api = Api(__name__)
MOST_PEOPLE = 50
_COMMENTS = Needs("asset", Right.COMMENT)
_ASKED = {"point": ("x", "y"), "box": ("x", "y", "w", "h"), "time": ("time_s",), "page": ("page",)}
Body = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    Field(json_schema_extra={"pattern": r"\S"}),
]  # fmt: skip
Number = Annotated[int, Field(ge=1, le=10**9)]


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("is no number")
    return value


Part = Annotated[float, Field(ge=0, le=1), AfterValidator(_finite)]
"""Of the picture's width or height."""


class AnchorIn(schemas.Closed):
    """A place on the version; a time or a page may have a point or a box too."""

    kind: Literal["point", "box", "time", "page"]
    x: Part | None = None
    y: Part | None = None
    w: Part | None = None
    h: Part | None = None
    time_s: Annotated[float, Field(ge=0, le=10**7), AfterValidator(_finite)] | None = None
    page: Number | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in _ASKED[self.kind] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"lacks {' and '.join(missing)}")
        if (self.w is None) != (self.h is None) or (self.x is None) != (self.y is None):
            raise ValueError("has half a place")
        if self.w is not None and self.x is None:
            raise ValueError("has a size and no place")
        if (self.x or 0) + (self.w or 0) > 1 + 1e-9 or (self.y or 0) + (self.h or 0) > 1 + 1e-9:
            raise ValueError("goes beyond the picture")
        return self


class CommentIn(schemas.Closed):
    """What to say; `@[member id]` mentions a member. An answer names what it answers as `parent_id`."""

    version: Number
    body: Body
    anchor: AnchorIn | None = None
    parent_id: schemas.Id | None = None


class CommentPatch(schemas.Closed):
    """What it says now."""

    body: Body


class ResolveIn(schemas.Closed):
    """In which version it is done."""

    version: Number


class PeopleQuery(schemas.Closed):
    """Whose name, or a word of it, begins so; and who has this right on the asset."""

    q: str = Field("", max_length=100)
    right: Right = Right.VIEW


class CommentQuery(schemas.PageQuery):
    """Which comments; with a version those on it and those still to be done when it came."""

    version: int | None = Field(None, ge=1, le=10**9)
    state: Literal["open", "resolved"] | None = None


@api.get("/v1/assets/{asset_id}/comments", needs=_COMMENTS, query=CommentQuery, gives=shapes.Comments)
def list_comments(call: Call) -> dict[str, Any]:
    """Comments on the asset's versions, oldest first."""
    query = call.read_query(CommentQuery)
    page = schemas.page_of(call, f"comments {call.resource.id}", query, lambda start: comments.listed(
        call.ctx, call.caller, call.resource, version=query.version, state=query.state, limit=query.limit,
        start=start))  # fmt: skip
    return {"items": _out(call, call.resource, page.items, query.version), "next": page.next}


@api.get("/v1/assets/{asset_id}/people", needs=_COMMENTS, query=PeopleQuery, gives=shapes.People)
def list_people(call: Call) -> dict[str, Any]:
    """Members who may view the asset, or have another right on it, by name: whom to mention, whom to ask. At most 50.

    Visitors of a share are told of nobody.
    """
    query = call.read_query(PeopleQuery)
    if call.caller.share is not None:
        return {"items": []}
    here = audience.of(call.ctx, call.caller.workspace)
    found = here.called(call.resource, query.right, query.q)
    return {"items": [{"id": one.id, "name": one.name} for one in found[:MOST_PEOPLE]]}


@api.post(
    "/v1/assets/{asset_id}/comments", needs=_COMMENTS, takes=CommentIn, gives=shapes.Comment, status=201
)  # fmt: skip
def add_comment(call: Call) -> dict[str, Any]:
    """Comment on a version, or answer a comment."""
    asked = call.read_body(CommentIn)
    anchor = Anchor(**asked.anchor.model_dump()) if asked.anchor else None
    said = Said(asked.version, asked.body, anchor, asked.parent_id)
    return _told(call, call.resource, comments.say(call.ctx, call.caller, call.resource, said))


@api.patch(
    "/v1/comments/{comment_id}", needs=KNOWN, for_shares=True, takes=CommentPatch, gives=shapes.Comment, if_match=True
)
def edit_comment(call: Call) -> dict[str, Any]:
    """Say it differently; only its author does."""
    asset, old = comments.load(call.ctx, call.caller, call.path["comment_id"])
    call.check_etag(str(old.revision))
    return _told(call, asset, comments.edit(call.ctx, call.caller, old.id, call.read_body(CommentPatch).body))


@api.delete("/v1/comments/{comment_id}", needs=KNOWN, for_shares=True, gives=None)
def delete_comment(call: Call) -> None:
    """Take it back; its author does, or a manager of the library."""
    comments.delete(call.ctx, call.caller, call.path["comment_id"])


@api.post("/v1/comments/{comment_id}/resolve", needs=KNOWN, for_shares=True, takes=ResolveIn, gives=shapes.Comment)
def resolve_comment(call: Call) -> dict[str, Any]:
    """Say that a thread is done, and in which version."""
    asset, _ = comments.load(call.ctx, call.caller, call.path["comment_id"])
    version = call.read_body(ResolveIn).version
    return _told(call, asset, comments.resolve(call.ctx, call.caller, call.path["comment_id"], version))


@api.post("/v1/comments/{comment_id}/reopen", needs=KNOWN, for_shares=True, gives=shapes.Comment)
def reopen_comment(call: Call) -> dict[str, Any]:
    """Say that a thread is not done after all."""
    asset, _ = comments.load(call.ctx, call.caller, call.path["comment_id"])
    return _told(call, asset, comments.reopen(call.ctx, call.caller, call.path["comment_id"]))


def _told(call: Call, asset: Asset, one: Comment) -> dict[str, Any]:
    return _out(call, asset, [one])[0]


def _out(call: Call, asset: Asset, found: Sequence[Comment], viewed: int | None = None) -> list[dict[str, Any]]:
    names = comments.authors(call.caller, found)
    called = comments.mentioned(call.ctx, call.caller, asset, found)
    return [_one(one, names, called, viewed) for one in found]


def _one(one: Comment, names: Mapping[str, str], called: Mapping[str, str], viewed: int | None) -> dict[str, Any]:
    done = one.resolved
    return {
        "id": one.id,
        "asset_id": one.asset_id,
        "version": one.version,
        "by": one.by,
        "by_name": names.get(one.by),
        "at": schemas.when(one.at),
        "edited_at": schemas.when(one.edited_at),
        "body": None if one.is_deleted else one.body,
        "mentions": [{"id": member, "name": called[member]} for member in mentioned(one.body) if member in called],
        "anchor": {name: value for name, value in vars(one.anchor).items() if value is not None}
        if one.anchor
        else None,
        "parent_id": one.parent_id,
        "deleted": one.is_deleted,
        "carried": viewed is not None and one.version < viewed,
        "resolved": {"by": done.by, "by_name": names.get(done.by), "at": schemas.when(done.at), "version": done.version}
        if done
        else None,
        "etag": str(one.revision),
    }
