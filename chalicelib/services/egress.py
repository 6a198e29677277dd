"""The one door out: which version and which bytes leave, to whom, and for how long.

Every way out calls this module; nobody else may hold a permit to sign a reading address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import presets, recipes, review, sealing
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, Rendition, Version
from chalicelib.domain.permits import Permit
from chalicelib.domain.presets import Preset
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound
from chalicelib.models import base, shares, versions
from chalicelib.ports import Bucket, Context
from chalicelib.services import pictures as pictures_made, trails
from chalicelib.services.signing import Caller

ORIGINALS_LIVE = timedelta(seconds=120)
_WEBP = "image/webp"
EXPORT_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@dataclass(frozen=True)
class Download:
    """One address out."""

    url: str
    expires_at: datetime
    file_name: str
    version: int
    size_bytes: int


@dataclass(frozen=True)
class Picture:
    """A picture of the approved version, for an hour."""

    url: str
    version: int
    width_px: int
    height_px: int


@dataclass(frozen=True)
class MediaObject:
    """A picture for the media host."""

    content_type: str
    body: bytes


def shown(caller: Caller, asset: Asset, bits: int) -> Version | None:
    """The version this caller is shown: the approved one, else the newest it may know of unless a collection blocks
    that."""
    return review.shown_to(asset, bits, caller.member_id, is_blocked=_is_blocked(caller, asset))


def _is_blocked(caller: Caller, asset: Asset) -> bool:
    return caller.tree.blocks_unapproved(asset.collection_ids)


def seen_version(caller: Caller, asset: Asset, bits: int, number: int) -> Version:
    """One version of the asset, with what is decided of it. Raises `NotFound` unless this caller may see it."""
    visible = shown(caller, asset, bits)
    if visible is not None and number == visible.number:
        return review.as_decided(asset, visible)
    found = versions.get(caller.workspace, asset.id, number) if number >= 1 else None
    if found is None or not review.sees(asset, found, bits, caller.member_id):
        raise NotFound("There is no such version.")
    return review.as_decided(asset, found)


def pictures(caller: Caller, version: Version) -> tuple[Rendition, ...]:
    """Renditions this caller may be shown, largest first: a share may end at a size."""
    most = caller.share.max_px if caller.share else None
    return tuple(one for one in version.renditions if most is None or max(one.width_px, one.height_px) <= most)


def picture_url(ctx: Context, rendition: Rendition) -> str:
    """Address of a rendition on the media host; the same for an hour, over after at most 70 minutes."""
    return ctx.settings.media_url + sealing.seal_media_path(ctx.secret("media"), rendition.key, ctx.now())


def approved_picture(ctx: Context, caller: Caller, asset: Asset) -> Picture | None:
    """The largest picture of the approved version, for whoever may view it; None when nothing may leave.

    Nothing leaves that is not approved, not live, restricted or out of its dates.
    """
    version = asset.approved
    if version is None or asset.state != "live" or not version.renditions or asset.resource.is_withheld(ctx.now()):
        return None
    if not caller.rights_on(asset, ctx.now()) & Right.VIEW.bit:
        return None
    largest = version.renditions[0]
    return Picture(picture_url(ctx, largest), version.number, largest.width_px, largest.height_px)


def approved_as(ctx: Context, caller: Caller, asset: Asset, preset: Preset) -> Picture | None:
    """The approved version as a preset makes it, for two minutes; None when nothing may leave or it cannot be made.

    Each is audited as a download. Raises `NotAllowed`: the caller may look, but not download.
    """
    picture, version = approved_picture(ctx, caller, asset), asset.approved
    if picture is None or version is None:
        return None
    try:
        found = download(ctx, caller, asset, Wish(version.number, preset=preset))
    except (Conflict, InvalidInput):
        return None
    width, height = preset.size_of(version.facts.get("width_px") or 0, version.facts.get("height_px") or 0)
    return Picture(found.url, version.number, width, height)


def media_object(ctx: Context, path: str) -> MediaObject:
    """The picture behind a media path.

    Raises:
        NotFound: forged, or the picture is gone.
        Gone: the address is over.
    """
    key = sealing.open_media_path(ctx.secret("media"), path, ctx.now())
    return MediaObject(_WEBP, ctx.store.read("renditions", key))


@dataclass(frozen=True)
class Wish:
    """Which bytes are asked for: of which version (None: the shown one), the original or not, or as a preset."""

    number: int | None = None
    original: bool | None = None
    preset: Preset | None = None


@dataclass(frozen=True)
class Outgoing:
    """Bytes that may leave: where they lie, what they are, and the name they arrive under."""

    bucket: Bucket
    key: str
    file_name: str
    mime: str
    size_bytes: int
    version: int
    what: str


def download(ctx: Context, caller: Caller, asset: Asset, wish: Wish) -> Download:
    """An address for the bytes of one version: the original if the caller may have it, else the largest rendition.

    Every download and every refusal is audited.

    Raises:
        NotAllowed: the rights do not reach for this version or for the original.
        NotFound: no such version for this caller.
        Conflict: nothing is approved yet and a collection lets only approved versions out; or there are no bytes, or
            they cannot become what the preset asks.
    """
    out = leaving(ctx, caller, asset, wish)
    lives_s = int(ORIGINALS_LIVE.total_seconds())
    url = ctx.store.presign_get(Permit(out.bucket, out.key, lives_s, out.file_name, out.mime))
    return Download(url, ctx.now() + ORIGINALS_LIVE, out.file_name, out.version, out.size_bytes)


def leaving(ctx: Context, caller: Caller, asset: Asset, wish: Wish) -> Outgoing:
    """What may leave of an asset for this caller; it is audited as gone, or as refused. Raises as `download`."""
    try:
        return _leaving(ctx, caller, asset, wish)
    except NotAllowed:
        who = caller.principal.label
        base.transact([trails.refusal(ctx, caller.workspace, who, "asset.download", f"asset:{asset.id}")])
        raise


def _leaving(ctx: Context, caller: Caller, asset: Asset, wish: Wish) -> Outgoing:
    original = wish.original
    bits = caller.rights_on(asset, ctx.now())
    if asset.resource.is_withheld(ctx.now()):
        raise NotAllowed("This asset is restricted or out of its dates; nobody downloads it.", code="withheld")
    version = _version(caller, asset, bits, wish.number)
    is_main = asset.approved is not None and version.number == asset.approved.number
    if (
        not review.leaves_freely(asset, version, is_blocked=_is_blocked(caller, asset))
        and not bits & Right.DOWNLOAD_UNAPPROVED.bit
    ):
        raise NotAllowed("This needs the right “download_unapproved”.", fields={"right": "download_unapproved"})
    may_original = bool(bits & (Right.DOWNLOAD_ORIGINAL.bit | (0 if is_main else Right.DOWNLOAD_UNAPPROVED.bit)))
    if original and not may_original:
        raise NotAllowed("This needs the right “download_original”.", fields={"right": "download_original"})
    if may_original and not wish.preset and (original or (original is None and version.has_bytes)):
        return _leave(ctx, caller, asset, version, None)
    if not bits & (Right.DOWNLOAD.bit | Right.DOWNLOAD_UNAPPROVED.bit):
        raise NotAllowed("This needs the right “download”.", fields={"right": "download"})
    if wish.preset is not None:
        return _as_preset(ctx, caller, asset, version, wish.preset)
    ready = pictures(caller, version)
    if not ready:
        raise _nothing_leaves(version)
    return _leave(ctx, caller, asset, version, ready[0])


def _as_preset(ctx: Context, caller: Caller, asset: Asset, version: Version, preset: Preset) -> Outgoing:
    share = caller.share
    if share is not None and not share.allows_presets:
        raise NotAllowed("This link gives previews only.", code="preview_only")
    if share is not None and share.max_px and max(preset.width_px, preset.height_px) > share.max_px:
        raise NotAllowed(f"This link gives at most {share.max_px} px.", code="too_many_pixels")
    if not version.renditions or not version.has_bytes:
        raise _nothing_leaves(version)
    width, height = version.facts.get("width_px") or 0, version.facts.get("height_px") or 0
    lacks = preset.needs(width, height)
    if lacks:
        raise InvalidInput(f"“{preset.name}” {lacks}; nothing is enlarged.", code="too_small", fields={"preset": lacks})
    key = pictures_made.render(ctx, caller.workspace, version.id, preset)
    size = ctx.store.head("renditions", key).size_bytes
    name = presets.file_name(preset, asset, version)
    out = Outgoing("renditions", key, name, preset.mime, size, version.number, f"preset:{preset.id}")
    return _told(ctx, caller, asset, out)


def _nothing_leaves(version: Version) -> Conflict:
    if not version.has_bytes:
        return Conflict("This asset was made up by `make seed`: it never had an original.", code="no_original")
    return Conflict("This file has no picture, and its original is not open to you.", code="no_rendition")


def _version(caller: Caller, asset: Asset, bits: int, number: int | None) -> Version:
    if number is not None:
        return seen_version(caller, asset, bits, number)
    visible = shown(caller, asset, bits)
    if visible is None:
        raise Conflict("Nothing of this asset is approved yet; until then none of it leaves.")
    return visible


def _leave(ctx: Context, caller: Caller, asset: Asset, version: Version, rendition: Rendition | None) -> Outgoing:
    if rendition is None and not version.has_bytes:
        raise _nothing_leaves(version)
    name, mime, size_bytes = version.file_name, version.mime, version.size_bytes
    bucket: Bucket = "originals"
    key = recipes.original_key(caller.workspace, version.id)
    if rendition is not None:
        bucket, key, mime, size_bytes = "renditions", rendition.key, _WEBP, rendition.size_bytes
        name = f"{name.rpartition('.')[0] or name}.{rendition.format}"
    what = rendition.name if rendition else "original"
    return _told(ctx, caller, asset, Outgoing(bucket, key, name, mime, size_bytes, version.number, what))


def _told(ctx: Context, caller: Caller, asset: Asset, out: Outgoing) -> Outgoing:
    """The same, once it is audited and counted."""
    detail = {"version": out.version, "rendition": out.what}
    who = caller.principal.label
    told = [trails.entry(ctx, caller.workspace, who, "asset.downloaded", f"asset:{asset.id}", **detail)]
    if caller.share is not None:
        told.append(shares.downloaded(caller.share, ctx.now()))
    base.transact(told)
    return out


def export_file(key: str, file_name: str) -> dict[str, str]:
    """What a job's result keeps of a file it has made: never an address."""
    return {"key": key, "file_name": file_name}


def export_url(ctx: Context, caller: Caller, file: Mapping[str, str]) -> str | None:
    """An address for a file that a job has made, new at each call; None for who does not manage the library.

    Files are kept for a week.
    """
    key, name = file["key"], file["file_name"]
    if not caller.access.on_library() & Right.MANAGE.bit or not key.startswith(f"{caller.workspace}/"):
        return None
    lives_s = int(ORIGINALS_LIVE.total_seconds())
    return ctx.store.presign_get(Permit("exports", key, lives_s, name, EXPORT_TYPES[key.rpartition(".")[2]]))
