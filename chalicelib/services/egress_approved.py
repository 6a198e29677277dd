"""The approved version on its way to shops: what may leave of it, as which picture, and why not.

The door itself is `egress.py`; here is only what feeds and stores ask of it.
"""

from dataclasses import dataclass

from chalicelib.domain import presets
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.presets import Preset
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.ports.context import Context
from chalicelib.services import egress
from chalicelib.services.egress import Wish
from chalicelib.services.signing import Caller


@dataclass(frozen=True)
class Picture:
    """A picture of the approved version, for an hour."""

    url: str
    version: int
    width_px: int
    height_px: int


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
    return Picture(egress.picture_url(ctx, largest), version.number, largest.width_px, largest.height_px)


def approved_as(ctx: Context, caller: Caller, asset: Asset, preset: Preset) -> Picture | None:
    """The approved version as a preset makes it, for two minutes; None when nothing may leave or it cannot be made.

    Each is audited as a download. Raises `NotAllowed`: the caller may look, but not download.
    """
    picture, version = approved_picture(ctx, caller, asset), asset.approved
    if picture is None or version is None:
        return None
    try:
        found = egress.download(ctx, caller, asset, Wish(version.number, preset=preset))
    except (Conflict, InvalidInput):
        return None
    width, height = preset.size_of(version.facts.get("width_px") or 0, version.facts.get("height_px") or 0)
    return Picture(found.url, version.number, width, height)


def why_not(ctx: Context, caller: Caller, asset: Asset, preset: Preset) -> tuple[str, ...]:
    """Why the approved version would not leave to this caller as this preset makes it, at this moment; empty: it would.

    A verdict for plans: nothing leaves by it, and nothing is audited. Beside what `presets.unusable` says: `no_right`,
    `no_original`.
    """
    found = list(presets.unusable(asset, preset, ctx.now()))
    if asset.approved is not None and not asset.approved.has_bytes:
        found.append("no_original")
    if not caller.rights_on(asset, ctx.now()) & Right.DOWNLOAD.bit:
        found.append("no_right")
    return tuple(found)


def bytes_of_approved(ctx: Context, caller: Caller, asset: Asset, number: int, preset: Preset) -> bytes:
    """The bytes of a version as a preset makes it, for a store; audited as gone, or as refused.

    Raises as `egress.download`, and `Conflict` unless that version is the approved one at this moment.
    """
    if asset.approved is None or asset.approved.number != number or asset.state != "live":
        raise Conflict("This version is not the approved one any more.", code="not_approved")
    out = egress.leaving(ctx, caller, asset, Wish(number, preset=preset))
    return ctx.store.read(out.bucket, out.key)
