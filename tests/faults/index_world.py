"""Machines that write and read one search index on the in-memory AWS, and a witness that sees every generation.

The witness stands behind the choke point: what was published is opened the moment it counts, and what was committed is
noted with the state of its asset, so that marks and answers can be held against both.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.adapters import search_publish
from chalicelib.adapters.search_manifest import load
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_tantivy import TantivySearch
from chalicelib.domain import cards
from chalicelib.domain.ids import AssetId
from chalicelib.domain.queries import Ask, Everything, Found
from chalicelib.errors import NotFound, PackshotError
from chalicelib.models import assets
from tests.faults.memory_aws import World
from tests.libraries import ALL_SIGHT

Cards = Mapping[AssetId, Mapping[str, Any]]
EVERY = Ask(Everything(), ALL_SIGHT, "name", 1000)
DISK_BYTES = 2**30


class Direct(IndexObjects):
    """The index bucket as it is, past the choke point."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get(self, key: str) -> tuple[bytes, str]:
        body = self._world.aws.objects.get(("index", key))
        if body is None:
            raise NotFound("There is no such object.")
        return body, str(hash(body))

    def get_unless(self, key: str, mark: str) -> tuple[bytes, str] | None:
        found = self.get(key)
        return None if found[1] == mark else found

    def chunks(self, key: str, start: int, length: int, size: int = 0) -> Iterator[bytes]:
        yield self.get(key)[0][start : start + length]


def cards_of(found: Found) -> dict[AssetId, Mapping[str, Any]]:
    """What an answer holds, by asset; an asset that is there twice fails."""
    held = {AssetId(str(one["id"])): one for one in found.cards}
    if len(held) != len(found.cards) or found.total != len(held):
        raise AssertionError("an asset is there twice, or counted wrongly")
    return held


def as_rows_are(world: World) -> dict[AssetId, Mapping[str, Any]]:
    """The cards that follow from the tables."""
    return {one.id: json.loads(json.dumps(cards.card(one))) for one in assets.every(world.workspace)}


@dataclass
class Witness:
    """All that ever counted: `generations` with their cards, `tokens` with the asset's revision at their commit."""

    world: World
    folder: Path
    generations: dict[int, Cards] = field(default_factory=lambda: {0: {}})
    replaced_at: dict[int, datetime] = field(default_factory=dict)
    tokens: dict[str, tuple[AssetId, int | None]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._genuine = self.world.aws.call
        self._search = machine(self.world, self.folder, Direct(self.world))
        self.world.aws.call = self.call  # type: ignore[method-assign]

    def call(self, service: str, name: str, asked: Mapping[str, Any]) -> Any:
        answer = self._genuine(service, name, asked)
        if name == "PutObject" and asked["Key"] == search_publish.key(self.world.workspace):
            self._published(asked["Body"])
        elif name == "TransactWriteItems":
            self._committed(asked)
        return answer

    def retire(self) -> None:
        """Nothing more is seen."""
        retire(self._search)

    @property
    def newest(self) -> int:
        return max(self.generations)

    def _published(self, body: bytes) -> None:
        try:
            generation = load(body).generation
            held = cards_of(self._search.find(self.world.workspace, EVERY))
        except (PackshotError, AssertionError) as problem:
            self.problems.append(f"what was published cannot be read: {problem}")
            return
        if generation != self.newest + 1:
            self.problems.append("two generations have one number, or one was left out")
        self.replaced_at[self.newest] = self.world.aws.now
        self.generations[generation] = held

    def _committed(self, asked: Mapping[str, Any]) -> None:
        for item in asked["TransactItems"]:
            put = item.get("Put", {})
            if put.get("TableName", "").endswith("-outbox") and "to_index" in put["Item"]:
                self.committed(put["Item"]["id"]["S"], AssetId(put["Item"]["subject"]["S"].partition(":")[2]))

    def committed(self, token: str, asset_id: AssetId) -> None:
        """From now on a generation that holds this token shows at least what the row is now."""
        row = self.world.aws.tables.rows["packshot-memory-assets"].get((str(self.world.workspace), asset_id))
        self.tokens[token] = (asset_id, int(row["revision"]["N"]) if row else None)

    def is_held(self, token: str, generation: int) -> bool:
        """Whether that generation, and every one after it, shows what this token stands for."""
        asset_id, revision = self.tokens[token]
        is_there = asset_id in as_rows_are(self.world)
        for number, held in self.generations.items():
            if number < generation:
                continue
            shown = held.get(asset_id)
            if shown is None and is_there:
                return False
            if shown is not None and (revision is None or shown["revision"] < revision):
                return False
        return generation in self.generations

    def problem_of_answer(self, found: Found, begun: int) -> str:
        """What is wrong with an answer to a question that was asked when `begun` was the newest generation."""
        if found.generation < begun:
            return "a reader answered from an older state than there was"
        return "" if cards_of(found) == self.generations[found.generation] else "a reader showed what never was"

    def may_be_gone(self, generation: int) -> bool:
        """Whether that generation was replaced so long ago that nobody need hold it."""
        replaced_at = self.replaced_at.get(generation)
        return replaced_at is None or self.world.aws.now - replaced_at >= timedelta(hours=1) - timedelta(seconds=1)


def machine(world: World, folder: Path, objects: IndexObjects | None = None) -> TantivySearch:
    """A process with a disk of its own."""
    store: Any = world.ctx.store
    mine = objects or IndexObjects(store._s3, world.ctx.settings.bucket("index"))
    return TantivySearch(mine, folder, DISK_BYTES, now=lambda: world.aws.now, new_id=lambda: world.aws.new_id())


def retire(one: TantivySearch) -> None:
    """The machine ends: its disk and the lock on that are given back."""
    if one._folder._made is not None:
        _, folder, lock = one._folder._made
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Fleet:
    """Machines, each for one worker at a time. One whose worker died comes back with an empty disk, or as it was."""

    world: World
    folder: Path
    free: list[TantivySearch] = field(default_factory=list)
    made: int = 0

    def take(self) -> TantivySearch:
        """A machine that nobody uses."""
        if self.free:
            return self.free.pop(0)
        self.made += 1
        return machine(self.world, self.folder / f"m{self.made}")

    def give_back(self, one: TantivySearch, *, is_wiped: bool) -> None:
        """Its worker is through."""
        if is_wiped:
            retire(one)
        else:
            self.free.append(one)
