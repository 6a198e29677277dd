"""Presets of a workspace, and the verdict whether a channel may use an asset."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import WorkspaceId, short_hash
from chalicelib.domain.presets import CHANNELS, Preset, unusable
from chalicelib.errors import Conflict, InvalidInput, NotFound, Stale
from chalicelib.models import base, presets as rows, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import indexing, jobs, trails
from chalicelib.services.signing import Caller

MOST = 100
"""Presets a workspace keeps."""


@dataclass(frozen=True)
class Verdict:
    """Whether a channel may use an asset now, and why not."""

    channel: str
    usable: bool
    because: tuple[str, ...]


_KEPT_MOST = 2_000
_kept: dict[WorkspaceId, tuple[int, list[Preset]]] = {}


def listed(caller: Caller) -> list[Preset]:
    """All presets, by name, for who may view anything at all.

    They are kept in the process under the workspace's epoch, which every change of one raises.
    """
    if caller.access.reach(Right.VIEW).is_nothing:
        return []
    known = _kept.get(caller.workspace)
    if known is None or known[0] != caller.epoch:
        if len(_kept) >= _KEPT_MOST:
            _kept.clear()
        found = sorted(rows.every(caller.workspace), key=lambda one: (one.name.casefold(), one.id))
        known = _kept[caller.workspace] = (caller.epoch, found)
    return list(known[1])


def load(workspace: WorkspaceId, preset_id: str) -> Preset:
    """One preset. Raises `NotFound`."""
    found = rows.get(workspace, preset_id)
    if found is None:
        raise NotFound("There is no such preset.")
    return found


def seen(caller: Caller, preset_id: str) -> Preset:
    """One preset, for who may view anything at all. Raises `NotFound`."""
    if caller.access.reach(Right.VIEW).is_nothing:
        raise NotFound("There is no such preset.")
    return load(caller.workspace, preset_id)


def named(workspace: WorkspaceId, written: str) -> Preset:
    """A preset by its id or by its channel. Raises `InvalidInput`."""
    found = (rows.get(workspace, written) if written else None) or rows.get(workspace, channel_id(workspace, written))
    if found is None:
        raise InvalidInput("There is no such preset.", code="unknown_preset", fields={"preset": "does not exist"})
    return found


def channel_id(workspace: WorkspaceId, channel: str) -> str:
    """The id of the preset of a channel."""
    return short_hash("channel", workspace, channel)


def make(ctx: Context, caller: Caller, wanted: Preset, seed: str | None) -> Preset:
    """Add a preset. Raises `Conflict`: the channel has one already, or there are 100."""
    if len(rows.every(caller.workspace)) >= MOST:
        raise Conflict(f"A workspace keeps at most {MOST} presets. Delete one first.", code="too_many")
    own = short_hash("preset", caller.workspace, seed) if seed else ctx.new_id()
    new = replace(wanted, id=channel_id(caller.workspace, wanted.channel) if wanted.channel else own)
    try:
        _write(ctx, caller, new, None, "preset.created")
    except base.ConditionFailed as lost:
        known = rows.get(caller.workspace, new.id)
        if seed is not None and known == new:
            return new
        raise Conflict("This channel has a preset already.", code="name_taken") from lost
    return new


def edit(ctx: Context, caller: Caller, old: Preset, values: Mapping[str, Any]) -> Preset:
    """Change a preset. Raises `Stale`."""
    new = replace(old, **values, revision=old.revision + 1)
    try:
        _write(ctx, caller, new, old.revision, "preset.changed")
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this preset at the same moment.") from lost
    return new


def delete(ctx: Context, caller: Caller, old: Preset) -> None:
    """Delete a preset; what was rendered with it stays until its address ends."""
    told = trails.entry(ctx, caller.workspace, caller.principal.label, "preset.deleted", f"preset:{old.id}")
    base.transact([rows.remove(caller.workspace, old.id), told, _void(caller)])
    _verdicts_anew(ctx, caller, old)


def _write(ctx: Context, caller: Caller, new: Preset, known: int | None, action: str) -> None:
    who = caller.principal.label
    told = trails.entry(ctx, caller.workspace, who, action, f"preset:{new.id}", name=new.name, channel=new.channel)
    base.transact([rows.put(caller.workspace, new, known=known), told, _void(caller)])
    _verdicts_anew(ctx, caller, new)


def _void(caller: Caller) -> base.Write:
    return workspaces.raise_epoch(caller.workspace, tree=False)


def _verdicts_anew(ctx: Context, caller: Caller, changed: Preset) -> None:
    """What a channel asks has changed: the index is built anew, since it holds the verdict on every asset."""
    if changed.channel is not None:
        because = {"because": f"channel {changed.channel} changed"}
        jobs.start(ctx, caller.workspace, caller.principal.label, indexing.REBUILD, because)


def add_channels(ctx: Context, caller: Caller) -> None:
    """Add those of the template's channels that are missing; what is there stays as it is."""
    known = {one.channel for one in rows.every(caller.workspace)}
    for one in CHANNELS:
        if one.channel not in known:
            make(ctx, caller, one, "template")


def verdicts(ctx: Context, caller: Caller, asset: Asset, channel: str | None = None) -> list[Verdict]:
    """The verdict on each channel, or on one, for who may view the asset. Raises `NotFound`: no such channel."""
    if not caller.rights_on(asset, ctx.now()) & Right.VIEW.bit:
        return []
    found = [one for one in listed(caller) if one.channel and channel in (None, one.channel)]
    if channel is not None and not found:
        raise NotFound("There is no such channel.")
    now = ctx.now()
    return [Verdict(str(one.channel), not why, why) for one in found for why in [unusable(asset, one, now)]]
