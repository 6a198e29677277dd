"""The same sheet the other way: SKU, position, shot type and alt text of what a search finds, as CSV for a spreadsheet.

It opens with a byte order mark and without formulas, has a row for each SKU of a file, and can be read in again.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain import sheets, tables
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.ids import AssetId
from chalicelib.errors import InvalidInput
from chalicelib.models import assets
from chalicelib.ports.context import Context
from chalicelib.services import acting, exports, jobs, search
from chalicelib.services.signing import Caller

EXPORT = "metadata_export"
_STEP = 1_000
_ROWS = 100


def start(ctx: Context, caller: Caller, q: str, seed: str | None) -> tuple[str, int]:
    """Queue the writing of what the search finds now; the job's id and how many assets.

    Raises:
        BadQuery: the search cannot be understood.
        InvalidInput: it finds more than one sheet holds.
    """
    found = search.find(ctx, caller, search.Request(q, sort="name", limit=1))
    if found.total > sheets.MOST_ROWS:
        raise InvalidInput(
            f"This finds {found.total:,} assets; a sheet holds {sheets.MOST_ROWS:,}. Narrow the search.",
            code="too_many_assets", fields={"q": "finds too much"},
        )  # fmt: skip
    request = {"q": q, "caller": dict(acting.kept(caller))}
    who = caller.principal.label
    return jobs.start(ctx, caller.workspace, who, EXPORT, request, total=found.total, job_id=seed), found.total


def work(run: jobs.Run) -> Mapping[str, Any]:
    """Write the sheet; a run that begins again writes it whole again."""
    caller = acting.again(run.ctx, run.workspace, run.job.request["caller"])
    lines: list[list[object]] = [list(sheets.COLUMNS)]
    ids: list[str] = []
    for asset in _found(run, caller):
        fields = asset.fields
        ids.append(asset.id)
        for sku in fields.skus or ("",):
            lines.append([asset.id, fields.name, sku, fields.position, fields.shot_type, fields.alt])
    key = f"{run.workspace}/{run.job.id}.csv"
    body = f"\ufeff{tables.lines(lines)}".encode()
    contents = f"{run.workspace}/sets/{run.job.id}.json"
    run.ctx.store.write("exports", contents, json.dumps(ids).encode(), "application/json")
    run.ctx.store.write("exports", key, body, exports.TYPES["csv"])
    file = {**exports.file(key, f"packshot-{run.job.created_at:%Y-%m-%d}.csv"), "contents": contents}
    return {"assets": len(ids), "rows": len(lines) - 1, "file": file, "size_bytes": len(body)}


def _found(run: jobs.Run, caller: Caller) -> Iterator[Asset]:
    """What the search finds, as the tables have it now."""
    seen = 0
    snapshot: int | None = None
    while True:
        asked = search.Request(run.job.request["q"], sort="name", limit=_STEP, skip=seen, generation=snapshot)
        page = search.find(run.ctx, caller, asked)
        snapshot = page.generation
        ids = [AssetId(one.id) for one in page.assets]
        for start in range(0, len(ids), _ROWS):
            yield from _seen(run.ctx, caller, ids[start : start + _ROWS])
        seen += _STEP
        run.advance(min(seen, page.total), total=page.total)
        if seen >= page.total:
            return


def _seen(ctx: Context, caller: Caller, ids: list[AssetId]) -> list[Asset]:
    there = {one.id: settled(one, caller.tree) for one in assets.get_many(caller.workspace, ids)}
    now = ctx.now()
    return [there[one] for one in ids if one in there and caller.rights_on(there[one], now) & Right.VIEW.bit]


def url(ctx: Context, caller: Caller, kept: Mapping[str, str]) -> str | None:
    """An address for the sheet, new at each call; None for who may not see all that is in it any more."""
    ids = [AssetId(one) for one in json.loads(ctx.store.read("exports", kept["contents"]))]
    for start in range(0, len(ids), _ROWS):
        some = ids[start : start + _ROWS]
        if len(_seen(ctx, caller, some)) < len(some):
            return None
    return exports.address(ctx, caller, kept)
