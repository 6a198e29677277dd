"""Checking a library against itself: everything that is kept twice must agree, and nothing may be left over.

A check reads; it never writes. It may run beside everything else: what it finds is looked for a second time, and only
what is found twice counts, so that a change under way is no finding. `fsck_rows` compares rows with rows,
`fsck_objects` bytes with versions, `fsck_flow` what came in with what was counted and told, `fsck_index` the search
index with the tables. `fsck_mending` makes good what can be made again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.domain.findings import HARMLESS, Finding
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import NotFound
from chalicelib.models import audit_seals, collections, ingest, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import fsck_flow, fsck_index, fsck_mending, fsck_objects, fsck_rows

GRACE_S = 3600


@dataclass(frozen=True)
class Report:
    """What one check of a workspace came to; `mended` are findings that were made good and are gone."""

    workspace: WorkspaceId
    assets: int
    versions: int
    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong; bytes that only cost storage are nothing wrong."""
        return all(one.code in HARMLESS for one in self.findings)


def check(ctx: Context, workspace: WorkspaceId, *, grace_s: int = GRACE_S, with_bytes: bool = False) -> Report:
    """Look at a whole workspace. What is younger than `grace_s` seconds may be on its way and is not called left over.

    `with_bytes` reads every original and compares its SHA-256. Takes about 1 KB of memory an asset and a version.

    Raises:
        NotFound: there is no such workspace.
        UpstreamUnavailable: something did not answer; nothing is known.
    """
    first = _look(ctx, workspace, grace_s, with_bytes)
    if not first.findings:
        return first
    again = _look(ctx, workspace, grace_s, with_bytes)
    known = {(one.code, one.about) for one in first.findings}
    kept = tuple(one for one in again.findings if (one.code, one.about) in known)
    return Report(workspace, again.assets, again.versions, kept)


def repair(ctx: Context, workspace: WorkspaceId, *, grace_s: int = GRACE_S, with_bytes: bool = False) -> Report:
    """Check, make good what can be made again, and check once more. Raises as `check` does."""
    before = check(ctx, workspace, grace_s=grace_s, with_bytes=with_bytes)
    chosen = [one for one in before.findings if one.can_be_mended]
    if not chosen:
        return before
    fsck_mending.mend(ctx, workspace, chosen)
    after = check(ctx, workspace, grace_s=grace_s, with_bytes=with_bytes)
    left = {(one.code, one.about) for one in after.findings}
    mended = tuple(one for one in chosen if (one.code, one.about) not in left)
    return Report(workspace, after.assets, after.versions, after.findings, mended)


def workspaces_known() -> Iterator[WorkspaceId]:
    """Every workspace there is; up to a second old."""
    return audit_seals.workspaces()


def _look(ctx: Context, workspace: WorkspaceId, grace_s: int, with_bytes: bool) -> Report:
    if workspaces.get(workspace) is None:
        raise NotFound("There is no such workspace.")
    settled = ctx.now() - timedelta(seconds=grace_s)
    ledger = fsck_rows.Ledger(workspace, collections.tree(workspace), settled)
    found = list(_findings(ctx, ledger, with_bytes))
    return Report(workspace, len(ledger.assets), len(ledger.versions), _sorted(found))


def _findings(ctx: Context, ledger: fsck_rows.Ledger, with_bytes: bool) -> Iterator[Finding]:
    expected = fsck_index.begin(ctx, ledger.workspace)
    yield from fsck_rows.look(ledger, lambda asset: fsck_index.expect(ctx, expected, asset))
    arrivals = {one.id: one for one in ingest.every(ledger.workspace)}
    yield from fsck_objects.look(ctx, ledger, arrivals, with_bytes=with_bytes)
    yield from fsck_flow.look(ctx, ledger, arrivals)
    yield from fsck_index.look(ctx, ledger, expected)


def _sorted(found: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.code, one.about, one.words)))
