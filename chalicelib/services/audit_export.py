"""The audit trail as a file, made by a job: CSV for spreadsheets or JSON lines for programs."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain import tables
from chalicelib.errors import Conflict
from chalicelib.models import base
from chalicelib.models.audit import Entry
from chalicelib.ports.context import Context
from chalicelib.services import auditing, exports, jobs
from chalicelib.services.auditing import Filter
from chalicelib.services.signing import Caller

EXPORT = "audit_export"
MOST = 200_000
"""Entries of one file."""
_PAGE = 1_000
_COLUMNS = ("id", "at", "actor", "action", "subject", "result", "detail", "address")


@dataclass(frozen=True)
class ExportRequest:
    """Which entries, and how they are written."""

    wanted: Filter
    format: Literal["csv", "jsonl"]


def start(ctx: Context, caller: Caller, asked: ExportRequest, seed: str | None) -> str:
    """Start the job; its id. The file holds what was there at this moment.

    Raises `InvalidInput` for what is no span of time.
    """
    auditing.check_span(asked.wanted)
    one = asked.wanted
    request = {
        "format": asked.format,
        "subject": one.subject,
        "actor": one.actor,
        "action": one.action,
        "from": base.stamp(one.from_) if one.from_ else None,
        "to": base.stamp(min(one.to, ctx.now()) if one.to else ctx.now()),
    }
    return jobs.start(ctx, caller.workspace, caller.principal.label, EXPORT, request, job_id=seed)


def work(run: jobs.Run) -> Mapping[str, Any]:
    """Write the file; a run that begins again writes it whole again.

    Raises:
        Conflict: more entries than one file holds.
    """
    request = run.job.request
    wanted = Filter(
        request["subject"], request["actor"], request["action"], _moment(request["from"]), _moment(request["to"])
    )
    found: list[Entry] = []
    start: Any = None
    while True:
        page = auditing.of_workspace(run.ctx, run.workspace, wanted, limit=_PAGE, start=start)
        found += page.items
        if len(found) > MOST:
            raise Conflict(f"One file holds at most {MOST} entries. Ask for a shorter time.", code="too_many")
        run.advance(len(found))
        start = page.next
        if start is None:
            break
    kind = str(request["format"])
    body = _WRITERS[kind](found).encode()
    key = f"{run.workspace}/{run.job.id}.{kind}"
    run.ctx.store.write("exports", key, body, exports.TYPES[kind])
    name = f"audit-{run.job.created_at:%Y-%m-%d}.{kind}"
    return {"entries": len(found), "file": exports.file(key, name), "size_bytes": len(body)}


def _csv(entries: Iterable[Entry]) -> str:
    return tables.lines([_COLUMNS, *(_cells(one) for one in entries)])


def _cells(one: Entry) -> list[object]:
    detail = json.dumps(one.detail, ensure_ascii=False, sort_keys=True) if one.detail else ""
    return [one.id, base.stamp(one.at), one.actor, one.action, one.subject, one.result, detail, one.address]


def _jsonl(entries: Iterable[Entry]) -> str:
    return "".join(
        json.dumps({**dict(zip(_COLUMNS, _cells(one), strict=True)), "detail": one.detail}, ensure_ascii=False) + "\n"
        for one in entries
    )


_WRITERS: Mapping[str, Callable[[Iterable[Entry]], str]] = {"csv": _csv, "jsonl": _jsonl}


def _moment(text: str | None) -> datetime | None:
    return base.moment(text) if text else None
