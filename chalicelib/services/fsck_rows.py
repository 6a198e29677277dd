"""The first part of a check: rows against rows. What later parts compare with is remembered in a `Ledger`."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from chalicelib.domain import findings, names
from chalicelib.domain.arrivals import KnownSource
from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.collections import Tree
from chalicelib.domain.findings import Finding, Held
from chalicelib.domain.ids import ROOT, AssetId, CollectionId, VersionId, WorkspaceId
from chalicelib.models import assets, blobs, collection_items, collection_names, sources, versions
from chalicelib.models.collection_items import Membership

_READ_AT_ONCE = 8
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an asset."""

    collection_ids: tuple[CollectionId, ...]
    kept: Membership
    drops: tuple[str, ...]
    """Keys of the paths of the drop that it says it comes from."""


@dataclass
class Ledger:
    """What a check has read so far: about 1 KB an asset and 1 KB a version.

    What changed after `settled` may still be on its way and is not judged.
    """

    workspace: WorkspaceId
    tree: Tree
    settled: datetime
    assets: dict[AssetId, Known] = field(default_factory=dict)
    versions: dict[VersionId, Held] = field(default_factory=dict)
    renditions: dict[str, tuple[VersionId, int]] = field(default_factory=dict)
    """Key and size of every rendition that a version speaks of."""


Hear = Callable[[Asset], None]


def look(ledger: Ledger, hear: Hear) -> Iterator[Finding]:
    """Findings in the rows; `hear` is told of every asset."""
    known = frozenset(ledger.tree.by_id)
    for asset, rows in _assets(ledger.workspace):
        _remember(ledger, asset, rows)
        hear(asset)
        yield from findings.of_asset(asset, rows, known)
    yield from _sources(ledger)
    yield from _first_holders(ledger)
    yield from _memberships(ledger)
    yield from _names(ledger)


def _assets(workspace: WorkspaceId) -> Iterator[tuple[Asset, list[Version]]]:
    every = assets.every(workspace)
    with ThreadPoolExecutor(_READ_AT_ONCE) as pool:
        while chunk := list(islice(every, _CHUNK)):
            found = pool.map(lambda one: list(versions.every(workspace, one.id)), chunk)
            yield from zip(chunk, found, strict=True)


def _remember(ledger: Ledger, asset: Asset, rows: list[Version]) -> None:
    drops = tuple(sources.key("drop", one.path) for one in asset.sources if one.kind == "drop")
    ledger.assets[asset.id] = Known(asset.collection_ids, collection_items.of(asset), drops)
    for one in rows:
        ledger.versions[one.id] = findings.held(asset.id, one)
        for rendition in one.renditions:
            ledger.renditions[rendition.key] = (one.id, rendition.size_bytes)


def _sources(ledger: Ledger) -> Iterator[Finding]:
    """Pointers that name no asset or not what it has, and paths of the drop that none names."""
    shas: dict[AssetId, set[str]] = {}
    for one in ledger.versions.values():
        shas.setdefault(one.asset_id, set()).add(one.sha256)
    owners: dict[str, list[AssetId]] = {}
    for asset_id, known in ledger.assets.items():
        for key in known.drops:
            owners.setdefault(key, []).append(asset_id)
    pointers = {one.id: one for one in sources.every(ledger.workspace)}
    for key in sorted({*pointers, *owners}):
        words = _wrong_pointer(ledger, shas, owners.get(key, []), pointers.get(key))
        if words:
            yield Finding("source_pointer", f"source:{key}", words, (key,), is_lost=len(owners.get(key, [])) != 1)


def _wrong_pointer(
    ledger: Ledger, shas: dict[AssetId, set[str]], owners: list[AssetId], pointer: KnownSource | None
) -> str:
    if pointer is None:
        return f"Nothing points from this path to its asset {owners[0]}."
    if pointer.asset_id not in ledger.assets:
        return f"It points to an asset that is not there: {pointer.asset_id}."
    if owners and pointer.asset_id not in owners:
        return f"It points to asset {pointer.asset_id}; the file is asset {owners[0]}."
    written = ledger.versions.get(VersionId(pointer.order[2]))
    is_another = written is not None and (written.asset_id, written.sha256) != (pointer.asset_id, pointer.sha256)
    if is_another or pointer.sha256 not in shas.get(pointer.asset_id, set()):
        return "It names bytes that its asset has no version of."
    return ""


def _first_holders(ledger: Ledger) -> Iterator[Finding]:
    """Bytes whose first holder is not one of the assets that hold them."""
    holders: dict[str, set[AssetId]] = {}
    for one in ledger.versions.values():
        if one.has_bytes:
            holders.setdefault(one.sha256, set()).add(one.asset_id)
    told = dict(blobs.every(ledger.workspace))
    for sha256 in sorted({*holders, *told}):
        right, given = holders.get(sha256, set()), told.get(sha256)
        if given not in right:
            words = f"Their first holder is told as {given or 'nobody'}; they are held by {_listed(right)}."
            yield Finding("first_holder", f"bytes:{sha256}", words, (sha256,), is_lost=not right)


def _listed(ids: set[AssetId]) -> str:
    return ", ".join(sorted(ids)[:3]) or "no asset"


def _memberships(ledger: Ledger) -> Iterator[Finding]:
    """Rows of collections against what each asset says of itself."""
    wanted = {(place, asset_id): one.kept for asset_id, one in ledger.assets.items() for place in one.collection_ids}
    for place in ledger.tree.by_id:
        for asset_id, kept in collection_items.memberships(ledger.workspace, place):
            right = wanted.pop((place, asset_id), None)
            if right != kept:
                words = (
                    "The collection lists it; it does not lie there." if right is None else "Listed as it was before."
                )
                yield _membership(place, asset_id, words)
    for place, asset_id in wanted:
        if place in ledger.tree.by_id:
            yield _membership(place, asset_id, "It lies there; the collection does not list it.")


def _membership(place: CollectionId, asset_id: AssetId, words: str) -> Finding:
    return Finding("membership", f"asset:{asset_id}", f"In collection {place}: {words}", (place, asset_id))


def _names(ledger: Ledger) -> Iterator[Finding]:
    """The pointer rows that keep siblings unique, and parents that are not there."""
    wanted: dict[str, CollectionId] = {}
    for one in ledger.tree.by_id.values():
        if one.parent_id is None:
            continue
        if one.parent_id not in ledger.tree.by_id:
            yield Finding("collection_parent", f"collection:{one.id}", f"Its parent is not there: {one.parent_id}.")
        if one.state == "live":
            key = names.sibling_key(one.parent_id or ROOT, one.name)
            if key in wanted:
                yield Finding("collection_twice", f"collection:{one.id}", f"Its sibling {wanted[key]} has its name.")
            wanted.setdefault(key, one.id)
    told = dict(collection_names.every(ledger.workspace))
    for key in sorted({*wanted, *told}):
        right, given = wanted.get(key), told.get(key)
        if right != given:
            words = f"This name is told as taken by {given or 'nobody'}; it is taken by {right or 'nobody'}."
            place = (key, given or "", right or "")
            yield Finding("collection_name", f"collection:{right or given}", words, place)
