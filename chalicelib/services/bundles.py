"""Downloads of many files: a job that makes one ZIP of whatever of a selection may leave for who asked.

Two walks, each of small steps that may be repeated. The first asks the door about one asset after the other, reads what
may leave once for its checksum, and keeps both as lines; from then on every byte of the ZIP is settled. The second
writes the ZIP in parts of a multipart upload: a part that is written twice is the same. What the door refuses is listed
and audited, and the rest goes on. Whether the whole may be handed out is asked again at each read of the job.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import bundles
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.bundles import Layout, Member, Names
from chalicelib.domain.ids import AssetId
from chalicelib.domain.presets import Preset
from chalicelib.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    PackshotError,
    TooLarge,
    UpstreamRejected,
    UpstreamUnavailable,
)
from chalicelib.models import base
from chalicelib.ports.context import Context
from chalicelib.services import access, acting, bundle_parts, egress, exports, jobs, selections
from chalicelib.services.bundle_parts import Line, Standing
from chalicelib.services.egress import Outgoing, Wish
from chalicelib.services.jobs import Job
from chalicelib.services.selections import Selection
from chalicelib.services.signing import Caller

DOWNLOAD = "download"
_STEP, _READ_BYTES = 80, 8 * 2**20
_LEAVING = (Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL, Right.DOWNLOAD_UNAPPROVED)
_NO = (NotAllowed, NotFound, Conflict, InvalidInput, UpstreamRejected)


def start(
    ctx: Context, caller: Caller, selection: Selection, original: bool | None, preset: Preset | None, seed: str | None
) -> tuple[str, int]:
    """Queue a download of what the selection is now; the job's id, and how many assets it will ask the door about.

    Raises:
        NotAllowed: the caller may download nothing at all.
        BadQuery, InvalidInput: as `selections.fixed`.
    """
    ids = selections.fixed(ctx, caller, selection)
    request = {
        "set": selections.keep(ctx, caller.workspace, ids),
        "caller": dict(acting.kept(caller)),
        "original": original,
        "preset": asdict(preset) if preset else None,
    }
    job_id = jobs.start(
        ctx, caller.workspace, caller.principal.label, DOWNLOAD, request, total=len(ids), job_id=seed
    )  # fmt: skip
    return job_id, len(ids)


def check_may_download(caller: Caller) -> None:
    """Raise `NotAllowed` for who may download nothing, wherever it lies."""
    if all(caller.access.reach(one).is_nothing for one in _LEAVING):
        raise NotAllowed("This needs the right “download”.", fields={"right": "download"})


def preset_of(job: Job) -> Preset | None:
    """The preset that a download was asked for with, as it was then."""
    kept = job.request.get("preset")
    return Preset(**kept) if kept else None


def work(run: jobs.Run) -> Mapping[str, Any]:
    """Make the ZIP, going on where the last run stood.

    Raises:
        TooLarge: it would be larger than 100 GiB.
        NotAllowed, Gone: who asked may not work here any more.
    """
    ids = selections.load(run.ctx, run.job.request["set"])
    standing = Standing(**(run.job.cursor or {}))
    lines, taken = list(bundle_parts.lines_of(run, standing.pages)), Names()
    for one in lines:
        taken.take(one.name)
    while standing.at < len(ids):
        standing = _choose(run, ids, standing, lines, taken)
    told = {"files": len(lines), "refused": standing.refused}
    if not lines:
        run.advance(len(ids), cursor=run.job.cursor)
        return told
    layout = Layout([Member(one.name, one.size_bytes, one.crc) for one in lines], run.job.created_at)
    bundle_parts.write(run, lines, layout, standing, len(ids))
    contents = f"{bundle_parts.place(run)}/contents.json"
    body = json.dumps([[one.asset_id, one.version, one.what] for one in lines])
    run.ctx.store.write("exports", contents, body.encode(), "application/json")
    file = exports.bundle_file(bundle_parts.zip_key(run), f"packshot-{run.job.created_at:%Y-%m-%d}.zip", contents)
    return {**told, "size_bytes": layout.size_bytes, "file": file}


@dataclass
class _Step:
    """What one step has found, until it is kept."""

    until: datetime
    lines: list[Line] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    writes: list[base.Write] = field(default_factory=list)
    seen: int = 0
    begun: list[Any] | None = None


def _choose(run: jobs.Run, ids: Sequence[AssetId], old: Standing, lines: list[Line], taken: Names) -> Standing:
    """Ask the door about some more assets and keep the answers; a large file is read over several steps."""
    ctx, request = run.ctx, run.job.request
    caller = acting.again(ctx, run.workspace, request["caller"])
    wish = Wish(None, request["original"], preset_of(run.job))
    step = _Step(ctx.now() + _third_of_a_lease(ctx), begun=old.begun)
    caller.look_at(ids[old.at : old.at + _STEP])
    for asset_id in ids[old.at : old.at + _STEP]:
        if not _take(run, caller, asset_id, wish, taken, step) or ctx.now() >= step.until:
            break
    size_bytes = old.size_bytes + sum(one.size_bytes for one in step.lines)
    if size_bytes > bundles.MOST_BYTES:
        raise TooLarge("One ZIP holds at most 100 GiB. Select less, or take a preset.", code="too_many_bytes")
    pages = [*old.pages, bundle_parts.keep(run, step.lines)] if step.lines else old.pages
    new = Standing(old.at + step.seen, old.refused + len(step.errors), size_bytes, pages, step.begun)
    writes = [*step.writes, *egress.counted(ctx, caller, len(step.lines))]
    lines += step.lines
    run.advance(new.at // 2, total=len(ids), cursor=asdict(new), errors=step.errors, writes=writes)
    return new


def _take(run: jobs.Run, caller: Caller, asset_id: AssetId, wish: Wish, taken: Names, step: _Step) -> bool:
    """Ask about one asset; whether it was seen to the end."""
    batch, asset = {"batch_id": run.job.id}, None
    try:
        asset = access.asset(run.ctx, caller, asset_id, Right.SEE)
        out = egress.decided(run.ctx, caller, asset, wish)
        crc = _checksum(run.ctx, out, step)
        if crc is None:
            return False
    except UpstreamUnavailable as problem:
        if run.job.attempts < run.ctx.settings.tries:
            raise
        _note(run, caller, asset_id, asset, problem, step)
    except _NO as problem:
        _note(run, caller, asset_id, asset, problem, step)
    else:
        name = taken.take(out.file_name)
        step.lines.append(
            Line(asset.id, out.version, out.what, out.bucket, out.key, name, out.size_bytes, crc)
        )  # fmt: skip
        step.writes.append(egress.gone(run.ctx, caller, asset, out, **batch))
    step.seen += 1
    step.begun = None
    return True


def _note(
    run: jobs.Run, caller: Caller, asset_id: AssetId, asset: Asset | None, problem: PackshotError, step: _Step
) -> None:
    """List what does not come along; what is refused of an asset the caller knows of is audited too."""
    step.errors.append({"subject": f"asset:{asset_id}", "code": problem.code, "detail": problem.message})
    if asset is not None and isinstance(problem, egress.REFUSALS):
        step.writes.append(egress.refused(run.ctx, caller, asset, problem, batch_id=run.job.id))


def _checksum(ctx: Context, out: Outgoing, step: _Step) -> int | None:
    """The CRC-32 of the bytes; None when the step's time is up before their end, and where it stood is noted."""
    is_known = step.begun is not None and step.begun[0] == out.key
    place, crc = (int(step.begun[1]), int(step.begun[2])) if is_known and step.begun else (0, 0)
    while place < out.size_bytes:
        body = ctx.store.read_range(out.bucket, out.key, place, min(_READ_BYTES, out.size_bytes - place))
        crc = zlib.crc32(body, crc)
        place += len(body)
        if place < out.size_bytes and ctx.now() >= step.until:
            step.begun = [out.key, place, crc]
            return None
    return crc


def _third_of_a_lease(ctx: Context) -> timedelta:
    return timedelta(seconds=ctx.settings.lease_s / 3)
