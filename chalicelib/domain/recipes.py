"""The recipe of renditions: what is made of every picture, and the keys that follow from it.

Same recipe and same bytes give the same picture, so the recipe's digest is part of each key.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.domain.ids import VersionId, WorkspaceId

PIPELINE = 1
"""Version of the algorithm in `media/`; raising it makes new keys beside the old ones."""


@dataclass(frozen=True)
class Step:
    """One rendition: its name and the longest side it may have, in pixels; never an upscale."""

    name: str
    long_side_px: int
    format: str = "webp"
    quality: int = 80
    effort: int = 2


STEPS = (Step("large", 1600), Step("medium", 512), Step("small", 256))


def recipe() -> dict[str, Any]:
    """The recipe as the media function reads it."""
    return {"pipeline": PIPELINE, "renditions": [asdict(step) for step in STEPS]}


def recipe_digest() -> str:
    """Ten hexadecimal signs that change whenever the recipe does."""
    return hashlib.sha256(json.dumps(recipe(), sort_keys=True).encode()).hexdigest()[:10]


def original_key(workspace: WorkspaceId, version_id: VersionId) -> str:
    """Where a version's bytes lie in the originals bucket."""
    return f"{workspace}/{version_id}"


def rendition_key(workspace: WorkspaceId, version_id: VersionId, step: Step) -> str:
    """Where a rendition lies in the renditions bucket."""
    return f"{workspace}/{version_id}/{recipe_digest()}-{step.name}.{step.format}"


def rendition_keys(workspace: WorkspaceId, version_id: VersionId) -> dict[str, str]:
    """Key of each rendition, by name."""
    return {step.name: rendition_key(workspace, version_id, step) for step in STEPS}
