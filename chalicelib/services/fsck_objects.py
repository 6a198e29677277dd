"""The second part of a check: bytes against versions. Objects are listed after the rows were read."""

import hashlib
from collections.abc import Iterator, Mapping

from chalicelib.domain import recipes
from chalicelib.domain.arrivals import Arrival
from chalicelib.domain.findings import Finding, Held, version_in
from chalicelib.domain.ids import VersionId
from chalicelib.errors import NotFound
from chalicelib.ports.context import Context
from chalicelib.ports.objects import Bucket, ObjectVersion
from chalicelib.services.fsck_rows import Ledger

Arrivals = Mapping[VersionId, Arrival]


def look(ctx: Context, ledger: Ledger, arrivals: Arrivals, *, with_bytes: bool) -> Iterator[Finding]:
    """Findings in originals and renditions; `with_bytes` reads every original and compares its hash."""
    found: set[VersionId] = set()
    hidden: set[VersionId] = set()
    for one in ctx.store.versions("originals", f"{ledger.workspace}/"):
        version_id = version_in(one.key)
        if not one.is_current:
            hidden.add(version_id)
            continue
        found.add(version_id)
        known = ledger.versions.get(version_id)
        if known is None or not known.has_bytes:
            yield from _without_version("originals", one, ledger, arrivals)
        elif one.size_bytes != known.size_bytes:
            words = f"It has {one.size_bytes} bytes; version {known.number} has {known.size_bytes}."
            yield _differs(one.key, words)
        elif with_bytes:
            yield from _bytes(ctx, one.key, known)
    yield from _originals_gone(ledger, found, hidden)
    yield from _renditions(ctx, ledger, arrivals, found)


def _originals_gone(ledger: Ledger, found: set[VersionId], hidden: set[VersionId]) -> Iterator[Finding]:
    for version_id, one in ledger.versions.items():
        if one.has_bytes and version_id not in found:
            kept = " An older copy is still kept by the bucket: restore it there." if version_id in hidden else ""
            about = f"version:{one.asset_id}:{one.number}"
            key = recipes.original_key(ledger.workspace, version_id)
            yield Finding("original_missing", about, f"Its original is gone: originals/{key}.{kept}", (version_id,))


def _differs(key: str, words: str) -> Finding:
    return Finding("original_differs", f"object:originals/{key}", words)


def _bytes(ctx: Context, key: str, known: Held) -> Iterator[Finding]:
    digest = hashlib.sha256()
    try:
        for block in ctx.store.blocks("originals", key):
            digest.update(block)
    except NotFound:
        return
    if digest.hexdigest() != known.sha256:
        yield _differs(key, f"Its SHA-256 is {digest.hexdigest()}; version {known.number} has {known.sha256}.")


def _renditions(ctx: Context, ledger: Ledger, arrivals: Arrivals, originals: set[VersionId]) -> Iterator[Finding]:
    left = dict(ledger.renditions)
    for one in ctx.store.versions("renditions", f"{ledger.workspace}/"):
        is_known = version_in(one.key) in ledger.versions
        if not is_known:
            yield from _without_version("renditions", one, ledger, arrivals)
        elif (told := left.pop(one.key, None)) and told[1] != one.size_bytes:
            yield _rendition(ledger, one.key, told[0], f"has {one.size_bytes} bytes, not {told[1]}", originals)
    for key, (version_id, _) in left.items():
        yield _rendition(ledger, key, version_id, "is gone", originals)


def _rendition(ledger: Ledger, key: str, version_id: VersionId, what: str, originals: set[VersionId]) -> Finding:
    """A rendition can be made again of its original, by the recipe of today."""
    one = ledger.versions[version_id]
    is_made_today = key in recipes.rendition_keys(ledger.workspace, version_id).values()
    about, words = f"version:{one.asset_id}:{one.number}", f"Its rendition renditions/{key} {what}."
    is_lost = not (is_made_today and version_id in originals)
    return Finding("rendition_missing", about, words, (version_id,), is_lost=is_lost)


def _without_version(bucket: Bucket, one: ObjectVersion, ledger: Ledger, arrivals: Arrivals) -> Iterator[Finding]:
    """Bytes of no version: on their way, or left over from what turned out to be known already, or of nothing."""
    arrival = arrivals.get(version_in(one.key))
    if arrival is not None and arrival.state != "done":
        return
    about, place = f"object:{bucket}/{one.key}", (bucket, one.key)
    if arrival is not None:
        yield Finding("object_spare", about, "These bytes came again and made no version.", place)
    elif one.modified_at < ledger.settled:
        yield Finding("object_orphan", about, "No version has these bytes.", place)
