"""Files that jobs have made: what a job's result keeps of one, and its address, made anew at each read.

They are kept for a week. An address is signed only after the rights of whoever reads have been asked again.
"""

import json
from collections.abc import Mapping, Sequence

from chalicelib.domain.access import Right
from chalicelib.domain.assets import settled
from chalicelib.domain.ids import AssetId
from chalicelib.domain.permits import Permit
from chalicelib.domain.presets import Preset
from chalicelib.errors import NotAllowed
from chalicelib.models import assets, base
from chalicelib.ports.context import Context
from chalicelib.services import egress, trails
from chalicelib.services.signing import Caller

TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson", "zip": "application/zip"}
_ROWS = 100


def file(key: str, file_name: str) -> dict[str, str]:
    """What a job's result keeps of a file it has made: never an address."""
    return {"key": key, "file_name": file_name}


def url(ctx: Context, caller: Caller, kept: Mapping[str, str]) -> str | None:
    """An address for a file that a job has made, new at each call; None for who does not manage the library.

    Files are kept for a week.
    """
    return address(ctx, caller, kept) if caller.access.on_library() & Right.MANAGE.bit else None


def address(ctx: Context, caller: Caller, kept: Mapping[str, str]) -> str | None:
    """An address for a file whose reader has been judged; None for one of another workspace."""
    return _address(ctx, kept) if kept["key"].startswith(f"{caller.workspace}/") else None


def _address(ctx: Context, kept: Mapping[str, str]) -> str:
    key, lives_s = kept["key"], int(egress.ORIGINALS_LIVE.total_seconds())
    return ctx.store.presign_get(Permit("exports", key, lives_s, kept["file_name"], TYPES[key.rpartition(".")[2]]))


def bundle_file(key: str, file_name: str, contents_key: str) -> dict[str, str]:
    """What a job's result keeps of a bundle; `contents_key` holds a list of `[asset id, version, what]`."""
    return {**file(key, file_name), "contents": contents_key}


def bundle_url(ctx: Context, caller: Caller, job_id: str, kept: Mapping[str, str], preset: Preset | None) -> str:
    """An address for a bundle, new at each call, if all that is in it may still leave for this caller.

    Both are audited: that it is handed out, and that it is not.

    Raises:
        NotAllowed: something in it may not leave any more, or not for this caller.
        NotFound: it is gone; bundles are kept for a week.
    """
    who, subject = caller.principal.label, f"job:{job_id}"
    try:
        if not kept["key"].startswith(f"{caller.workspace}/"):
            raise NotAllowed("This is not yours.")
        _check_contents(ctx, caller, json.loads(ctx.store.read("exports", kept["contents"])), preset)
    except NotAllowed as problem:
        trails.note_refusal(ctx, caller.workspace, who, "download.handed_out", subject, problem.code)
        raise
    base.transact([trails.entry(ctx, caller.workspace, who, "download.handed_out", subject)])
    return _address(ctx, kept)


def _check_contents(
    ctx: Context, caller: Caller, contents: Sequence[tuple[str, int, str]], preset: Preset | None
) -> None:
    for step in (contents[at : at + _ROWS] for at in range(0, len(contents), _ROWS)):
        found = {one.id: one for one in assets.get_many(caller.workspace, [AssetId(one) for one, _, _ in step])}
        caller.look_at(list(found))
        for asset_id, number, what in step:
            asset = found.get(AssetId(asset_id))
            if asset is None or not egress.still_leaves(ctx, caller, settled(asset, caller.tree), number, what, preset):
                raise NotAllowed(
                    "Something in this file may not leave any more. Ask for a new one.", code="contents_changed"
                )
