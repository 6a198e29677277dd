"""Collections as values: the tree, its paths, and what may be asked of a policy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from chalicelib.domain.ids import ROOT, CollectionId

MAX_DEPTH = 50
"""How deep people may nest; folders of a source may lie deeper."""
State = Literal["live", "trashed"]


@dataclass(frozen=True)
class ApprovedTo:
    """Where an approved asset goes: it is moved there, or is there too."""

    collection_id: CollectionId
    move: bool = True


@dataclass(frozen=True)
class Policy:
    """Rules of one collection; `block` in any of an asset's collections wins."""

    unapproved: Literal["newest", "block"] = "newest"
    uploads: Literal["accept", "pending"] = "accept"
    required_fields: tuple[str, ...] = ()
    auto_tags: bool = True
    approved_to: ApprovedTo | None = None


@dataclass(frozen=True)
class Collection:
    """A named place for assets. The root is one too, though it has no row."""

    id: CollectionId
    name: str
    parent_id: CollectionId | None
    revision: int
    created_at: datetime | None = None
    state: State = "live"
    trash_id: str | None = None
    policy: Policy = field(default_factory=Policy)


ROOT_COLLECTION = Collection(ROOT, "", None, 0)


@dataclass(frozen=True)
class Tree:
    """All collections of a workspace, trashed ones too, by id; the root is always in it.

    Trashing a collection marks that one row: whatever lies below is dead because its chain is.
    """

    by_id: Mapping[CollectionId, Collection]

    @classmethod
    def of(cls, collections: Iterable[Collection]) -> "Tree":
        """The tree of these rows plus the root."""
        return cls({ROOT: ROOT_COLLECTION} | {one.id: one for one in collections})

    @cached_property
    def parents(self) -> dict[CollectionId, CollectionId]:
        """Each collection's parent, trashed ones too, without the root."""
        return {one.id: one.parent_id for one in self.by_id.values() if one.parent_id is not None}

    @cached_property
    def _below(self) -> dict[CollectionId, list[Collection]]:
        below: dict[CollectionId, list[Collection]] = {}
        for one in sorted(self.by_id.values(), key=lambda one: (one.name.casefold(), one.id)):
            if one.parent_id is not None:
                below.setdefault(one.parent_id, []).append(one)
        return below

    @cached_property
    def living(self) -> frozenset[CollectionId]:
        """The root and every collection that is live with everything above it."""
        found, at = [ROOT], 0
        while at < len(found):
            found.extend(one.id for one in self.children(found[at]) if one.state == "live")
            at += 1
        return frozenset(found)

    @property
    def living_parents(self) -> dict[CollectionId, CollectionId]:
        """Each living collection's parent, without the root: what rights are computed over."""
        return {one: parent for one, parent in self.parents.items() if one in self.living}

    @cached_property
    def _chains(self) -> dict[CollectionId, tuple[Collection, ...]]:
        return {}

    def chain(self, collection_id: CollectionId) -> tuple[Collection, ...]:
        """From the collection up to, not including, the root; empty for the root and for unknown ids."""
        if collection_id not in self._chains:
            self._chains[collection_id] = tuple(self._walk(collection_id))
        return self._chains[collection_id]

    def _walk(self, collection_id: CollectionId) -> Iterable[Collection]:
        found: dict[CollectionId, Collection] = {}
        at = self.by_id.get(collection_id)
        while at is not None and at.parent_id is not None and at.id not in found:
            found[at.id] = at
            at = self.by_id.get(at.parent_id)
        return found.values()

    def path(self, collection_id: CollectionId) -> str:
        """Names from the top, joined by slashes; empty for the root."""
        return "/".join(one.name for one in reversed(self.chain(collection_id)))

    def is_live(self, collection_id: CollectionId) -> bool:
        """Whether the collection and everything above it is live."""
        return collection_id in self.living

    def children(self, parent_id: CollectionId) -> list[Collection]:
        """Direct children, trashed ones too, by folded name."""
        return self._below.get(parent_id, [])

    def subtree(self, collection_id: CollectionId) -> list[Collection]:
        """The collection and all below it, trashed ones too, parents before children."""
        found, at = [self.by_id[collection_id]], 0
        while at < len(found):
            found.extend(self.children(found[at].id))
            at += 1
        return found

    def trash_id(self, collection_ids: Iterable[CollectionId]) -> str:
        """The deletion that took these dead collections away."""
        above = (one.trash_id for each in collection_ids for one in self.chain(each))
        return next((one for one in above if one is not None), "unknown")

    def blocks_unapproved(self, collection_ids: Iterable[CollectionId]) -> bool:
        """Whether any of these collections lets only approved versions be shown."""
        return any(self.by_id[one].policy.unapproved == "block" for one in collection_ids if one in self.by_id)
