"""The shop's own words, learnt from its keywords: refitted by a schedule, off until there is enough to learn from.

A refit reads what people have tagged, has the picture function learn and measure, keeps the head, and calls every
picture by it. Words are kept beside what the model saw, never among keywords; a rejected one stays away.
"""

import hashlib
import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import observe
from chalicelib.domain import learning
from chalicelib.domain.ids import AssetId, make_id
from chalicelib.domain.learning import Example, Head
from chalicelib.models import assets, learnt
from chalicelib.ports.context import Context
from chalicelib.services import jobs, pictures, relooking, sighting
from chalicelib.services.signing import Caller

MOST_READ = 200_000
"""Assets that are read for examples."""

_STEP = 200
_DAY_S = 86_400
NOT_YET = "Nothing has been learnt yet. It is tried once a day, and whenever somebody asks."
TOO_FEW = (
    f"No keyword has {learning.FEWEST} pictures of {learning.FEWEST_GROUPS} products that the model has looked at."
)
UNSURE = "No word is right often enough on pictures that had no part in teaching it."


@dataclass(frozen=True)
class Told:
    """What was learnt, and why it is off, if it is."""

    head: Head | None
    because: str | None


def told(_ctx: Context, caller: Caller) -> Told:
    """How learning stands in the caller's workspace."""
    head = learnt.get(caller.workspace)
    if head is None:
        return Told(None, NOT_YET)
    because = None if any(one.is_used for one in head.words) else UNSURE if head.words else TOO_FEW
    return Told(head, because)


def refit_all(ctx: Context) -> int:
    """Queue a refit of every workspace whose index has changed since its last, once a day at most; how many."""
    if not ctx.settings.visual_tags:
        return 0
    begun_ms = int(ctx.now().timestamp()) // _DAY_S * _DAY_S * 1000
    count = 0
    for workspace in ctx.search.workspaces():
        head = learnt.get(workspace)
        if head is None or head.generation != ctx.search.state(workspace).generation:
            job_id = make_id(begun_ms, hashlib.sha256(f"{relooking.LEARN}\n{workspace}".encode()).digest())
            jobs.start(ctx, workspace, "system:learning", relooking.LEARN, {}, job_id=job_id)
            count += 1
    return count


def learn(run: jobs.Run) -> Mapping[str, Any]:
    """Learn, keep, and call every picture by it. Safe to repeat: the same keywords give the same head."""
    if run.job.cursor is None:
        _fit(run)
    head = learnt.get(run.workspace)
    done, told = run.job.done, dict(run.job.cursor or {"after": None, "called": 0})
    if head is None:
        return {"examples": 0, "words": 0, "called": 0}
    for asset in assets.every(run.workspace, told["after"] and AssetId(told["after"])):
        if asset.seen:
            told["called"] += sighting.rename(run.ctx, run.workspace, asset, head)
        done, told["after"] = done + 1, asset.id
        if done % _STEP == 0:
            run.advance(done, cursor=told)
    return {"examples": head.examples, "words": sum(one.is_used for one in head.words), "called": told["called"]}


def _fit(run: jobs.Run) -> None:
    generation = run.ctx.search.state(run.workspace).generation
    chosen, words = learning.lesson(_examples(run))
    head = Head("", run.ctx.now(), generation, chosen[0].view.maker if chosen else b"", len(chosen), ())
    if words:
        head = learning.head_of(pictures.learn(run.ctx, chosen, words), words, head)
    learnt.put(run.workspace, head)
    observe.note("words learnt", workspace=run.workspace, examples=head.examples, words=len(head.words))
    run.advance(run.job.done, cursor={"after": None, "called": 0})


def _examples(run: jobs.Run) -> list[Example]:
    """What people have tagged: all of it or, of more than 10,000, those whose ids hash least; always the same."""
    kept: list[tuple[int, int, Example]] = []
    for count, asset in enumerate(assets.every(run.workspace), 1):
        found = learning.example(asset)
        if found is not None:
            entry = (-int.from_bytes(found.rank, "big"), count, found)
            push = heapq.heappush if len(kept) < learning.MOST_EXAMPLES else heapq.heappushpop
            push(kept, entry)
        if count % _STEP == 0:
            run.advance(run.job.done)
        if count == MOST_READ:
            break
    return [one for _, _, one in kept]
