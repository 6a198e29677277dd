"""The third part of a check: what came in, what was counted, what was told onward, and the audit trail."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from chalicelib.domain.arrivals import Arrival
from chalicelib.domain.findings import Finding
from chalicelib.domain.ids import VersionId, WorkspaceId
from chalicelib.models import audit, ingest, outbox, usage
from chalicelib.ports.context import Context
from chalicelib.services import audit_seals
from chalicelib.services.arrivals import hint_of
from chalicelib.services.fsck_rows import Ledger

METER = "ingest"
_KNOWN_FOR = ingest.KEPT - timedelta(days=1)


def look(ctx: Context, ledger: Ledger, arrivals: Mapping[VersionId, Arrival]) -> Iterator[Finding]:
    """Findings in arrivals, inbox, usage, outbox and audit."""
    yield from _arrivals(ctx, ledger, arrivals)
    yield from _inbox(ctx, ledger, arrivals)
    yield from _usage(ledger, arrivals)
    for one in outbox.untold(ledger.workspace, ledger.settled):
        yield Finding("outbox_untold", f"outbox:{one.id}", f"Nobody has been told of {one.kind} of {one.subject}.")
    yield from _audit(ctx, ledger)


def _arrivals(ctx: Context, ledger: Ledger, arrivals: Mapping[VersionId, Arrival]) -> Iterator[Finding]:
    for one in arrivals.values():
        if one.state == "done":
            yield from _done(ledger, one)
    for one in ingest.left_alone(ledger.workspace, ledger.settled):
        words = f"It is {one.state} and nobody has looked after it since before {ledger.settled:%Y-%m-%dT%H:%MZ}."
        yield Finding("arrival_left_alone", f"ingest:{one.id}", words, (one.id,))
    since = ctx.now() - _KNOWN_FOR
    for version_id, held in ledger.versions.items():
        if held.has_bytes and held.at > since and version_id not in arrivals:
            yield Finding("version_unannounced", f"version:{held.asset_id}:{held.number}", "No arrival brought it.")


def _done(ledger: Ledger, one: Arrival) -> Iterator[Finding]:
    """A file that is told as taken in is a version, or its bytes were its asset's already."""
    held, about = ledger.versions.get(one.id), f"ingest:{one.id}"
    if held is not None:
        if (held.asset_id, held.number) != (one.asset_id, one.version):
            words = f"It is told as version {one.version} of {one.asset_id}; it is {held.number} of {held.asset_id}."
            yield Finding("arrival_lost", about, words)
    elif one.asset_id not in ledger.assets:
        yield Finding("arrival_lost", about, f"“{one.file_name}” is told as taken in; asset {one.asset_id} is gone.")


def _inbox(ctx: Context, ledger: Ledger, arrivals: Mapping[VersionId, Arrival]) -> Iterator[Finding]:
    """Whatever waits in the inbox is known, and nothing in it is done."""
    for one in ctx.store.versions("inbox", f"{ledger.workspace}/"):
        if one.modified_at >= ledger.settled:
            continue
        hint = hint_of(ctx, one.key, one.version)
        known, place = arrivals.get(hint.id), (one.key, one.version or "")
        if known is None:
            yield Finding("inbox_unannounced", f"object:inbox/{one.key}", "Nobody has been told of this file.", place)
        elif known.state == "done":
            yield Finding("inbox_done", f"object:inbox/{one.key}", "It is taken in and still waits.", place)


def _usage(ledger: Ledger, arrivals: Mapping[VersionId, Arrival]) -> Iterator[Finding]:
    """Every version that came is counted once, as one."""
    counted = {VersionId(one.about): one for one in usage.acts(ledger.workspace, METER)}
    for version_id, held in ledger.versions.items():
        act = counted.pop(version_id, None)
        about, came = f"version:{held.asset_id}:{held.number}", arrivals.get(version_id)
        at = came.arrived_at if came else held.at
        if held.has_bytes and act is None:
            yield Finding("usage_missing", about, "It is not counted.", (version_id, at.isoformat()))
        elif act is not None and act.quantity != 1:
            yield Finding("usage_wrong", about, f"It is counted as {act.quantity} instead of 1.", (version_id,))
    for version_id in counted:
        if (came := arrivals.get(version_id)) and came.version is not None:
            yield Finding("usage_unfounded", f"ingest:{version_id}", "It is counted and made no version.")


def _audit(ctx: Context, ledger: Ledger) -> Iterator[Finding]:
    """The sealed trail is as it was sealed, and has an entry of every version that came."""
    for moment, fault in audit_seals.every_fault(ctx, ledger.workspace):
        words = f"{fault.kind} in the hour of {moment:%Y-%m-%dT%HZ}" + (
            f": {fault.entry_id}." if fault.entry_id else "."
        )
        yield Finding("audit_broken", f"audit:{moment:%Y%m%d%H}", words)
    told = set(_told_arrivals(ctx, ledger.workspace))
    for version_id, held in ledger.versions.items():
        if held.has_bytes and version_id not in told:
            yield Finding(
                "audit_missing", f"version:{held.asset_id}:{held.number}", "The audit trail has no entry of it."
            )


def _told_arrivals(ctx: Context, workspace: WorkspaceId) -> Iterator[str]:
    for day in _days(audit_seals.begun_at(workspace), ctx.now()):
        for entry in audit.day(workspace, day):
            if entry.action.startswith("ingest.") and entry.detail and "arrival" in entry.detail:
                yield str(entry.detail["arrival"])


def _days(begin: datetime | None, end: datetime) -> Iterator[datetime]:
    day = begin or end
    while day.date() <= end.date():
        yield day
        day += timedelta(days=1)
