"""Assets: list, read, edit, trash, restore, versions, download."""

from typing import Any

from chalicelib.domain.access import Right, sees_other_versions
from chalicelib.domain.ids import CollectionId
from chalicelib.handlers import schemas
from chalicelib.handlers.http import KNOWN, Answer, Api, Call, Needs
from chalicelib.models import base, versions
from chalicelib.services import access, assets, egress

api = Api(__name__)
_LISTS = ("keywords", "skus")


@api.get("/v1/assets", needs=KNOWN)
def list_assets(call: Call) -> dict[str, Any]:
    """A collection's own assets, by age or name; `name` keeps those whose name contains it."""
    query = call.read_query(schemas.AssetQuery)
    home = access.collection(call.caller, query.collection_id, Right.SEE)
    page = schemas.page_of(call, "assets", query, lambda start: assets.listed(
        call.ctx, call.caller, CollectionId(home.id), name=query.name, sort=query.sort, limit=query.limit,
        start=start))  # fmt: skip
    return {"items": [schemas.slim_asset(call, one) for one in page.items], "next": page.next}


@api.get("/v1/assets/{asset_id}", needs=Needs("asset", Right.SEE))
def get_asset(call: Call) -> dict[str, Any]:
    """The asset."""
    return schemas.asset_out(call, call.resource)


@api.patch("/v1/assets/{asset_id}", needs=Needs("asset", Right.EDIT))
def edit_asset(call: Call) -> dict[str, Any]:
    """Set fields of the asset."""
    assets.check_unchanged(call.resource, call.if_match)
    patch = call.read_body(schemas.AssetPatch)
    values = {name: getattr(patch, name) for name in patch.model_fields_set}
    for name in _LISTS:
        if name in values:
            values[name] = tuple(values[name] or ())
    if values.get("name", "") is None:
        del values["name"]
    changed, token = assets.edit(call.ctx, call.caller, call.resource, values)
    call.wrote(token)
    return schemas.asset_out(call, changed)


@api.delete("/v1/assets/{asset_id}", needs=Needs("asset", Right.DELETE))
def trash_asset(call: Call) -> Answer:
    """Put the asset into the trash."""
    assets.check_unchanged(call.resource, call.if_match)
    _, token = assets.trash(call.ctx, call.caller, call.resource)
    call.wrote(token)
    return Answer("", 204)


@api.post("/v1/assets/{asset_id}/restore", needs=Needs("asset", Right.DELETE))
def restore_asset(call: Call) -> dict[str, Any]:
    """Bring the asset back from the trash."""
    changed, token = assets.restore(call.ctx, call.caller, call.resource)
    call.wrote(token)
    return schemas.asset_out(call, changed)


@api.get("/v1/assets/{asset_id}/versions", needs=Needs("asset", Right.VIEW))
def list_versions(call: Call) -> dict[str, Any]:
    """Versions, newest first; those that are not shown only for who may see them."""
    query = call.read_query(schemas.PageQuery)
    caller, asset = call.caller, call.resource
    bits = caller.access.on_asset(asset.resource, call.ctx.now())
    if not sees_other_versions(bits):
        shown = egress.shown(caller, asset, bits)
        return {"items": [schemas.version_out(call, shown)] if shown else [], "next": None}
    page: base.Page[Any] = schemas.page_of(call, f"versions {asset.id}", query, lambda start: versions.page(
        caller.workspace, asset.id, limit=query.limit, start=start))  # fmt: skip
    return {"items": [schemas.version_out(call, one) for one in page.items], "next": page.next}


@api.get("/v1/assets/{asset_id}/download", needs=Needs("asset", Right.SEE))
def download_asset(call: Call) -> Answer:
    """An address for the bytes, for two minutes."""
    query = call.read_query(schemas.DownloadQuery)
    egress.check_preset(query.preset)
    out = egress.download(call.ctx, call.caller, call.resource, number=query.version, original=query.original)
    if query.redirect:
        return Answer("", 302, {"Location": out.url})
    body = {
        "url": out.url, "expires_at": schemas.when(out.expires_at), "file_name": out.file_name,
        "version": out.version, "size_bytes": out.size_bytes,
    }  # fmt: skip
    return Answer(body)
