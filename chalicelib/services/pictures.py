"""Asking the picture function about one version: the message it gets and what its answer means.

The function has no rights of its own; it reads and writes by addresses signed here for minutes.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain import presets, recipes
from chalicelib.domain.arrivals import Refusal
from chalicelib.domain.assets import Rendition
from chalicelib.domain.ids import VersionId, WorkspaceId
from chalicelib.domain.permits import Permit
from chalicelib.domain.presets import Preset
from chalicelib.errors import Conflict, NotFound
from chalicelib.ports import Context

_SIGNED_S = 900
_MAX_FRAMES = 500


def make(ctx: Context, workspace: WorkspaceId, version_id: VersionId) -> Mapping[str, Any]:
    """The picture function's answer about the original of this version; renditions are written on the way.

    Raises:
        UpstreamUnavailable: nothing is known of the file; try again.
    """
    targets = {name: (target, "image/webp") for name, target in recipes.rendition_keys(workspace, version_id).items()}
    return _ask(ctx, workspace, version_id, recipes.recipe(), targets)


def render(ctx: Context, workspace: WorkspaceId, version_id: VersionId, preset: Preset) -> str:
    """Where the version lies as this preset makes it; made now if nobody has asked for it before.

    Raises:
        Conflict: it cannot become that; the words say why.
        UpstreamUnavailable: nothing is known of the file; try again.
    """
    key = presets.key(workspace, version_id, preset)
    try:
        ctx.store.head("renditions", key)
    except NotFound:
        answer = _ask(ctx, workspace, version_id, presets.recipe(preset), {"preset": (key, preset.mime)})
        if answer["outcome"] != "ok":
            words = str(answer.get("reason") or "This file cannot become that.")
            raise Conflict(words, code="preset_unfit") from None
    return key


def _ask(
    ctx: Context,
    workspace: WorkspaceId,
    version_id: VersionId,
    recipe: Mapping[str, Any],
    targets: Mapping[str, tuple[str, str]],
) -> Mapping[str, Any]:
    settings, key = ctx.settings, recipes.original_key(workspace, version_id)
    puts = []
    for name, (target, mime) in targets.items():
        signed = ctx.store.presign_put("renditions", target, expires_s=_SIGNED_S, content_type=mime)
        puts.append({"rendition": name, "url": signed.url, "headers": dict(signed.headers)})
    return ctx.media.make(
        {
            "v": 1,
            "id": version_id,
            "get_url": ctx.store.presign_get(Permit("originals", key, _SIGNED_S)),
            "limits": {
                "max_bytes": settings.max_object_bytes,
                "max_pixels": settings.max_pixels,
                "max_frames": _MAX_FRAMES,
                "memory_bytes": settings.media_memory_bytes,
                "cpu_s": settings.media_cpu_s,
                "wall_s": settings.media_wall_s,
            },
            "recipe": recipe,
            "puts": puts,
        }
    )


def refusal_in(answer: Mapping[str, Any]) -> Refusal | None:
    """Why the file must be set aside, or None when it can be kept (perhaps without a picture)."""
    outcome = answer["outcome"]
    if outcome in ("ok", "unsupported"):
        return None
    reason = answer.get("reason") or "This file cannot be read. Export it again and drop it once more."
    return Refusal(str(outcome), str(reason))


def renditions_in(answer: Mapping[str, Any], workspace: WorkspaceId, version_id: VersionId) -> tuple[Rendition, ...]:
    """The renditions that were written, largest first."""
    keys = recipes.rendition_keys(workspace, version_id)
    return tuple(
        Rendition(one["name"], keys[one["name"]], one["width_px"], one["height_px"], one["size_bytes"], one["format"])
        for one in answer.get("renditions") or ()
    )
