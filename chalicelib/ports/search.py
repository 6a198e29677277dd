"""The search index of every workspace."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.domain.queries import Ask, Document, Found, IndexState
from chalicelib.domain.reach import Sight
from chalicelib.domain.views import Near, Nearest, View

Ground = object
"""A state of an index that a batch builds on; only the index knows what is in it."""


class SearchIndex(Protocol):
    """One index a workspace: a projection of the tables that can be dropped and built again.

    Each successful `apply` or `build` makes a new generation; generations only rise. One document an asset:
    applying the same again changes nothing but the generation. Every method may raise `UpstreamUnavailable`.
    """

    @property
    def check_age_s(self) -> float:
        """How far answers may lag behind the newest generation, in seconds."""

    def find(self, workspace: WorkspaceId, ask: Ask) -> Found:
        """Answer from a generation that was the newest at most `check_age_s` ago, or from the one asked for.

        A workspace without an index answers like an empty one of generation 0. Raises `Gone` when the
        generation asked for is not held any more (they are for an hour).
        """

    def suggest(self, workspace: WorkspaceId, field: str, prefix: str, ask: Ask) -> tuple[tuple[str, int], ...]:
        """Values of a field that begin with the folded prefix, commonest first, as written most often, at most
        `ask.limit`.

        Counted over what `ask` finds: its query, its sight, its `at_least`; the rest of it does not matter.
        """

    def alike(
        self, workspace: WorkspaceId, view: View, sight: Sight, nearest: Callable[[Nearest], Sequence[Near]], *,
        at_least: int, most: int, least: float,
    ) -> tuple[tuple[Mapping[str, object], float], ...]:  # fmt: skip
        """Cards of live documents within sight whose views are nearest to this one, with their cosines, nearest first.

        `nearest` does the comparing, wherever that may be; what it tells is looked up within sight again. Only views
        by the same model are compared. None are told that are less near than `least`, and at most `most`.
        """

    def ground(self, workspace: WorkspaceId) -> Ground:
        """The state that the next `apply` builds on, for who reads rows to apply: ask for it before reading them."""

    def apply(
        self, workspace: WorkspaceId, documents: Sequence[Document], gone: Sequence[AssetId],
        ground: Ground | None = None,
    ) -> int:  # fmt: skip
        """Put in or replace documents, take out those that are gone; the generation that holds it.

        All or nothing, at any crash. Raises `Conflict` when another writer was faster: nothing of it happened. With a
        `ground`, whatever was applied since that was asked for was faster, so older rows never replace newer ones.
        """

    def build(
        self,
        workspace: WorkspaceId,
        documents: Iterable[Document],
        changes: Callable[[], tuple[Sequence[Document], Sequence[AssetId]]] | None = None,
    ) -> int:
        """Replace the whole index by these documents while readers go on with the old one; the new generation.

        Each asset comes once. `changes` gives what may have changed since it was read; it is asked after the
        documents, and again whenever an `apply` came between, so that nothing applied is lost.
        """

    def state(self, workspace: WorkspaceId) -> IndexState:
        """How the index stands."""

    def workspaces(self) -> Iterator[WorkspaceId]:
        """Every workspace that has an index."""

    def sweep(self, workspace: WorkspaceId) -> int:
        """Delete what no generation of the last hour is made of; how many objects. `apply` does it now and then."""
