"""Fill a workspace with the believable library: collections, assets with their versions, drawn pictures, the index.

A run brings the library up to N assets, so the same N again changes nothing and a larger N adds the rest. Every row has
an id that follows from the asset's number and is written only where there is none: a run may be killed at any point,
run twice, or run beside another; what people changed meanwhile stays. One transaction holds whole assets, so none is
ever there without its versions, its memberships and its source. The index is built from the tables at the end.

There is no audit entry, usage row or announcement for each asset (one entry tells of the run), and no first holder of
bytes, because there are no bytes.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import urllib3

from chalicelib.domain.arrivals import KnownSource
from chalicelib.domain.assets import Asset
from chalicelib.domain.collections import Collection, Tree
from chalicelib.domain.ids import ROOT, CollectionId, WorkspaceId
from chalicelib.errors import Conflict
from chalicelib.models import (
    assets,
    base,
    collection_items,
    collection_names,
    collections,
    sources,
    versions,
    workspaces,
)
from chalicelib.ports.context import Context
from chalicelib.services import indexing, trails
from infra.seed import believable, pictures

TOP = believable.collection_id(-1)
"""The collection that all others of the library lie in: trash it to be rid of them."""
TOP_NAME = "Seeded library"
ACTOR = "system:seed"
AT_ONCE = 3
WAITING = 2 * AT_ONCE
"""Chunks written or waiting at a time; the last run may have left as many unfinished."""
CHUNK = 14
"""Assets in one transaction: each has at most seven rows, and DynamoDB takes a hundred."""
Say = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Seeder:
    """One run: what it writes to, how many of the newest assets get pictures, and who hears of progress."""

    ctx: Context
    workspace: WorkspaceId
    with_pictures: int
    say: Say
    http: urllib3.PoolManager

    def write(self, numbers: range, living: frozenset[CollectionId]) -> int:
        """Write those of the assets that are missing; how many. Another run may be at the same assets."""
        chosen = [self._asset(number, living) for number in numbers]
        try:
            return self._write(chosen)
        except base.ConditionFailed:
            return self._write(chosen)

    def _write(self, chosen: list[Asset]) -> int:
        there = {one.id for one in assets.get_many(self.workspace, [chosen[0].id, chosen[-1].id])}
        if there:
            there |= {one.id for one in assets.get_many(self.workspace, [one.id for one in chosen])}
        missing = [one for one in chosen if one.id not in there]
        if missing:
            made = [self._with_pictures(one) if self._is_drawn(one) else one for one in missing]
            base.transact([write for one in made for write in _rows(self.workspace, one)])
        return len(missing)

    def _asset(self, number: int, living: frozenset[CollectionId]) -> Asset:
        made = believable.asset(number, believable.USUAL)
        homes = tuple(one for one in made.collection_ids if one in living) or (TOP,)
        return _with_newest(made, collection_ids=homes, thumbhash=pictures.hash_of(made.newest))

    def _is_drawn(self, asset: Asset) -> bool:
        return believable.number_of(asset) < self.with_pictures

    def _with_pictures(self, asset: Asset) -> Asset:
        drawn = pictures.pictures(self.workspace, asset.newest)
        for one in drawn:
            asked = self.ctx.store.presign_put(
                "renditions", one.rendition.key, expires_s=600, content_type=f"image/{one.rendition.format}"
            )
            answer = self.http.request("PUT", asked.url, body=one.body, headers=dict(asked.headers))
            if answer.status != 200:
                raise Conflict(f"The store did not take a picture ({answer.status}). Run it again.")
        return _with_newest(asset, renditions=tuple(one.rendition for one in drawn))


def fill(ctx: Context, workspace: WorkspaceId, total: int, say: Say, with_pictures: int = 1000) -> int:
    """Bring the workspace's seeded library up to `total` assets; how many are new.

    `say` hears what is being done, how much is done and how much there is to do.

    Raises:
        Conflict: the seeded library lies in the trash.
        UpstreamUnavailable: the emulator does not answer; run it again.
    """
    seeder = Seeder(ctx, workspace, with_pictures, say, urllib3.PoolManager(maxsize=AT_ONCE, retries=3))
    living = _collections(ctx, workspace).living
    if TOP not in living:
        raise Conflict(f"“{TOP_NAME}” is in the trash. Bring it back first.")
    begin = max(0, _reached(workspace, total) - (WAITING + 1) * CHUNK)
    chunks = (range(at, min(at + CHUNK, total)) for at in range(begin, total, CHUNK))
    written = reached = 0
    for done, new in _at_once(lambda numbers: (numbers.stop, seeder.write(numbers, living)), chunks):
        written += new
        reached = max(reached, done)
        say("assets", reached, total)
    if written:
        told = trails.entry(ctx, workspace, ACTOR, "library.seeded", f"workspace:{workspace}", assets=written)
        base.transact([told])
    if written or ctx.search.state(workspace).documents < total:
        indexing.rebuild(ctx, workspace, lambda done: say("index", done, total))
    return written


def _reached(workspace: WorkspaceId, total: int) -> int:
    """A number whose asset is missing while the one before is there; all well before that are there too."""
    low, high = 0, total
    while low < high:
        middle = (low + high) // 2
        if assets.get_many(workspace, [believable.asset(middle, believable.USUAL).id]):
            low = middle + 1
        else:
            high = middle
    return low


def _at_once(work: Callable[[range], tuple[int, int]], chunks: Iterable[range]) -> Iterator[tuple[int, int]]:
    """Do the chunks in about their order, a few at a time; what fails ends it."""
    waiting: set[Future[tuple[int, int]]] = set()
    left = iter(chunks)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            while fresh := {pool.submit(work, one) for one in itertools.islice(left, WAITING - len(waiting))} | waiting:
                done, waiting = wait(fresh, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        finally:
            pool.shutdown(cancel_futures=True)


def _collections(ctx: Context, workspace: WorkspaceId) -> Tree:
    """The tree with the library's collections in it, parents first; those that are there stay as they are."""
    tree = collections.tree(workspace)
    name, number = TOP_NAME, 1
    while TOP not in tree.by_id and collection_names.find(workspace, ROOT, name):
        number += 1
        name = f"{TOP_NAME} {number}"
    wanted = [Collection(TOP, name, ROOT, 1, ctx.now())]
    for place in range(believable.COLLECTIONS):
        above = believable.parent(place)
        home = TOP if above is None else believable.collection_id(above)
        one = believable.collection_id(place)
        wanted.append(Collection(one, believable.collection_name(place), home, 1, ctx.now()))
    missing = [one for one in wanted if one.id not in tree.by_id]
    for start in range(0, len(missing), 45):
        some = missing[start : start + 45]
        writes = [collections.add(workspace, one) for one in some]
        writes += [collection_names.take(workspace, one.parent_id or ROOT, one.name, one.id) for one in some]
        _, announced = trails.announcement(ctx, workspace, "collection.changed", f"collection:{some[0].id}")
        base.transact([*writes, workspaces.raise_epoch(workspace), announced])
    return collections.tree(workspace) if missing else tree


def _rows(workspace: WorkspaceId, asset: Asset) -> list[base.Write]:
    (source,) = asset.sources
    key = sources.key(source.kind, source.path)
    pointer = KnownSource(key, asset.id, asset.newest.order, asset.newest.sha256, 1)
    return [
        assets.add(workspace, asset),
        sources.point(workspace, source.kind, source.path, pointer, None),
        *(versions.add(workspace, asset.id, one) for one in believable.history(asset.newest)),
        *(collection_items.put(workspace, one, asset) for one in asset.collection_ids),
    ]


def _with_newest(asset: Asset, collection_ids: tuple[CollectionId, ...] | None = None, **changes: object) -> Asset:
    newest = replace(asset.newest, **changes)  # type: ignore[arg-type]
    approved = newest if asset.approved is not None else None
    return replace(asset, newest=newest, approved=approved, collection_ids=collection_ids or asset.collection_ids)
