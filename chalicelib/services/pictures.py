"""Asking the picture function about one version: the message it gets and what its answer means.

The function has no rights of its own; it reads and writes by addresses signed here for minutes.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import learning, presets, recipes, views
from chalicelib.domain.arrivals import Refusal
from chalicelib.domain.assets import Rendition, Version
from chalicelib.domain.ids import VersionId, WorkspaceId
from chalicelib.domain.learning import Example, Word
from chalicelib.domain.permits import Permit
from chalicelib.domain.presets import Preset
from chalicelib.errors import Conflict, NotFound, UpstreamUnavailable
from chalicelib.ports.context import Context

_SIGNED_S = 900
_MAX_FRAMES = 500
_GONE = "The preview of this picture is gone, so there is nothing to look at. Retry its processing, or drop it again."
_BROKEN = "The preview of this picture cannot be read, so there is nothing to look at. Drop the picture again."
SEEN_FACTS = ("background", "colors", "phash")
"""Facts that are seen in a picture, not told by its file."""


def make(ctx: Context, workspace: WorkspaceId, version_id: VersionId) -> Mapping[str, Any]:
    """The picture function's answer about the original of this version; renditions are written on the way.

    Raises:
        UpstreamUnavailable: nothing is known of the file; try again.
    """
    targets = {name: (target, "image/webp") for name, target in recipes.rendition_keys(workspace, version_id).items()}
    return _ask(ctx, version_id, _original(workspace, version_id), recipes.recipe(), targets)


@dataclass(frozen=True)
class Glance:
    """What is seen in a picture: by a model, `{model, model_version, classes: [[class, probability]], view}`, None
    without one; and without any, `{background?, colors?, phash?}`. `because` says why nothing is seen at all.
    """

    sight: Mapping[str, Any] | None
    facts: Mapping[str, Any]
    because: str | None = None


def look(ctx: Context, version: Version, classes: int) -> Glance | None:
    """What is seen in a version, looked at in its medium rendition; None where there is no picture. With 0 `classes`
    no model is asked. Of a rendition that is broken or gone a glance says so: another try would only meet it again.

    Raises:
        UpstreamUnavailable: nothing is known; try again.
    """
    medium = next((one for one in version.renditions if one.name == "medium"), None)
    if medium is None:
        return None
    recipe = {"pipeline": recipes.PIPELINE, "sight": {"classes": classes}}
    try:
        answer = _ask(ctx, version.id, Permit("renditions", medium.key, _SIGNED_S), recipe, {})
    except UpstreamUnavailable:
        if _is_there(ctx, medium.key):
            raise
        return Glance(None, {}, _GONE)
    if answer["outcome"] != "ok":
        return Glance(None, {}, str(answer.get("reason") or _BROKEN))
    facts = {name: value for name, value in answer["facts"].items() if name in SEEN_FACTS}
    return Glance(answer.get("sight"), facts)


def jpeg(ctx: Context, workspace: WorkspaceId, version: Version, least_px: int) -> bytes | None:
    """A version's smallest rendition from medium on with sides of `least_px` or more, as a JPEG, for who takes no WebP;
    None where there is none. Made once.

    Raises:
        UpstreamUnavailable: nothing is known; try again.
    """
    fit = [one for one in version.renditions if one.name != "small" and min(one.width_px, one.height_px) >= least_px]
    if not fit:
        return None
    found = min(fit, key=lambda one: one.width_px)
    preset = Preset("", found.name, found.width_px, found.height_px, quality=90)
    key = presets.key(workspace, version.id, preset)
    if not _is_there(ctx, key):
        source = Permit("renditions", found.key, _SIGNED_S)
        answer = _ask(ctx, version.id, source, presets.recipe(preset), {"preset": (key, preset.mime)})
        if answer["outcome"] != "ok":
            return None
    return ctx.store.read("renditions", key)


def _is_there(ctx: Context, key: str) -> bool:
    try:
        ctx.store.head("renditions", key)
    except NotFound:
        return False
    return True


def nearest(ctx: Context, asked: views.Nearest) -> list[views.Near]:
    """What the picture function finds nearest. Raises `UpstreamUnavailable`."""
    heads = b"".join(one.to_bytes(4, "little") for one in asked.heads)
    near = {
        "view": base64.b64encode(asked.view.body).decode(),
        "maker": int.from_bytes(asked.view.maker, "little"),
        "parts": [[one.name, one.url, one.offset, one.length] for one in asked.parts],
        "heads": base64.b64encode(heads).decode(),
        "is_only": asked.is_only,
        "most": asked.most,
        "least": asked.least,
    }
    answer = ctx.media.make({"v": 1, "near": near})
    return [views.Near(int(key), float(cosine), int(check)) for key, cosine, check in answer["near"]]


def learn(ctx: Context, examples: Sequence[Example], words: Sequence[Word]) -> Mapping[str, Any]:
    """The head that the picture function learns from the examples' views and which of the words each has.

    Raises `UpstreamUnavailable`.
    """
    lesson = learning.message(examples, words)
    head: Mapping[str, Any] = ctx.media.make({"v": 1, "learn": lesson})["head"]
    return head


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
        source = _original(workspace, version_id)
        answer = _ask(ctx, version_id, source, presets.recipe(preset), {"preset": (key, preset.mime)})
        if answer["outcome"] != "ok":
            words = str(answer.get("reason") or "This file cannot become that.")
            raise Conflict(words, code="preset_unfit") from None
    return key


def _original(workspace: WorkspaceId, version_id: VersionId) -> Permit:
    return Permit("originals", recipes.original_key(workspace, version_id), _SIGNED_S)


def _ask(
    ctx: Context,
    version_id: VersionId,
    source: Permit,
    recipe: Mapping[str, Any],
    targets: Mapping[str, tuple[str, str]],
) -> Mapping[str, Any]:
    settings = ctx.settings
    puts = []
    for name, (target, mime) in targets.items():
        signed = ctx.store.presign_put("renditions", target, expires_s=_SIGNED_S, content_type=mime)
        puts.append({"rendition": name, "url": signed.url, "headers": dict(signed.headers)})
    return ctx.media.make(
        {
            "v": 1,
            "id": version_id,
            "get_url": ctx.store.presign_get(source),
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
