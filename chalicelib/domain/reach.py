"""Where a right holds, and what a caller may see, as sets: the same rules as `Access.on_asset`, for a query."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.ids import AssetId, CollectionId

if TYPE_CHECKING:
    from chalicelib.domain.queries import Node


@dataclass(frozen=True)
class Reach:
    """Where one right holds, in sets that a query can use; the same rules as `Access.on_asset`.

    An asset is within reach when one of its collections is in `inside`, and either one is in `allow`
    and none in `deny`, or its id is in `own_allow`; never when its id is in `own_deny`.
    `allow` and `inside` None: every living collection. `only` not None: none but these assets.
    """

    allow: frozenset[CollectionId] | None = frozenset()
    deny: frozenset[CollectionId] = frozenset()
    inside: frozenset[CollectionId] | None = None
    own_allow: frozenset[AssetId] = frozenset()
    own_deny: frozenset[AssetId] = frozenset()
    only: frozenset[AssetId] | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no document needs to be looked at."""
        is_open = self.allow is None and self.inside is None and self.only is None
        return is_open and not self.deny and not self.own_deny

    @property
    def is_nothing(self) -> bool:
        """Whether no asset can be within."""
        return self.allow == frozenset() and not self.own_allow


@dataclass(frozen=True)
class Sight:
    """What a caller may see at one moment: `view`, and for what is withheld by date or restriction `edit` as well.

    `hidden` assets have lost access more recently than an index may know. All must be within each of `also`, too, and
    be found by `asked` if there is one: what is shared is what a search finds.
    """

    view: Reach
    edit: Reach
    now_s: int
    hidden: frozenset[AssetId] = frozenset()
    also: tuple[Reach, ...] = ()
    asked: "Node | None" = None
