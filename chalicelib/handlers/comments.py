"""Comments on versions: threads at a point, a box, a time or a page, resolved in a version."""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.domain.access import Right
from chalicelib.domain.comments import Anchor, Comment
from chalicelib.handlers import review_shapes as shapes, schemas
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.services import comments
from chalicelib.services.comments import Said

api = Api(__name__)
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
    return {"items": [_out(one, query.version) for one in page.items], "next": page.next}


@api.post(
    "/v1/assets/{asset_id}/comments", needs=_COMMENTS, takes=CommentIn, gives=shapes.Comment, status=201
)  # fmt: skip
def add_comment(call: Call) -> dict[str, Any]:
    """Comment on a version, or answer a comment."""
    asked = call.read_body(CommentIn)
    anchor = Anchor(**asked.anchor.model_dump()) if asked.anchor else None
    said = Said(asked.version, asked.body, anchor, asked.parent_id)
    return _out(comments.say(call.ctx, call.caller, call.resource, said))


@api.patch("/v1/comments/{comment_id}", needs=KNOWN, takes=CommentPatch, gives=shapes.Comment, if_match=True)
def edit_comment(call: Call) -> dict[str, Any]:
    """Say it differently; only its author does."""
    _, old = comments.load(call.ctx, call.caller, call.path["comment_id"])
    call.check_etag(str(old.revision))
    return _out(comments.edit(call.ctx, call.caller, old.id, call.read_body(CommentPatch).body))


@api.delete("/v1/comments/{comment_id}", needs=KNOWN, gives=None)
def delete_comment(call: Call) -> None:
    """Take it back; its author does, or a manager of the library."""
    comments.delete(call.ctx, call.caller, call.path["comment_id"])


@api.post("/v1/comments/{comment_id}/resolve", needs=KNOWN, takes=ResolveIn, gives=shapes.Comment)
def resolve_comment(call: Call) -> dict[str, Any]:
    """Say that a thread is done, and in which version."""
    comments.load(call.ctx, call.caller, call.path["comment_id"])
    version = call.read_body(ResolveIn).version
    return _out(comments.resolve(call.ctx, call.caller, call.path["comment_id"], version))


@api.post("/v1/comments/{comment_id}/reopen", needs=KNOWN, gives=shapes.Comment)
def reopen_comment(call: Call) -> dict[str, Any]:
    """Say that a thread is not done after all."""
    return _out(comments.reopen(call.ctx, call.caller, call.path["comment_id"]))


def _out(one: Comment, viewed: int | None = None) -> dict[str, Any]:
    done = one.resolved
    return {
        "id": one.id,
        "asset_id": one.asset_id,
        "version": one.version,
        "by": one.by,
        "at": schemas.when(one.at),
        "edited_at": schemas.when(one.edited_at),
        "body": None if one.is_deleted else one.body,
        "anchor": {name: value for name, value in vars(one.anchor).items() if value is not None}
        if one.anchor
        else None,
        "parent_id": one.parent_id,
        "deleted": one.is_deleted,
        "carried": viewed is not None and one.version < viewed,
        "resolved": {"by": done.by, "at": schemas.when(done.at), "version": done.version} if done else None,
        "etag": str(one.revision),
    }
