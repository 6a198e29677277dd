"""Shares: make, list, change, revoke; and the way in for visitors."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib import errors
from chalicelib.domain.shares import Share
from chalicelib.handlers import schemas, share_shapes as shapes
from chalicelib.handlers.http import KNOWN, PUBLIC, Answer, Api, Call
from chalicelib.services import shares, visiting
from chalicelib.services.shares import ShareRequest

api = Api(__name__)
SWITCHES: tuple[Any, ...] = ("view", "comment", "upload", "download", "approve")
Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Pixels = Annotated[int, Field(ge=256, le=16_383)]
Level = Literal["preview", "approved", "original"]
Watermark = Annotated[Any, Field(description="Not offered yet: anything but null or false is refused.")]


class SwitchesIn(schemas.Closed):
    """What it lets through; each on its own."""

    view: bool = False
    comment: bool = False
    upload: bool = False
    download: bool = False
    approve: bool = False


class TargetIn(schemas.Closed):
    """What is shared: assets, a collection, or a search, which is asked anew each time unless it is frozen."""

    asset_ids: list[schemas.Id] | None = Field(None, min_length=1, max_length=1_000)
    collection_id: schemas.Id | None = None
    q: str | None = Field(None, max_length=4_000)
    frozen: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.asset_ids, self.collection_id, self.q)) != 1:
            raise ValueError("takes exactly one of asset_ids, collection_id and q")
        if self.frozen and self.q is None:
            raise ValueError("only a search can be frozen")
        return self


class ShareIn(schemas.Closed):
    """A new share."""

    target: TargetIn
    switches: SwitchesIn
    download: Level = "approved"
    password: Password | None = None
    starts_at: schemas.Moment | None = None
    expires_at: schemas.Moment | None = Field(None, description="Null is never; left out, 30 days from now.")
    max_px: Pixels | None = Field(None, description="The longest side of any picture it gives.")
    watermark: Watermark = None
    name: schemas.Line | None = None


class SharePatch(schemas.Closed):
    """What is to change; what is shared stays."""

    switches: SwitchesIn | None = Field(None, json_schema_extra=schemas.never_null)
    download: Level | None = Field(None, json_schema_extra=schemas.never_null)
    password: Password | None = None
    starts_at: schemas.Moment | None = None
    expires_at: schemas.Moment | None = None
    max_px: Pixels | None = None
    watermark: Watermark = None
    name: schemas.Line | None = None


class ShareSessionIn(schemas.Closed):
    """A link's token, with its password if it has one, and who is looking."""

    token: str = Field(max_length=200)
    password: str | None = Field(None, max_length=200)
    name: schemas.Line | None = None
    email: schemas.Line | None = None


@api.get("/v1/shares", needs=KNOWN, query=schemas.PageQuery, gives=shapes.Shares)
def list_shares(call: Call) -> dict[str, Any]:
    """The caller's shares, over ones too; everybody's for those who manage the library."""
    query = call.read_query(schemas.PageQuery)
    page = schemas.page_of(call, "shares", query, lambda start: shares.listed(
        call.caller, limit=query.limit, start=start))  # fmt: skip
    return {"items": [_out(call, one) for one in page.items], "next": page.next}


@api.post(
    "/v1/shares", needs=KNOWN, takes=ShareIn, gives=shapes.Share, status=201,
    refuses=(errors.NotFound, errors.NotAllowed),
)  # fmt: skip
def make_share(call: Call) -> Answer:
    """Make a link to assets, a collection or a search that the caller may share."""
    asked = call.read_body(ShareIn)
    _check_watermark(asked.watermark)
    ends: datetime | None = asked.expires_at
    if "expires_at" not in asked.model_fields_set:
        ends = call.ctx.now() + shares.LIVES
    wanted = ShareRequest(
        switches=_on(asked.switches), download=asked.download, name=asked.name,
        asset_ids=None if asked.target.asset_ids is None else tuple(asked.target.asset_ids),
        collection_id=asked.target.collection_id, q=asked.target.q, frozen=asked.target.frozen,
        password=asked.password, starts_at=asked.starts_at, expires_at=ends, max_px=asked.max_px,
    )  # fmt: skip
    return Answer(_out(call, shares.make(call.ctx, call.caller, wanted, call.seed)), holds_secret=True)


@api.get("/v1/shares/{share_id}", needs=KNOWN, gives=shapes.Share)
def get_share(call: Call) -> dict[str, Any]:
    """One share."""
    return _out(call, shares.load(call.caller, call.path["share_id"]))


@api.patch("/v1/shares/{share_id}", needs=KNOWN, takes=SharePatch, gives=shapes.Share, if_match=True)
def change_share(call: Call) -> dict[str, Any]:
    """Change what it lets through, from the next request on; another password ends running visits."""
    old = shares.load(call.caller, call.path["share_id"])
    call.check_etag(str(old.revision))
    asked = call.read_body(SharePatch)
    _check_watermark(asked.watermark)
    values = {name: getattr(asked, name) for name in asked.model_fields_set - {"watermark"}}
    for name in ("switches", "download"):
        if name in values and values[name] is None:
            raise errors.InvalidInput("This cannot be cleared.", fields={name: "cannot be cleared"})
    if "switches" in values:
        values["switches"] = _on(values["switches"])
    if "name" in values:
        values["name"] = values["name"] or ""
    return _out(call, shares.change(call.ctx, call.caller, old, values))


@api.delete("/v1/shares/{share_id}", needs=KNOWN, gives=None, if_match=True)
def revoke_share(call: Call) -> None:
    """Revoke it: whoever looks is refused from the next request on."""
    old = shares.load(call.caller, call.path["share_id"])
    call.check_etag(str(old.revision))
    shares.revoke(call.ctx, call.caller, old)


@api.get("/v1/shares/{share_id}/stats", needs=KNOWN, gives=shapes.ShareStats)
def get_share_stats(call: Call) -> dict[str, Any]:
    """Opens and downloads, and how many assets it shows now."""
    share = shares.load(call.caller, call.path["share_id"])
    found = shares.stats(share)
    return {
        "opens": found.opens, "downloads": found.downloads, "opened_at": schemas.when(found.opened_at),
        "downloaded_at": schemas.when(found.downloaded_at), "shown": visiting.shown(call.ctx, share),
    }  # fmt: skip


@api.post(
    "/v1/share-sessions", needs=PUBLIC, takes=ShareSessionIn, gives=shapes.ShareSession, status=201,
    refuses=(errors.NotFound, errors.NotAuthenticated, errors.NotAllowed, errors.Gone),
)  # fmt: skip
def open_share(call: Call) -> dict[str, Any]:
    """Open a link: its token for a session that reads, comments, uploads and downloads as the share allows.

    Five wrong passwords from one address in a quarter of an hour, or a hundred from everywhere in an hour, are enough.
    """
    asked = call.read_body(ShareSessionIn)
    secret, session, share = visiting.begin(
        call.ctx,
        asked.token,
        password=asked.password,
        name=asked.name,
        email=asked.email,
    )
    told = visited_out(share)
    name = visiting.caller_of(call.ctx, secret, None).workspace_name
    return {"session": secret, "expires_at": schemas.when(session.expires_at), "workspace": name, "share": told}


def visited_out(share: Share) -> dict[str, Any]:
    """What a visitor is told of the link."""
    return {
        "id": share.id,
        "name": share.name or None,
        "kind": _kind(share),
        "collection_id": share.target.collection_id,
        "switches": _switches(share),
        "download": share.download,
        "max_px": share.max_px,
        "expires_at": schemas.when(share.expires_at),
    }


def _check_watermark(given: Any) -> None:
    if given is not None and given is not False:
        raise errors.InvalidInput(
            "Watermarks are not offered yet; nothing was shared.", code="no_watermark",
            fields={"watermark": "is not offered yet"},
        )  # fmt: skip


def _on(given: SwitchesIn) -> tuple[Any, ...]:
    return tuple(name for name in SWITCHES if getattr(given, name))


def _switches(share: Share) -> dict[str, bool]:
    return {name: name in share.switches for name in SWITCHES}


def _kind(share: Share) -> str:
    return "search" if share.target.q is not None else "collection" if share.target.collection_id else "assets"


def _out(call: Call, one: Share) -> dict[str, Any]:
    url, token = shares.link(call.ctx, one)
    target = one.target
    return {
        "id": one.id,
        "name": one.name or None,
        "url": url,
        "token": token,
        "target": {
            "kind": _kind(one), "asset_ids": list(target.asset_ids) or None, "collection_id": target.collection_id,
            "q": target.q, "frozen": target.frozen,
        },
        "switches": _switches(one),
        "download": one.download,
        "has_password": one.password_hash is not None,
        "starts_at": schemas.when(one.starts_at),
        "expires_at": schemas.when(one.expires_at),
        "max_px": one.max_px,
        "created_by": one.member_id,
        "created_at": schemas.when(one.created_at),
        "state": one.state(call.ctx.now()),
        "etag": str(one.revision),
    }  # fmt: skip
