"""Sheets of SKU, position, shot type and alt text: read row by row, tried first, applied as a change of many assets.

The bytes are copied when they are asked about, so that an upload may go. A job reads the rows step by step and keeps
what came of each in an object a step; nothing is changed meanwhile, and a run that dies goes on at its step. Then each
asset is changed in one transaction with the job's progress, as by `bulk_work.py`, and can be taken back like that.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from chalicelib.domain import recipes, sheets, undoing
from chalicelib.domain.access import Right
from chalicelib.domain.ids import AssetId, VersionId, WorkspaceId, short_hash
from chalicelib.domain.matching import Catalogue
from chalicelib.domain.pages import Page
from chalicelib.domain.sheets import Row, Sheet
from chalicelib.errors import Conflict, InvalidInput, NotFound
from chalicelib.models import catalogue, connections, sources
from chalicelib.ports.context import Context
from chalicelib.services import acting, assets, bulk, bulk_work, jobs, selections, sheet_files, trails, uploads
from chalicelib.services.bulk import Change
from chalicelib.services.bulk_work import Standing
from chalicelib.services.jobs import Job
from chalicelib.services.sheet_files import Found
from chalicelib.services.signing import Caller

IMPORT = "metadata_import"
_STEP, _WAKE_EVERY = 100, 25
_PLACES = 1_000_000
"""More than the rows of one step: where a page goes on is a step and a place in it."""
_NO_SUCH_SKU = "No store has a product with this SKU yet; the picture goes there once one has."
_SEVERAL = "A store has several SKUs that could be this one; its next plan asks which."


@dataclass(frozen=True)
class Line:
    """What becomes of one row. `changes`: its asset is, or would be, other than before."""

    number: int
    told: Mapping[str, str]
    state: str
    asset_id: str | None = None
    name: str | None = None
    code: str | None = None
    detail: str | None = None
    warning: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def start(ctx: Context, caller: Caller, upload_id: str, *, dry_run: bool, seed: str | None) -> tuple[str, int]:
    """Queue the reading of an uploaded sheet, and unless `dry_run` its changes; the job's id and how many rows.

    Raises:
        NotFound: no such upload of this caller.
        Conflict: its bytes have not arrived.
        InvalidInput: it is no sheet.
    """
    body = _bytes(ctx, caller, upload_id)
    sheet = sheets.read(body)
    count = len(sheet.rows)
    key = f"{caller.workspace}/sets/{short_hash(body.hex())}.csv"
    ctx.store.write("exports", key, body, "text/csv")
    request = {"sheet": key, "dry_run": dry_run, "steps": _steps(sheet), "caller": dict(acting.kept(caller))}
    who = caller.principal.label
    return jobs.start(ctx, caller.workspace, who, IMPORT, request, total=count, job_id=seed), count


def _bytes(ctx: Context, caller: Caller, upload_id: str) -> bytes:
    """The bytes of an upload as they wait, or of the version that they became: any file may turn out to be a sheet."""
    upload = uploads.load(caller, upload_id)
    if upload.size_bytes > sheets.MOST_BYTES:
        raise InvalidInput(
            f"This file has {upload.size_bytes:,} bytes; at most {sheets.MOST_BYTES:,} are read.", code="bad_sheet",
            fields={"upload_id": "is no sheet that can be read"},
        )  # fmt: skip
    bucket, key = uploads.place_of(caller, upload)
    try:
        return ctx.store.read(bucket, key)
    except NotFound as missing:
        taken = sources.find(caller.workspace, "upload", upload.id)
        if taken is None:
            raise Conflict("The bytes have not arrived. Send them to the upload's addresses first.") from missing
    return ctx.store.read("originals", recipes.original_key(caller.workspace, VersionId(taken.order[2])))


def work(run: jobs.Run) -> Mapping[str, Any]:
    """Read the rows, then change the assets, going on where the last run stood."""
    request, cursor = run.job.request, run.job.cursor or {}
    sheet = sheets.read(run.ctx.store.read("exports", request["sheet"]))
    lines = _read(run, sheet) if "set" not in cursor else _kept(run.ctx, run.workspace, run.job.id, request["steps"])
    told = {
        "rows": len(sheet.rows), "refused": sum(one.state == "refused" for one in lines),
        "ignored_columns": list(sheet.ignored),
    }  # fmt: skip
    if request["dry_run"]:
        states = [one.state for one in lines]
        return {**told, "change": states.count("change"), "same": states.count("same")}
    standing = _change(run, sheet, lines)
    return {
        **told, "changed": standing.changed,
        "unchanged": standing.at - standing.changed - standing.refused, "assets_refused": standing.refused,
        "undo": asdict(standing),
    }  # fmt: skip


def _steps(sheet: Sheet) -> int:
    return max(1, -(-len(sheets.by_file(sheet.rows)) // _STEP))


def _read(run: jobs.Run, sheet: Sheet) -> list[Line]:
    """What would become of each row, step by step; each step is kept."""
    files, broken = sheets.by_file(sheet.rows), [row for row in sheet.rows if row.trouble]
    at = int((run.job.cursor or {}).get("read", 0))
    lines = _kept(run.ctx, run.workspace, run.job.id, at)
    shops = None
    for number in range(at, _steps(sheet)):
        some = files[number * _STEP : (number + 1) * _STEP]
        if shops is None:
            shops = _catalogues(run.workspace)
        begins = some[0][0].number if number and some else 0
        ends = files[(number + 1) * _STEP][0].number if number + 1 < _steps(sheet) else sheet.rows[-1].number + 1
        made = [
            Line(row.number, row.told, "refused", code="bad_row", detail=row.trouble)
            for row in broken
            if begins <= row.number < ends
        ]
        made = sorted([*made, *_lines(run, some, lines, shops)], key=lambda one: one.number)
        body = json.dumps([asdict(one) for one in made])
        run.ctx.store.write("exports", _place(run.workspace, run.job.id, number), body.encode(), "application/json")
        lines += made
        run.advance(
            len(lines), cursor={"read": number + 1},
            errors=[_error(one) for one in made if one.state == "refused" and _is_final(run, one)],
        )  # fmt: skip
    return lines


def _is_final(run: jobs.Run, line: Line) -> bool:
    """Whether the row is refused whatever comes: an asset's own refusal is told when its turn comes."""
    return line.asset_id is None or bool(run.job.request["dry_run"])


def _error(line: Line) -> dict[str, str]:
    return {"subject": f"row:{line.number}", "code": line.code or "", "detail": line.detail or ""}


def _lines(
    run: jobs.Run, files: Sequence[Sequence[Row]], before: Sequence[Line], shops: Sequence[Catalogue]
) -> list[Line]:  # fmt: skip
    caller = acting.again(run.ctx, run.workspace, run.job.request["caller"])
    named = {one.asset_id: one.number for one in reversed(before) if one.asset_id}
    made: list[Line] = []
    for rows, found in zip(files, sheet_files.find(run.ctx, caller, files), strict=True):
        first = named.get(found.asset.id) if found.asset else None
        if found.asset and first is not None:
            found = Found(trouble=("named_twice", f"Row {first} names the same file in another way."))
        made += _of_file(run.ctx, caller, rows, found, shops)
        named |= {one.asset_id: one.number for one in made[-len(rows) :] if one.asset_id and one.asset_id not in named}
    return made


def _of_file(ctx: Context, caller: Caller, rows: Sequence[Row], found: Found, shops: Sequence[Catalogue]) -> list[Line]:
    """The rows of one file, tried."""
    said, asset = sheets.together(rows), found.asset
    if asset is None or said.trouble:
        code, why = found.trouble if asset is None else ("contradiction", str(said.trouble))
        return [Line(row.number, row.told, "refused", code=code, detail=why) for row in rows]
    try:
        new, _ = bulk.changed(ctx, caller, asset, _as_change(said.values))
    except bulk.NO as problem:
        is_seen = bool(caller.rights_on(asset, ctx.now()) & Right.SEE.bit)
        code, why = (problem.code, problem.message) if is_seen else Found().trouble
        seen = asset.id if is_seen else None
        return [Line(row.number, row.told, "refused", seen, code=code, detail=why) for row in rows]
    old, now = undoing.difference(asset, new)
    return [
        Line(
            row.number, row.told, "same" if new == asset or row.number in said.repeats else "change", asset.id,
            asset.fields.name, before=assets.plain(old), after=assets.plain(now),
            detail=f"It says the same as row {said.repeats[row.number]}." if row.number in said.repeats else None,
            warning=_warning(row, shops),
        )
        for row in rows
    ]  # fmt: skip


def _as_change(values: Mapping[str, Any]) -> Change:
    kept = {name: tuple(value) if name == "skus" else value for name, value in values.items()}
    return Change(values=lambda _fields: kept)


def _catalogues(workspace: WorkspaceId) -> list[Catalogue]:
    """The SKUs of every connected store whose catalogue has been read."""
    every = [one for one in connections.every(workspace) if one.kind == "shopify"]
    return [
        Catalogue.of(each.sku for each in catalogue.every(workspace, one.id))
        for one in every
        if catalogue.mirror(workspace, one.id) is not None
    ]


def _warning(row: Row, shops: Sequence[Catalogue]) -> str | None:
    sku = row.told.get("sku")
    if sku is None or not shops:
        return None
    found = [len(one.whole(sku)) for one in shops]
    return _NO_SUCH_SKU if not any(found) else _SEVERAL if max(found) > 1 else None


def _change(run: jobs.Run, sheet: Sheet, lines: Sequence[Line]) -> Standing:
    """Change each asset that a row could be meant of; who may not is refused there, as by hand."""
    standing = bulk_work.standing_of(run.job)
    ids = [AssetId(one) for one in dict.fromkeys(each.asset_id for each in lines if each.asset_id)]
    by_number = {row.number: row for row in sheet.rows}
    of: dict[str, list[Row]] = {}
    for each in lines:
        if each.asset_id:
            of.setdefault(each.asset_id, []).append(by_number[each.number])
    if not standing.set:
        standing = replace(standing, set=selections.keep(run.ctx, run.workspace, ids))
        run.advance(0, total=len(ids), cursor=asdict(standing))
    try:
        while standing.at < len(ids):
            caller = acting.again(run.ctx, run.workspace, run.job.request["caller"])
            asset_id = ids[standing.at]
            change = _as_change(sheets.together(of[asset_id]).values)
            standing = bulk_work.change_one(run, caller, asset_id, change, standing)
            if standing.at % _WAKE_EVERY == 0:
                trails.wake(run.ctx, run.workspace)
    finally:
        trails.wake(run.ctx, run.workspace)
    return standing


def _place(workspace: WorkspaceId, job_id: str, number: int) -> str:
    return f"{workspace}/sets/{job_id}-{number:04d}.json"


def _kept(ctx: Context, workspace: WorkspaceId, job_id: str, steps: int) -> list[Line]:
    return [one for number in range(steps) for one in _step(ctx, workspace, job_id, number)]


def _step(ctx: Context, workspace: WorkspaceId, job_id: str, number: int) -> list[Line]:
    return [Line(**one) for one in json.loads(ctx.store.read("exports", _place(workspace, job_id, number)))]


def rows(ctx: Context, caller: Caller, job_id: str, state: str | None, *, limit: int, start: Any) -> Page[Line]:
    """The rows that were read so far, as they stand now, about in the sheet's order; a page may be short.

    Raises `NotFound`: no such import of the caller's, or its week is over.
    """
    job = jobs.load(caller, job_id)
    if job.kind != IMPORT:
        raise NotFound("There is no such import.")
    steps = _read_so_far(job)
    at, skip = divmod(int(start or 0), _PLACES)
    found = _outcome(ctx, job, _step(ctx, caller.workspace, job.id, at)) if at < steps else []
    found = [one for one in found if state in (None, one.state)]
    is_more = len(found) > skip + limit
    following = at * _PLACES + skip + limit if is_more else (at + 1) * _PLACES if at + 1 < steps else None
    return Page(found[skip : skip + limit], following)


def _read_so_far(job: Job) -> int:
    cursor = job.cursor or {}
    return int(job.request["steps"] if job.result or "set" in cursor else cursor.get("read", 0))


def _outcome(ctx: Context, job: Job, lines: list[Line]) -> list[Line]:
    """The rows with what came of their assets, as far as the job is."""
    standing = bulk_work.standing_of(job)
    if job.request["dry_run"] or not standing.set:
        return lines
    places = {one: place for place, one in enumerate(selections.load(ctx, standing.set))}
    bits, refusals = int(standing.changed_bits, 16), {one["subject"]: one for one in job.errors}
    return [_after(one, places, standing.at, bits, refusals) for one in lines]


def _after(
    line: Line, places: Mapping[AssetId, int], at: int, bits: int, refusals: Mapping[str, Mapping[str, str]]
) -> Line:  # fmt: skip
    place = places.get(AssetId(line.asset_id)) if line.asset_id else None
    if place is None or place >= at:
        return line
    if refusal := refusals.get(f"asset:{line.asset_id}"):
        return replace(line, state="refused", code=refusal["code"], detail=refusal["detail"])
    if bits >> place & 1:
        return line if line.state == "same" else replace(line, state="changed", code=None, detail=None)
    return line if line.state == "refused" else replace(line, state="same")
