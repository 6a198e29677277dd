"""Selections: the assets that one act is about, by id or by a search, fixed at the moment of asking.

A fixed set is an object of its own, named after what is in it: a job keeps its key, and nothing can replace it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.ids import AssetId, WorkspaceId, short_hash
from chalicelib.errors import InvalidInput
from chalicelib.ports.context import Context
from chalicelib.services import search
from chalicelib.services.signing import Caller

MOST = 10_000
"""Assets of one act."""


@dataclass(frozen=True)
class Selection:
    """Either these ids, or what `q` finds now, less those in `without`."""

    ids: tuple[str, ...] | None = None
    q: str | None = None
    without: frozenset[str] = frozenset()


def fixed(ctx: Context, caller: Caller, selection: Selection) -> list[AssetId]:
    """The ids, each once: as they were given, or what the caller's search finds, by name. No right is checked yet.

    Raises:
        BadQuery: the search cannot be understood.
        InvalidInput: it is nothing at all, or more than 10,000.
    """
    if selection.ids is not None:
        return [AssetId(one) for one in dict.fromkeys(selection.ids)]
    most = MOST + len(selection.without)
    found = search.find(ctx, caller, search.Request(selection.q or "", sort="name", limit=most))
    ids = [AssetId(one.id) for one in found.assets if one.id not in selection.without]
    if found.total > most or len(ids) > MOST:
        raise InvalidInput(
            f"This finds {found.total:,} assets; at most {MOST:,} go at once. Narrow the search.",
            code="too_many_assets", fields={"selection.q": "finds too much"},
        )  # fmt: skip
    if not ids:
        raise InvalidInput(
            "This finds nothing.", code="nothing_selected", fields={"selection.q": "finds nothing"}
        )  # fmt: skip
    return ids


def keep(ctx: Context, workspace: WorkspaceId, ids: Sequence[AssetId]) -> str:
    """Keep the ids for a week; the key of the object that holds them."""
    body = json.dumps(ids)
    key = f"{workspace}/sets/{short_hash(body)}.json"
    ctx.store.write("exports", key, body.encode(), "application/json")
    return key


def load(ctx: Context, key: str) -> list[AssetId]:
    """The ids that were kept. Raises `NotFound` after their week."""
    return [AssetId(one) for one in json.loads(ctx.store.read("exports", key))]
