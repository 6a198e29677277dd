"""As whom a connection acts in the library, and as what a store gets its pictures (ADR 0009)."""

from dataclasses import dataclass, replace

from chalicelib.domain.assets import Asset
from chalicelib.domain.connections import Connection
from chalicelib.domain.presets import CHANNELS, Preset
from chalicelib.errors import NotAllowed
from chalicelib.models import credentials, presets as rows, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import presets, signing
from chalicelib.services.signing import Caller

CHANNEL = "shopify"


@dataclass(frozen=True)
class Actor:
    """One connection with the rights of who made it, as they are now, and the preset of its channel."""

    connection: Connection
    caller: Caller
    preset: Preset
    is_own: bool
    """Whether the workspace has that preset; else it is the one of the template."""

    def preset_for(self, asset: Asset) -> Preset:
        """The preset for one asset. Where the workspace asks for no size, a smaller picture goes as it is."""
        facts = asset.approved.facts if asset.approved else {}
        width, height = facts.get("width_px") or 0, facts.get("height_px") or 0
        if self.is_own or not (width and height and self.preset.needs(width, height)):
            return self.preset
        return replace(self.preset, width_px=width, height_px=height)


def of(ctx: Context, one: Connection) -> Actor:
    """The connection as it may act now; what it does is told of the connection.

    Raises:
        NotAllowed: who made it, or the key they made it with, is not here any more.
    """
    kind, _, who = one.by.partition(":")
    key = credentials.find(who) if kind == "key" else None
    member_id = key.member_id if key else who
    current = workspaces.get(one.workspace)
    caller = signing.of_maker(ctx, current, member_id, who if kind == "key" else None) if current else None
    if caller is None:
        raise NotAllowed(
            "Who made this connection is not here any more, and it acts with their rights. Connect the store anew.",
            code="maker_gone",
        )
    principal = replace(caller.principal, told_as=one.label)
    caller = replace(caller, access=replace(caller.access, principal=principal))
    kept = rows.get(one.workspace, presets.channel_id(one.workspace, CHANNEL))
    preset = kept or next(one for one in CHANNELS if one.channel == CHANNEL)
    return Actor(one, caller, preset, kept is not None)
