"""Keeping the search index of a workspace up with its tables.

One writer a workspace (the queue's message group) takes the assets named in the outbox, reads their rows as they are
now, applies them as one generation, and only then marks the messages with it. Wherever it dies, the messages are still
there and the next one applies the same again, which changes nothing. A second writer at the same moment loses the race
and starts over: rows are read after the state that they are applied to, so what another published meanwhile is never
replaced by older rows. A rebuild reads everything, and then what changed while it read.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from datetime import timedelta

from chalicelib import metrics, observe
from chalicelib.domain import cards
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, WorkspaceId, make_id
from chalicelib.domain.presets import Preset, unfit
from chalicelib.domain.queries import Document, IndexState
from chalicelib.errors import Busy, Conflict, UpstreamUnavailable
from chalicelib.models import assets, outbox, presets, unindexed
from chalicelib.models.outbox import Message
from chalicelib.ports.context import Context
from chalicelib.services import duplicates, jobs, overdue, trails

BATCH = 500
MOST_SEGMENTS, MOST_DEAD, FEWEST_DEAD = 12, 0.3, 1_000
OVERLAP = timedelta(minutes=10)
"""Ids are made before their transaction commits: a rebuild looks this far behind its own start."""

REBUILD = "index.rebuild"
_ONE_REBUILD_IN_S = 600
_LOOK_EVERY = 20
_TRIES = 5
_RUN = timedelta(seconds=30)
_last_begun: dict[WorkspaceId, float] = {}


def catch_up(ctx: Context, workspace: WorkspaceId, *, window_s: float = 0.0) -> int:
    """Index what waits, batch after batch; how many messages. Safe to repeat, and to die, at any point.

    The first batch after a silence begins at once; while there is more, batches begin at least `window_s` apart.

    Raises:
        Busy: other writers were faster again and again.
        UpstreamUnavailable: code `index_damaged`: a rebuild is queued; the messages wait for it.
    """
    until, done = ctx.now() + _RUN, 0
    seen: set[str] = set()
    while ctx.now() < until:
        found = _waiting(ctx, workspace, seen)
        if found and len(found) < BATCH and _pause(workspace, window_s):
            found = _waiting(ctx, workspace, seen)
        if not found:
            break
        _last_begun[workspace] = time.monotonic()
        generation, documents = _apply(ctx, workspace, found)
        fresh = duplicates.to_compare(found, (one.asset for one in documents))
        duplicates.notice(ctx, workspace, fresh, generation)
        unindexed.held(workspace, frozenset(one.id for one in found), generation=generation, now=ctx.now())
        outbox.indexed(found, generation=generation, now=ctx.now())
        lag_ms = int((ctx.now() - min(one.at for one in found)).total_seconds() * 1000)
        observe.note(
            "indexed",
            workspace=workspace,
            messages=len(found),
            generation=generation,
            counted=metrics.told({"IndexLagMs": lag_ms}),
        )
        seen |= {one.id for one in found}
        done += len(found)
        if generation % _LOOK_EVERY == 0:
            rebuild_if_wanted(ctx, workspace)
    return done


def _waiting(ctx: Context, workspace: WorkspaceId, seen: Set[str]) -> list[Message]:
    """What waits, less what this run has marked: the table's index may not know of that yet."""
    return [one for one in outbox.to_index(workspace, ctx.now(), BATCH) if one.id not in seen]


def _pause(workspace: WorkspaceId, window_s: float) -> bool:
    """Wait out the window since this process began the last batch; whether there was anything to wait for."""
    wait_s = _last_begun.get(workspace, float("-inf")) + window_s - time.monotonic()
    if wait_s <= 0:
        return False
    time.sleep(wait_s)
    return True


def _apply(ctx: Context, workspace: WorkspaceId, messages: Iterable[Message]) -> tuple[int, Sequence[Document]]:
    """Apply the assets of the messages; the generation that holds them, and what was applied."""
    for _ in range(_TRIES):
        ground = ctx.search.ground(workspace)
        documents, gone = _as_they_are(workspace, messages)
        try:
            with rebuilt_if_damaged(ctx, workspace):
                return ctx.search.apply(workspace, documents, gone, ground), documents
        except Conflict:
            continue
    raise Busy("The search index is being written by others.")


def _as_they_are(workspace: WorkspaceId, messages: Iterable[Message]) -> tuple[list[Document], list[AssetId]]:
    """Each asset once, as its row is now; those without a row are gone."""
    ids = list(dict.fromkeys(one.asset_id for one in messages if one.asset_id is not None))
    found: dict[AssetId, Asset] = {}
    for start in range(0, len(ids), 100):
        found |= {one.id: one for one in assets.get_many(workspace, ids[start : start + 100])}
    channels = channels_of(workspace)
    return [document(one, channels) for one in found.values()], [one for one in ids if one not in found]


def channels_of(workspace: WorkspaceId) -> Sequence[Preset]:
    """The presets that assets are usable for, or not."""
    return [one for one in presets.every(workspace) if one.channel is not None]


def document(asset: Asset, channels: Sequence[Preset]) -> Document:
    """The asset as an index holds it, with the channels it fits."""
    return Document(asset, cards.card(asset), tuple(str(one.channel) for one in channels if not unfit(asset, one)))


def rebuild(ctx: Context, workspace: WorkspaceId, progress: Callable[[int], None] = lambda _: None) -> int:
    """Build the whole index anew from the tables while readers go on with the old one; the new generation.

    `progress` hears how many assets are in, every thousand. Nothing is published before the end, so a run that dies, or
    whose `progress` raises, is as if it had never been.
    """
    begun = ctx.now()

    def documents() -> Iterable[Document]:
        channels = channels_of(workspace)
        for count, asset in enumerate(assets.every(workspace), 1):
            yield document(asset, channels)
            if count % 1000 == 0:
                progress(count)

    def changes() -> tuple[Sequence[Document], Sequence[AssetId]]:
        return _as_they_are(workspace, outbox.since(workspace, begun - OVERLAP))

    generation = ctx.search.build(workspace, documents(), changes)
    observe.note("index rebuilt", workspace=workspace, generation=generation)
    return generation


def rebuild_if_wanted(ctx: Context, workspace: WorkspaceId) -> None:
    """Queue a rebuild when the index cannot be read or has grown untidy."""
    reason = _untidy(ctx.search.state(workspace))
    if reason is not None:
        rebuild_later(ctx, workspace, reason)


def _untidy(state: IndexState) -> str | None:
    if not state.is_sound:
        return "it cannot be read"
    if state.segments > MOST_SEGMENTS:
        return f"it has {state.segments} segments"
    if state.dead >= FEWEST_DEAD and state.dead > MOST_DEAD * (state.dead + state.documents):
        return f"{state.dead} of its documents are dead"
    return None


def rebuild_later(ctx: Context, workspace: WorkspaceId, reason: str) -> str:
    """Queue a rebuild as a job, one in ten minutes at most; its id."""
    begun_ms = int(ctx.now().timestamp()) // _ONE_REBUILD_IN_S * _ONE_REBUILD_IN_S * 1000
    job_id = make_id(begun_ms, hashlib.sha256(f"{REBUILD}\n{workspace}".encode()).digest())
    return jobs.start(ctx, workspace, "system:index", REBUILD, {"because": reason}, job_id=job_id)


@contextmanager
def rebuilt_if_damaged(ctx: Context, workspace: WorkspaceId) -> Iterator[None]:
    """Queue a rebuild when what is done within finds that the index cannot be read; the error goes on."""
    try:
        yield
    except UpstreamUnavailable as problem:
        if problem.code == "index_damaged":
            rebuild_later(ctx, workspace, problem.message)
        raise


def look_after(ctx: Context) -> None:
    """Queue a rebuild of every index that wants one: at the start of a release that keeps them differently."""
    for workspace in ctx.search.workspaces():
        rebuild_if_wanted(ctx, workspace)


def work(run: jobs.Run) -> dict[str, int]:
    """The rebuild as a job."""
    return {"generation": rebuild(run.ctx, run.workspace, run.advance)}


def sweep(ctx: Context) -> int:
    """Wake the writer of every workspace in which something waits to be indexed; how many."""
    since = []
    for workspace, oldest in outbox.workspaces_to_index():
        trails.wake_index(ctx, workspace)
        since.append(oldest)
    overdue.tell(ctx, "index", since)
    return len(since)
