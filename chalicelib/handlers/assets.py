"""Assets: list, read, edit, trash, restore, versions, download."""

from typing import Any, Literal

from pydantic import Field

from chalicelib import errors
from chalicelib.domain import labels
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import CollectionId
from chalicelib.handlers import answers, asset_shapes as shapes, schemas, shapes as common
from chalicelib.handlers.asset_fields import AssetPatch
from chalicelib.handlers.http import KNOWN, Answer, Api, Call, Needs
from chalicelib.services import access, assets, egress, labelling, learning, memberships, presets, relooking, sighting
from chalicelib.services.egress import Wish

api = Api(__name__)
_MOVES = Needs("asset", Right.MOVE)


@api.get(
    "/v1/assets",
    needs=KNOWN,
    for_shares=True,
    query=schemas.AssetQuery,
    gives=shapes.Assets,
    refuses=(errors.NotFound,),
)
def list_assets(call: Call) -> dict[str, Any]:
    """A collection's own assets, by age or name; `name` keeps those whose name contains it."""
    query = call.read_query(schemas.AssetQuery)
    home = access.collection(call.caller, query.collection_id, Right.SEE)
    page = schemas.page_of(call, "assets", query, lambda start: assets.listed(
        call.ctx, call.caller, CollectionId(home.id), name=query.name, sort=query.sort, limit=query.limit,
        start=start))  # fmt: skip
    return {"items": [answers.slim_asset(call, one) for one in page.items], "next": page.next}


@api.get("/v1/assets/{asset_id}", needs=Needs("asset", Right.SEE), gives=shapes.Asset)
def get_asset(call: Call) -> dict[str, Any]:
    """The asset."""
    return answers.asset_out(call, call.resource)


@api.patch(
    "/v1/assets/{asset_id}", needs=Needs("asset", Right.EDIT), takes=AssetPatch, gives=shapes.Asset,
    if_match=True, indexed=True,
)  # fmt: skip
def edit_asset(call: Call) -> dict[str, Any]:
    """Set fields of the asset."""
    assets.check_live(call.resource)
    call.check_etag(str(call.resource.revision))
    values = call.read_body(AssetPatch).values(call.resource.fields)
    return _changed(call, assets.edit(call.ctx, call.caller, call.resource, values))


class LookIn(schemas.Closed):
    """What is done about the visual tags of all assets."""

    do: Literal["look", "forget", "learn"]


@api.post("/v1/auto-tags", needs=Needs("library", Right.MANAGE), takes=LookIn, gives=common.Started, status=202)
def look_again(call: Call) -> dict[str, str]:
    """Look at every picture that lacks what new ones have: colours, ground, print and, where visual tags are on, what
    the present model sees. Or forget all that was ever seen, or learn the shop's own words now."""
    return {"job_id": relooking.start(call.ctx, call.caller, call.read_body(LookIn).do, call.seed)}


@api.get("/v1/auto-tags/learnt", needs=Needs("library", Right.MANAGE), gives=shapes.Learnt)
def get_learnt(call: Call) -> dict[str, Any]:
    """Which of the shop's own words pictures are called by, and how often each was right on pictures held out."""
    found = learning.told(call.ctx, call.caller)
    head = found.head
    return {
        "state": "on" if found.because is None else "off",
        "because": found.because,
        "version": head.version or None if head else None,
        "learnt_at": schemas.when(head.fitted_at) if head else None,
        "examples": head.examples if head else 0,
        "words": [
            {"name": one.name, "examples": one.examples, "told": one.shown, "right": one.right,
             "precision": one.precision, "is_used": one.is_used} for one in (head.words if head else ())
        ],
    }  # fmt: skip


class LabelServiceIn(schemas.Closed):
    """What a workspace agrees to."""

    service: labels.Service | None = Field(description="Null: none any more.")
    monthly_cap_cents: int = Field(
        0, ge=0, le=labels.MOST_CAP_CENTS, description="What it may cost a calendar month, in US cents at list price."
    )


@api.get("/v1/auto-tags/service", needs=Needs("library", Right.MANAGE), gives=shapes.LabelService)
def get_label_service(call: Call) -> dict[str, Any]:
    """Whether an outside service is asked for labels of new pictures, its price, and what this month has used."""
    return _labelling(labelling.standing(call.ctx, call.caller))


@api.put(
    "/v1/auto-tags/service", needs=Needs("library", Right.MANAGE), takes=LabelServiceIn, gives=shapes.LabelService,
)  # fmt: skip
def set_label_service(call: Call) -> dict[str, Any]:
    """Agree to an outside service that sees new pictures, with a cap a month that is never exceeded; or to none."""
    body = call.read_body(LabelServiceIn)
    return _labelling(labelling.agree(call.ctx, call.caller, body.service, body.monthly_cap_cents))


def _labelling(found: labelling.Standing) -> dict[str, Any]:
    consent = found.consent
    return {
        "service": consent.service,
        "monthly_cap_cents": consent.monthly_cap_cents,
        "month": found.month,
        "pictures": found.pictures,
        "used_cents": labels.cents(found.pictures),
        "left_cents": labels.cents(found.left),
        "state": _state(found),
        "price_cents": labels.cents(1),
        "price_source": labels.PRICE_SOURCE,
        "price_as_of": labels.PRICE_AS_OF,
    }


def _state(found: labelling.Standing) -> str:
    if not found.is_there:
        return "unavailable"
    if found.consent.service is None:
        return "off"
    return "on" if found.left else "cap_reached"


class TagsIn(schemas.Closed):
    """What people say of visual tags."""

    accept: list[schemas.Line] = Field([], max_length=50, description="These become keywords.")
    reject: list[schemas.Line] = Field([], max_length=50, description="These are never said of this asset again.")
    allow: list[schemas.Line] = Field([], max_length=50, description="These are not rejected any more.")


@api.post(
    "/v1/assets/{asset_id}/auto-tags", needs=Needs("asset", Right.EDIT), takes=TagsIn, gives=shapes.Asset, indexed=True,
)  # fmt: skip
def judge_tags(call: Call) -> dict[str, Any]:
    """Accept visual tags as keywords, or reject them: they do not come back, whatever model looks again."""
    body = call.read_body(TagsIn)
    return _changed(call, sighting.judge(
        call.ctx, call.caller, call.resource, accept=body.accept, reject=body.reject, allow=body.allow))  # fmt: skip


@api.delete("/v1/assets/{asset_id}", needs=Needs("asset", Right.DELETE), gives=None, if_match=True, indexed=True)
def trash_asset(call: Call) -> None:
    """Put the asset into the trash."""
    call.check_etag(str(call.resource.revision))
    _, token = assets.trash(call.ctx, call.caller, call.resource)
    call.wrote(token)


@api.post("/v1/assets/{asset_id}/restore", needs=Needs("asset", Right.DELETE), gives=shapes.Asset, indexed=True)
def restore_asset(call: Call) -> dict[str, Any]:
    """Bring the asset back from the trash."""
    return _changed(call, assets.restore(call.ctx, call.caller, call.resource))


@api.post(
    "/v1/assets/{asset_id}/archive", needs=Needs("asset", Right.ARCHIVE), takes=schemas.Reason, gives=shapes.Asset,
    if_match=True, indexed=True,
)  # fmt: skip
def archive_asset(call: Call) -> dict[str, Any]:
    """Take the asset out of daily work, read-only, with a reason."""
    assets.check_live(call.resource)
    call.check_etag(str(call.resource.revision))
    reason = call.read_body(schemas.Reason).reason
    return _changed(call, assets.archive(call.ctx, call.caller, call.resource, reason))


@api.post("/v1/assets/{asset_id}/unarchive", needs=Needs("asset", Right.ARCHIVE), gives=shapes.Asset, indexed=True)
def unarchive_asset(call: Call) -> dict[str, Any]:
    """Bring the asset back into daily work."""
    return _changed(call, assets.unarchive(call.ctx, call.caller, call.resource))


@api.put("/v1/collections/{collection_id}/assets/{asset_id}", needs=_MOVES, gives=shapes.Asset, indexed=True)
def put_into_collection(call: Call) -> dict[str, Any]:
    """Put the asset into the collection too."""
    return _changed(call, memberships.put(call.ctx, call.caller, call.resource, call.path["collection_id"]))


@api.delete("/v1/collections/{collection_id}/assets/{asset_id}", needs=_MOVES, gives=None, indexed=True)
def take_out_of_collection(call: Call) -> None:
    """Take the asset out of the collection; it stays in at least one."""
    _, token = memberships.remove(call.ctx, call.caller, call.resource, call.path["collection_id"])
    call.wrote(token)


@api.get(
    "/v1/assets/{asset_id}/versions", needs=Needs("asset", Right.VIEW), query=schemas.PageQuery, gives=shapes.Versions,
)  # fmt: skip
def list_versions(call: Call) -> dict[str, Any]:
    """Versions, newest first; those that are not shown only for who may see them."""
    query = call.read_query(schemas.PageQuery)
    page = schemas.page_of(call, f"versions {call.resource.id}", query, lambda start: assets.versions_seen(
        call.ctx, call.caller, call.resource, limit=query.limit, start=start))  # fmt: skip
    return {"items": [answers.version_out(call, one) for one in page.items], "next": page.next}


def _changed(call: Call, result: tuple[Asset, str]) -> dict[str, Any]:
    changed, token = result
    call.wrote(token)
    return answers.asset_out(call, changed)


@api.get(
    "/v1/assets/{asset_id}/download", needs=Needs("asset", Right.SEE), query=schemas.DownloadQuery,
    gives=shapes.Download, redirects=True, refuses=(errors.NotAllowed, errors.Conflict),
)  # fmt: skip
def download_asset(call: Call) -> Answer:
    """An address for the bytes, for two minutes."""
    query = call.read_query(schemas.DownloadQuery)
    if query.preset is not None and query.original:
        raise errors.InvalidInput("Either the original or a preset.", fields={"preset": "does not go with original"})
    preset = presets.named(call.caller.workspace, query.preset) if query.preset is not None else None
    out = egress.download(call.ctx, call.caller, call.resource, Wish(query.version, query.original, preset))
    if query.redirect:
        return Answer(redirect_to=out.url)
    body = {
        "url": out.url, "expires_at": schemas.when(out.expires_at), "file_name": out.file_name,
        "version": out.version, "size_bytes": out.size_bytes,
    }  # fmt: skip
    return Answer(body)
