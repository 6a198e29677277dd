"""The one door out: which version and which bytes leave, to whom, and for how long.

Every way out calls this module; nobody else may hold a permit to sign a reading address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import presets, recipes, review, sealing
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, Rendition, Version
from chalicelib.domain.permits import Permit
from chalicelib.domain.presets import Preset
from chalicelib.domain.shares import Share
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, PackshotError
from chalicelib.models import base, shares, versions
from chalicelib.ports.context import Context
from chalicelib.ports.objects import Bucket
from chalicelib.services import pictures as pictures_made, trails
from chalicelib.services.signing import Caller

ORIGINALS_LIVE = timedelta(seconds=120)
REFUSALS = (NotAllowed, Conflict)
"""What the door says of an asset that the caller knows of; each is written down."""
_WEBP = "image/webp"


@dataclass(frozen=True)
class Download:
    """One address out."""

    url: str
    expires_at: datetime
    file_name: str
    version: int
    size_bytes: int


@dataclass(frozen=True)
class MediaObject:
    """A picture for the media host."""

    content_type: str
    body: bytes


def shown(caller: Caller, asset: Asset, bits: int) -> Version | None:
    """The version this caller is shown: the approved one, else the newest it may know of unless a collection blocks
    that."""
    return review.shown_to(asset, bits, caller.uploader, is_blocked=_is_blocked(caller, asset))


def _is_blocked(caller: Caller, asset: Asset) -> bool:
    return caller.tree.blocks_unapproved(asset.collection_ids)


def seen_version(caller: Caller, asset: Asset, bits: int, number: int) -> Version:
    """One version of the asset, with what is decided of it. Raises `NotFound` unless this caller may see it."""
    visible = shown(caller, asset, bits)
    if visible is not None and number == visible.number:
        return review.as_decided(asset, visible)
    found = versions.get(caller.workspace, asset.id, number) if number >= 1 else None
    if found is None or not review.sees(asset, found, bits, caller.uploader):
        raise NotFound("There is no such version.")
    return review.as_decided(asset, found)


def pictures(caller: Caller, version: Version) -> tuple[Rendition, ...]:
    """Renditions this caller may be shown, largest first: a share may end at a size."""
    most = caller.share.max_px if caller.share else None
    return tuple(one for one in version.renditions if most is None or max(one.width_px, one.height_px) <= most)


def picture_url(ctx: Context, rendition: Rendition) -> str:
    """Address of a rendition on the media host; the same for an hour, over after at most 70 minutes."""
    return ctx.settings.media_url + sealing.seal_media_path(ctx.secret("media"), rendition.key, ctx.now())


def bytes_once_pushed(ctx: Context, caller: Caller, asset_id: str, key: str) -> bytes:
    """Bytes that were in a store before, to be put back there by a roll-back; audited. Raises `NotFound`."""
    if not key.startswith(f"{caller.workspace}/"):
        raise NotFound("These bytes are not kept.")
    body = ctx.store.read("renditions", key)
    who = caller.principal.label
    told = trails.entry(ctx, caller.workspace, who, "asset.downloaded", f"asset:{asset_id}", rendition=f"kept:{key}")
    base.transact([told])
    return body


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
        out = decided(ctx, caller, asset, wish)
    except REFUSALS as problem:
        base.transact([refused(ctx, caller, asset, problem)])
        raise
    base.transact([gone(ctx, caller, asset, out), *counted(ctx, caller, 1)])
    return out


def decided(ctx: Context, caller: Caller, asset: Asset, wish: Wish) -> Outgoing:
    """What may leave of an asset for this caller; a preset is made on the way. Raises as `download`.

    Nothing is written down: whoever asks commits `gone` and `counted`, or `refused`, with what it does.
    """
    version, is_original = _permitted(ctx, caller, asset, wish)
    if wish.preset is not None:
        return _as_preset(ctx, caller, asset, version, wish.preset)
    if is_original:
        return _original(caller, version)
    ready = pictures(caller, version)
    if not ready:
        raise _nothing_leaves(version)
    return _rendition(version, ready[0])


def gone(ctx: Context, caller: Caller, asset: Asset, out: Outgoing, **detail: str) -> base.Write:
    """The audit entry of what has left."""
    told = {"version": out.version, "rendition": out.what, **detail}
    return trails.entry(
        ctx, caller.workspace, caller.principal.label, "asset.downloaded", f"asset:{asset.id}", **told
    )  # fmt: skip


def counted(ctx: Context, caller: Caller, files: int) -> list[base.Write]:
    """The write that counts files that leave by a link; none for who came by no link."""
    return [shares.downloaded(caller.share, ctx.now(), files)] if caller.share is not None and files else []


def refused(ctx: Context, caller: Caller, asset: Asset, problem: PackshotError, **detail: str) -> base.Write:
    """The audit entry of what was refused."""
    who, told = caller.principal.label, {"code": problem.code, **detail}
    return trails.refusal(ctx, caller.workspace, who, "asset.download", f"asset:{asset.id}", **told)


def still_leaves(ctx: Context, caller: Caller, asset: Asset, number: int, what: str, preset: Preset | None) -> bool:
    """Whether what has left before, this version as `what`, might leave for this caller now."""
    is_gone = caller.share is not None and asset.state != "live"
    wish = Wish(number, original=None if preset else what == "original", preset=preset)
    try:
        version, is_original = _permitted(ctx, caller, asset, wish)
    except (NotAllowed, NotFound, Conflict):
        return False
    is_shown = bool(preset) or is_original or any(one.name == what for one in pictures(caller, version))
    return is_shown and not is_gone


def _permitted(ctx: Context, caller: Caller, asset: Asset, wish: Wish) -> tuple[Version, bool]:
    """The version that may leave as it is wished for, and whether as the original."""
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
        return version, True
    if not bits & (Right.DOWNLOAD.bit | Right.DOWNLOAD_UNAPPROVED.bit):
        raise NotAllowed("This needs the right “download”.", fields={"right": "download"})
    if wish.preset is not None and caller.share is not None:
        _check_link(caller.share, wish.preset)
    return version, False


def _check_link(share: Share, preset: Preset) -> None:
    if not share.allows_presets:
        raise NotAllowed("This link gives previews only.", code="preview_only")
    if share.max_px and max(preset.width_px, preset.height_px) > share.max_px:
        raise NotAllowed(f"This link gives at most {share.max_px} px.", code="too_many_pixels")


def _as_preset(ctx: Context, caller: Caller, asset: Asset, version: Version, preset: Preset) -> Outgoing:
    if not version.renditions or not version.has_bytes:
        raise _nothing_leaves(version)
    width, height = version.facts.get("width_px") or 0, version.facts.get("height_px") or 0
    lacks = preset.needs(width, height)
    if lacks:
        raise InvalidInput(f"“{preset.name}” {lacks}; nothing is enlarged.", code="too_small", fields={"preset": lacks})
    key = pictures_made.render(ctx, caller.workspace, version.id, preset)
    size = ctx.store.head("renditions", key).size_bytes
    name = presets.file_name(preset, asset, version)
    return Outgoing("renditions", key, name, preset.mime, size, version.number, f"preset:{preset.id}")


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


def _original(caller: Caller, version: Version) -> Outgoing:
    if not version.has_bytes:
        raise _nothing_leaves(version)
    key = recipes.original_key(caller.workspace, version.id)
    return Outgoing(
        "originals", key, version.file_name, version.mime, version.size_bytes, version.number, "original"
    )  # fmt: skip


def _rendition(version: Version, one: Rendition) -> Outgoing:
    plain = version.file_name.rpartition(".")[0] or version.file_name
    name = f"{plain}.{one.format}"
    return Outgoing("renditions", one.key, name, _WEBP, one.size_bytes, version.number, one.name)


def read(ctx: Context, out: Outgoing, start: int, length: int) -> bytes:
    """Some of the bytes that may leave, none behind their end."""
    return ctx.store.read_range(out.bucket, out.key, start, length) if start < out.size_bytes else b""
