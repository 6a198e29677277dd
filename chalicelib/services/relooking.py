"""What is seen in all pictures that are there already: looked at as one that comes today, or forgotten; as jobs."""

from collections.abc import Mapping
from typing import Any, Literal

from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.errors import UpstreamUnavailable
from chalicelib.models import assets, learnt
from chalicelib.ports.context import Context
from chalicelib.services import jobs, pictures, sighting
from chalicelib.services.signing import Caller

LOOK, FORGET, LEARN = "auto_tags.look", "auto_tags.forget", "auto_tags.learn"
_KINDS = {"look": LOOK, "forget": FORGET, "learn": LEARN}
_STEP = 20
_MOST_FAILED = 5
_NONE = ""
"""The version of a model that is not there."""


def start(ctx: Context, caller: Caller, do: Literal["look", "forget", "learn"], seed: str | None) -> str:
    """Start the job; its id."""
    return jobs.start(ctx, caller.workspace, caller.principal.label, _KINDS[do], {}, job_id=seed)


def start_for(ctx: Context, workspace: WorkspaceId, by: str) -> str:
    """Start looking in a whole workspace on behalf of an operator; the job's id."""
    return jobs.start(ctx, workspace, by, LOOK, {})


def look(run: jobs.Run) -> Mapping[str, Any]:
    """Look at each picture that is shown and that lacks what one has that comes today: its colours, ground and print,
    and, where visual tags are on, what the present model sees; how many pictures got which.

    Which model is present the first look tells. Safe to repeat: what is seen already is passed over. A picture that
    cannot be looked at is an error of the job, with the reason; when nothing is known for several in a row, the run
    ends and another one goes on. What a run that died has kept since its last step is not counted again.
    """
    begun = {"after": None, "seen": 0, "facts": 0, "failed": 0, "version": None}
    told: dict[str, Any] = {**begun, **(run.job.cursor or {})}
    errors: list[dict[str, str]] = []
    done, total = run.job.done, run.job.total
    if total is None:
        total = run.ctx.search.state(run.workspace).documents
    for asset in assets.every(run.workspace, told["after"] and AssetId(told["after"])):
        try:
            errors += _look_at(run, asset, told)
            told["failed"] = 0
        except UpstreamUnavailable as problem:
            told["failed"] += 1
            if told["failed"] >= _MOST_FAILED:
                raise
            errors.append({"subject": f"asset:{asset.id}", "code": problem.code, "detail": problem.message})
        done, told["after"] = done + 1, asset.id
        if done % _STEP == 0:
            run.advance(done, total=max(done, total), cursor=told, errors=errors)
            errors = []
    run.advance(done, total=done, cursor=told, errors=errors)
    return {"looked_at": done, "seen": told["seen"], "facts": told["facts"]}


def _look_at(run: jobs.Run, asset: Asset, told: dict[str, Any]) -> list[dict[str, str]]:
    """Look at what the asset is shown by; an error for each picture of it that is broken or gone."""
    if asset.state == "trashed":
        return []
    errors: list[dict[str, str]] = []
    is_wanted = run.ctx.settings.visual_tags and sighting.wants_tags(run.workspace, asset)
    for version in {one.id: one for one in sighting.versions(asset)}.values():
        known = asset.seen.get(version.id, {})
        is_seen = "view" in known and known["model_version"] == told["version"]
        lacks_sight = is_wanted and not (is_seen or told["version"] == _NONE)
        lacks_facts = not known.get("bare") and not set(pictures.SEEN_FACTS) & set(version.facts)
        if not (lacks_sight or lacks_facts):
            continue
        found = pictures.look(run.ctx, version, sighting.CLASSES if lacks_sight else 0)
        if found is None:
            continue
        if found.because is not None:
            errors.append({"subject": f"asset:{asset.id}", "code": "cannot_be_seen", "detail": found.because})
            continue
        if lacks_sight:
            told["version"] = found.sight["model_version"] if found.sight else _NONE
        told["seen"] += found.sight is not None
        told["facts"] += lacks_facts
        sight = found.sight or {name: value for name, value in known.items() if name != "bare"}
        bare = {"bare": True} if not found.facts and not set(pictures.SEEN_FACTS) & set(version.facts) else {}
        if found.sight or lacks_facts:
            sighting.keep(run.ctx, run.workspace, asset.id, version, {**sight, **bare}, found.facts)
    return errors


def forget(run: jobs.Run) -> Mapping[str, Any]:
    """Take away what was seen in every asset, and what was learnt. What people accepted is theirs and stays."""
    learnt.drop(run.workspace)
    done = run.job.done
    for asset in assets.every(run.workspace, run.job.cursor and AssetId(run.job.cursor)):
        while not sighting.forget(run.ctx, run.workspace, asset):
            asset = assets.get(run.workspace, asset.id)
        done += 1
        if done % _STEP == 0:
            run.advance(done, cursor=asset.id)
    return {"forgotten": done}
