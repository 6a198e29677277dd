"""Near prints: live assets whose pictures look alike, of whatever may be seen."""

from dataclasses import dataclass

from chalicelib.domain import cards, prints
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.queries import Alike, All, Ask, Term
from chalicelib.domain.reach import Sight
from chalicelib.ports.context import Context

_CANDIDATES = 200
_LIVE = Term("state", ("live",))


@dataclass(frozen=True)
class Found:
    """A live asset as its card knows it, and in how many of 256 bits its print differs."""

    asset: Asset
    bits: int


def near(
    ctx: Context, workspace: WorkspaceId, print_: str, sight: Sight, *, at_least: int, most_bits: int
) -> list[Found]:
    """Live assets within sight whose print differs by so many bits at most, nearest first, of the 200 likeliest."""
    asked = Ask(
        query=All((Alike(prints.bands(print_), prints.AT_LEAST), _LIVE)),
        sight=sight,
        sort="relevance",
        limit=_CANDIDATES,
        at_least=at_least,
    )
    found = []
    for card in ctx.search.find(workspace, asked).cards:
        asset = cards.asset_of(card)
        other = prints.print_in(prints.shown_to_all(asset))
        bits = prints.BITS if other is None else prints.bits_apart(print_, other)
        if bits <= most_bits:
            found.append(Found(asset, bits))
    return sorted(found, key=lambda one: (one.bits, one.asset.id))
