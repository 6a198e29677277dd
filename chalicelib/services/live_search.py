"""What a live search finds for who shared it, at each moment: the bounds of a visit, however much that is.

Nothing is listed. Questions to the index ask the search as well, and of single assets the index is asked whether they
are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain.ids import AssetId
from chalicelib.domain.queries import Ask, Node
from chalicelib.domain.reach import Reach
from chalicelib.ports.context import Context
from chalicelib.services import indexing, search
from chalicelib.services.signing import Caller


@dataclass(frozen=True)
class LiveSearch:
    """A text as its sharer asks it: `Limits.live` of a visitor, for one request or one step of a job.

    What was found of an asset stands until then, as the visitor's rights do.
    """

    ctx: Context
    sharer: Caller
    q: str
    _known: dict[AssetId, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def asked(self) -> Node:
        """What it asks now; times within it are of this moment. Raises `BadQuery`."""
        return search.question(self.ctx, self.sharer, self.q)[1]

    def look(self, asset_ids: Sequence[AssetId]) -> None:
        """Find out about these at once, for they will be asked about one by one."""
        wanted = frozenset(one for one in asset_ids if one not in self._known)
        if not wanted:
            return
        seen = search.sight(self.ctx, self.sharer)
        sight = replace(seen.sight, also=(*seen.sight.also, Reach(allow=None, only=wanted)))
        with indexing.rebuilt_if_damaged(self.ctx, self.sharer.workspace):
            ask = Ask(self.asked, sight, limit=len(wanted), at_least=seen.at_least)
            found = {one["id"] for one in self.ctx.search.find(self.sharer.workspace, ask).cards}
        self._known.update({one: one in found for one in wanted})

    def __contains__(self, asset_id: AssetId) -> bool:
        self.look([asset_id])
        return self._known[asset_id]
